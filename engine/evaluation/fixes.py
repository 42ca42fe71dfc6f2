"""What average precision would gain if one kind of mistake were mended, after TIDE (arXiv 2008.08115).

All detections count, whatever their score, as they do in average precision. Each that meets no target at an overlap of
one half is put down to one kind of mistake; mending a kind changes the detections, or takes the missed targets away,
and everything is matched again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.evaluation.average_precision import UNDEFINED, curve
from engine.evaluation.matching import Matches, Scope, match, overlaps
from engine.evaluation.protocols import Protocol
from engine.evaluation.truth import Found, Truth
from engine.evaluation.verdicts import NEAR, WITHIN, wrong_attributes
from engine.layout.matching import HIT

KINDS = {
    "misplaced": "put boxes of the right label that overlap too little in their place",
    "wrong-size": "give boxes of the right label and the wrong size their size",
    "wrong-color": "give things of another colour alone the right one",
    "wrong-material": "give things of another material alone the right one",
    "wrong-shape": "give things of another shape alone the right one",
    "wrong-class": "give all other things in a target's place their label",
    "duplicate": "take away what was found again",
    "confused": "take away what is neither right nor in a target's place",
    "invented": "take away what is where no target is",
    "missing": "take away the targets that nothing stands for",
}
"""The kinds of mistakes, and what mending them does."""

_WRONG = {"color": "wrong-color", "material": "wrong-material", "shape": "wrong-shape"}


@dataclass(frozen=True, slots=True)
class Mistakes:
    """The kind of each detection that meets no target, and the target that it is about.

    Attributes:
        kind: (D,) place in ``KINDS``; -1 for hits.
        target: (D,) the target concerned; -1 where there is none.
        free: (D,) whether that target is met by no other detection.
        missing: (G,) targets that neither a hit nor a mistake stands for.
    """

    kind: np.ndarray
    target: np.ndarray
    free: np.ndarray
    missing: np.ndarray


def gains(truth: Truth, found: Found, protocol: Protocol) -> dict[str, dict[str, float]]:
    """For each kind of mistake the gain in AP and AP50, and how many detections or targets are concerned."""
    matches = _match(truth, found)
    mistakes = find_mistakes(truth, found, matches)
    before = _scores(matches, protocol)
    result = {}
    for number, name in enumerate(KINDS):
        concerned = mistakes.missing if name == "missing" else mistakes.kind == number
        mended = _mend(truth, found, mistakes, name) if concerned.any() else None
        after = _scores(_match(*mended), protocol) if mended else before
        values = {
            figure: max(0.0, after[figure] - before[figure]) if before[figure] != UNDEFINED else 0.0
            for figure in before
        }
        result[name] = {**values, "count": int(concerned.sum())}
    return result


def find_mistakes(truth: Truth, found: Found, matches: Matches) -> Mistakes:
    """Put every detection without a target down to one kind of mistake."""
    hit = np.zeros(len(found), bool)
    hit[matches.order] = matches.hit[0, 0]
    same, same_at, other, other_at = _nearest(truth, found)
    names = list(KINDS)
    kind = np.full(len(found), names.index("invented"))
    target = np.full(len(found), -1)
    kind[other >= NEAR] = names.index("confused")
    kind[same >= HIT] = names.index("duplicate")
    wrong = (other >= HIT) & (same < HIT)
    kind[wrong] = _attribute_kinds(truth, found, other_at, wrong)
    target[wrong] = other_at[wrong]
    placed = (same >= NEAR) & (same < HIT)
    nested = _nested(found.boxes, truth.boxes[np.maximum(same_at, 0)]) if len(truth.boxes) else placed
    kind[placed] = np.where(nested[placed], names.index("wrong-size"), names.index("misplaced"))
    target[placed] = same_at[placed]
    kind[hit] = -1
    target[hit] = -1
    taken = np.zeros(len(truth.image), bool)
    taken[matches.met[matches.met >= 0]] = True
    free = (target >= 0) & ~taken[np.maximum(target, 0)] if len(taken) else target >= 0
    missing = ~taken
    missing[target[free]] = False
    return Mistakes(kind, target, free, missing)


def _mend(truth: Truth, found: Found, mistakes: Mistakes, name: str) -> tuple[Truth, Found]:
    if name == "missing":
        return _without(truth, mistakes.missing), found
    chosen = mistakes.kind == list(KINDS).index(name)
    # Of several detections about one target the surest is mended; the rest, and those about targets that another
    # detection meets already, would only be duplicates.
    rows = np.flatnonzero(chosen & mistakes.free)
    rows = rows[np.argsort(-found.score[rows], kind="stable")]
    _, first = np.unique(mistakes.target[rows], return_index=True)
    rows = rows[np.sort(first)]
    boxes, label = found.boxes.copy(), found.label.copy()
    boxes[rows] = truth.boxes[mistakes.target[rows]] if name in ("misplaced", "wrong-size") else boxes[rows]
    label[rows] = truth.label[mistakes.target[rows]]
    kept = ~chosen
    kept[rows] = True
    return truth, Found(found.image, label, boxes, found.score).kept(kept)


def _without(truth: Truth, mask: np.ndarray) -> Truth:
    kept = ~mask
    ids = tuple(name for name, keep in zip(truth.object_ids, kept, strict=True) if keep)
    return replace(
        truth,
        image=truth.image[kept],
        label=truth.label[kept],
        boxes=truth.boxes[kept],
        area=truth.area[kept],
        object_ids=ids,
    )


def _match(truth: Truth, found: Found) -> Matches:
    everything = Scope("all", np.ones(len(truth.image), bool), np.ones(len(found), bool))
    return match(truth, found, [everything])


def _scores(matches: Matches, protocol: Protocol) -> dict[str, float]:
    """AP and AP50 by the protocol's rule."""
    truth = matches.truth
    parts = [truth.in_split(split) for split in truth.splits] if protocol.mean_of_splits else [None]
    rows: dict[str, list[float]] = {"AP": [], "AP50": []}
    for part in parts:
        precision = curve(matches, pictures=part).precision
        defined = precision[~np.isnan(precision).any(axis=1)]
        if len(defined):
            rows["AP"].append(float(defined.mean()))
            rows["AP50"].append(float(defined[:, 0].mean()))
    return {name: sum(values) / len(values) if values else UNDEFINED for name, values in rows.items()}


