"""Fine-grained bins: the same figures for few and many objects, small and large boxes, and so on (paper, section 5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.evaluation.average_precision import average_precision
from engine.evaluation.matching import Matches, Scope, match
from engine.evaluation.truth import Found, Truth

COUNTS = ((0, 2), (3, 5), (6, 8), (9, 10), (11, 13), (14, 16))
"""Objects per picture; more than the last bin's make a bin of their own."""

SIDES = (0.0, 0.06, 0.1, 0.15, 0.2, 0.3, 1.01)
"""Edges of the bins of box size: the square root of its share of the picture's area."""

ASPECTS = (0.0, 0.4, 0.8, 1.25, 2.5, np.inf)
"""Edges of the bins of width over height."""

PLACES = (0.0, 1 / 3, 2 / 3, 1.01)
"""Edges of the bins of position: distance of the box's centre from the picture's, 1 at the picture's edge."""


def binned(truth: Truth, found: Found, matches: Matches) -> dict[str, dict[str, dict[str, float]]]:
    """AP, and the number of targets, in each bin that has a target.

    By number of objects, whole pictures are told apart. By size, shape and position, targets outside of the bin are
    ignored, and so are detections outside of it that meet no target: as COCO does with its area ranges.
    """
    result = {"objects": _by_count(truth, matches)}
    kinds: dict[str, tuple[Callable[[Truth, np.ndarray, np.ndarray], np.ndarray], Sequence[float]]] = {
        "box_side": (_side, SIDES),
        "aspect": (_aspect, ASPECTS),
        "place": (_place, PLACES),
    }
    for name, (value, edges) in kinds.items():
        targets = np.digitize(value(truth, truth.image, truth.boxes), edges)
        detections = np.digitize(value(truth, found.image, found.boxes), edges)
        numbers = np.unique(targets)
        scopes = [Scope(_name(edges, number), targets == number, detections == number) for number in numbers]
        inside = match(truth, found, scopes) if scopes else matches
        result[name] = {
            scope.name: {"AP": average_precision(inside, scope=place), "targets": int(scope.targets.sum())}
            for place, scope in enumerate(scopes)
        }
    return result


def _by_count(truth: Truth, matches: Matches) -> dict[str, dict[str, float]]:
    counts = np.bincount(truth.image, minlength=len(truth.images))
    result = {}
    for low, high in (*COUNTS, (COUNTS[-1][1] + 1, int(counts.max(initial=0)))):
        pictures = (counts >= low) & (counts <= high)
        targets = int(counts[pictures].sum())
        if targets:
            result[f"{low}-{high}"] = {"AP": average_precision(matches, pictures=pictures), "targets": targets}
    return result


def _sizes(truth: Truth) -> np.ndarray:
    return np.array([(image.width, image.height) for image in truth.images], np.float64).reshape(-1, 2)


def _side(truth: Truth, image: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    return np.sqrt(boxes[:, 2] * boxes[:, 3] / _sizes(truth)[image].prod(axis=1))


def _aspect(truth: Truth, image: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    return boxes[:, 2] / np.maximum(boxes[:, 3], 1e-9)


def _place(truth: Truth, image: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    centers = (boxes[:, :2] + boxes[:, 2:] / 2) / _sizes(truth)[image]
    return np.abs(2 * centers - 1).max(axis=1)


def _name(edges: Sequence[float], number: int) -> str:
    low, high = edges[number - 1], edges[min(number, len(edges) - 1)]
    if np.isinf(high):
        return f">{low:.2g}"
    return f"{low:.2g}-{min(high, 1.0) if high == edges[-1] else high:.2g}"
