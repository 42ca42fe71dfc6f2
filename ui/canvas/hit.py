"""What lies under the pointer: a pure function in passes, handle before edge before body. No Qt.

Tolerances are in screen pixels, so that a handle is as easy to grab at any zoom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ui.canvas.geometry import HANDLES, Edges

HANDLE_REACH = 7.0
EDGE_REACH = 4.0
SMALL_FOR_HANDLES = 22.0
"""A selected box smaller than this on the screen keeps its middle for moving: handles are grabbed from outside."""


class Target(NamedTuple):
    """An object that can be hit: its id and its edges in picture pixels."""

    id: str
    edges: Edges


@dataclass(frozen=True, slots=True)
class Hit:
    """What was hit: a handle of the selection, or an object's edge or body."""

    part: Literal["handle", "edge", "body"]
    object_id: str | None = None
    handle: str | None = None


def handle_points(bounds: Edges) -> dict[str, tuple[float, float]]:
    """Where the eight handles of a box lie, in the same units as the box."""
    cx, cy = bounds.centre
    xs, ys = {-1: bounds.x0, 0: cx, 1: bounds.x1}, {-1: bounds.y0, 0: cy, 1: bounds.y1}
    return {name: (xs[sx], ys[sy]) for name, (sx, sy) in HANDLES.items()}


def hit_test(
    targets: Sequence[Target], point: tuple[float, float], *, scale: float, selection: Edges | None = None
) -> Hit | None:
    """The topmost thing at ``point``.

    Args:
        targets: The objects in painting order, the topmost last.
        point: In picture pixels.
        scale: Screen pixels per picture pixel.
        selection: The box round the selection that shows handles, if one does.
    """
    if selection is not None:
        handle = hit_handle(selection, point, scale=scale)
        if handle is not None:
            return Hit("handle", handle=handle)
    x, y = point
    reach = EDGE_REACH / scale
    body: str | None = None
    for target in reversed(targets):
        x0, y0, x1, y1 = target.edges
        if x < x0 - reach or x > x1 + reach or y < y0 - reach or y > y1 + reach:
            continue
        if min(abs(x - x0), abs(x - x1)) <= reach or min(abs(y - y0), abs(y - y1)) <= reach:
            return Hit("edge", target.id)
        if body is None:
            body = target.id
    return Hit("body", body) if body is not None else None


def hit_handle(bounds: Edges, point: tuple[float, float], *, scale: float) -> str | None:
    """The handle of ``bounds`` within reach of ``point``: the nearest one, corners first when two are equally near."""
    x, y = point
    reach = HANDLE_REACH / scale
    strictly_inside = bounds.x0 < x < bounds.x1 and bounds.y0 < y < bounds.y1
    if strictly_inside and min(bounds.width, bounds.height) * scale < SMALL_FOR_HANDLES:
        return None
    best: tuple[float, int, str] | None = None
    for name, (hx, hy) in handle_points(bounds).items():
        if abs(x - hx) <= reach and abs(y - hy) <= reach:
            rank = (max(abs(x - hx), abs(y - hy)), name.count(" ") * -1, name)
            best = rank if best is None or rank < best else best
    return best[2] if best else None


def all_at(targets: Sequence[Target], point: tuple[float, float], *, scale: float) -> list[str]:
    """Ids of every object at ``point``, the topmost first."""
    x, y = point
    reach = EDGE_REACH / scale
    return [
        target.id
        for target in reversed(targets)
        if target.edges.x0 - reach <= x <= target.edges.x1 + reach
        and target.edges.y0 - reach <= y <= target.edges.y1 + reach
    ]


def inside_band(targets: Sequence[Target], band: Edges) -> list[str]:
    """Ids of the objects that touch the rubber band, in painting order."""
    x0, y0, x1, y1 = band
    return [
        target.id
        for target in targets
        if target.edges[0] <= x1 and target.edges[2] >= x0 and target.edges[1] <= y1 and target.edges[3] >= y0
    ]
