"""COCO results as columns: what is read, what is written, and what is refused with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import BoxpaintError
from engine.formats.coco_detections import ResultRow, read_results, write_results

GOOD = {"image_id": 7, "category_id": 3, "bbox": [1.5, 2, 30, 40], "score": 0.25}


def test_what_is_written_is_read_again(tmp_path) -> None:
    rows = [ResultRow(7, 3, (1.5, 2.0, 30.0, 40.0), 0.25), ResultRow("a/b", 0, (-1.0, 0.0, 5.0, 0.0), 1.0)]
    assert write_results(tmp_path / "found.json", rows) == 2
    columns = read_results(tmp_path / "found.json")
    assert (columns.image_ids, list(columns.images), list(columns.categories)) == ([7, "a/b"], [0, 1], [3, 0])
    assert list(columns.boxes) == [1.5, 2, 30, 40, -1, 0, 5, 0] and list(columns.scores) == [0.25, 1.0]
    assert write_results(tmp_path / "none.json", []) == 0 and len(read_results(tmp_path / "none.json")) == 0


def test_fields_of_other_programs_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "masks.json"
    mask = {"size": [3, 4], "counts": "abc"}
    file.write_text(json.dumps([{**GOOD, "segmentation": mask, "attributes": {"image_size": 3}}]), "utf-8-sig")
    assert len(read_results(file)) == 1


@pytest.mark.parametrize(
    ("content", "item", "field"),
    [
        ("{", None, None),
        ("", None, None),
        ("[1]", "detection 0", None),
        (json.dumps(GOOD), None, None),
        (json.dumps([GOOD, {"category_id": 1}]), "detection 1", None),
        (json.dumps([GOOD, GOOD | {"image_id": True}]), "detection 1", "image_id"),
        (json.dumps([GOOD | {"image_id": None}]), "detection 0", "image_id"),
        (json.dumps([GOOD | {"category_id": "dog"}]), "detection 0", "category_id"),
        (json.dumps([GOOD | {"category_id": 10**30}]), "detection 0", "category_id"),
        (json.dumps([GOOD | {"bbox": [1, 2, 3]}]), "detection 0", "bbox"),
        (json.dumps([GOOD | {"bbox": [1, 2, -3, 4]}]), "detection 0", "bbox"),
        (json.dumps([GOOD | {"bbox": [1, 2, "3", 4]}]), "detection 0", "bbox"),
        (json.dumps([GOOD | {"score": float("nan")}]), "detection 0", "score"),
        (json.dumps([GOOD | {"score": None}]), "detection 0", "score"),
    ],
)
def test_what_is_wrong_is_named(content, item, field, tmp_path) -> None:
    file = tmp_path / "bad.json"
    file.write_text(content)
    with pytest.raises(BoxpaintError) as caught:
        read_results(file)
    assert (caught.value.file, caught.value.item, caught.value.field) == (str(file), item, field)