def _nearest(truth: Truth, found: Found) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """For each detection the greatest overlap with a target of its label, and of another one; and which targets."""
    by_image = np.argsort(truth.image, kind="stable")
    low = np.searchsorted(truth.image[by_image], found.image, "left")
    counts = np.searchsorted(truth.image[by_image], found.image, "right") - low
    detection = np.repeat(np.arange(len(found)), counts)
    offset = np.arange(len(detection)) - np.repeat(np.cumsum(counts) - counts, counts)
    target = by_image[np.repeat(low, counts) + offset]
    overlap = overlaps(found.boxes[detection], truth.boxes[target])
    equal = found.label[detection] == truth.label[target]
    same = _greatest(detection, target, overlap, equal, len(found))
    return (*same, *_greatest(detection, target, overlap, ~equal, len(found)))


def _greatest(
    detection: np.ndarray, target: np.ndarray, overlap: np.ndarray, counts: np.ndarray, number: int
) -> tuple[np.ndarray, np.ndarray]:
    value, place = np.zeros(number), np.full(number, -1)
    rows = np.flatnonzero(counts)
    rows = rows[np.argsort(overlap[rows], kind="stable")]
    # Written in rising order: the greatest overlap of each detection is written last and stays.
    value[detection[rows]] = overlap[rows]
    place[detection[rows]] = target[rows]
    return value, place


def _attribute_kinds(truth: Truth, found: Found, target: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    names = list(KINDS)
    labels = truth.labels

    def wrong(one: int, other: int) -> int:
        return names.index(_WRONG.get(wrong_attributes(labels[one], labels[other]), "wrong-class"))

    pairs = np.stack([truth.label[target[chosen]], found.label[chosen]], 1)
    different, inverse = np.unique(pairs.reshape(-1, 2), axis=0, return_inverse=True)
    kinds = np.array([wrong(int(one), int(other)) for one, other in different], np.int64)
    return kinds[inverse.reshape(-1)]


def _nested(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    width = np.minimum(one[:, 0] + one[:, 2], other[:, 0] + other[:, 2]) - np.maximum(one[:, 0], other[:, 0])
    height = np.minimum(one[:, 1] + one[:, 3], other[:, 1] + other[:, 3]) - np.maximum(one[:, 1], other[:, 1])
    smaller = np.minimum(one[:, 2] * one[:, 3], other[:, 2] * other[:, 3])
    return np.clip(width, 0, None) * np.clip(height, 0, None) >= WITHIN * smaller
