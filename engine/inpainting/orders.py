"""In which order the objects of a layout are painted. A later object paints over an earlier one."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from engine.layout import LayoutObject

Order = Callable[[Sequence[LayoutObject], int], list[LayoutObject]]
"""From the visible objects as given and the run's seed to the objects in painting order."""


def _given(objects: Sequence[LayoutObject], seed: int) -> list[LayoutObject]:
    return list(objects)


def _shuffled(objects: Sequence[LayoutObject], seed: int) -> list[LayoutObject]:
    # Sorted by a keyed draw per object, so that hiding one object does not reorder the others.
    return sorted(objects, key=lambda item: random.Random(f"{seed}:{item.id}").random())


def _top_down(objects: Sequence[LayoutObject], seed: int) -> list[LayoutObject]:
    return sorted(objects, key=lambda item: item.box.y0)


def _bottom_up(objects: Sequence[LayoutObject], seed: int) -> list[LayoutObject]:
    return sorted(objects, key=lambda item: -item.box.y1)


def _large_to_small(objects: Sequence[LayoutObject], seed: int) -> list[LayoutObject]:
    return sorted(objects, key=lambda item: -item.box.area)


def _small_to_large(objects: Sequence[LayoutObject], seed: int) -> list[LayoutObject]:
    return sorted(objects, key=lambda item: item.box.area)


ORDERS: dict[str, Order] = {
    "given": _given,
    "random": _shuffled,
    "top-down": _top_down,
    "bottom-up": _bottom_up,
    "large-to-small": _large_to_small,
    "small-to-large": _small_to_large,
}
"""The named orders; ties keep the order given (FORMATS: y0 ascending, y1 descending)."""
