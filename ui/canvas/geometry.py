"""Geometry of editing, in pixels of the picture: pure functions, no Qt.

Gestures set edges to whole pixels, since pixels are what is painted; a box that nobody touches keeps its fractions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from engine.layout import Box

MIN_SIDE = 1.0
"""Smallest side of a box in pixels that a gesture can make."""


class Edges(NamedTuple):
    """A box in pixels of the picture, as floats."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


HANDLES: Mapping[str, tuple[int, int]] = {
    "top left": (-1, -1),
    "top": (0, -1),
    "top right": (1, -1),
    "right": (1, 0),
    "bottom right": (1, 1),
    "bottom": (0, 1),
    "bottom left": (-1, 1),
    "left": (-1, 0),
}
"""The eight handles: which vertical and which horizontal edge each one moves (-1 the first, 1 the second)."""


def edges_of(box: Box, size: tuple[int, int]) -> Edges:
    """The box in pixels of a picture of this size."""
    return Edges(*box.scaled(*size))


def box_of(edges: Edges, size: tuple[int, int]) -> Box:
    """The normalised box with these edges, which must lie in the picture."""
    width, height = size
    # Rounding noise of the caller's arithmetic must not push an edge outside.
    return Box(
        max(edges.x0, 0.0) / width,
        max(edges.y0, 0.0) / height,
        min(edges.x1, float(width)) / width,
        min(edges.y1, float(height)) / height,
    )


def nearest_pixel(value: float) -> float:
    """The nearest whole pixel edge (halves go up)."""
    return float(math.floor(value + 0.5))


