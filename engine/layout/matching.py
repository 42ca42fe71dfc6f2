"""Which object of a layout a detection stands for: one to one, label by label, the best overlaps first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.layout.box import Box
from engine.layout.layout import LayoutObject


class Found(Protocol):
    """What a detector found; ``engine.events.Detection`` is one."""

    @property
    def box(self) -> Box: ...

    @property
    def label(self) -> str: ...

    @property
    def score(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Match:
    """The detection (its place in the list) that stands for an object, and how well it overlaps its box."""

    index: int
    iou: float
    score: float


def plain(text: str) -> str:
    """A prompt or a label as it is compared: its words alone, whatever their case."""
    return " ".join(text.lower().split())


def same_label(prompt: str, label: str) -> bool:
    """Whether a detector's label names what a prompt asks for."""
    return plain(prompt) == plain(label)


def match_objects(
    objects: Iterable[LayoutObject], detections: Sequence[Found], *, score: float = 0.0
) -> dict[str, Match]:
    """The detection that stands for each object, by the object's id; objects that nothing overlaps are left out.

    Two objects with the same prompt need two detections. Boxes that overlap most are joined first, as a person would.

    Args:
        score: Detections that score less do not count.
    """
    by_label: dict[str, list[tuple[int, Found]]] = {}
    for place, found in enumerate(detections):
        if found.score >= score:
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
            matches[name] = Match(place, iou, sure)
            taken.add(place)
    return matches
