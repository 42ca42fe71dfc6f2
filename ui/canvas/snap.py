"""Snapping: edges and centres of other boxes, of the picture, and a grid draw the dragged edge near. No Qt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ui.canvas.geometry import HANDLES, Edges

REACH = 6.0
"""How near, in screen pixels, an edge must come to be drawn to a line."""


class Guide(NamedTuple):
    """A line that something snapped to: vertical at x = ``at`` for axis 0, horizontal for axis 1, from low to high."""

    axis: int
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class _Line:
    at: float
    low: float
    high: float


class Snapper:
    """The lines of a layout, without the objects that are being dragged."""

    def __init__(self, others: Iterable[Edges], size: tuple[int, int], *, grid: float = 0.0) -> None:
        """``grid`` is the grid's spacing in picture pixels; 0 for none."""
        self._lines: tuple[list[_Line], list[_Line]] = ([], [])
        self._size = size
        self._grid = grid
        for edges in others:
            for axis in (0, 1):
                low, high = edges[1 - axis], edges[3 - axis]
                middle = (edges[axis] + edges[axis + 2]) / 2
                self._lines[axis].extend(_Line(at, low, high) for at in (edges[axis], middle, edges[axis + 2]))
        for axis, limit in enumerate(size):
            across = float(size[1 - axis])
            self._lines[axis].extend(_Line(at, 0.0, across) for at in (0.0, limit / 2, float(limit)))
            self._lines[axis].sort(key=lambda line: line.at)
        self._places = tuple([line.at for line in lines] for lines in self._lines)

    def nearest(self, axis: int, values: Collection[float], reach: float) -> tuple[float, float] | None:
        """How far to shift so that one of ``values`` lies on a line, and that line; None when none is within reach."""
        best: tuple[float, float] | None = None
        for value in values:
            for at in self._near(axis, value):
                if abs(at - value) <= reach and (best is None or abs(at - value) < abs(best[0])):
                    best = (at - value, at)
        return best

    def _near(self, axis: int, value: float) -> Sequence[float]:
        places = self._places[axis]
        place = bisect_left(places, value)
        found = places[max(place - 1, 0) : place + 1]
        return [*found, round(value / self._grid) * self._grid] if self._grid else found

    def guide(self, axis: int, at: float, moved: Edges) -> Guide:
        """The line at ``at`` as it is shown: from end to end of everything on it."""
        places = self._places[axis]
        place = bisect_left(places, at)
        on_it = []
        while place < len(places) and places[place] == at:
            on_it.append(self._lines[axis][place])
            place += 1
        low = min((moved[1 - axis], *(line.low for line in on_it)))
        high = max((moved[3 - axis], *(line.high for line in on_it)))
        return Guide(axis, at, low, high)

    def snap_shift(self, bounds: Edges, shift: tuple[float, float], reach: float) -> tuple[float, float]:
        """The shift of a dragged group, changed so that one of its edges or its centre lies on a line."""
        snapped = list(shift)
        for axis in (0, 1):
            low, high = bounds[axis] + shift[axis], bounds[axis + 2] + shift[axis]
            found = self.nearest(axis, (low, (low + high) / 2, high), reach)
            if found is not None:
                snapped[axis] += found[0]
        return snapped[0], snapped[1]

    def snap_point(
        self, point: tuple[float, float], reach: float, *, axes: Collection[int] = (0, 1)
    ) -> tuple[float, float]:
        """The point drawn to lines on these axes."""
        snapped = list(point)
        for axis in axes:
            found = self.nearest(axis, (point[axis],), reach)
            if found is not None:
                snapped[axis] = found[1]
        return snapped[0], snapped[1]

    def guides_of(self, edges: Edges, *, centres: bool) -> tuple[Guide, ...]:
        """The lines that these edges lie on now."""
        guides = []
        for axis in (0, 1):
            values = [edges[axis], edges[axis + 2]]
            if centres:
                values.append((edges[axis] + edges[axis + 2]) / 2)
            for value in values:
                places = self._places[axis]
                place = bisect_left(places, value)
                if place < len(places) and places[place] == value:
                    guides.append(self.guide(axis, value, edges))
        return tuple(guides)


def handle_axes(handle: str) -> tuple[int, ...]:
    """The axes on which this handle moves an edge."""
    return tuple(axis for axis, sign in enumerate(HANDLES[handle]) if sign)
