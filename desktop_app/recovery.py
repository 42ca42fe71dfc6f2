"""Nothing is lost when the program is killed: each change goes to a journal at once, which the next start offers.

A journal is a text file of JSON lines in the user's data folder, one per window; `desktop_app.journal` tells what they
say. Lines are only appended, so that a crash can at most cut off the last one. A lock file beside it tells a dead
journal from a living one. Where the journal cannot be written, the user is told, and a new one is begun as soon as
that works; the former one stays until the new one holds everything.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

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
    under_way_line,
)
from desktop_app.journal_file import SUFFIX, JournalFile, lock_of
from desktop_app.project import NO_HISTORY, Project
from engine.errors import BoxpaintError
from engine.files import output_error
from ui.document import Document, HistoryEntry, HistoryState

__all__ = ["SUFFIX", "Recovered", "Recovery", "discard", "find_lost", "read_journal"]

logger = logging.getLogger("boxpaint")

FLUSH = 1000
"""Milliseconds after a change until it survives a power cut; a killed program it survives at once."""

LOOK = 1000
"""Milliseconds between two looks at what is being dragged or typed."""

RETRY = 2000
"""Milliseconds until it is tried again to write what could not be written."""


class Recovery(QObject):
    """Keeps the journal of one document and of the project that it belongs to."""

    failed = Signal(str)
    """A sentence: what is changed from now on would be lost in a crash, and why. Told once until it works again."""
    _not_flushed = Signal(object)

    def __init__(self, document: Document, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = folder
        self._path = folder / f"{uuid.uuid4().hex}{SUFFIX}"
        self._journal: JournalFile | None = None
        self._former: list[JournalFile] = []
        self._lines: list[dict[str, Any]] = []
        self._project: Project | None = None
        self._written: dict[str, HistoryState] = {}
        self._listing_known = False
        self._origin: tuple[str | None, str] = (None, "")
        self._told = False
        self._under_way: HistoryEntry | None = None
        self._looking = QTimer(self, interval=LOOK)
        self._looking.timeout.connect(self._look)
        self._looking.start()
        self._flushing = QTimer(self, singleShot=True, interval=FLUSH)
        self._flushing.timeout.connect(self._flush)
        self._retrying = QTimer(self, singleShot=True, interval=RETRY)
        self._retrying.timeout.connect(self._keep_up)
        self._not_flushed.connect(self._give_up)
        document.committed.connect(self._keep_up)
        document.modified_changed.connect(self._keep_up)

    @property
    def path(self) -> Path:
        """Where the journal is, while there is one."""
        return self._path

    @property
    def keeps(self) -> bool:
        """Whether all that is not saved is in the journal."""
        return self._journal is not None or not self._modified

    @property
    def _modified(self) -> bool:
        modified = self._project.modified if self._project is not None else self._document.modified
        return modified or self._document.unfinished is not None

    def set_origin(self, file: Path | None, name: str) -> None:
        """The file and name of the open layout or project."""
        self._origin = (str(file) if file is not None else None, name)

    def set_project(self, project: Project | None) -> None:
        """The project whose current layout the document shows from now on; None for a single layout."""
        self._project = project
        self._begin_anew()
        if project is not None:
            project.changed.connect(self._list_changed)
            project.modified_changed.connect(self._keep_up)
        self._keep_up()

    def _list_changed(self) -> None:
        self._listing_known = False
        self._keep_up()

    def _look(self) -> None:
        """Keep what is being dragged or typed: a long text is work, too."""
        if self._document.unfinished != self._under_way:
            self._keep_up()

    def _keep_up(self) -> None:
        """Write what is new; without changes that are not saved there is no journal."""
        if not self._modified:
            self.clear()
            return
        try:
            journal = self._journal or self._begin()
            self._tell_news()
            journal.append(b"".join(json.dumps(line, ensure_ascii=True).encode() + b"\n" for line in self._lines))
        except OSError as error:
            self._give_up(error)
            return
        self._lines = []
        self._remove_former()
        if not self._flushing.isActive():
            self._flushing.start()

    def _begin(self) -> JournalFile:
        self._path = self._folder / f"{uuid.uuid4().hex}{SUFFIX}"
        self._journal = JournalFile(self._path)
        self._lines = [begin_line(*self._origin)]
        return self._journal

    def _flush(self) -> None:
        if self._journal is not None:
            try:
                self._journal.flush(self._not_flushed.emit)
            except OSError as error:
                self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        """Editing goes on without the net; it is tried again to spread one."""
        path = self._path
        # What has been written so far stays. Of several that could not be finished, the first one holds the most.
        self._begin_anew()
        for unfinished in self._former[1:]:
            with suppress(OSError):
                unfinished.remove()
        del self._former[1:]
        self._retrying.start()
        if not self._told:
            self._told = True
            reason = output_error(error, path)
            logger.warning("The recovery journal cannot be written: %s", reason)
            self.failed.emit(
                self.tr(
                    "If Boxpaint ended unexpectedly now, changes would be lost; save your work. The reason: {}"
                ).format(reason)
            )

    def _begin_anew(self) -> None:
        """The next line goes to another journal, before which the present one is not removed."""
        if self._journal is not None:
            self._journal.close()
            self._former.append(self._journal)
        self._journal = None
        self._lines = []
        self._written = {}
        self._listing_known = False
        self._under_way = None

    def _tell_news(self) -> None:
        if self._project is not None:
            self._tell_project(self._project)
        else:
            self._tell_story(SINGLE, self._document.history)
        change = self._document.unfinished
        if change != self._under_way:
            self._lines.append(under_way_line(self._project.current.id if self._project else SINGLE, change))
            self._under_way = change

    def _tell_project(self, project: Project) -> None:
        """The current layout's story; and if the list may be another one, that and what no file holds yet."""
        current = project.current
        if not self._listing_known:
            for sheet in project.sheets:
                if sheet is not current and sheet.id not in self._written and (sheet.modified or sheet.stored is None):
                    self._tell_story(sheet.id, sheet.history, first=sheet.layout)
        changed = self._document.modified or self._document.unfinished is not None
        if changed or current.stored is None or current.id in self._written:
            self._tell_story(current.id, self._document.history)
        if not self._listing_known:
            rows = [Listed(each.id, each.name, each.split, each.stored) for each in project.sheets]
            self._lines += [list_line(rows), show_line(current.id)]
            self._listing_known = True

    def _tell_story(self, sheet: str, history: HistoryState, *, first: Any = None) -> None:
        if sheet not in self._written:
            first = first or self._document.committed_layout
            self._lines.append(sheet_line(sheet, history.entries[0].before if history.entries else first))
        news = list(history_lines(sheet, self._written.get(sheet, NO_HISTORY), history))
        if news:
            self._under_way = None  # each of these lines ends it
        self._lines += news
        self._written[sheet] = history

    def clear(self) -> None:
        """Remove the journal: everything is saved, or given up by the user."""
        self._begin_anew()
        self._remove_former()

    def _remove_former(self) -> None:
        for journal in self._former:
            try:
                journal.remove()
            except OSError as error:
                # The next start offers what is known already, which costs a click.
                logger.warning("A journal that is no longer needed cannot be removed: %s", error)
        self._former = []
        self._told = False
        self._retrying.stop()


def find_lost(folder: Path, unreadable: Callable[[BoxpaintError], object]) -> list[Recovered]:
    """The journals of programs that are gone, the latest first; those that hold nothing are removed.

    Args:
        folder: Where journals are.
        unreadable: Told of each that cannot be read at the moment; it stays for another start.
    """
    found = []
    for journal in folder.glob(f"*{SUFFIX}") if folder.is_dir() else ():
        lock = lock_of(journal)
        if not lock.tryLock(0):
            continue  # another window is at work on it
        lock.unlock()
        try:
            recovered = read_journal(journal)
            if recovered is None:
                discard(journal)
            else:
                found.append(recovered)
        except BoxpaintError as error:
            unreadable(error)
    return sorted(found, key=lambda entry: entry.when, reverse=True)


def discard(journal: Path) -> None:
    """Remove a journal.

    Raises:
        BoxpaintError: It cannot be removed.
    """
    try:
        journal.unlink(missing_ok=True)
        journal.with_name(journal.name + ".lock").unlink(missing_ok=True)
    except OSError as error:
        raise output_error(error, journal) from error
