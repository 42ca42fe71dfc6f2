"""The eight rendered scenes that ship with the tests."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.training.data import Pictures, load_pictures

SCENES = Path(__file__).parents[1] / "data" / "clevr" / "scenes.json"


@pytest.fixture(scope="session")
def scenes() -> Path:
    return SCENES


@pytest.fixture(scope="session")
def pictures(scenes: Path) -> Pictures:
    return load_pictures([scenes], report=lambda line: None, hold_out=2)


@pytest.fixture
def coco_dataset(tmp_path: Path) -> Path:
    """Three of the pictures as a COCO instances file with labels of its own."""
    folder = tmp_path / "coco"
    (folder / "images").mkdir(parents=True)
    pictures = sorted((SCENES.parent / "images").glob("*.jpg"))[:3]
    for picture in pictures:
        shutil.copy(picture, folder / "images")
    content = {
        "images": [{"id": i, "file_name": p.name, "width": 320, "height": 320} for i, p in enumerate(pictures)],
        "categories": [{"id": 7, "name": "dog"}, {"id": 3, "name": "cat"}],
        "annotations": [
            {"id": i, "image_id": i % 3, "category_id": (7, 3)[i % 2], "bbox": [40 + 30 * i, 60, 80, 90], "area": 7200,
             "iscrowd": 0}
            for i in range(6)
        ],
    }  # fmt: skip
    (folder / "instances.json").write_text(json.dumps(content))
    return folder / "instances.json"
