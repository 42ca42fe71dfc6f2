"""The open layout as an observable object that owns the one undo stack.

A layout is an immutable value, so an undo entry is simply the value before and the value after: nothing can be
forgotten when it is taken back, and entries share every object that did not change. See docs/adr/0003.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from engine.errors import BoxpaintError
from engine.layout import Layout, LayoutObject


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One undoable change: its name and the layout before and after it."""

    name: str
    before: Layout
    after: Layout
    merge: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryState:
    """The whole history as a value, for the history list and for recovery after a crash."""

    entries: tuple[HistoryEntry, ...]
    position: int


class Document(QObject):
    """A layout that can be changed, taken back and watched.

    A change is either applied at once (``apply``) or grows as a gesture: ``begin``, any number of ``preview``, then
    ``commit`` or ``abort``. A gesture is one undo entry however many previews it had. The selection belongs to the
    document, so that canvas and lists agree on it, but it is not undoable.
    """

    layout_changed = Signal(object, object)
    """The layout before and after; also sent for every preview of a gesture."""
    committed = Signal()
    """The history moved: a change was applied, undone or redone. Not sent for previews."""
    selection_changed = Signal()
    modified_changed = Signal(bool)
    gesture_ended = Signal()
    """The gesture under way was committed or aborted, by whomever."""
    replaced = Signal()
    """Another layout was opened; history and selection are gone."""

    def __init__(self, layout: Layout, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layout = layout
        self._saved: Layout | None = layout
        self._entries: list[HistoryEntry] = []
        self._position = 0
        self._selection: tuple[str, ...] = ()
        self._gesture: tuple[str, Layout, tuple[str, ...]] | None = None
        self._modified = False
        self._editors: list[Callable[[], tuple[str, Layout] | None]] = []

    # -- what is shown

    @property
    def layout(self) -> Layout:
        """The layout as it is now, the gesture under way included."""
        return self._layout

    @property
    def committed_layout(self) -> Layout:
        """The layout without the gesture under way."""
        return self._gesture[1] if self._gesture else self._layout

    @property
    def selection(self) -> tuple[str, ...]:
        """Ids of the selected objects in the order they were selected; the last one is the current one."""
        return self._selection

    @property
    def selected(self) -> tuple[LayoutObject, ...]:
        """The selected objects in painting order."""
        chosen = set(self._selection)
        return tuple(item for item in self._layout.objects if item.id in chosen)

    @property
    def modified(self) -> bool:
        """Whether the layout differs from what was saved or opened last."""
        return self._modified

    # -- opening and saving

    def replace(self, layout: Layout, *, saved: bool = True) -> None:
        """Show another layout with an empty history; ``saved=False`` when no file holds it."""
        before = self._layout
        self._gesture = None
        self._entries.clear()
        self._position = 0
        self._layout = layout
        self._saved = layout if saved else None
        self._selection = ()
        self.layout_changed.emit(before, layout)
        self.selection_changed.emit()
        self.replaced.emit()
        self.committed.emit()
        self._check_modified()

    def mark_saved(self, layout: Layout | None) -> None:
        """``layout`` (usually the present one) is what the file holds now; None: no file holds it any more."""
        self._saved = layout
        self._check_modified()

    # -- changing

    def apply(self, name: str, layout: Layout, *, merge: str | None = None) -> None:
        """Change to ``layout`` as one undo entry.

        Entries that carry the same ``merge`` key one right after the other become one, e.g. the repeats of a held key.
        Nothing is recorded when nothing changes.
        """
        self.abort()
        before = self._layout
        if layout == before:
            return
        self._layout = layout
        self._record(name, before, merge)
        self._tell(before)

    def begin(self, name: str) -> None:
        """Start a gesture; one that is still under way is aborted."""
        self.abort()
        self._gesture = (name, self._layout, self._selection)

    @property
    def in_gesture(self) -> bool:
        return self._gesture is not None

    def preview(self, layout: Layout) -> None:
        """Show the gesture's present state."""
        if self._gesture is None:
            raise RuntimeError("preview outside a gesture")
        before, self._layout = self._layout, layout
        if layout is not before:
            self.layout_changed.emit(before, layout)
            self._drop_missing_selection()

    def commit(self, name: str | None = None) -> bool:
        """End the gesture as one undo entry; False when it changed nothing."""
        if self._gesture is None:
            return False
        begun, before, _ = self._gesture
        self._gesture = None
        self.gesture_ended.emit()
        if self._layout == before:
            self._layout = before
            return False
        self._record(name or begun, before, None)
        self.committed.emit()
        self._check_modified()
        return True

    def abort(self) -> bool:
        """Take the gesture under way back entirely, its selection included; False when there is none."""
        if self._gesture is None:
            return False
        _, before, selection = self._gesture
        self._gesture = None
        shown, self._layout = self._layout, before
        if shown is not before:
            self.layout_changed.emit(shown, before)
        self.select(selection)
        self.gesture_ended.emit()
        return True

    # -- what is not a change yet

    def add_editor(self, typed: Callable[[], tuple[str, Layout] | None]) -> None:
        """Know of an editor. ``typed`` gives the change that what is typed there would make, or None."""
        self._editors.append(typed)

    @property
    def unfinished(self) -> HistoryEntry | None:
        """The change that a gesture or a text that is being typed would make if it ended now; None for none."""
        before = self.committed_layout
        if self._gesture is not None:
            return HistoryEntry(self._gesture[0], before, self._layout) if self._layout != before else None
        for typed in self._editors:
            with suppress(BoxpaintError):  # no layout may hold that, such as a text that is too long
                change = typed()
                if change is not None and change[1] != before:
                    return HistoryEntry(change[0], before, change[1])
        return None

    # -- history

    @property
    def undo_name(self) -> str | None:
        """What undo would take back, or None."""
        return self._entries[self._position - 1].name if self._position else None

    @property
    def redo_name(self) -> str | None:
        """What redo would bring back, or None."""
        return self._entries[self._position].name if self._position < len(self._entries) else None

    def undo(self) -> bool:
        """Take the last entry back; while a gesture is under way, only that is taken back."""
        if self.abort():
            return True
        return bool(self._position) and self.go_to(self._position - 1)

    def redo(self) -> bool:
        """Bring the next entry back."""
        self.abort()
        return self._position < len(self._entries) and self.go_to(self._position + 1)

    def go_to(self, position: int) -> bool:
        """Show the layout as it was after ``position`` entries (0: before the first)."""
        if not 0 <= position <= len(self._entries):
            raise IndexError(position)
        self.abort()
        before = self._layout
        if self._entries:
            self._layout = self._entries[position - 1].after if position else self._entries[0].before
        self._position = position
        self._tell(before)
        return True

    @property
    def history(self) -> HistoryState:
        """Everything that can be undone and redone, and where in it the document stands."""
        return HistoryState(tuple(self._entries), self._position)

    def restore(self, history: HistoryState, layout: Layout, *, saved: Layout | None = None) -> None:
        """Show a layout with the history that led to it: another one of the project, or from before a crash.

        Args:
            history: What can be undone and redone.
            layout: The layout at the history's position.
            saved: What the file holds; None when no file holds it.
        """
        before = self._layout
        self._gesture = None
        self._saved = saved
        self._layout = layout
        self._entries = list(history.entries)
        self._position = history.position
        self._selection = ()
        self.layout_changed.emit(before, layout)
        self.selection_changed.emit()
        self._check_modified()
        self.replaced.emit()
        self.committed.emit()

    # -- selection

    def select(self, ids: Iterable[str]) -> None:
        """Select exactly these objects; ids that do not exist are left out."""
        known = {item.id for item in self._layout.objects}
        chosen = tuple(dict.fromkeys(name for name in ids if name in known))
        if chosen != self._selection:
            self._selection = chosen
            self.selection_changed.emit()

    def toggle(self, object_id: str) -> None:
        """Select the object in addition, or no longer."""
        if object_id in self._selection:
            self.select(name for name in self._selection if name != object_id)
        else:
            self.select((*self._selection, object_id))

    # -- inner workings

    def _record(self, name: str, before: Layout, merge: str | None) -> None:
        del self._entries[self._position :]
        last = self._entries[-1] if self._entries else None
        if last is not None and merge is not None and last.merge == merge:
            self._entries[-1] = replace(last, after=self._layout)
        else:
            self._entries.append(HistoryEntry(name, before, self._layout, merge))
        self._position = len(self._entries)

    def _tell(self, before: Layout) -> None:
        if self._layout is not before:
            self.layout_changed.emit(before, self._layout)
        self._drop_missing_selection()
        self.committed.emit()
        self._check_modified()

    def _drop_missing_selection(self) -> None:
        if self._selection:
            self.select(self._selection)

    def _check_modified(self) -> None:
        modified = self._saved is None or self._layout != self._saved
        if modified != self._modified:
            self._modified = modified
            self.modified_changed.emit(modified)
