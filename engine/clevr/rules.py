"""What makes a split: how many objects, how large, of which proportions, and where. Every number can be overridden."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from engine.errors import BoxpaintError

SKILLS = ("number", "position", "size", "shape")
"""The skills of LayoutBench; a split's name begins with one of them."""

SPLITS = (
    "number_few",
    "number_many",
    "position_center",
    "position_boundary",
    "size_tiny",
    "size_large",
    "shape_horizontal",
    "shape_vertical",
)
"""The eight splits of LayoutBench."""

WHERE = ("random", "center", "boundary")
"""Anywhere on CLEVR's floor, near its middle, or along the edges of the picture."""

_REGION = {"random": 3.0, "center": 1.6, "boundary": 6.0}


@dataclass(frozen=True)
class Rules:
    """How the scenes of a split are drawn.

    Attributes:
        name: Name of the split.
        count: Least and greatest number of objects, each as likely.
        scales: Half-sizes in world units to choose from, each as likely; or None for the range ``scale_range``.
        scale_range: Least and greatest half-size, used when ``scales`` is None.
        aspects: Pairs (width, height) to choose from, in multiples of the scale.
        where: One of `WHERE`.
        region: Half of the side of the square on the floor in which centres lie, in world units.
        distance: Least distance between two objects' surfaces, in world units.
        margin: Least distance of two centres along the camera's left and front directions, in world units.
        jitter: Greatest displacement of the camera on each axis, in world units.
        visible_share: Least share of an object's outline that nothing in front of it hides, and that is in the picture.
        visible_pixels: Least number of its pixels that are seen in a picture 320 pixels wide.
    """

    name: str
    count: tuple[int, int] = (3, 10)
    scales: tuple[float, ...] | None = (0.35, 0.7)
    scale_range: tuple[float, float] = (0.35, 0.7)
    aspects: tuple[tuple[float, float], ...] = ((1.0, 1.0),)
    where: str = "random"
    region: float = 3.0
    distance: float = 0.25
    margin: float = 0.4
    jitter: float = 0.5
    visible_share: float = 0.35
    visible_pixels: int = 200

    def __post_init__(self) -> None:
        low, high = self.scale_range
        smallest = min(self.scales) if self.scales else low
        largest = max(self.scales) if self.scales else high
        checks = (
            (0 <= self.count[0] <= self.count[1] <= 64, "count", "Least and greatest number, 0 to 64."),
            (0.05 <= smallest <= largest <= 3.0, "scale", "Half-sizes from 0.05 to 3."),
            (bool(self.aspects), "aspect", "At least one, e.g. 2:1."),
            (all(0.1 <= side <= 10 for pair in self.aspects for side in pair), "aspect", "Sides from 0.1 to 10."),
            (self.where in WHERE, "where", f"One of {', '.join(WHERE)}."),
            (0.1 <= self.region <= 10, "region", "From 0.1 to 10."),
            (0 <= self.distance <= 5 and 0 <= self.margin <= 5, "margin", "From 0 to 5."),
            (0 <= self.jitter <= 2, "jitter", "From 0 to 2."),
            (0 < self.visible_share <= 1, "visible_share", "Above 0, at most 1."),
            (self.visible_pixels >= 1, "visible_pixels", "At least 1."),
        )
        for fine, field, hint in checks:
            if not fine:
                raise BoxpaintError("the value cannot be used.", "input", item=self.name, field=field, hint=hint)


def split_names() -> tuple[str, ...]:
    """Every name that `rules_of` knows: CLEVR itself, the eight splits, and the fine-grained ones."""
    return tuple(_table())


def rules_of(name: str, /, **changes: Any) -> Rules:
    """The rules of a split, with some of them changed.

    Raises:
        BoxpaintError: There is no split of this name, or a changed value is out of range.
    """
    table = _table()
    if name not in table:
        raise BoxpaintError(f"there is no split {name!r}.", field="split", hint=f"Known: {', '.join(table)}.")
    if "where" in changes and changes["where"] in _REGION:
        changes.setdefault("region", _REGION[changes["where"]])
    return replace(table[name], **changes)


def parse_aspect(text: str) -> tuple[float, float]:
    """Width and height of ``"2:1"``."""
    width, colon, height = text.partition(":")
    try:
        pair = float(width), float(height)
    except ValueError:
        pair = (0.0, 0.0)
    if not colon or not all(0.1 <= side <= 10 for side in pair):
        raise BoxpaintError(f"{text!r} is no aspect.", field="aspect", hint="Write width:height, e.g. 2:1.")
    return pair


def _table() -> dict[str, Rules]:
    few = Rules("number_few", count=(0, 2))
    # Eleven and more objects do not fit with CLEVR's own margins.
    many = Rules("number_many", count=(11, 16), distance=0.15, margin=0.15)
    center = Rules("position_center", where="center", region=_REGION["center"], distance=0.15, margin=0.15)
    boundary = Rules("position_boundary", where="boundary", region=_REGION["boundary"], count=(3, 8))
    tiny = Rules("size_tiny", scales=(0.2,), visible_pixels=50)
    large = Rules("size_large", scales=None, scale_range=(0.9, 1.5), count=(3, 5), region=4.0)
    stretched = Rules("shape", scales=(0.35, 0.5), count=(3, 6))
    listed = [
        Rules("clevr"),
        few,
        many,
        center,
        boundary,
        tiny,
        large,
        replace(stretched, name="shape_horizontal", aspects=((2, 1), (3, 1))),
        replace(stretched, name="shape_vertical", aspects=((1, 2), (1, 3))),
        *_fine_numbers(many),
        replace(center, name="position_random", where="random", region=_REGION["random"], distance=0.25, margin=0.4),
        *_fine_sizes(large, tiny),
        *(
            replace(stretched, name=f"shape_H{height}W{width}", aspects=((width, height),))
            for height, width in ((3, 1), (2, 1), (1, 1), (1, 2), (1, 3))
        ),
    ]
    return {rules.name: rules for rules in listed}


def _fine_numbers(many: Rules) -> Iterable[Rules]:
    for low, high in ((0, 2), (3, 5), (6, 8), (9, 10), (11, 13), (14, 16)):
        base = many if low > 10 else Rules("clevr")
        yield replace(base, name=f"number_{low}-{high}", count=(low, high))


def _fine_sizes(large: Rules, tiny: Rules) -> Iterable[Rules]:
    for percent in (20, 35, 50, 70, 90, 110, 130, 150):
        base = tiny if percent == 20 else large if percent >= 90 else Rules("clevr")
        yield replace(base, name=f"size_{percent:03d}", scales=(percent / 100,))
