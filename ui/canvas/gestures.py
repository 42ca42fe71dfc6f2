"""What a drag on the canvas does: one small class per gesture, all with the same three methods. No widgets.

A gesture receives points in picture pixels and changes the document through begin/preview/commit, so that each drag is
one undo entry and Escape takes it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from ui import edits
from ui.canvas.geometry import Edges, drawn, edges_of, limited_shift, mapped, resized, shifted, union
from ui.canvas.hit import Target, handle_points, inside_band
from ui.document import Document

Point = tuple[float, float]


class Keys(NamedTuple):
    """The modifier keys that are held."""

    shift: bool = False
    alt: bool = False
    ctrl: bool = False


class Gesture(Protocol):
    """A drag under way."""

    active: frozenset[str]
    """Ids of the objects that it changes; the canvas keeps them out of its cached picture."""

    def move(self, point: Point, keys: Keys) -> None:
        """The pointer is here now."""

    def finish(self) -> None:
        """The button was released."""

    def abort(self) -> None:
        """Escape was pressed: everything as before."""


class DrawGesture:
    """Draws a new box from the point where the button was pressed."""

    def __init__(self, document: Document, start: Point) -> None:
        self._document = document
        self._start = start
        self._before = document.layout
        self.created: str | None = None
        self.active: frozenset[str] = frozenset()
        document.begin("Draw box")

    def move(self, point: Point, keys: Keys) -> None:
        edges = drawn(self._start, point, self._before.size, square=keys.shift, centred=keys.alt)
        if edges is None:
            self.created = None
            self._document.preview(self._before)
            return
        layout, self.created = edits.add(self._before, edges)
        self.active = frozenset((self.created,))
        self._document.preview(layout)
        self._document.select((self.created,))

    def finish(self) -> None:
        if not self._document.commit():
            self.created = None

    def abort(self) -> None:
        self.created = None
        self._document.abort()


class MoveGesture:
    """Moves the selected objects together; locked ones stay."""

    def __init__(self, document: Document, start: Point) -> None:
        self._document = document
        self._start = start
        layout = document.layout
        self._before = layout
        self._edges = {item.id: edges_of(item.box, layout.size) for item in document.selected if not item.locked}
        self._bounds = union(self._edges.values())
        self.active = frozenset(self._edges)
        document.begin(f"Move {edits.count_words(len(self._edges))}")

    def move(self, point: Point, keys: Keys) -> None:
        if self._bounds is None:
            return
        dx, dy = point[0] - self._start[0], point[1] - self._start[1]
        if keys.shift:  # along one axis only
            dx, dy = (dx, 0.0) if abs(dx) >= abs(dy) else (0.0, dy)
        dx, dy = limited_shift(self._bounds, dx, dy, self._before.size)
        if not dx and not dy:
            self._document.preview(self._before)
            return
        self._document.preview(
            edits.place(self._before, {name: shifted(edges, dx, dy) for name, edges in self._edges.items()})
        )

    def finish(self) -> None:
        self._document.commit()

    def abort(self) -> None:
        self._document.abort()


class ResizeGesture:
    """Drags one of the eight handles round the selection; several objects scale together."""

    def __init__(self, document: Document, handle: str, start: Point) -> None:
        self._document = document
        self._handle = handle
        layout = document.layout
        self._before = layout
        self._edges = {item.id: edges_of(item.box, layout.size) for item in document.selected if not item.locked}
        bounds = union(self._edges.values())
        if bounds is None:
            raise ValueError("nothing that can be resized is selected")
        self._bounds = bounds
        # The pointer rarely hits the edge exactly: keep its distance, so that the edge does not jump.
        hx, hy = handle_points(bounds)[handle]
        self._offset = (hx - start[0], hy - start[1])
        self.active = frozenset(self._edges)
        document.begin(f"Resize {edits.count_words(len(self._edges))}")

    def move(self, point: Point, keys: Keys) -> None:
        size = self._before.size
        target = (point[0] + self._offset[0], point[1] + self._offset[1])
        bounds = resized(self._bounds, self._handle, target, size, keep_aspect=keys.shift, centred=keys.alt)
        if len(self._edges) == 1:
            changed = dict.fromkeys(self._edges, bounds)
        else:
            changed = {name: mapped(edges, self._bounds, bounds, size) for name, edges in self._edges.items()}
        self._document.preview(edits.place(self._before, changed))

    def finish(self) -> None:
        self._document.commit()

    def abort(self) -> None:
        self._document.abort()


class BandGesture:
    """Selects what a rubber band touches; with Shift in addition to what was selected."""

    active: frozenset[str] = frozenset()

    def __init__(self, document: Document, targets: Sequence[Target], start: Point, *, extend: bool) -> None:
        self._document = document
        self._targets = targets
        self._start = start
        self._former = document.selection
        self._kept = self._former if extend else ()
        self.band = Edges(*start, *start)

    def move(self, point: Point, keys: Keys) -> None:
        del keys
        (sx, sy), (x, y) = self._start, point
        self.band = Edges(min(sx, x), min(sy, y), max(sx, x), max(sy, y))
        self._document.select((*self._kept, *inside_band(self._targets, self.band)))

    def finish(self) -> None:
        """The selection is in place already."""

    def abort(self) -> None:
        self._document.select(self._former)
