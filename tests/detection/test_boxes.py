"""Letterboxing and suppression against what they are defined as, by plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.detection.boxes import PADDING, detections, letterbox, suppress


@pytest.mark.parametrize(
    ("size", "place"),
    [
        ((640, 480), (0, 80, 640, 480)),  # wide: bars above and below
        ((320, 640), (160, 0, 320, 640)),  # upright
        ((200, 100), (0, 160, 640, 320)),  # scaled up, as published
        ((1280, 721), (0, 140, 640, 360)),  # scaled down, an odd side is cut to whole pixels
        ((64, 64), (0, 0, 640, 640)),
    ],
)
def test_a_picture_lies_in_the_middle_of_its_gray_canvas(size, place) -> None:
    box = letterbox(Image.new("RGB", size, (10, 200, 30)), 640, 640)
    left, top, width, height = place
    assert (box.left, box.top, box.width, box.height) == place
    inside = np.zeros((640, 640), bool)
    inside[top : top + height, left : left + width] = True
    assert (box.pixels[inside] == (10, 200, 30)).all() and (box.pixels[~inside] == PADDING).all()


def test_a_margin_stays_round_a_picture_whose_longer_side_is_given() -> None:
    box = letterbox(Image.new("RGB", (64, 48), (1, 2, 3)), 672, 512, 640)
    assert (box.left, box.top, box.width, box.height) == (16, 16, 640, 480) and box.pixels.shape == (512, 672, 3)


def test_boxes_come_back_to_the_picture_and_are_cut_off_at_its_edges() -> None:
    box = letterbox(Image.new("RGB", (640, 480)), 640, 640)
    shares = box.shares(np.array([[64, 80, 320, 320], [-10, 0, 700, 640]]))
    assert shares.tolist() == [[0.1, 0.0, 0.5, 0.5], [0.0, 0.0, 1.0, 1.0]]


def slow_suppression(boxes, scores, classes, overlap, most):
    """One box after the other, each against all that were kept."""
    kept: list[int] = []
    for index in sorted(range(len(boxes)), key=lambda place: (-scores[place], place)):
        x0, y0, x1, y1 = boxes[index]
        for other in kept:
            a0, b0, a1, b1 = boxes[other]
            shared = max(0, min(x1, a1) - max(x0, a0)) * max(0, min(y1, b1) - max(y0, b0))
            union = (x1 - x0) * (y1 - y0) + (a1 - a0) * (b1 - b0) - shared
            if classes[index] == classes[other] and shared / union > overlap:
                break
        else:
            kept.append(index)
    return kept[:most]


@pytest.mark.parametrize("overlap", [0.3, 0.65])
@pytest.mark.parametrize("most", [5, 300])
def test_suppression_keeps_what_its_definition_keeps(overlap, most) -> None:
    random = np.random.default_rng(int(overlap * 100) + most)
    corner = random.uniform(0, 60, (200, 2))
    boxes = np.concatenate([corner, corner + random.uniform(5, 40, (200, 2))], 1)
    scores = random.choice(np.linspace(0.1, 0.9, 30), 200)  # with ties
    classes = random.integers(0, 3, 200)
    kept = suppress(boxes, scores, classes, overlap=overlap, most=most)
    assert kept.tolist() == slow_suppression(boxes, scores, classes, overlap, most)


def test_an_overlap_of_exactly_the_threshold_stays() -> None:
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 5]], float)  # overlap 0.5
    scores, classes = np.array([0.9, 0.8]), np.zeros(2, int)
    assert suppress(boxes, scores, classes, overlap=0.5, most=9).tolist() == [0, 1]
    assert suppress(boxes, scores, classes, overlap=0.49, most=9).tolist() == [0]


def test_unused_classes_and_boxes_without_area_make_no_detections() -> None:
    boxes = np.array([[0.1, 0.1, 0.2, 0.2], [0.1, 0.1, 0.2, 0.2], [0.3, 0.3, 0.3, 0.9], [0.5, 0.5, 0.6, 0.6]])
    found = detections(boxes, [0.2, 0.3, 0.4, 0.5], [0, 1, 0, 7], ("cat", None))
    assert [(item.label, item.score) for item in found] == [("cat", 0.2)]
