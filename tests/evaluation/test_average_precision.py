"""COCO's figures: equal to pycocotools' on whatever is thrown at both."""

from __future__ import annotations

import numpy as np
import pytest

from engine.evaluation.average_precision import FIGURES, average_precision, class_precisions, figures
from engine.evaluation.matching import coco_scopes, match
from engine.evaluation.truth import Found
from tests.evaluation.random_sets import random_found, random_truth, reference


def assert_equal(ours: dict[str, float], evaluation) -> None:
    assert list(ours) == list(FIGURES)
    assert np.abs(np.array(list(ours.values())) - evaluation.stats).max() < 1e-9


@pytest.mark.parametrize("seed", range(12))
def test_figures_and_classes_equal_those_of_pycocotools(seed) -> None:
    rng = np.random.default_rng(seed)
    truth = random_truth(rng, labels=1 + seed % 5, most=2 + seed)
    found = random_found(rng, truth, extra=10 * seed)
    matches = match(truth, found, coco_scopes(truth, found))
    evaluation = reference(truth, found)
    assert_equal(figures(matches), evaluation)
    precision = evaluation.eval["precision"][:, :, :, 0, 2].mean(axis=(0, 1))
    for number, label in enumerate(truth.labels):
        assert class_precisions(matches).get(label, -1.0) == pytest.approx(precision[number], abs=1e-9)
    for split in truth.splits:
        part = truth.in_split(split)
        assert_equal(figures(matches, pictures=part), reference(truth, found, part))


def test_more_than_a_hundred_detections_of_a_class_and_exact_overlaps_agree_too() -> None:
    rng = np.random.default_rng(5)
    truth = random_truth(rng, pictures=2, labels=1, most=30)
    # Boxes of 4×4 and 4×2 pixels overlap by exactly one half, 4×3 by exactly three quarters.
    truth.boxes[:] = [(8 * (n % 30), 8 * (n // 30), 4, 4) for n in range(len(truth.boxes))]
    truth.area[:] = 16
    copies = np.tile(np.arange(len(truth.image)), 8)
    boxes = truth.boxes[copies].copy()
    boxes[:, 3] = rng.integers(1, 6, len(copies))
    found = Found(truth.image[copies], truth.label[copies], boxes, np.round(rng.random(len(copies)), 1))
    assert np.bincount(found.image).max() > 100
    assert_equal(figures(match(truth, found, coco_scopes(truth, found))), reference(truth, found))


def test_nothing_found_is_zero_and_nothing_wanted_is_undefined() -> None:
    rng = np.random.default_rng(1)
    truth = random_truth(rng)
    found = random_found(rng, truth)
    none = found.kept(np.zeros(len(found), bool))
    assert figures(match(truth, none, coco_scopes(truth, none)))["AP"] == 0.0
    matches = match(truth, found, coco_scopes(truth, found))
    assert figures(matches, pictures=np.zeros(len(truth.images), bool))["AP"] == -1.0


def test_weights_count_pictures_several_times() -> None:
    rng = np.random.default_rng(3)
    truth = random_truth(rng)
    found = random_found(rng, truth)
    matches = match(truth, found, coco_scopes(truth, found))
    part = rng.random(len(truth.images)) < 0.5
    assert average_precision(matches, weights=part.astype(float)) == pytest.approx(
        average_precision(matches, pictures=part), abs=1e-12
    )
    assert average_precision(matches, weights=np.full(len(truth.images), 3)) == pytest.approx(
        average_precision(matches), abs=1e-9
    )
