"""Spread over runs, and whether a difference is real."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import BoxpaintError
from engine.evaluation.protocols import PROTOCOLS
from engine.evaluation.scoring import match_all
from engine.evaluation.statistics import paired_bootstrap, spread
from engine.evaluation.truth import Found
from tests.evaluation.random_sets import random_found, random_truth


def test_spread_is_mean_and_sample_deviation_of_defined_figures() -> None:
    spreads = spread([{"AP": 0.5, "APl": -1.0}, {"AP": 0.7, "APl": 0.4}])
    assert spreads["AP"].mean == pytest.approx(0.6) and spreads["AP"].std == pytest.approx(0.1 * 2**0.5)
    assert (spreads["APl"].mean, spreads["APl"].runs) == (0.4, 1)
    assert str(spreads["AP"]) == "0.600 ± 0.141" and str(spreads["APl"]) == "0.400"
    assert spread([{"AP": -1.0}])["AP"].runs == 0


@pytest.mark.parametrize("protocol", ["coco", "layoutbench"])
def test_a_run_with_clearly_fewer_hits_differs_and_a_run_from_itself_does_not(protocol) -> None:
    rng = np.random.default_rng(0)
    truth = random_truth(rng, pictures=40, labels=3)
    found = random_found(rng, truth)
    worse = Found(found.image, found.label, found.boxes + 12.0, found.score)
    one, other = match_all(truth, found), match_all(truth, worse)
    difference = paired_bootstrap(one, other, PROTOCOLS[protocol], samples=100)
    assert difference.is_real and 0 < difference.low < difference.value < difference.high
    assert difference.p == 1 / 100
    same = paired_bootstrap(one, one, PROTOCOLS[protocol], samples=20)
    assert (same.value, same.p) == (0.0, 1.0) and not same.is_real
    again = paired_bootstrap(one, other, PROTOCOLS[protocol], samples=100)
    assert again == difference, "a seed gives the same numbers"


def test_runs_on_other_pictures_cannot_be_compared() -> None:
    rng = np.random.default_rng(0)
    one, other = random_truth(rng, pictures=4), random_truth(rng, pictures=5)
    matches = [match_all(truth, random_found(rng, truth)) for truth in (one, other)]
    with pytest.raises(BoxpaintError, match="same pictures") as caught:
        paired_bootstrap(*matches, PROTOCOLS["coco"])
    assert caught.value.hint
