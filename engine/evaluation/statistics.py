"""Whether a difference is real: spread over repeated seeds, and a paired bootstrap over pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from engine.errors import BoxpaintError
from engine.evaluation.average_precision import UNDEFINED, average_precision
from engine.evaluation.matching import Matches
from engine.evaluation.protocols import Protocol

SAMPLES = 1000
"""Resamplings of the bootstrap by default."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and sample standard deviation of a figure over repeated runs; the deviation of a single run is 0."""

    mean: float
    std: float
    runs: int

    def __str__(self) -> str:
        return f"{self.mean:.3f} ± {self.std:.3f}" if self.runs > 1 else f"{self.mean:.3f}"


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more AP one run has than another.

    Attributes:
        value: The difference of the two runs as they are.
        low, high: 95 % of the resampled differences lie between these.
        p: Two-sided p-value of there being no difference, not below 1 / ``samples``.
        samples: Number of resamplings.
    """

    value: float
    low: float
    high: float
    p: float
    samples: int

    @property
    def is_real(self) -> bool:
        """Whether no difference is less likely than 5 %."""
        return self.p < 0.05

    def as_dict(self) -> dict[str, float | bool]:
        """The difference as JSON values."""
        return {**asdict(self), "is_real": self.is_real}


def spread(rows: Sequence[Mapping[str, float]]) -> dict[str, Spread]:
    """Mean and deviation of each figure over runs; runs in which it is not defined are left out."""
    result = {}
    for name in rows[0]:
        values = [row[name] for row in rows if row.get(name, UNDEFINED) != UNDEFINED]
        if not values:
            result[name] = Spread(UNDEFINED, 0.0, 0)
            continue
        mean = sum(values) / len(values)
        variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1) if len(values) > 1 else 0.0
        result[name] = Spread(mean, math.sqrt(variance), len(values))
    return result


def paired_bootstrap(
    first: Matches, second: Matches, protocol: Protocol, *, samples: int = SAMPLES, seed: int = 0
) -> Difference:
    """Draw the same pictures for both runs again and again, with replacement, and compare their AP.

    Pictures are drawn within their split, so that every sample has as many of each.

    Raises:
        BoxpaintError: The runs were not scored on the same pictures.
    """
    truth = first.truth
    if [image.name for image in truth.images] != [image.name for image in second.truth.images]:
        raise BoxpaintError(
            "the two runs were not scored on the same pictures.", "input", hint="Score both on the same layouts."
        )
    splits = [truth.in_split(split) for split in truth.splits]
    whole = np.ones(len(truth.images))
    value = _score(first, whole, splits, protocol) - _score(second, whole, splits, protocol)
    rng = np.random.default_rng(seed)
    differences = np.empty(samples)
    for number in range(samples):
        weights = np.zeros(len(truth.images))
        for inside in splits:
            places = np.flatnonzero(inside)
            weights += np.bincount(rng.choice(places, len(places)), minlength=len(weights))
        differences[number] = _score(first, weights, splits, protocol) - _score(second, weights, splits, protocol)
    low, high = np.percentile(differences, [2.5, 97.5])
    side = min((differences <= 0).mean(), (differences >= 0).mean())
    p = min(1.0, max(2 * float(side), 1 / samples))
    return Difference(float(value), float(low), float(high), p, samples)


def _score(matches: Matches, weights: np.ndarray, splits: Sequence[np.ndarray], protocol: Protocol) -> float:
    if not protocol.mean_of_splits:
        return average_precision(matches, weights=weights)
    values = [average_precision(matches, weights=weights, pictures=inside) for inside in splits]
    defined = [value for value in values if value != UNDEFINED]
    return sum(defined) / len(defined) if defined else UNDEFINED
