"""Nothing is lost when the program is killed: each change goes to a journal at once, which the next start offers.

A journal is a text file of JSON lines in the user's data folder, one per window; `desktop_app.journal` tells what they
say. Lines are only appended, so that a crash can at most cut off the last one. A lock file beside it, which the system
releases when the process ends however it ends, tells a dead journal from a living one.
"""

from __future__ import annotations

import json
import logging
import uuid
from pathlib import Path
from typing import Any, BinaryIO

from PySide6.QtCore import QLockFile, QObject

from desktop_app.journal import (
    SINGLE,
    Listed,
    Recovered,
    begin_line,
    history_lines,
    list_line,
    read_journal,
    sheet_line,
    show_line,
)
from desktop_app.project import NO_HISTORY, Project
from ui.document import Document, HistoryState

__all__ = ["SUFFIX", "Recovered", "Recovery", "discard", "find_lost", "read_journal"]

logger = logging.getLogger("boxpaint")

SUFFIX = ".journal"


class Recovery(QObject):
    """Keeps the journal of one document and of the project that it belongs to."""

    def __init__(self, document: Document, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = folder
        self._path = folder / f"{uuid.uuid4().hex}{SUFFIX}"
        self._lock: QLockFile | None = None
        self._stream: BinaryIO | None = None
        self._project: Project | None = None
        self._written: dict[str, HistoryState] = {}
        self._listing_known = False
        self._origin: tuple[str | None, str] = (None, "")
        self._broken = False
        document.committed.connect(self._keep_up)
        document.modified_changed.connect(self._keep_up)

    @property
    def path(self) -> Path:
        """Where the journal is, while there is one."""
        return self._path

    def set_origin(self, file: Path | None, name: str) -> None:
        """The file and name of the open layout or project."""
        self._origin = (str(file) if file is not None else None, name)

    def set_project(self, project: Project | None) -> None:
        """The project whose current layout the document shows from now on; None for a single layout."""
        self._project = project
        self.clear()
        if project is not None:
            project.changed.connect(self._list_changed)
            project.modified_changed.connect(self._keep_up)
        self._keep_up()

    def _list_changed(self) -> None:
        self._listing_known = False
        self._keep_up()

    def _keep_up(self) -> None:
        """Write what is new; without changes that are not saved there is no journal."""
        modified = self._project.modified if self._project is not None else self._document.modified
        if not modified:
            self.clear()
            return
        try:
            if self._stream is None:
                self._begin()
            if self._project is not None:
                self._write_project(self._project)
            elif self._document.modified:
                self._write_story(SINGLE, self._document.history)
            assert self._stream is not None
            self._stream.flush()
        except OSError as error:
            # Editing goes on without the net; saving will tell the user about a full disk.
            if not self._broken:
                logger.warning("The recovery journal cannot be written: %s", error)
            self._broken = True

    def _begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = QLockFile(str(self._path) + ".lock")
        lock.setStaleLockTime(0)
        lock.tryLock(0)
        self._lock = lock
        self._stream = self._path.open("wb")
        self._write(begin_line(*self._origin))

    def _write_project(self, project: Project) -> None:
        """The current layout's story; and if the list may be another one, that and what no file holds yet."""
        current = project.current
        if not self._listing_known:
            for sheet in project.sheets:
                if sheet is not current and sheet.id not in self._written and (sheet.modified or sheet.stored is None):
                    self._write_story(sheet.id, sheet.history, first=sheet.layout)
        if self._document.modified or current.stored is None or current.id in self._written:
            self._write_story(current.id, self._document.history)
        if not self._listing_known:
            self._write(list_line([Listed(each.id, each.name, each.split, each.stored) for each in project.sheets]))
            self._write(show_line(current.id))
            self._listing_known = True

    def _write_story(self, sheet: str, history: HistoryState, *, first: Any = None) -> None:
        if sheet not in self._written:
            first = first or self._document.committed_layout
            self._write(sheet_line(sheet, history.entries[0].before if history.entries else first))
        for line in history_lines(sheet, self._written.get(sheet, NO_HISTORY), history):
            self._write(line)
        self._written[sheet] = history

    def _write(self, line: dict[str, Any]) -> None:
        assert self._stream is not None
        self._stream.write(json.dumps(line, ensure_ascii=True).encode() + b"\n")

    def clear(self) -> None:
        """Remove the journal: everything is saved, or given up by the user."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        self._path.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
        self._written = {}
        self._listing_known = False


def find_lost(folder: Path) -> list[Recovered]:
    """The journals of programs that are gone, the latest first; those that hold nothing are removed."""
    found = []
    for journal in folder.glob(f"*{SUFFIX}") if folder.is_dir() else ():
        lock = QLockFile(str(journal) + ".lock")
        lock.setStaleLockTime(0)
        if not lock.tryLock(0):
            continue  # another window is at work on it
        lock.unlock()
        recovered = read_journal(journal)
        if recovered is None:
            discard(journal)
        else:
            found.append(recovered)
    return sorted(found, key=lambda entry: entry.when, reverse=True)


def discard(journal: Path) -> None:
    """Remove a journal."""
    journal.unlink(missing_ok=True)
    journal.with_name(journal.name + ".lock").unlink(missing_ok=True)
