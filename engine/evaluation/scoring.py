"""From targets and detections to every figure of a benchmark: per split, skill, class and bin."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.evaluation.average_precision import FIGURES, UNDEFINED, average_precision, class_precisions, figures
from engine.evaluation.bins import binned
from engine.evaluation.matching import Matches, coco_scopes, match
from engine.evaluation.protocols import Protocol, skill_of, skills_in_order
from engine.evaluation.truth import Found, Truth

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of a benchmark; each is in [0, 1], or -1 where it is not defined.

    Attributes:
        overall: By the protocol's rule: the mean over the splits, or over all pictures together.
        pooled: Over all pictures together.
        splits, skills: Per split, and the mean over the splits of each skill.
        classes: AP of each class, over all pictures together.
        bins: AP and number of targets of each fine-grained bin.
        counts: Pictures, targets and detections of each split.
        shuffled: AP of each split, and overall, with the targets of other pictures: what chance would score.
    """

    overall: Figures
    pooled: Figures
    splits: dict[str, Figures]
    skills: dict[str, Figures]
    classes: dict[str, float]
    bins: dict[str, dict[str, dict[str, float]]]
    counts: dict[str, dict[str, int]]
    shuffled: dict[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return {
            "overall": self.overall,
            "pooled": self.pooled,
            "splits": {name: {**values, **self.counts[name]} for name, values in self.splits.items()},
            "skills": self.skills,
            "classes": self.classes,
            "bins": self.bins,
            **({"shuffled": self.shuffled} if self.shuffled else {}),
        }


def score(truth: Truth, found: Found, protocol: Protocol, *, with_shuffled: bool = False) -> Scores:
    """Every figure of a benchmark."""
    matches = match(truth, found, coco_scopes(truth, found))
    splits = {split: figures(matches, pictures=truth.in_split(split)) for split in truth.splits}
    pooled = figures(matches)
    skills = {
        skill: mean_figures(values for split, values in splits.items() if skill_of(split) == skill)
        for skill in skills_in_order(tuple(splits))
    }
    return Scores(
        overall=_overall(splits, pooled, protocol),
        pooled=pooled,
        splits=splits,
        skills=skills,
        classes=class_precisions(matches),
        bins=binned(truth, found, matches),
        counts={split: _counts(truth, found, split) for split in splits},
        shuffled=_shuffled_scores(truth, found, protocol) if with_shuffled else {},
    )


def match_all(truth: Truth, found: Found) -> Matches:
    """Matches in COCO's four scopes, for those who need more than figures."""
    return match(truth, found, coco_scopes(truth, found))


def mean_figures(rows: Iterable[Mapping[str, float]]) -> Figures:
    """The mean of each figure over the rows in which it is defined."""
    listed = list(rows)
    means = {}
    for name in FIGURES:
        defined = [row[name] for row in listed if row[name] != UNDEFINED]
        means[name] = sum(defined) / len(defined) if defined else UNDEFINED
    return means


def shuffled(truth: Truth, seed: int = 0) -> Truth:
    """The same targets on other pictures of their split: every picture gets those of exactly one other.

    A picture that is alone in its split gets none: there is no other, and its own would be no chance.
    """
    image = np.arange(len(truth.images))
    kept = np.ones(len(truth.image), bool)
    for split in truth.splits:
        order = np.flatnonzero(truth.in_split(split)).tolist()
        random.Random(seed).shuffle(order)
        image[order] = order[1:] + order[:1]
        if len(order) == 1:
            kept &= truth.image != order[0]
    return replace(
        truth,
        image=image[truth.image][kept],
        label=truth.label[kept],
        boxes=truth.boxes[kept],
        area=truth.area[kept],
        object_ids=tuple(name for name, keep in zip(truth.object_ids, kept, strict=True) if keep),
    )


def _overall(splits: Mapping[str, Figures], pooled: Figures, protocol: Protocol) -> Figures:
    return mean_figures(splits.values()) if protocol.mean_of_splits else dict(pooled)


def _counts(truth: Truth, found: Found, split: str) -> dict[str, int]:
    inside = truth.in_split(split)
    return {
        "pictures": int(inside.sum()),
        "targets": int(inside[truth.image].sum()),
        "detections": int(inside[found.image].sum()),
    }


def _shuffled_scores(truth: Truth, found: Found, protocol: Protocol) -> dict[str, float]:
    other = shuffled(truth)
    matches = match_all(other, found)
    values = {split: average_precision(matches, pictures=other.in_split(split)) for split in other.splits}
    defined = [value for value in values.values() if value != UNDEFINED]
    mean = sum(defined) / len(defined) if defined else UNDEFINED
    return {"overall": mean if protocol.mean_of_splits else average_precision(matches), **values}
