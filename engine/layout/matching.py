"""What counts as found: which detections count, which object of a layout each stands for, and when it is a hit.

One rule for the timeline, repeated attempts, verdicts and the gallery, so that they tell the same of the same picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from engine.layout.box import Box
from engine.layout.layout import LayoutObject

SCORE = 0.3
"""Least score of a detection that counts, unless somebody wants another one; average precision takes all of them."""

HIT = 0.5
"""Overlap (IoU) with an object's box from which on a detection of its label is a hit."""

SAME_LABEL = 0.5
"""Two boxes of one label that overlap this much (intersection over union) are the same thing."""

OTHER_LABEL = 0.7
"""Two boxes of different labels that overlap this much are one thing whose label is in doubt."""


class Found(Protocol):
    """What a detector found; ``engine.events.Detection`` is one."""

    @property
    def box(self) -> Box: ...

    @property
    def label(self) -> str: ...

    @property
    def score(self) -> float: ...


Detected = TypeVar("Detected", bound=Found)


@dataclass(frozen=True, slots=True)
class Match:
    """How well the detection that stands for an object overlaps its box, and how sure it is."""

    iou: float
    score: float

    @property
    def hit(self) -> bool:
        """Whether the object is found by it."""
        return self.iou >= HIT


def plain(text: str) -> str:
    """A prompt or a label as it is compared: its words alone, whatever their case."""
    return " ".join(text.lower().split())


def same_label(prompt: str, label: str) -> bool:
    """Whether a detector's label names what a prompt asks for."""
    return plain(prompt) == plain(label)


def distinct(
    detections: Iterable[Detected], score: float = SCORE, *, present: Iterable[tuple[Box, str]] = ()
) -> list[Detected]:
    """One detection per thing, best score first.

    A detector makes many guesses of one thing; a person wants each thing once, under its likeliest label. A thing
    inside another, or in front of one, overlaps it less than ``OTHER_LABEL`` and is kept.

    Args:
        detections: Of one picture, in any order.
        score: Smallest score that counts, in [0, 1].
        present: Boxes with labels that are known already; what is one of them is left out.
    """
    known = list(present)
    kept: list[Detected] = []
    for found in sorted(detections, key=lambda detection: -detection.score):
        if found.score >= score and not any(_one_thing(found, *other) for other in known):
            kept.append(found)
            known.append((found.box, found.label))
    return kept


def _one_thing(found: Found, box: Box, label: str) -> bool:
    return found.box.iou(box) >= (SAME_LABEL if found.label == label else OTHER_LABEL)


def match_objects(
    objects: Iterable[LayoutObject], detections: Sequence[Found], *, score: float = SCORE
) -> dict[str, Match]:
    """The detection that stands for each object, by the object's id; objects that nothing overlaps are left out.

    Two objects with the same prompt need two detections. Boxes that overlap most are joined first, as a person would.

    Args:
        detections: All of one picture; those of one thing count once (``distinct``).
        score: Detections that score less do not count.
    """
    by_label: dict[str, list[tuple[int, Found]]] = {}
    for place, found in enumerate(distinct(detections, score)):
        by_label.setdefault(plain(found.label), []).append((place, found))
    pairs = [
        (target.box.iou(found.box), found.score, target.id, place)
        for target in objects
        for place, found in by_label.get(plain(target.prompt), ())
    ]
    matches: dict[str, Match] = {}
    taken: set[int] = set()
    for iou, sure, name, place in sorted(pairs, key=lambda pair: (-pair[0], -pair[1], pair[3])):
        if iou > 0 and name not in matches and place not in taken:
            matches[name] = Match(iou, sure)
            taken.add(place)
    return matches
