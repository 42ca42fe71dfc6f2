"""Snapping: edges and centres of other boxes, of the picture, and a grid draw the dragged edge near. No Qt."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
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


class Snapper:
    """The lines of a layout, without the objects that are being dragged."""

    def __init__(self, others: Iterable[Edges], size: tuple[int, int], *, grid: float = 0.0) -> None:
        """``grid`` is the grid's spacing in picture pixels; 0 for none."""
        self._grid = grid
        # The picture is one more box: its edges and its middle are lines, too.
        self._boxes = [*others, Edges(0.0, 0.0, float(size[0]), float(size[1]))]
        self._orders: list[list[int]] = []
        self._places: list[list[float]] = []
        for axis in (0, 1):
            # Plain numbers in flat lists, since a drag among thousands of boxes begins with this.
            starts = [edges[axis] for edges in self._boxes]
            ends = [edges[axis + 2] for edges in self._boxes]
            at = starts + ends + [(low + high) / 2 for low, high in zip(starts, ends, strict=True)]
            order = sorted(range(len(at)), key=at.__getitem__)
            self._orders.append(order)
            self._places.append([at[number] for number in order])

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
        low, high = moved[1 - axis], moved[3 - axis]
        while place < len(places) and places[place] == at:
            edges = self._boxes[self._orders[axis][place] % len(self._boxes)]
            low, high = min(low, edges[1 - axis]), max(high, edges[3 - axis])
            place += 1
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
