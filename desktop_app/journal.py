"""The recovery journal as text: JSON lines that tell how layouts came to be, and what they add up to.

``begin`` names file and title. ``list`` tells a project's layouts in their order (a single layout has none, and is
called "" in the other lines), ``show`` which of them is on the canvas. ``sheet`` begins the story of a layout;
``apply``, ``cut`` and ``go`` go on with it as its history grew, lost its end, or was moved in. ``under_way`` tells what
is being dragged or typed; the next line about the layout ends it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.layout import Layout, LayoutObject
from ui.document import HistoryEntry, HistoryState

logger = logging.getLogger("boxpaint")

SINGLE = ""
"""What the only layout of a file is called."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A layout of a project: its id in the journal, its name, its split, and its name in the file (None: not there)."""

    id: str
    name: str
    split: str | None
    stored: str | None


@dataclass(frozen=True, slots=True)
class RecoveredSheet:
    """A layout as it was last, and what could be undone and redone."""

    layout: Layout
    history: HistoryState


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a journal holds.

    Attributes:
        journal: Its file; remove it with `recovery.discard`.
        file: The file that was open, if any.
        name: What the title bar showed.
        when: When it was written last.
        sheets: The layouts that were changed or that no file holds, by id.
        listing: A project's layouts in their order; None for a single layout.
        current: Id of the layout that was on the canvas.
    """

    journal: Path
    file: str | None
    name: str
    when: datetime
    sheets: Mapping[str, RecoveredSheet]
    listing: tuple[Listed, ...] | None
    current: str

    @property
    def layout(self) -> Layout:
        """The layout on the canvas, if it is in the journal; KeyError otherwise."""
        return self.sheets[self.current].layout

    @property
    def history(self) -> HistoryState:
        """Its history; KeyError where `layout` gives one."""
        return self.sheets[self.current].history


@dataclass(slots=True)
class _Story:
    """A layout's lines so far."""

    first: Layout
    entries: list[HistoryEntry] = field(default_factory=list)
    position: int = 0
    under_way: HistoryEntry | None = None

    @property
    def layout(self) -> Layout:
        return self.entries[self.position - 1].after if self.position else self.first

    def sheet(self) -> RecoveredSheet:
        if self.under_way is None:
            return RecoveredSheet(self.layout, HistoryState(tuple(self.entries), self.position))
        entries = (*self.entries[: self.position], self.under_way)
        return RecoveredSheet(self.under_way.after, HistoryState(entries, len(entries)))


def begin_line(file: str | None, name: str) -> dict[str, Any]:
    """The first line of a journal."""
    return {"op": "begin", "file": file, "name": name}


def list_line(listing: Sequence[Listed]) -> dict[str, Any]:
    """The layouts of a project."""
    rows = [{"id": row.id, "name": row.name, "split": row.split, "stored": row.stored} for row in listing]
    return {"op": "list", "sheets": rows}


def show_line(sheet: str) -> dict[str, Any]:
    """Which layout is on the canvas."""
    return {"op": "show", "sheet": sheet}


def sheet_line(sheet: str, first: Layout) -> dict[str, Any]:
    """The beginning of a layout's story."""
    return {"op": "sheet", "sheet": sheet, "layout": _layout_to_json(first)}


def history_lines(sheet: str, former: HistoryState, history: HistoryState) -> Iterator[dict[str, Any]]:
    """What happened to a layout's history since it was ``former``."""
    known, entries = former.entries, history.entries
    same = 0
    while same < min(len(known), len(entries)) and known[same] is entries[same]:
        same += 1
    if same < len(known):
        yield {"op": "cut", "sheet": sheet, "keep": same}
    for entry in entries[same:]:
        yield {"op": "apply", "sheet": sheet, "name": entry.name, **_difference(entry.before, entry.after)}
    if history.position != len(entries) or (same == len(entries) and history.position != former.position):
        yield {"op": "go", "sheet": sheet, "position": history.position}


def under_way_line(sheet: str, change: HistoryEntry | None) -> dict[str, Any]:
    """What is being dragged or typed; None: nothing any more."""
    line = {"op": "under_way", "sheet": sheet}
    return line if change is None else {**line, "name": change.name, **_difference(change.before, change.after)}


