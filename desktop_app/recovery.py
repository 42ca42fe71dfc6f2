"""Nothing is lost when the program is killed: each change goes to a journal at once, which the next start offers.

A journal is a text file of JSON lines in the user's data folder, one per window: the layout it began with, then what
happened to the history. Lines are only appended, so that a crash can at most cut off the last one. A lock file beside
it, which the system releases when the process ends however it ends, tells a dead journal from a living one.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from PySide6.QtCore import QLockFile, QObject

from engine.errors import BoxpaintError
from engine.layout import Layout, LayoutObject
from ui.document import Document, HistoryEntry, HistoryState

logger = logging.getLogger("boxpaint")

SUFFIX = ".journal"


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a journal holds.

    Attributes:
        journal: Its file; remove it with ``discard``.
        layout: The layout as it was last.
        history: What could be undone and redone.
        file: The file that the layout belonged to, if any.
        name: What the title bar showed.
        when: When it was written last.
    """

    journal: Path
    layout: Layout
    history: HistoryState
    file: str | None
    name: str
    when: datetime


class Recovery(QObject):
    """Keeps the journal of one document."""

    def __init__(self, document: Document, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = folder
        self._path = folder / f"{uuid.uuid4().hex}{SUFFIX}"
        self._lock: QLockFile | None = None
        self._stream: BinaryIO | None = None
        self._written = HistoryState((), 0)
        self._origin: tuple[str | None, str] = (None, "")
        self._broken = False
        document.committed.connect(self._committed)
        document.modified_changed.connect(self._committed)

    @property
    def path(self) -> Path:
        """Where the journal is, while there is one."""
        return self._path

    def set_origin(self, file: Path | None, name: str) -> None:
        """The file and name of the open layout."""
        self._origin = (str(file) if file is not None else None, name)

    def _committed(self) -> None:
        """Write what is new; without changes that are not saved there is no journal."""
        if not self._document.modified:
            self.clear()
            return
        history = self._document.history
        try:
            if self._stream is None:
                self._begin(history)
            self._append(history)
        except OSError as error:
            # Editing goes on without the net; saving will tell the user about a full disk.
            if not self._broken:
                logger.warning("The recovery journal cannot be written: %s", error)
            self._broken = True

    def _begin(self, history: HistoryState) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = QLockFile(str(self._path) + ".lock")
        lock.setStaleLockTime(0)
        lock.tryLock(0)
        self._lock = lock
        self._stream = self._path.open("wb")
        first = history.entries[0].before if history.entries else self._document.committed_layout
        file, name = self._origin
        self._write({"op": "begin", "layout": _layout_to_json(first), "file": file, "name": name})
        self._written = HistoryState((), 0)

    def _append(self, history: HistoryState) -> None:
        former, entries = self._written.entries, history.entries
        same = 0
        while same < min(len(former), len(entries)) and former[same] is entries[same]:
            same += 1
        if same < len(former):
            self._write({"op": "cut", "keep": same})
        for entry in entries[same:]:
            self._write({"op": "apply", "name": entry.name, **_difference(entry.before, entry.after)})
        if history.position != len(entries) or same == len(entries):
            self._write({"op": "go", "position": history.position})
        self._written = history
        assert self._stream is not None
        self._stream.flush()

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
        self._written = HistoryState((), 0)


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


def read_journal(journal: Path) -> Recovered | None:
    """What a journal holds, as far as it can be read; None when that is nothing."""
    try:
        when = datetime.fromtimestamp(journal.stat().st_mtime).astimezone()
        lines = list(_lines(journal))
        if not lines or lines[0].get("op") != "begin":
            return None
        first = _layout_from_json(lines[0]["layout"])
    except (OSError, ValueError, KeyError, TypeError, BoxpaintError) as error:
        logger.warning("The journal %s cannot be read: %s", journal.name, error)
        return None
    entries: list[HistoryEntry] = []
    position = 0
    for line in lines[1:]:
        try:
            position = _replay(line, first, entries, position)
        except (ValueError, KeyError, TypeError, IndexError, BoxpaintError) as error:
            logger.warning("The journal %s is damaged from here on: %s", journal.name, error)
            break
    if not entries:
        return None
    layout = entries[position - 1].after if position else first
    file, name = lines[0].get("file"), str(lines[0].get("name") or "")
    return Recovered(journal, layout, HistoryState(tuple(entries), position), file, name, when)


def _replay(line: dict[str, Any], first: Layout, entries: list[HistoryEntry], position: int) -> int:
    if line["op"] == "apply":
        before = entries[-1].after if entries else first
        entries.append(HistoryEntry(str(line["name"]), before, _apply_difference(before, line)))
        return len(entries)
    if line["op"] == "cut":
        del entries[int(line["keep"]) :]
        return len(entries)
    if line["op"] == "go":
        target = int(line["position"])
        if not 0 <= target <= len(entries):
            raise ValueError(f"there is no change {target}")
        return target
    raise ValueError(f"unknown operation {line['op']!r}")


def _lines(journal: Path) -> Iterator[dict[str, Any]]:
    with journal.open("rb") as stream:
        for raw in stream:
            try:
                line = json.loads(raw)
            except ValueError:
                return  # cut off in the middle
            if not isinstance(line, dict):
                return
            yield line


def _difference(before: Layout, after: Layout) -> dict[str, Any]:
    """What turns one layout into the other: changed objects, and the order where it is another one."""
    known = {item.id: item for item in before.objects}
    changed = [_object_to_json(item) for item in after.objects if known.get(item.id) is not item]
    line: dict[str, Any] = {"objects": changed}
    order = [item.id for item in after.objects]
    if order != [item.id for item in before.objects]:
        line["order"] = order
    if (before.size, before.caption, before.extra) != (after.size, after.caption, after.extra):
        line["frame"] = _layout_to_json(after.with_objects(()))
    return line


def _apply_difference(before: Layout, line: dict[str, Any]) -> Layout:
    known = {item.id: item for item in before.objects}
    known.update((item.id, item) for item in map(_object_from_json, line["objects"]))
    order = line["order"] if "order" in line else [item.id for item in before.objects]
    frame = _layout_from_json(line["frame"]) if "frame" in line else before
    return frame.with_objects(known[name] for name in order)


def _layout_to_json(layout: Layout) -> dict[str, Any]:
    from engine.formats.boxpaint_layout import layout_to_dict

    return layout_to_dict(layout)


def _layout_from_json(data: dict[str, Any]) -> Layout:
    from engine.formats.boxpaint_layout import layout_from_dict

    return layout_from_dict(data, file="journal")


def _object_to_json(item: LayoutObject) -> dict[str, Any]:
    return _layout_to_json(Layout(1, 1, (item,)))["objects"][0]


def _object_from_json(data: dict[str, Any]) -> LayoutObject:
    return _layout_from_json({**_layout_to_json(Layout(1, 1)), "objects": [data]}).objects[0]