def clamp(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def shifted(edges: Edges, dx: float, dy: float) -> Edges:
    return Edges(edges.x0 + dx, edges.y0 + dy, edges.x1 + dx, edges.y1 + dy)


def union(every: Iterable[Edges]) -> Edges | None:
    """The smallest box round all of them; None for none."""
    listed = list(every)
    if not listed:
        return None
    return Edges(
        min(edges.x0 for edges in listed),
        min(edges.y0 for edges in listed),
        max(edges.x1 for edges in listed),
        max(edges.y1 for edges in listed),
    )


def limited_shift(bounds: Edges, dx: float, dy: float, size: tuple[int, int]) -> tuple[float, float]:
    """The shift in whole pixels, cut off where ``bounds`` would leave the picture."""
    width, height = size
    return (
        clamp(nearest_pixel(dx), math.ceil(-bounds.x0), math.floor(width - bounds.x1)),
        clamp(nearest_pixel(dy), math.ceil(-bounds.y0), math.floor(height - bounds.y1)),
    )


def drawn(
    start: tuple[float, float],
    point: tuple[float, float],
    size: tuple[int, int],
    *,
    square: bool = False,
    centred: bool = False,
) -> Edges | None:
    """The box spanned by a drag; None while it has no area.

    ``square`` gives equal sides, ``centred`` takes ``start`` as the middle.
    """
    sx, sy = (clamp(nearest_pixel(value), 0, limit) for value, limit in zip(start, size, strict=True))
    dx, dy = nearest_pixel(point[0]) - sx, nearest_pixel(point[1]) - sy
    right, down = dx >= 0, dy >= 0
    room_x = min(sx, size[0] - sx) if centred else (size[0] - sx if right else sx)
    room_y = min(sy, size[1] - sy) if centred else (size[1] - sy if down else sy)
    across, along = min(abs(dx), room_x), min(abs(dy), room_y)
    if square:
        across = along = min(max(abs(dx), abs(dy)), room_x, room_y)
    if across < MIN_SIDE or along < MIN_SIDE:
        return None
    if centred:
        return Edges(sx - across, sy - along, sx + across, sy + along)
    x1, y1 = (sx + across if right else sx - across), (sy + along if down else sy - along)
    return Edges(min(sx, x1), min(sy, y1), max(sx, x1), max(sy, y1))


def resized(
    start: Edges,
    handle: str,
    point: tuple[float, float],
    size: tuple[int, int],
    *,
    keep_aspect: bool = False,
    centred: bool = False,
) -> Edges:
    """``start`` with the edges of ``handle`` dragged to ``point``.

    The opposite edges stay, or with ``centred`` the centre does. Dragging past the fixed edge turns the box over.
    """
    sign_x, sign_y = HANDLES[handle]
    span_x = _span(start.x0, start.x1, sign_x, point[0], size[0], centred)
    span_y = _span(start.y0, start.y1, sign_y, point[1], size[1], centred)
    if keep_aspect:
        return _with_aspect(start, (sign_x, sign_y), (span_x, span_y), size, centred=centred)
    return Edges(span_x[0], span_y[0], span_x[1], span_y[1])


def _span(low: float, high: float, sign: int, point: float, limit: int, centred: bool) -> tuple[float, float]:
    """One axis of a resize."""
    if sign == 0:
        return low, high
    value = clamp(nearest_pixel(point), 0.0, float(limit))
    if centred:
        middle = (low + high) / 2
        half = clamp(abs(value - middle), MIN_SIDE / 2, min(middle, limit - middle))
        return middle - half, middle + half
    fixed = low if sign > 0 else high
    if abs(value - fixed) < MIN_SIDE:
        inward = fixed + MIN_SIDE * sign
        value = inward if 0 <= inward <= limit else fixed - MIN_SIDE * sign
    return min(fixed, value), max(fixed, value)


def _with_aspect(
    start: Edges,
    signs: tuple[int, int],
    spans: tuple[tuple[float, float], tuple[float, float]],
    size: tuple[int, int],
    *,
    centred: bool,
) -> Edges:
    sides = (start.width, start.height)
    factors = [(span[1] - span[0]) / side for span, side, sign in zip(spans, sides, signs, strict=True) if sign]
    factor = max(factors)
    anchors: list[tuple[float, int]] = []
    for axis, sign in enumerate(signs):
        low, high = start[axis], start[axis + 2]
        if centred or sign == 0:
            anchors.append(((low + high) / 2, 0))
            continue
        fixed = low if sign > 0 else high
        turned = spans[axis][1] <= fixed if sign > 0 else spans[axis][0] >= fixed
        anchors.append((fixed, -sign if turned else sign))
    for (anchor, direction), side, limit in zip(anchors, sides, size, strict=True):
        room = 2 * min(anchor, limit - anchor) if direction == 0 else (limit - anchor if direction > 0 else anchor)
        factor = min(factor, room / side)
    # A box at the picture's edge that is turned over there has no room at all: stay at the smallest box inside.
    factor = max(factor, MIN_SIDE / min(sides)) if factor > 0 else 1.0
    ends = [_around(anchor, direction, side * factor) for (anchor, direction), side in zip(anchors, sides, strict=True)]
    result = inside(Edges(ends[0][0], ends[1][0], ends[0][1], ends[1][1]), size)
    return Edges(*(nearest_pixel(value) for value in result))


def _around(anchor: float, direction: int, length: float) -> tuple[float, float]:
    if direction == 0:
        return anchor - length / 2, anchor + length / 2
    return (anchor, anchor + length) if direction > 0 else (anchor - length, anchor)


def inside(edges: Edges, size: tuple[int, int]) -> Edges:
    """The box moved, and if it is too large shrunk, so that it lies in the picture."""
    spans = []
    for low, high, limit in ((edges.x0, edges.x1, size[0]), (edges.y0, edges.y1, size[1])):
        side = min(high - low, float(limit))
        start = clamp(low, 0.0, limit - side)
        spans.append((start, start + side))
    return Edges(spans[0][0], spans[1][0], spans[0][1], spans[1][1])


def mapped(edges: Edges, old: Edges, new: Edges, size: tuple[int, int]) -> Edges:
    """``edges`` moved and scaled as the box round its group went from ``old`` to ``new``, on whole pixels."""
    spans = []
    for axis, limit in enumerate(size):
        scale = (new[axis + 2] - new[axis]) / (old[axis + 2] - old[axis])
        low, high = (nearest_pixel(new[axis] + (value - old[axis]) * scale) for value in (edges[axis], edges[axis + 2]))
        if high - low < MIN_SIDE:
            low = clamp(low, 0.0, limit - MIN_SIDE)
            high = low + MIN_SIDE
        spans.append((low, high))
    return inside(Edges(spans[0][0], spans[1][0], spans[0][1], spans[1][1]), size)
