"""What a picture shows of each object, read off the rendered numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.clevr.blender.arrangement import Arrangement
from engine.clevr.rules import Rules
from engine.clevr.visibility import polygon_area

Corners = tuple[int, int, int, int]

_CORNERS = 256
"""Corners of an outline that is taken as an object's whole area; fewer would make it smaller than it is."""


@dataclass(frozen=True)
class Seen:
    """What a picture shows of an object.

    Attributes:
        pixels: Number of pixels whose centre shows it.
        share: That number by the pixels of its whole outline, hidden and outside ones included; 0 … about 1.
        outline: Left, top, right, bottom of its whole outline, clipped to the picture and rounded to pixels; None if it
            lies outside.
        box: The same of what is seen of it; None if nothing is.
        depth: Distance of its centre from the camera along the view, in world units.
    """

    pixels: int
    share: float
    outline: Corners | None
    box: Corners | None
    depth: float

    def as_dict(self) -> dict[str, Any]:
        """As it stands in a record; boxes as x, y, width, height."""
        return {
            "visible_pixels": self.pixels,
            "visible_share": round(self.share, 4),
            "bbox": _xywh(self.outline),
            "visible_bbox": _xywh(self.box),
            "depth": round(self.depth, 4),
        }


def seen_in(numbers: np.ndarray[Any, np.dtype[np.uint8]], arrangement: Arrangement) -> tuple[Seen, ...]:
    """What the ``(height, width)`` picture of object numbers (from 1; 0 is the ground) shows of each object."""
    width, height = arrangement.width, arrangement.height
    camera = arrangement.camera
    found = []
    for number, thing in enumerate(arrangement.things, 1):
        outline = camera.outline(thing.solid, width, height, _CORNERS)
        bounds = camera.bounds(thing.solid, width, height)
        assert outline is not None and bounds is not None  # `arrange` refuses what is behind the camera
        depth = float(camera.project(np.array([thing.solid.center]), width, height)[0, 2])
        mask = numbers == number
        pixels = int(mask.sum())
        share = pixels / max(polygon_area(outline), 1.0)
        found.append(Seen(pixels, share, _clipped(bounds, width, height), _box(mask), depth))
    return tuple(found)


def front_to_back(seen: tuple[Seen, ...]) -> list[int]:
    """The objects' indices, the nearest to the camera first."""
    return sorted(range(len(seen)), key=lambda index: seen[index].depth)


def too_hidden(seen: tuple[Seen, ...], rules: Rules, width: int) -> list[int]:
    """Indices of the objects of which less is seen than the split's rules ask for.

    The rules count pixels in a picture 320 wide; in another one as many more or fewer belong to the same object.
    """
    least = rules.visible_pixels * (width / 320) ** 2
    return [i for i, sight in enumerate(seen) if sight.pixels < least or sight.share < rules.visible_share]


def _clipped(bounds: tuple[float, float, float, float], width: int, height: int) -> Corners | None:
    x0, x1 = (min(max(int(np.floor(edge + 0.5)), 0), width) for edge in (bounds[0], bounds[2]))
    y0, y1 = (min(max(int(np.floor(edge + 0.5)), 0), height) for edge in (bounds[1], bounds[3]))
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def _box(mask: np.ndarray[Any, np.dtype[np.bool_]]) -> Corners | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _xywh(corners: Corners | None) -> list[int] | None:
    if corners is None:
        return None
    x0, y0, x1, y1 = corners
    return [x0, y0, x1 - x0, y1 - y0]
