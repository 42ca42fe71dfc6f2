"""CLEVR's own distribution, measured on 1,260 in-distribution scenes: what a benchmark's splits are out of."""

from __future__ import annotations

from collections.abc import Sequence

from engine.formats.statistics import Statistics

CLEVR = Statistics(
    layouts=1260,
    objects=7769,
    counts=(0, 0, 0, 157, 183, 170, 186, 183, 175, 141, 65, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    centers=(
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 2, 11, 1, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 6, 33, 106, 233, 283, 139, 44, 2, 0, 0, 0, 0),
        (0, 16, 44, 122, 183, 182, 249, 258, 236, 258, 233, 154, 86, 22, 5, 0),
        (0, 31, 186, 185, 157, 174, 156, 198, 157, 161, 191, 187, 204, 167, 80, 0),
        (0, 0, 18, 105, 153, 117, 126, 134, 123, 123, 130, 130, 119, 71, 6, 0),
        (0, 0, 0, 8, 80, 100, 128, 86, 89, 113, 101, 63, 14, 0, 0, 0),
        (0, 0, 0, 0, 7, 42, 80, 78, 92, 50, 21, 1, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 1, 33, 41, 35, 3, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    ),
    sizes=(82, 3861, 2217, 1392, 211, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    aspects=(0, 0, 0, 0, 0, 0, 0, 292, 2574, 2430, 2473, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    overlaps=(6659, 873, 193, 42, 2, 0, 0, 0, 0, 0),
    labels={},
)
"""3 to 10 objects, two sizes, no aspect beyond 1:1; labels are left out, since all 48 are equally likely."""


def distances(statistics: Statistics) -> dict[str, float]:
    """How far each histogram is from CLEVR's: the share of layouts or objects to be moved, from 0 to 1."""
    flat = [cell for line in statistics.centers for cell in line]
    return {
        "counts": _distance(statistics.counts, CLEVR.counts),
        "centers": _distance(flat, [cell for line in CLEVR.centers for cell in line]),
        "sizes": _distance(statistics.sizes, CLEVR.sizes),
        "aspects": _distance(statistics.aspects, CLEVR.aspects),
        "overlaps": _distance(statistics.overlaps, CLEVR.overlaps),
    }


def _distance(one: Sequence[int], other: Sequence[int]) -> float:
    first, second = max(sum(one), 1), max(sum(other), 1)
    return round(sum(abs(a / first - b / second) for a, b in zip(one, other, strict=True)) / 2, 4)
