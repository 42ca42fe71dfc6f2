"""From everything that a detector puts forward to one detection per thing. Plain data, no network."""

from __future__ import annotations

from collections.abc import Iterable

from engine.events import Detection
from engine.layout import Box

SAME_LABEL = 0.5
"""Two boxes of one label that overlap this much (intersection over union) are the same thing."""

OTHER_LABEL = 0.7
"""Two boxes of different labels that overlap this much are one thing whose label is in doubt."""


def distinct(
    detections: Iterable[Detection], threshold: float, *, present: Iterable[tuple[Box, str]] = ()
) -> list[Detection]:
    """The detections to make boxes of, best score first.

    Evaluation wants every guess that a detector makes; a person wants each thing once, under its likeliest label. A
    thing inside another, or in front of one, overlaps it less than ``OTHER_LABEL`` and is kept.

    Args:
        detections: Of one picture, in any order.
        threshold: Smallest score that counts, in [0, 1].
        present: Boxes with labels that are known already; what is one of them is left out.
    """
    known = list(present)
    kept: list[Detection] = []
    for found in sorted(detections, key=lambda detection: -detection.score):
        if found.score >= threshold and not any(_one_thing(found, *other) for other in known):
            kept.append(found)
            known.append((found.box, found.label))
    return kept


def _one_thing(found: Detection, box: Box, label: str) -> bool:
    return found.box.iou(box) >= (SAME_LABEL if found.label == label else OTHER_LABEL)
