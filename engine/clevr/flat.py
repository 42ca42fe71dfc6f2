"""The skills for any vocabulary, drawn in the picture itself: number, position, size and combination of prompts.

What LayoutBench asks of CLEVR's objects, asked of prompts that have no 3D scene; LayoutBench-COCO has the same four.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.clevr.draws import Draws
from engine.errors import BoxpaintError
from engine.layout import Box, Layout, LayoutObject, check_seed

SKILLS = ("number", "position", "size", "combination")

SIDE = 512
"""Side of the picture in pixels unless another size is asked for."""

_DIGITS = 4
_GAP = 0.02
"""Least room between two boxes, as a share of the picture's side."""

_TRIES = 200
_STARTS = 50
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_RELATIONS = ("to the left of", "to the right of", "above", "below")


@dataclass(frozen=True)
class FlatRules:
    """What the layouts of a skill look like.

    Attributes:
        skill: One of `SKILLS`.
        prompts: What may be in a box.
        count: Least and greatest number of boxes; ignored for position and combination, which have two.
        sides: Least and greatest side of a box, as a share of the picture's.
        size: Width and height of the picture in pixels.
    """

    skill: str
    prompts: tuple[str, ...]
    count: tuple[int, int] = (1, 8)
    sides: tuple[float, float] | None = None
    size: tuple[int, int] = (SIDE, SIDE)

    def __post_init__(self) -> None:
        if self.skill not in SKILLS:
            raise BoxpaintError(
                f"there is no skill {self.skill!r}.",
                field="split",
                hint=f"For prompts choose from {', '.join(SKILLS)}.",
            )
        if not self.prompts or not all(prompt.strip() for prompt in self.prompts):
            raise BoxpaintError("there are no prompts, or an empty one.", field="prompts", hint="Give at least one.")
        if not 1 <= self.count[0] <= self.count[1] <= 64:
            raise BoxpaintError("the number of objects cannot be used.", field="count", hint="From 1 to 64.")
        if self.sides and not 0.02 <= self.sides[0] <= self.sides[1] <= 1:
            raise BoxpaintError("the sides cannot be used.", field="scale", hint="Shares from 0.02 to 1.")


def sample_flat(rules: FlatRules, count: int, seed: int) -> Iterator[tuple[str, Layout]]:
    """``count`` layouts with their names; the same seed gives the same ones.

    Raises:
        BoxpaintError: The boxes that the rules ask for do not fit into a picture.
    """
    check_seed(seed)
    for index in range(count):
        draws = Draws(seed, f"flat {rules.skill}", index)
        yield f"{rules.skill}_{index:06d}", _layout(rules, draws)


def _layout(rules: FlatRules, draws: Draws) -> Layout:
    if rules.skill == "number":
        number = draws.whole(*rules.count)
        prompt = draws.pick(rules.prompts)
        word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
        boxes = _apart(draws, number, rules.sides or _sides(number))
        return _made(rules, [prompt] * number, boxes, f"a photo of {prompt}, {word} of them")
    if rules.skill == "size":
        number = draws.whole(*rules.count)
        prompts = [draws.pick(rules.prompts) for _ in range(number)]
        small = draws.unit() < 0.5
        sides = rules.sides or ((0.05, 0.12) if small else (0.6, 0.95))
        number = number if small or rules.sides else 1
        boxes = _apart(draws, number, sides)
        return _made(rules, prompts[:number], boxes, "a photo of " + " and ".join(prompts[:number]))
    prompts = draws.shuffled(rules.prompts)[:2] if len(rules.prompts) > 1 else list(rules.prompts) * 2
    if rules.skill == "combination":
        upper, lower = _stacked(draws, rules.sides or (0.3, 0.5))
        return _made(rules, prompts, [upper, lower], f"a photo of {prompts[0]} on {prompts[1]}")
    relation = draws.pick(_RELATIONS)
    return _made(
        rules, prompts, _related(draws, relation, rules.sides or (0.2, 0.45)), f"{prompts[0]} {relation} {prompts[1]}"
    )


def _made(rules: FlatRules, prompts: Sequence[str], boxes: Sequence[Box], caption: str) -> Layout:
    pairs = zip(prompts, boxes, strict=True)
    items = tuple(LayoutObject(f"o{number}", prompt, box) for number, (prompt, box) in enumerate(pairs, 1))
    return Layout(*rules.size, items, caption)


def _sides(number: int) -> tuple[float, float]:
    """Sides that let so many boxes fit with room to spare."""
    largest = 0.55 / math.sqrt(number)
    return max(0.02, largest / 2), largest


def _box(draws: Draws, x: tuple[float, float], y: tuple[float, float], sides: tuple[float, float]) -> Box:
    """A box of random size within a part of the picture."""
    width = min(draws.between(*sides), x[1] - x[0])
    height = min(draws.between(*sides), y[1] - y[0])
    x0, y0 = draws.between(x[0], x[1] - width), draws.between(y[0], y[1] - height)
    return Box(*(round(min(max(edge, 0.0), 1.0), _DIGITS) for edge in (x0, y0, x0 + width, y0 + height)))


def _apart(draws: Draws, number: int, sides: tuple[float, float]) -> list[Box]:
    """Boxes that do not touch each other."""
    for _ in range(_STARTS):
        boxes: list[Box] = []
        for _ in range(_TRIES):
            if len(boxes) == number:
                return boxes
            box = _box(draws, (0.0, 1.0), (0.0, 1.0), sides)
            if all(_gap(box, other) >= _GAP for other in boxes):
                boxes.append(box)
        if len(boxes) == number:
            return boxes
    raise BoxpaintError(
        f"{number} boxes with sides of {sides[0]:g} to {sides[1]:g} do not fit into the picture.",
        hint="Ask for fewer or smaller objects.",
    )


def _gap(one: Box, other: Box) -> float:
    across = max(one.x0 - other.x1, other.x0 - one.x1)
    down = max(one.y0 - other.y1, other.y0 - one.y1)
    return max(across, down)


def _related(draws: Draws, relation: str, sides: tuple[float, float]) -> list[Box]:
    near, far = (0.0, 0.5 - _GAP / 2), (0.5 + _GAP / 2, 1.0)
    whole = (0.0, 1.0)
    parts = {
        "to the left of": ((near, whole), (far, whole)),
        "to the right of": ((far, whole), (near, whole)),
        "above": ((whole, near), (whole, far)),
        "below": ((whole, far), (whole, near)),
    }[relation]
    return [_box(draws, x, y, sides) for x, y in parts]


def _stacked(draws: Draws, sides: tuple[float, float]) -> tuple[Box, Box]:
    """A box that stands on another: their edges meet, and the upper one's middle is over the lower one."""
    lower = _box(draws, (0.0, 1.0), (0.5, 1.0), sides)
    width, height = min(draws.between(*sides), 1.0), min(draws.between(*sides), lower.y0)
    middle = draws.between(lower.x0, lower.x1)
    x0 = min(max(middle - width / 2, 0.0), 1.0 - width)
    upper = (x0, lower.y0 - height, x0 + width, lower.y0)
    return Box(*(round(edge, _DIGITS) for edge in upper)), lower
