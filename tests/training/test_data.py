"""Datasets that are not what they should be: named, counted, left out or refused before the first step."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import BoxpaintError
from engine.training.data import load_pictures


@pytest.fixture
def folder(scenes: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(scenes.parent, tmp_path / "clevr"))


def edit(folder: Path, change) -> None:
    file = folder / "scenes.json"
    data = json.loads(file.read_text())
    change(data["scenes"])
    file.write_text(json.dumps(data))


def load(folder: Path, **values):
    lines: list[str] = []
    return load_pictures([folder / "scenes.json"], report=lines.append, **values), "\n".join(lines)


def test_pictures_are_read_with_boxes_and_labels(folder):
    found, said = load(folder, hold_out=0.25)
    assert (len(found.train), len(found.held_out)) == (6, 2)
    first = found.train[0]
    assert first.image.mode == "RGB" and first.image.size == first.size == (320, 320)
    assert first.group == "clevr" and len(first.boxes) == len(first.labels) > 0
    assert "6 pictures with" in said and "2 held out" in said
    assert set(found.labels) >= set(first.labels)


def test_a_mirror_image_mirrors_picture_and_boxes(folder):
    picture = load(folder)[0].train[0]
    box, mirrored = picture.boxes[0], picture.flipped().boxes[0]
    assert (mirrored.x0, mirrored.x1) == (320 - box.x1, 320 - box.x0)
    original = picture.image.crop(box).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert picture.flipped().image.crop(mirrored).tobytes() == original.tobytes()
    assert picture.flipped().flipped() == picture


def test_unreadable_missing_and_small_pictures_are_named_and_left_out(folder):
    images = sorted((folder / "images").iterdir())
    images[0].write_bytes(b"no picture at all")
    images[1].write_bytes(images[1].read_bytes()[:900])
    images[2].unlink()
    Image.new("RGB", (20, 20)).save(images[3])
    found, said = load(folder)
    assert len(found.train) == 4
    assert "left out: 2 × unreadable picture" in said
    assert images[0].name in said and images[1].name in said
    assert images[2].stem in said and images[3].name in said


def test_wrong_labels_and_tiny_boxes_are_counted(folder):
    def change(scenes):
        scenes[0]["objects"][0]["color"] = "pink"
        scenes[1]["objects"][0]["bbox"][2:] = [2, 3]

    edit(folder, change)
    before = sum(len(scene["objects"]) for scene in json.loads((folder / "scenes.json").read_text())["scenes"])
    labels = load(folder)[0].labels
    found, said = load(folder, labels=[label for label in labels if not label.startswith("pink")])
    assert sum(len(picture.boxes) for picture in found.train) == before - 2
    assert "unknown label 'pink" in said and "box under 10 square pixels" in said


def test_a_dataset_without_boxes_is_refused(folder):
    edit(folder, lambda scenes: [scene.update(objects=[]) for scene in scenes])
    with pytest.raises(BoxpaintError, match="no picture with a usable box"):
        load(folder)


def test_a_dataset_without_pictures_is_refused_and_says_why(folder):
    shutil.rmtree(folder / "images")
    with pytest.raises(BoxpaintError) as caught:
        load(folder)
    assert "8 × no picture beside the layout" in str(caught.value.hint)


def test_pictures_are_brought_to_the_size_of_the_model(folder):
    picture = load(folder, resize_short=64)[0].train[0]
    full = load(folder)[0].train[0]
    assert picture.size == picture.image.size == (64, 64)
    assert abs(picture.boxes[0].x0 - full.boxes[0].x0 / 5) <= 1
