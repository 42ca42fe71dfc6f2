"""Which detection meets which target, by COCO's rules, for all pictures, classes and thresholds at once.

The rules are those of ``pycocotools.cocoeval.COCOeval.evaluateImg``; that class walks over every picture, class and
area range in Python, which takes minutes for a benchmark of 8,000 pictures. Here each *round* decides about the best
undecided detection of every picture and class together. Tests hold the results equal to pycocotools'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.evaluation.truth import Found, Truth

THRESHOLDS = np.linspace(0.5, 0.95, 10)
"""Overlaps (IoU) from which on a detection meets a target."""

MAX_DETECTIONS = 100
"""Detections per picture and class that count."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the targets, such as the small ones; the rest is ignored: neither a miss nor a false alarm.

    Attributes:
        name: Its name.
        targets: (G,) which targets belong to it.
        detections: (D,) which detections belong to it, should they meet no target.
    """

    name: str
    targets: np.ndarray
    detections: np.ndarray


@dataclass(frozen=True, slots=True)
class Matches:
    """What became of each detection; rows are sorted by class, then score (best first), then picture.

    Attributes:
        truth: The targets.
        scopes: Names of the scopes.
        ignored_targets: (A, G) targets outside of each scope.
        image, label, score: (D,) of each detection.
        rank: (D,) place among the detections of its picture and class, from 0.
        order: (D,) row in the ``Found`` that was matched.
        hit: (A, T, D) whether it meets a target.
        ignored: (A, T, D) whether it does not count, since its target, or itself, is outside of the scope.
        met: (D,) the target that it meets in the first scope at the lowest threshold; -1 for none.
    """

    truth: Truth
    scopes: tuple[str, ...]
    ignored_targets: np.ndarray
    image: np.ndarray
    label: np.ndarray
    score: np.ndarray
    rank: np.ndarray
    order: np.ndarray
    hit: np.ndarray
    ignored: np.ndarray
    met: np.ndarray


def coco_scopes(truth: Truth, found: Found) -> list[Scope]:
    """COCO's four area ranges: all, small (up to 32² square pixels), medium (up to 96²), large."""
    areas = found.boxes[:, 2] * found.boxes[:, 3]
    ranges = {"all": (0.0, 1e10), "small": (0.0, 32.0**2), "medium": (32.0**2, 96.0**2), "large": (96.0**2, 1e10)}
    return [
        Scope(name, (truth.area >= low) & (truth.area <= high), (areas >= low) & (areas <= high))
        for name, (low, high) in ranges.items()
    ]


def match(truth: Truth, found: Found, scopes: Sequence[Scope]) -> Matches:
    """Match detections to targets of the same picture and class, best score first."""
    # Stable sorting everywhere: equal scores keep the order of pictures and of the file, as COCOeval has it.
    order = np.lexsort((found.image, -found.score, found.label))
    pair = found.image[order] * len(truth.labels) + found.label[order]
    rank = _rank(pair)
    kept = rank < MAX_DETECTIONS
    order, pair, rank = order[kept], pair[kept], rank[kept]
    outside = np.array([~scope.detections[order] for scope in scopes]).reshape(len(scopes), -1)
    ignored_targets = np.array([~scope.targets for scope in scopes]).reshape(len(scopes), -1)
    hit = np.zeros((len(scopes), len(THRESHOLDS), len(order)), bool)
    ignored = np.zeros_like(hit)
    pairs = _overlapping(truth, found, order, pair)
    met = _assign(pairs, rank, ignored_targets, hit, ignored)
    ignored |= ~hit & outside[:, None]
    return Matches(
        truth,
        tuple(scope.name for scope in scopes),
        ignored_targets,
        found.image[order],
        found.label[order],
        found.score[order],
        rank,
        order,
        hit,
        ignored,
        met,
    )


