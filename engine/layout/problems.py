"""What is likely to go wrong with a layout when it is painted, with a fix for each. Pure functions.

That a box sticks out of the picture cannot happen here: a ``Box`` has no such values, and readers of files say what
they cut off.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise

from engine.layout.box import Box
from engine.layout.layout import Layout, LayoutObject

COVERED = 0.9
"""From this share on, an object that later ones paint over counts as nearly hidden."""

KINDS = ("empty", "unknown", "small", "covered")

Fix = Callable[[Layout], Layout]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is likely to go wrong.

    Attributes:
        kind: ``empty`` (no prompt), ``unknown`` (the model was not trained on the prompt), ``small`` (under the model's
            smallest sensible size) or ``covered`` (later objects are painted over it).
        object_id: The object concerned.
        number: Its place in the painting order, from 1.
        fix: The layout with the problem mended; None when only a person can tell how.
        prompt: Its prompt.
        suggestion: Of an unknown prompt the nearest one that the model knows, if one is near.
        least: Of a small object the least width and height, in pixels of the layout.
    """

    kind: str
    object_id: str
    number: int
    fix: Fix | None = None
    prompt: str = ""
    suggestion: str = ""
    least: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Model:
    """What the chosen model can do.

    Attributes:
        vocabulary: The prompts that it was trained on, in lower case; empty when it takes any.
        smallest_box: Side in pixels of its own picture under which a box is too small for it; 0 for none.
        size: Width and height of that picture; None for the layout's own.
    """

    vocabulary: frozenset[str] = frozenset()
    smallest_box: int = 0
    size: tuple[int, int] | None = None


def find_problems(layout: Layout, model: Model) -> list[Problem]:
    """The problems of all objects that will be painted, in painting order."""
    return [problem for found in examine(layout, model) for problem in found]


def examine(layout: Layout, model: Model) -> Iterator[list[Problem]]:
    """The problems of one object after the other, hidden ones left out; a caller that must not wait takes a few."""
    painted = [(number, item) for number, item in enumerate(layout.objects, start=1) if not item.hidden]
    later = _Later([item.box for _, item in painted])
    nearest = lru_cache(maxsize=None)(lambda prompt: _nearest(prompt, model))
    for place, (number, item) in enumerate(painted):
        found = [
            _of_prompt(item, number, model, nearest),
            _of_size(item, number, layout, model),
            _of_cover(item, number, later.over(place)),
        ]
        yield [problem for problem in found if problem is not None]


def covered_share(box: Box, others: Sequence[Box]) -> float:
    """The share of ``box`` that the others together cover, 0 … 1."""
    inside = [
        (max(other.x0, box.x0), max(other.y0, box.y0), min(other.x1, box.x1), min(other.y1, box.y1)) for other in others
    ]
    inside = sorted((part for part in inside if part[0] < part[2] and part[1] < part[3]), key=lambda part: part[1])
    xs = sorted({x for part in inside for x in (part[0], part[2])})
    covered = 0.0
    for x0, x1 in pairwise(xs):
        end = box.y0
        for part in inside:  # from the top, so that each adds what reaches below the ones before it
            if part[0] <= x0 and part[2] >= x1 and part[3] > end:
                covered += (x1 - x0) * (part[3] - max(part[1], end))
                end = part[3]
    return min(covered / box.area, 1.0)


# -- the single kinds


def _of_prompt(item: LayoutObject, number: int, model: Model, nearest: Callable[[str], str]) -> Problem | None:
    prompt = item.prompt.strip()
    if not prompt:
        return Problem("empty", item.id, number)
    if not model.vocabulary or prompt.lower() in model.vocabulary:
        return None
    better = nearest(prompt.lower())
    fix = (lambda layout: layout.with_object(replace(layout.find(item.id), prompt=better))) if better else None
    return Problem("unknown", item.id, number, fix, prompt=prompt, suggestion=better)


def _nearest(prompt: str, model: Model) -> str:
    """The prompt of the model's vocabulary that is most like this one; empty when none is."""
    return next(iter(get_close_matches(prompt, sorted(model.vocabulary), n=1, cutoff=0.6)), "")


def _of_size(item: LayoutObject, number: int, layout: Layout, model: Model) -> Problem | None:
    if not model.smallest_box:
        return None
    width, height = model.size or layout.size
    # Rounded up by less than a pixel of either picture: a box exactly as large as allowed must pass.
    if item.box.width * width > model.smallest_box - 0.5 and item.box.height * height > model.smallest_box - 0.5:
        return None
    shares = min(model.smallest_box / width, 1.0), min(model.smallest_box / height, 1.0)

    def enlarge(changed: Layout) -> Layout:
        thing = changed.find(item.id)
        return changed.with_object(replace(thing, box=_enlarged(thing.box, *shares)))

    least = shares[0] * layout.width, shares[1] * layout.height
    return Problem("small", item.id, number, enlarge, prompt=item.prompt, least=least)


def _enlarged(box: Box, width: float, height: float) -> Box:
    """The box at least so wide and high, round its middle as far as the picture allows."""
    x0, x1 = _widened(box.x0, box.x1, width)
    y0, y1 = _widened(box.y0, box.y1, height)
    return Box(x0, y0, x1, y1)


def _widened(low: float, high: float, least: float) -> tuple[float, float]:
    side = max(high - low, least)
    start = min(max((low + high - side) / 2, 0.0), 1.0 - side)
    return max(start, 0.0), min(start + side, 1.0)


def _of_cover(item: LayoutObject, number: int, over: Sequence[Box]) -> Problem | None:
    # What all of them cover together is at most the sum of what each covers: most objects need no closer look.
    if sum(_shared(item.box, other) for other in over) < COVERED * item.box.area:
        return None
    if covered_share(item.box, over) < COVERED:
        return None

    def last(layout: Layout) -> Layout:
        others = [other for other in layout.objects if other.id != item.id]
        return layout.with_objects((*others, layout.find(item.id)))

    return Problem("covered", item.id, number, last, prompt=item.prompt)


def _shared(one: Box, other: Box) -> float:
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(width, 0.0) * max(height, 0.0)


class _Later:
    """Which boxes are painted over a box: found through a grid of cells, so that thousands of boxes take no time."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._boxes = boxes
        self._side = max(min(math.isqrt(len(boxes)) // 2, 64), 1)
        self._cells: dict[tuple[int, int], list[int]] = {}
        for place, box in enumerate(boxes):
            for cell in self._under(box):
                self._cells.setdefault(cell, []).append(place)

    def over(self, place: int) -> list[Box]:
        """The boxes after the one at ``place`` that overlap it, in their order."""
        box = self._boxes[place]
        near = {other for cell in self._under(box) for other in self._cells[cell] if other > place}
        return [self._boxes[other] for other in sorted(near) if _shared(box, self._boxes[other]) > 0]

    def _under(self, box: Box) -> Iterator[tuple[int, int]]:
        side, last = self._side, self._side - 1
        columns = range(min(int(box.x0 * side), last), min(int(box.x1 * side), last) + 1)
        for row in range(min(int(box.y0 * side), last), min(int(box.y1 * side), last) + 1):
            for column in columns:
                yield column, row
