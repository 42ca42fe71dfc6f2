"""From everything that a detector puts forward to one detection per thing. Plain data, no network."""

from __future__ import annotations

from collections.abc import Iterable

from engine.events import Detection

SAME_LABEL = 0.5
"""Two boxes of one label that overlap this much (intersection over union) are the same thing."""

OTHER_LABEL = 0.7
"""Two boxes of different labels that overlap this much are one thing whose label is in doubt."""


def distinct(detections: Iterable[Detection], threshold: float) -> list[Detection]:
    """The detections to make boxes of, best score first.

    Evaluation wants every guess that a detector makes; a person wants each thing once, under its likeliest label. A
    thing inside another, or in front of one, overlaps it less than ``OTHER_LABEL`` and is kept.

    Args:
        detections: Of one picture, in any order.
        threshold: Smallest score that counts, in [0, 1].
    """
    kept: list[Detection] = []
    for found in sorted(detections, key=lambda detection: -detection.score):
        if found.score >= threshold and not any(_one_thing(found, better) for better in kept):
            kept.append(found)
    return kept


def _one_thing(one: Detection, other: Detection) -> bool:
    return one.box.iou(other.box) >= (SAME_LABEL if one.label == other.label else OTHER_LABEL)
