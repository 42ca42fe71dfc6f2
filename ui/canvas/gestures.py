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
from ui.canvas.snap import Guide, Snapper, handle_axes
from ui.document import Document
from ui.edit_names import edit_name

Point = tuple[float, float]


class Keys(NamedTuple):
    """The modifier keys that are held."""

    shift: bool = False
    alt: bool = False
    ctrl: bool = False


class Aids(NamedTuple):
    """What helps a drag to hit: the lines to snap to (none: no snapping) and their reach in picture pixels."""

    snapper: Snapper | None = None
    reach: float = 0.0

    def for_keys(self, keys: Keys) -> Snapper | None:
        """The lines, unless Ctrl switches them off."""
        return None if keys.ctrl else self.snapper


class Gesture(Protocol):
    """A drag under way."""

    guides: tuple[Guide, ...]
    """The lines that the drag has snapped to."""

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

    def __init__(self, document: Document, start: Point, aids: Aids = Aids()) -> None:  # noqa: B008  immutable
        self._document = document
        self._aids = aids
        self._start = start
        if aids.snapper is not None:
            self._start = aids.snapper.snap_point(start, aids.reach)
        self._before = document.layout
        self.guides: tuple[Guide, ...] = ()
        self.created: str | None = None
        self.active: frozenset[str] = frozenset()
        document.begin(edit_name("draw"))

    def move(self, point: Point, keys: Keys) -> None:
        snapper = self._aids.for_keys(keys)
        if snapper is not None and not keys.shift:
            point = snapper.snap_point(point, self._aids.reach)
        edges = drawn(self._start, point, self._before.size, square=keys.shift, centred=keys.alt)
        self.guides = snapper.guides_of(edges, centres=False) if snapper and edges else ()
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
    """Moves the selected objects together; locked ones stay. With ``copying`` copies of them are moved instead."""

    def __init__(
        self,
        document: Document,
        start: Point,
        aids: Aids = Aids(),  # noqa: B008  immutable
        *,
        copying: bool = False,
    ) -> None:
        self._document = document
        self._aids = aids
        self._start = start
        self.guides: tuple[Guide, ...] = ()
        document.begin(edit_name("duplicate" if copying else "move", len(document.selection)))
        if copying:
            layout, copies = edits.duplicate(document.layout, document.selection, offset=0.0)
            document.preview(layout)
            document.select(copies)
        layout = document.layout
        self._before = layout
        self._edges = {item.id: edges_of(item.box, layout.size) for item in document.selected if not item.locked}
        self._bounds = union(self._edges.values())
        self.active = frozenset(self._edges)

    def move(self, point: Point, keys: Keys) -> None:
        if self._bounds is None:
            return
        dx, dy = point[0] - self._start[0], point[1] - self._start[1]
        if keys.shift:  # along one axis only
            dx, dy = (dx, 0.0) if abs(dx) >= abs(dy) else (0.0, dy)
        snapper = self._aids.for_keys(keys)
        if snapper is not None:
            snapped = snapper.snap_shift(self._bounds, (dx, dy), self._aids.reach)
            # Along one axis only: the other one must not be drawn away from it.
            dx, dy = (snapped[0] if dx else 0.0, snapped[1] if dy else 0.0) if keys.shift else snapped
        dx, dy = limited_shift(self._bounds, dx, dy, self._before.size)
        self.guides = snapper.guides_of(shifted(self._bounds, dx, dy), centres=True) if snapper else ()
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

    def __init__(
        self,
        document: Document,
        handle: str,
        start: Point,
        aids: Aids = Aids(),  # noqa: B008  immutable
    ) -> None:
        self._document = document
        self._aids = aids
        self._handle = handle
        self.guides: tuple[Guide, ...] = ()
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
        document.begin(edit_name("resize", len(self._edges)))

    def move(self, point: Point, keys: Keys) -> None:
        size = self._before.size
        target = (point[0] + self._offset[0], point[1] + self._offset[1])
        snapper = self._aids.for_keys(keys)
        if snapper is not None and not keys.shift:
            target = snapper.snap_point(target, self._aids.reach, axes=handle_axes(self._handle))
        bounds = resized(self._bounds, self._handle, target, size, keep_aspect=keys.shift, centred=keys.alt)
        self.guides = snapper.guides_of(bounds, centres=False) if snapper else ()
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
    guides: tuple[Guide, ...] = ()

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
