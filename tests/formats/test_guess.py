"""Boxes that could be read in several ways: the guess, its reason, and the person's word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BoxpaintError
from engine.formats import registry
from engine.formats.dataset import Dataset
from engine.formats.guess import READINGS, decide
from engine.layout import Box

TRUE = (Box(0.1, 0.2, 0.3, 0.6), Box(0.5, 0.55, 0.95, 0.9), Box(0.6, 0.1, 0.8, 0.3), Box(0.35, 0.4, 0.45, 0.5))


def numbers(box: Box, reading: str, width: int, height: int) -> list[float]:
    """The box as a file with this reading has it."""
    corners, _, unit = reading.partition("-")
    sx, sy = {"": (width, height), "normalised": (1, 1), "1000": (1000, 1000)}[unit]
    x0, y0, x1, y1 = box.x0 * sx, box.y0 * sy, box.x1 * sx, box.y1 * sy
    return {
        "xyxy": [x0, y0, x1, y1],
        "xywh": [x0, y0, x1 - x0, y1 - y0],
        "cxcywh": [(x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0],
        "yxyx": [y0, x0, y1, x1],
    }[corners]


def read(tmp_path: Path, data: Any, **asked: Any) -> Dataset:
    path = tmp_path / "file.json"
    path.write_text(json.dumps(data), "utf-8")
    return registry.read(path, **asked)


def check(dataset: Dataset, boxes: tuple[Box, ...] = TRUE) -> None:
    for item, box in zip(dataset.entries[0].layout.objects, boxes, strict=True):
        for edge in ("x0", "y0", "x1", "y1"):
            assert getattr(item.box, edge) == pytest.approx(getattr(box, edge), abs=1e-6)


@pytest.mark.parametrize("reading", [name for name in READINGS if not name.startswith("yxyx")])
def test_the_right_reading_is_guessed_and_told(reading: str, tmp_path: Path) -> None:
    objects = [{"label": "cat", "box": numbers(box, reading, 640, 480)} for box in TRUE]
    dataset = read(tmp_path, {"width": 640, "height": 480, "objects": objects})
    assert dataset.format == "boxes"
    assert dataset.guess is not None
    assert dataset.guess.reading == reading
    assert not dataset.guess.decided
    assert "--boxes" in dataset.warnings[0]
    check(dataset)


@pytest.mark.parametrize("reading", READINGS)
def test_the_persons_word_decides(reading: str, tmp_path: Path) -> None:
    objects = [{"label": "cat", "box": numbers(box, reading, 640, 480)} for box in TRUE]
    dataset = read(tmp_path, objects, size=(640, 480), boxes=reading)
    assert dataset.guess is not None
    assert dataset.guess.decided
    assert dataset.warnings == ()
    check(dataset)


def test_a_tie_goes_to_what_the_field_name_suggests(tmp_path: Path) -> None:
    either = [10, 20, 100, 120]
    assert read(tmp_path, [{"label": "a", "bbox": either}], size=(512, 512)).guess.reading == "xywh"  # type: ignore[union-attr]
    assert read(tmp_path, [{"label": "a", "box": either}], size=(512, 512)).guess.reading == "xyxy"  # type: ignore[union-attr]


def test_names_that_say_what_they_mean_are_believed(tmp_path: Path) -> None:
    spans = [{"label": "cat", "box": {"x": 64, "y": 96, "width": 128, "height": 192}}]
    corners = [{"label": "cat", "xmin": 64, "ymin": 96, "xmax": 192, "ymax": 288}]
    starts_with_y = [{"label": "cat", "box_2d": [200, 100, 600, 300]}]
    for data in (spans, corners, starts_with_y):
        check(read(tmp_path, data, size=(640, 480)), TRUE[:1])


@pytest.mark.parametrize(
    "data",
    [
        {"phrases": ["cat"], "boxes": [[0.1, 0.2, 0.3, 0.6]], "width": 64, "height": 64},
        {"caption": "c", "W": 64, "H": 64, "elements": [{"text": "cat", "bbox": "0.1, 0.2, 0.3, 0.6"}]},
        [{"width": 64, "height": 64, "objects": [{"name": "cat", "xyxy": [0.1, 0.2, 0.3, 0.6]}]}],
        {"image_width": 64, "image_height": 64, "detections": [{"class": "cat", "bbox_2d": [0.1, 0.2, 0.3, 0.6]}]},
    ],
)
def test_many_shapes_of_json_are_understood(data: Any, tmp_path: Path) -> None:
    dataset = read(tmp_path, data, boxes="xyxy-normalised")
    assert dataset.entries[0].layout.objects[0].prompt == "cat"
    assert dataset.entries[0].layout.size == (64, 64)
    check(dataset, TRUE[:1])


def test_boxes_without_a_size_ask_for_it(tmp_path: Path) -> None:
    with pytest.raises(BoxpaintError, match="--size"):
        read(tmp_path, [{"label": "cat", "box": [1, 2, 3, 4]}])


def test_boxes_without_a_prompt_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BoxpaintError, match="no prompt") as caught:
        read(tmp_path, [{"box": [1, 2, 3, 4]}], size=(9, 9))
    assert caught.value.item == "object 0"


def test_scores_are_told() -> None:
    guess = decide([((300, 200, 100, 100), (512, 512))], asked=None, candidates=("xyxy", "xywh"))
    assert guess.reading == "xywh"
    assert dict(guess.scores) == {"xywh": 1.0, "xyxy": 0.0}
    assert guess.reason == "the box fits the picture"
