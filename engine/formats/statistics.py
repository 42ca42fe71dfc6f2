"""What a dataset's layouts look like in numbers: how many objects, where, how large, how much they overlap."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.formats.dataset import Entry
from engine.layout import Box

GRID = 16
"""Cells on each side of the map of centres."""

SIZE_STEPS = 20
"""Steps of the histogram of sizes; a size is the square root of the share of the picture that a box covers."""

ASPECT_LIMITS = (-2.0, 2.0)
ASPECT_STEPS = 20
"""Range and steps of the histogram of aspects: the binary logarithm of width over height, both in pixels."""

OVERLAP_STEPS = 10
"""Steps of the histogram of overlaps: for each object the largest IoU with another one of its layout."""

MAX_COUNT = 24
"""Layouts with more objects count into the last column."""


@dataclass(frozen=True)
class Statistics:
    """Histograms over a dataset; those over objects sum to ``objects``.

    Attributes:
        layouts, objects: How many there are.
        counts: Layouts by number of objects, from 0 to `MAX_COUNT`.
        centers: Objects by the cell of their middle; rows from the top, each from the left.
        sizes, aspects, overlaps: Objects by the steps of the constants above.
        labels: Prompt -> number of objects, most frequent first.
    """

    layouts: int
    objects: int
    counts: tuple[int, ...]
    centers: tuple[tuple[int, ...], ...]
    sizes: tuple[int, ...]
    aspects: tuple[int, ...]
    overlaps: tuple[int, ...]
    labels: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """The statistics as JSON values."""
        return {
            "layouts": self.layouts,
            "objects": self.objects,
            "counts": list(self.counts),
            "centers": [list(row) for row in self.centers],
            "sizes": list(self.sizes),
            "aspects": list(self.aspects),
            "overlaps": list(self.overlaps),
            "labels": self.labels,
        }


def measure(entries: Iterable[Entry]) -> Statistics:
    """The statistics of these layouts."""
    counts = [0] * (MAX_COUNT + 1)
    centers = [[0] * GRID for _ in range(GRID)]
    sizes, aspects, overlaps = [0] * SIZE_STEPS, [0] * ASPECT_STEPS, [0] * OVERLAP_STEPS
    labels: Counter[str] = Counter()
    layouts = 0
    for entry in entries:
        layouts += 1
        layout = entry.layout
        counts[min(len(layout.objects), MAX_COUNT)] += 1
        boxes = [item.box for item in layout.objects]
        labels.update(item.prompt for item in layout.objects)
        low, high = ASPECT_LIMITS
        for box in boxes:
            x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
            centers[_step(y, GRID)][_step(x, GRID)] += 1
            sizes[_step(math.sqrt(box.area), SIZE_STEPS)] += 1
            aspect = math.log2(box.width * layout.width / (box.height * layout.height))
            aspects[_step((aspect - low) / (high - low), ASPECT_STEPS)] += 1
        for overlap in _overlaps(boxes):
            overlaps[_step(overlap, OVERLAP_STEPS)] += 1
    return Statistics(
        layouts,
        sum(labels.values()),
        tuple(counts),
        tuple(map(tuple, centers)),
        tuple(sizes),
        tuple(aspects),
        tuple(overlaps),
        dict(labels.most_common()),
    )


def _overlaps(boxes: Sequence[Box]) -> list[float]:
    """For each box the largest IoU with another one."""
    largest = [0.0] * len(boxes)
    # From left to right, so that most pairs are ruled out by one comparison.
    order = sorted(range(len(boxes)), key=lambda index: boxes[index].x0)
    for place, index in enumerate(order):
        box = boxes[index]
        for other in order[place + 1 :]:
            if boxes[other].x0 >= box.x1:
                break
            overlap = box.iou(boxes[other])
            largest[index] = max(largest[index], overlap)
            largest[other] = max(largest[other], overlap)
    return largest


def _step(share: float, steps: int) -> int:
    return min(max(int(share * steps), 0), steps - 1)
