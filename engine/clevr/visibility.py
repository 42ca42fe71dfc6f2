"""How much of each object is seen: outlines are drawn into a buffer of ids, the furthest object first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.clevr.camera import Array, Camera, Solid


@dataclass(frozen=True)
class Sight:
    """What the picture shows of an object.

    Attributes:
        bounds: Left, top, right, bottom of the outline in pixels, not clipped.
        pixels: Number of pixels that belong to it in the picture.
        share: That number by the pixels of its whole outline, whether hidden or outside the picture.
    """

    bounds: tuple[float, float, float, float]
    pixels: int
    share: float


def sights(camera: Camera, solids: Sequence[Solid], width: int, height: int) -> list[Sight] | None:
    """What is seen of each solid in a picture of ``width`` × ``height``; None if one is behind the camera.

    An estimate: objects are taken to hide each other by the distance of their centres, which is right for convex
    objects that stand apart on a floor, but for rare cases.
    """
    outlines = [camera.outline(solid, width, height) for solid in solids]
    known = [outline for outline in outlines if outline is not None]
    if len(known) < len(solids):
        return None
    buffer = np.full((height, width), -1, dtype=np.int32)
    centers = np.array([solid.center for solid in solids], dtype=float).reshape(-1, 3)
    depth = camera.project(centers, width, height)[:, 2] if solids else np.zeros(0)
    for index in np.argsort(-depth, kind="stable"):
        _fill(buffer, known[index], int(index))
    counts = np.bincount(buffer[buffer >= 0], minlength=len(solids))
    result = []
    for index, outline in enumerate(known):
        low, high = outline.min(axis=0), outline.max(axis=0)
        area = max(polygon_area(outline), 1.0)
        bounds = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        result.append(Sight(bounds, int(counts[index]), float(counts[index]) / area))
    return result


def polygon_area(polygon: Array) -> float:
    """Area of a polygon of ``(n, 2)`` corners in order, in their units squared."""
    x, y = polygon[:, 0], polygon[:, 1]
    return abs(float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))) / 2


def _fill(buffer: np.ndarray[Any, np.dtype[np.int32]], polygon: Array, value: int) -> None:
    """Write ``value`` to the pixels whose centres lie in a convex polygon."""
    height, width = buffer.shape
    first = max(0, int(np.ceil(polygon[:, 1].min() - 0.5)))
    last = min(height - 1, int(np.floor(polygon[:, 1].max() - 0.5)))
    if last < first:
        return
    rows = np.arange(first, last + 1) + 0.5
    x0, y0 = polygon[:, 0], polygon[:, 1]
    x1, y1 = np.roll(x0, -1), np.roll(y0, -1)
    # Where each edge crosses each row; a row of a convex polygon reaches from the least crossing to the greatest.
    low, high = np.minimum(y0, y1), np.maximum(y0, y1)
    crossed = (rows[:, None] >= low) & (rows[:, None] < high)
    slope = np.divide(x1 - x0, y1 - y0, out=np.zeros_like(x0), where=y1 != y0)
    at = x0 + (rows[:, None] - y0) * slope
    left = np.where(crossed, at, np.inf).min(axis=1)
    right = np.where(crossed, at, -np.inf).max(axis=1)
    columns = np.arange(width) + 0.5
    inside = (columns >= left[:, None]) & (columns < right[:, None])
    buffer[first : last + 1][inside] = value