def read_journal(journal: Path) -> Recovered | None:
    """What a journal holds, as far as it is whole; None when that is nothing.

    Raises:
        BoxpaintError: The system does not let it be read.
    """
    stories: dict[str, _Story] = {}
    listing: tuple[Listed, ...] | None = None
    current = SINGLE
    try:
        when = datetime.fromtimestamp(journal.stat().st_mtime).astimezone()
        lines = _lines(journal)
        first = next(lines, {})
        if first.get("op") != "begin":
            return None
        for line in lines:
            if line["op"] == "list":
                listing = tuple(map(_listed, line["sheets"]))
            elif line["op"] == "show":
                current = str(line["sheet"])
            else:
                _replay(line, stories)
    except OSError as error:
        raise BoxpaintError(
            f"changes from before a crash cannot be read ({error.strerror or error}).",
            "recovery",
            file=str(journal),
            hint="See to it that the file can be read, and start Boxpaint again: it stays where it is.",
        ) from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, BoxpaintError) as error:
        logger.warning("The journal %s is damaged from here on: %s", journal.name, error)
    if not stories and not listing:
        return None
    if not listing and current not in stories:  # damaged where it says which is shown: the last that was changed
        listing, current = None, next(reversed(stories))
    sheets = {name: story.sheet() for name, story in stories.items()}
    file = first["file"] if isinstance(first.get("file"), str) else None
    return Recovered(journal, file, str(first.get("name") or ""), when, sheets, listing or None, current)


def _replay(line: dict[str, Any], stories: dict[str, _Story]) -> None:
    name = str(line["sheet"])
    if line["op"] == "sheet":
        stories[name] = _Story(_layout_from_json(line["layout"]))
        return
    story = stories[name]
    entries, story.under_way = story.entries, None
    if line["op"] == "under_way":
        if "name" in line:
            before = story.layout
            story.under_way = HistoryEntry(str(line["name"]), before, _apply_difference(before, line))
    elif line["op"] == "apply":
        before = entries[-1].after if entries else story.first
        entries.append(HistoryEntry(str(line["name"]), before, _apply_difference(before, line)))
        story.position = len(entries)
    elif line["op"] == "cut":
        del entries[int(line["keep"]) :]
        story.position = len(entries)
    elif line["op"] == "go":
        target = int(line["position"])
        if not 0 <= target <= len(entries):
            raise ValueError(f"there is no change {target}")
        story.position = target
    else:
        raise ValueError(f"unknown operation {line['op']!r}")


def _listed(row: Mapping[str, Any]) -> Listed:
    split, stored = row["split"], row["stored"]
    return Listed(
        str(row["id"]),
        str(row["name"]),
        None if split is None else str(split),
        None if stored is None else str(stored),
    )


def _lines(journal: Path) -> Iterator[dict[str, Any]]:
    with journal.open("rb") as stream:
        for raw in stream:
            try:
                line = json.loads(raw)
            except (ValueError, RecursionError):
                return  # cut off in the middle, or damaged
            if not isinstance(line, dict):
                return
            yield line


def _difference(before: Layout, after: Layout) -> dict[str, Any]:
    """What turns one layout into the other: changed objects, and the order where it is another one."""
    known = {item.id: item for item in before.objects}
    changed, kept = [], []
    for item in after.objects:
        former = known.get(item.id)
        if former is item:
            continue
        if former is not None and item.extra and former.extra is item.extra:  # it may be large
            kept.append(item.id)
            item = replace(item, extra={})
        changed.append(_object_to_json(item))
    line: dict[str, Any] = {"objects": changed}
    if kept:
        line["kept"] = kept
    order = [item.id for item in after.objects]
    if order != [item.id for item in before.objects]:
        line["order"] = order
    if (before.size, before.caption, before.extra) != (after.size, after.caption, after.extra):
        line["frame"] = _layout_to_json(after.with_objects(()))
    return line


def _apply_difference(before: Layout, line: dict[str, Any]) -> Layout:
    known = {item.id: item for item in before.objects}
    kept = set(line.get("kept", ()))
    for item in map(_object_from_json, line["objects"]):
        known[item.id] = replace(item, extra=known[item.id].extra) if item.id in kept else item
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
