"""The built-in detector finds what is in the shipped test pictures, none of which it was trained on."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.detection.loading import BUILT_IN, load_detector
from engine.detection.protocol import Detector
from engine.layout import Box
from engine.layout.vocabulary import CLEVR_48
from engine.training.data import Picture, load_pictures

SCENES = Path(__file__).parents[1] / "data" / "clevr" / "scenes.json"


@pytest.fixture(scope="module")
def detector() -> Detector:
    return load_detector()


@pytest.fixture(scope="module")
def pictures() -> tuple[Picture, ...]:
    return load_pictures([SCENES], report=lambda line: None).train


def test_the_folder_is_small_and_knows_the_48_classes(detector):
    assert sum(path.stat().st_size for path in BUILT_IN.iterdir()) <= 24_000_000
    assert detector.labels == CLEVR_48 and detector.name == "clevr-mini-detector"


def test_most_objects_are_found_with_the_right_label(detector, pictures):
    found = detector.detect([picture.image for picture in pictures])
    hits = wanted = 0
    for picture, detections in zip(pictures, found, strict=True):
        for box, label in zip(picture.boxes, picture.labels, strict=True):
            target = Box.from_pixels(*box, *picture.size)
            wanted += 1
            hits += any(d.label == label and d.score >= 0.3 and d.box.iou(target) >= 0.5 for d in detections)
    assert hits / wanted >= 0.85


def test_an_empty_ground_holds_nothing_sure(detector, pictures):
    ground = pictures[0].image.resize((320, 320), box=(0, 0, 20, 20))
    assert all(detection.score < 0.3 for detection in detector.detect([ground])[0])
