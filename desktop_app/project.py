"""The open project: many layouts, one of them on the canvas, each with its own history while the project is open."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from engine.layout import Layout
from ui.document import Document, HistoryEntry, HistoryState

if TYPE_CHECKING:
    from engine.formats.dataset import Entry

NO_HISTORY = HistoryState((), 0)


@dataclass(slots=True, eq=False)
class Sheet:
    """One layout of the project.

    Attributes:
        id: Its name inside this program run; the recovery journal speaks of it.
        name: What people call it; unique in the project, and a plain file name.
        layout: As it is now.
        split: The set it belongs to, if any.
        stored: Its name in the project file; None while the file does not hold it.
        saved: The layout as the file holds it, or as it began; None for one that was brought from elsewhere.
        history: What can be undone and redone; while the sheet is on the canvas, the document knows it better.
        modified: Whether the layout is another one than ``saved``.
    """

    id: str
    name: str
    layout: Layout
    split: str | None = None
    stored: str | None = None
    saved: Layout | None = None
    history: HistoryState = NO_HISTORY
    modified: bool = False

    @property
    def picture(self) -> Path | None:
        """A project's layouts have none."""
        return None


class Project(QObject):
    """The sheets of a project in their order. The document shows the current one; sheets follow its changes."""

    changed = Signal()
    """The list is another one: sheets were added, removed, renamed or moved, or another one is on the canvas."""
    sheet_changed = Signal(int)
    """The layout at this place is another one."""
    modified_changed = Signal()

    def __init__(
        self,
        document: Document,
        sheets: Sequence[Sheet],
        *,
        file: Path | None = None,
        settings: Mapping[str, Any] | None = None,
        extra: Mapping[str, Any] | None = None,
        current: int = 0,
        unsaved: bool = False,
        parent: QObject | None = None,
    ) -> None:
        """Puts the current sheet into the document.

        Args:
            document: Shows the current sheet.
            sheets: The layouts; without any, the project begins with an empty one.
            file: The project file, if there is one.
            settings: JSON values that the file keeps with the layouts.
            extra: Further fields of the file's index.
            current: Place of the sheet that comes on the canvas.
            unsaved: Whether the list of sheets is another one than the file's.
            parent: Owner.
        """
        super().__init__(parent)
        self._document = document
        self._ids = itertools.count(1)
        self._sheets = list(sheets)
        for sheet in self._sheets:
            sheet.id = sheet.id or self._new_id()
        self.file = file
        self.settings = dict(settings or {})
        self.extra = dict(extra or {})
        if not self._sheets:
            empty = Layout(512, 512)
            self._sheets.append(Sheet(self._new_id(), self.tr("layout"), empty, saved=empty))
        self._saved_list: tuple[tuple[str, str], ...] | None = None if unsaved else self._listing()
        self._current = self._sheets[min(current, len(self._sheets) - 1)]
        self._modified = False
        document.committed.connect(self._follow)
        document.modified_changed.connect(self._follow)
        self._put(self._current)
        self._check_modified()

    def close(self) -> None:
        """Leave the document alone from now on."""
        self._document.committed.disconnect(self._follow)
        self._document.modified_changed.disconnect(self._follow)
        self.deleteLater()

    # -- what there is

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return tuple(self._sheets)

    @property
    def current(self) -> Sheet:
        """The sheet on the canvas."""
        return self._current

    @property
    def place(self) -> int:
        """Where the current sheet is in the order."""
        return self._sheets.index(self._current)

    @property
    def modified(self) -> bool:
        """Whether the file holds something else than what is here."""
        return self._modified

    def entries(self) -> list[Entry]:
        """The layouts as they are to be written, without the gesture under way."""
        from engine.formats.dataset import Entry

        self._keep()
        return [Entry(sheet.name, sheet.layout, sheet.split) for sheet in self._sheets]

    # -- changing the list

    def switch(self, place: int) -> None:
        """Put the sheet at this place on the canvas; the one there keeps its history."""
        sheet = self._sheets[place]
        if sheet is not self._current:
            self._keep()
            self._put(sheet)
            self.changed.emit()

    def add(self, layouts: Iterable[tuple[str, Layout, str | None]], *, at: int | None = None) -> list[Sheet]:
        """Add layouts with names and splits, at the end or at a place; the first of them comes on the canvas."""
        wanted = list(layouts)
        names = self._free_names([name for name, _, _ in wanted], self._sheets)
        added = [
            Sheet(self._new_id(), name, layout, split, modified=True)
            for name, (_, layout, split) in zip(names, wanted, strict=True)
        ]
        if added:
            self._keep()
            at = len(self._sheets) if at is None else at
            self._sheets[at:at] = added
            self._put(added[0])
            self._list_changed()
        return added

    def duplicate(self, places: Sequence[int]) -> list[Sheet]:
        """Add copies behind the last of these sheets; histories are not copied."""
        self._keep()
        originals = [self._sheets[place] for place in sorted(places)]
        return self.add(((each.name, each.layout, each.split) for each in originals), at=max(places) + 1)

    def rename(self, place: int, name: str) -> None:
        """Give a sheet another name; made a plain file name, and told apart from the others."""
        sheet = self._sheets[place]
        (wanted,) = self._free_names([name], [other for other in self._sheets if other is not sheet])
        if wanted != sheet.name:
            sheet.name = wanted
            self._list_changed()

    def remove(self, places: Sequence[int]) -> list[tuple[int, Sheet]]:
        """Take sheets out; what `bring_back` needs to undo it. The last one is replaced by an empty layout."""
        self._keep()
        removed = [(place, self._sheets[place]) for place in sorted(places)]
        first = removed[0][0] if removed else 0
        gone = {id(sheet) for _, sheet in removed}
        self._sheets = [sheet for sheet in self._sheets if id(sheet) not in gone]
        if not self._sheets:
            self._sheets.append(Sheet(self._new_id(), self.tr("layout"), Layout(*self._current.layout.size)))
        if id(self._current) in gone:
            self._put(self._sheets[min(first, len(self._sheets) - 1)])
        self._list_changed()
        return removed

    def bring_back(self, removed: Sequence[tuple[int, Sheet]]) -> None:
        """Put sheets that were removed where they were, with their histories."""
        for place, sheet in removed:
            if sheet not in self._sheets:
                (sheet.name,) = self._free_names([sheet.name], self._sheets)
                self._sheets.insert(min(place, len(self._sheets)), sheet)
        self._list_changed()

    def move(self, places: Sequence[int], to: int) -> None:
        """Put these sheets, in their order, before the one that is at ``to`` now."""
        chosen = [self._sheets[place] for place in sorted(places)]
        before = [sheet for sheet in self._sheets[:to] if sheet not in chosen]
        behind = [sheet for sheet in self._sheets[to:] if sheet not in chosen]
        self._sheets = [*before, *chosen, *behind]
        self._list_changed()

    def mark_saved(self, file: Path, written: Sequence[Entry]) -> None:
        """The file holds these entries now, which `entries` gave."""
        self.file = file
        for sheet, entry in zip(self._sheets, written, strict=True):
            sheet.stored, sheet.saved, sheet.modified = entry.name, entry.layout, False
        self._saved_list = self._listing()
        self._document.mark_saved(self._current.saved)
        self._check_modified()

    def mark_unsaved(self) -> None:
        """The file no longer holds any of it: it was changed or removed by somebody else."""
        self._saved_list = None
        for sheet in self._sheets:
            sheet.stored, sheet.saved, sheet.modified = None, None, True
        self._document.mark_saved(None)
        self._check_modified()

    def reload(self, entries: Sequence[Entry]) -> None:
        """Take over what the file holds now; each sheet's layout as it was can be brought back by undo.

        Sheets that the file no longer has are dropped unless they were changed here: those stay, unsaved.
        """
        self._keep()
        known = {sheet.stored: sheet for sheet in self._sheets if sheet.stored is not None}
        sheets = []
        for entry in entries:
            sheet = known.pop(entry.name, None) or Sheet(self._new_id(), entry.name, entry.layout)
            if sheet.layout != entry.layout:
                step = HistoryEntry(self.tr("Reload"), sheet.layout, entry.layout)
                entries_now = (*sheet.history.entries[: sheet.history.position], step)
                sheet.history = HistoryState(entries_now, len(entries_now))
            sheet.name, sheet.split, sheet.stored = entry.name, entry.split, entry.name
            sheet.layout = sheet.saved = entry.layout
            sheet.modified = False
            sheets.append(sheet)
        own = [sheet for sheet in self._sheets if sheet.stored is None or (sheet in known.values() and sheet.modified)]
        for sheet, name in zip(own, self._free_names([sheet.name for sheet in own], sheets), strict=True):
            sheet.name, sheet.stored, sheet.saved, sheet.modified = name, None, None, True
        self._saved_list = tuple((sheet.id, sheet.name) for sheet in sheets)
        self._sheets = [*sheets, *own] or [Sheet(self._new_id(), self.tr("layout"), Layout(512, 512), modified=True)]
        self._put(self._current if self._current in self._sheets else self._sheets[0])
        self._list_changed()

    # -- inner workings

    def _new_id(self) -> str:
        taken = {sheet.id for sheet in self._sheets}
        return next(name for name in map("s{}".format, self._ids) if name not in taken)

    @staticmethod
    def _free_names(names: Sequence[str], others: Sequence[Sheet]) -> list[str]:
        """These names as plain file names, told apart from each other and from those of other sheets."""
        from engine.formats.dataset import safe_name, unique_names

        return unique_names([*(sheet.name for sheet in others), *map(safe_name, names)])[len(others) :]

    def _listing(self) -> tuple[tuple[str, str], ...]:
        return tuple((sheet.id, sheet.name) for sheet in self._sheets)

    def _put(self, sheet: Sheet) -> None:
        self._current = sheet
        self._document.restore(sheet.history, sheet.layout, saved=sheet.saved)

    def _keep(self) -> None:
        """Take over from the document what belongs to the current sheet."""
        self._document.abort()
        self._current.layout = self._document.layout
        self._current.history = self._document.history
        self._current.modified = self._document.modified

    def _follow(self) -> None:
        sheet = self._current
        changed = sheet.layout is not self._document.committed_layout
        sheet.layout = self._document.committed_layout
        sheet.modified = self._document.modified
        if changed:
            self.sheet_changed.emit(self.place)
        self._check_modified()

    def _list_changed(self) -> None:
        self.changed.emit()
        self._check_modified()

    def _check_modified(self) -> None:
        modified = self._saved_list != self._listing() or any(sheet.modified for sheet in self._sheets)
        if modified != self._modified:
            self._modified = modified
            self.modified_changed.emit()