def overlaps(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Intersection over union of boxes row by row; (N, 4) xywh each."""
    width = np.minimum(one[:, 0] + one[:, 2], other[:, 0] + other[:, 2]) - np.maximum(one[:, 0], other[:, 0])
    height = np.minimum(one[:, 1] + one[:, 3], other[:, 1] + other[:, 3]) - np.maximum(one[:, 1], other[:, 1])
    shared = np.where((width > 0) & (height > 0), width * height, 0.0)
    union = one[:, 2] * one[:, 3] + other[:, 2] * other[:, 3] - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Detections with the targets that they overlap enough; rows sorted by detection, then target."""

    detection: np.ndarray
    target: np.ndarray
    overlap: np.ndarray
    pair: np.ndarray


def _rank(pair: np.ndarray) -> np.ndarray:
    """Place of each row among the rows of the same picture and class, in the order of the rows."""
    grouped = np.argsort(pair, kind="stable")
    starts = np.flatnonzero(np.diff(pair[grouped], prepend=-1))
    lengths = np.diff(np.append(starts, len(pair)))
    rank = np.empty(len(pair), np.int64)
    rank[grouped] = np.arange(len(pair)) - np.repeat(starts, lengths)
    return rank


def _overlapping(truth: Truth, found: Found, order: np.ndarray, pair: np.ndarray) -> _Pairs:
    target_pair = truth.image * len(truth.labels) + truth.label
    by_pair = np.argsort(target_pair, kind="stable")
    low = np.searchsorted(target_pair[by_pair], pair, "left")
    counts = np.searchsorted(target_pair[by_pair], pair, "right") - low
    detection = np.repeat(np.arange(len(pair)), counts)
    offset = np.arange(len(detection)) - np.repeat(np.cumsum(counts) - counts, counts)
    target = by_pair[np.repeat(low, counts) + offset]
    overlap = overlaps(found.boxes[order[detection]], truth.boxes[target])
    near = overlap >= THRESHOLDS[0]
    return _Pairs(detection[near], target[near], overlap[near], pair[detection[near]])


def _assign(pairs: _Pairs, rank: np.ndarray, outside: np.ndarray, hit: np.ndarray, ignored: np.ndarray) -> np.ndarray:
    """Let each detection in turn take the free target that it overlaps most; targets inside of the scope go first.

    ``hit`` and ``ignored`` are filled; the targets met in the first scope at the lowest threshold are returned.
    """
    met = np.full(len(rank), -1)
    taken = np.zeros((len(outside), len(THRESHOLDS), outside.shape[1]), bool)
    detections, first = np.unique(pairs.detection, return_index=True)
    # The turn of a detection: its rank among those of its picture and class that overlap anything.
    by_rank = np.lexsort((rank[detections], pairs.pair[first]))
    turn = np.empty(len(detections), np.int64)
    turn[by_rank] = _rank(pairs.pair[first][by_rank])
    row_turn = np.repeat(turn, np.diff(np.append(first, len(pairs.detection))))
    for number in range(int(turn.max(initial=-1)) + 1):
        rows = row_turn == number
        detection, target, overlap = pairs.detection[rows], pairs.target[rows], pairs.overlap[rows]
        starts = np.flatnonzero(np.diff(detection, prepend=-1))
        free = (overlap >= THRESHOLDS[:, None]) & ~taken[:, :, target]
        far = outside[:, None, target]
        chosen = _best(free & ~far, overlap, starts)
        chosen = np.where(chosen >= 0, chosen, _best(free & far, overlap, starts))
        scope, threshold, place = np.nonzero(chosen >= 0)
        row = chosen[scope, threshold, place]
        taken[scope, threshold, target[row]] = True
        hit[scope, threshold, detection[row]] = True
        ignored[scope, threshold, detection[row]] = outside[scope, target[row]]
        plain = (scope == 0) & (threshold == 0)
        met[detection[row[plain]]] = target[row[plain]]
    return met


def _best(allowed: np.ndarray, overlap: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """(A, T, S) the row of the greatest overlap in each segment, the last one of equals; -1 where none is allowed."""
    values = np.where(allowed, overlap, -1.0)
    best = np.maximum.reduceat(values, starts, axis=-1)
    lengths = np.diff(np.append(starts, len(overlap)))
    is_best = allowed & (values == np.repeat(best, lengths, axis=-1))
    return np.maximum.reduceat(np.where(is_best, np.arange(len(overlap)), -1), starts, axis=-1)
