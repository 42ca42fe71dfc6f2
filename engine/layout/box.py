"""The box: four normalised numbers, and its two readings in pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from engine.errors import BoxpaintError

_SNAP_DIGITS = 6
"""Decimals kept when a normalised coordinate becomes pixels: 19/320*320 must be 19, not 18.999…"""


class PixelBox(NamedTuple):
    """A box in whole pixels, half-open: columns ``[x0, x1)`` and rows ``[y0, y1)``."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        return self.x1 - self.x0

    @property
    def height(self) -> int:
        return self.y1 - self.y0

    def meets(self, other: PixelBox) -> bool:
        """Whether the two share a pixel."""
        return self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned box, normalised to the picture.

    Attributes:
        x0, y0, x1, y1: Left, top, right and bottom edge, each in [0, 1], with x0 < x1 and y0 < y1.

    Raises:
        BoxpaintError: A coordinate is not a finite number in [0, 1], or the box has no area.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        x0, y0, x1, y1 = self.x0, self.y0, self.x1, self.y1
        # Files hold tens of thousands of boxes, nearly all of them fine: those need no closer look.
        floats = type(x0) is type(y0) is type(x1) is type(y1) is float
        if floats and 0.0 <= x0 < x1 <= 1.0 and 0.0 <= y0 < y1 <= 1.0:
            return
        for name in ("x0", "y0", "x1", "y1"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise BoxpaintError(f"{name} is {value!r}, not a number.", "layout", field="box")
            if not math.isfinite(value):
                raise BoxpaintError(f"{name} is {value!r}, not a finite number.", "layout", field="box")
            if not 0.0 <= value <= 1.0:
                raise BoxpaintError(
                    f"{name} is {value:g}, outside the picture.",
                    "layout",
                    field="box",
                    hint="Normalised coordinates lie between 0 and 1.",
                )
        if self.x0 >= self.x1 or self.y0 >= self.y1:
            raise BoxpaintError(
                f"the box has no area: {self.x0:g}, {self.y0:g}, {self.x1:g}, {self.y1:g}.",
                "layout",
                field="box",
                hint="The order is x0, y0, x1, y1 with x0 < x1 and y0 < y1.",
            )

    @classmethod
    def from_pixels(cls, x0: float, y0: float, x1: float, y1: float, width: int, height: int) -> Box:
        """The box with these half-open pixel edges in a picture of ``width`` × ``height`` pixels."""
        return cls(x0 / width, y0 / height, x1 / width, y1 / height)

    @classmethod
    def clipped(cls, x0: float, y0: float, x1: float, y1: float) -> Box:
        """The part of a normalised box that lies in the picture; refused when nothing does."""
        if not all(map(math.isfinite, (x0, y0, x1, y1))):
            return cls(x0, y0, x1, y1)  # refused there, with the coordinate's name
        return cls(*(min(max(value, 0.0), 1.0) for value in (x0, y0, x1, y1)))

    @property
    def width(self) -> float:
        """Width as a share of the picture's width."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height as a share of the picture's height."""
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """Area as a share of the picture's area."""
        return self.width * self.height

    def scaled(self, width: int, height: int) -> tuple[float, float, float, float]:
        """The edges in pixels of a ``width`` × ``height`` picture, free of rounding noise."""
        return (
            round(self.x0 * width, _SNAP_DIGITS),
            round(self.y0 * height, _SNAP_DIGITS),
            round(self.x1 * width, _SNAP_DIGITS),
            round(self.y1 * height, _SNAP_DIGITS),
        )

    def to_pixels(self, width: int, height: int) -> PixelBox:
        """Nearest whole-pixel edges, half-open; at least one pixel wide and high."""
        x0, y0, x1, y1 = (math.floor(edge + 0.5) for edge in self.scaled(width, height))
        x0, y0 = min(x0, width - 1), min(y0, height - 1)
        return PixelBox(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1))

    def truncated(self, width: int, height: int) -> PixelBox:
        """Edges cut off to whole pixels, as the published code does (pixel mode ``reference``)."""
        return PixelBox(*(int(edge) for edge in self.scaled(width, height)))

    def iou(self, other: Box) -> float:
        """Intersection over union, in [0, 1]."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (self.area + other.area - shared)
