"""COCO's figures from matches: average precision and recall over any part of the pictures.

The rules are those of ``COCOeval.accumulate`` and ``summarize`` with ``iouType="bbox"``: 101 recall points, ten overlap
thresholds, classes without a target left out. Like there, a figure that is not defined is -1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.evaluation.matching import MAX_DETECTIONS, THRESHOLDS, Matches

RECALLS = np.linspace(0.0, 1.0, 101)

FIGURES = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl")
"""COCO's twelve figures, in its order."""

UNDEFINED = -1.0


@dataclass(frozen=True, slots=True)
class Curve:
    """Precision and recall of every class in one scope.

    Attributes:
        precision: (K, T) mean precision over the recall points; NaN for a class without targets.
        recall: (K, T) greatest recall; NaN likewise.
    """

    precision: np.ndarray
    recall: np.ndarray


def curve(
    matches: Matches,
    *,
    pictures: np.ndarray | None = None,
    scope: int = 0,
    most: int = MAX_DETECTIONS,
    weights: np.ndarray | None = None,
) -> Curve:
    """Precision and recall of every class.

    Args:
        matches: The matches.
        pictures: (images,) which pictures count; None = all.
        scope: Place of the scope in ``matches.scopes``.
        most: Detections per picture and class that count.
        weights: (images,) how often each picture counts, for resampling; None = once.
    """
    truth = matches.truth
    count = np.ones(len(truth.images)) if weights is None else weights.astype(np.float64)
    if pictures is not None:
        count = np.where(pictures, count, 0.0)
    wanted = count[truth.image] * ~matches.ignored_targets[scope]
    positives = np.bincount(truth.label, wanted, len(truth.labels))
    rows = np.flatnonzero((count[matches.image] > 0) & (matches.rank < most))
    edges = np.searchsorted(matches.label[rows], np.arange(len(truth.labels) + 1))
    precision = np.full((len(truth.labels), len(THRESHOLDS)), np.nan)
    recall = np.full_like(precision, np.nan)
    for label in np.flatnonzero(positives):
        part = rows[edges[label] : edges[label + 1]]
        counts = ~matches.ignored[scope][:, part] * count[matches.image[part]]
        hit = matches.hit[scope][:, part]
        precision[label], recall[label] = _of_class(counts * hit, counts * ~hit, positives[label])
    return Curve(precision, recall)


def _of_class(true: np.ndarray, false: np.ndarray, positives: float) -> tuple[np.ndarray, np.ndarray]:
    """(T,) mean precision and greatest recall from the (T, D) true and false alarms of one class."""
    if not true.shape[1]:
        return np.zeros(len(true)), np.zeros(len(true))
    true, false = np.cumsum(true, axis=1), np.cumsum(false, axis=1)
    recalls = true / positives
    precisions = true / (true + false + np.spacing(1))
    # At each recall the best precision at that recall or a greater one.
    precisions = np.maximum.accumulate(precisions[:, ::-1], axis=1)[:, ::-1]
    means = np.zeros(len(true))
    for row, (reached, values) in enumerate(zip(recalls, precisions, strict=True)):
        places = np.searchsorted(reached, RECALLS, side="left")
        means[row] = values[places[places < len(values)]].sum() / len(RECALLS)
    return means, recalls[:, -1]


def figures(matches: Matches, *, pictures: np.ndarray | None = None) -> dict[str, float]:
    """COCO's twelve figures over some pictures; the scopes are those of ``coco_scopes``."""
    every = curve(matches, pictures=pictures)
    sized = [curve(matches, pictures=pictures, scope=scope) for scope in (1, 2, 3)]
    values = [_mean(every.precision), _mean(every.precision[:, [0]]), _mean(every.precision[:, [5]])]
    values += [_mean(part.precision) for part in sized]
    values += [_mean(curve(matches, pictures=pictures, most=most).recall) for most in (1, 10)]
    values += [_mean(part.recall) for part in (every, *sized)]
    return dict(zip(FIGURES, values, strict=True))


def class_precisions(matches: Matches, *, pictures: np.ndarray | None = None) -> dict[str, float]:
    """AP of each class that has a target."""
    means = curve(matches, pictures=pictures).precision.mean(axis=1)
    return {label: float(mean) for label, mean in zip(matches.truth.labels, means, strict=True) if not np.isnan(mean)}


def average_precision(matches: Matches, **part: np.ndarray | int | None) -> float:
    """AP alone; the arguments are those of ``curve``."""
    return _mean(curve(matches, **part).precision)  # type: ignore[arg-type]


def _mean(values: np.ndarray) -> float:
    """Mean over the defined values; -1 if there is none."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if defined.size else UNDEFINED
