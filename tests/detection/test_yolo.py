"""YOLOs as ONNX: real graphs with known outputs, through onnxruntime, so that every number can be checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.detection.loading import find_detector, load_detector
from engine.detection.yolo import FLOOR, OVERLAP, published_canvas
from engine.errors import BoxpaintError
from engine.layout.vocabulary import COCO_80
from tests.onnx_models import save_constant, save_looking

pytest.importorskip("onnxruntime", reason="the extra boxpaint[onnx] is not installed")

NAMES = {"names": "{0: 'cat', 1: 'dog', 2: 'a bird'}"}
PICTURE = Image.new("RGB", (64, 48), (200, 100, 50))  # in a 64 × 64 input: rows 8 to 56


def edges(detection) -> list[float]:
    box = detection.box
    return [box.x0, box.y0, box.x1, box.y1]


def found(file: Path, labels=(), picture: Image.Image = PICTURE):
    return load_detector(file, labels=labels).detect([picture])[0]


def refused(file: Path, labels=()) -> BoxpaintError:
    with pytest.raises(BoxpaintError) as caught:
        load_detector(file, labels=labels)
    assert caught.value.file == str(file)
    return caught.value


def rows_with_objectness() -> np.ndarray:
    """(1, N, 5 + 3): centre, size, objectness, three scores."""
    rows = np.zeros((1, 252, 8), np.float32)  # three boxes for every cell of a 64 × 64 input
    rows[0, 7] = [16, 20, 16, 24, 0.5, 0.8, 0.002, 0.0005]  # cat 0.4 and dog 0.001 (not over the floor)
    rows[0, 100] = [16, 20, 16, 24, 0.9, 0.1, 0.0, 0.6]  # cat 0.09 is suppressed by the cat above; bird 0.54
    return rows


def test_rows_with_objectness_are_read_as_yolov7_tells_them(tmp_path) -> None:
    file = save_constant(tmp_path / "seven.onnx", [rows_with_objectness()], metadata=NAMES)
    bird, cat = found(file)
    assert (bird.label, cat.label) == ("a bird", "cat")
    assert bird.score == pytest.approx(0.54, abs=1e-6) and cat.score == pytest.approx(0.4, abs=1e-6)
    assert edges(cat) == pytest.approx([8 / 64, 0, 24 / 64, 24 / 48]), "8 pixels of gray lie above the picture"


def test_columns_without_objectness_are_read_as_yolov8_tells_them(tmp_path) -> None:
    columns = np.zeros((1, 7, 84), np.float32)
    columns[0, :, 5] = [32, 32, 64, 48, 0.001, 0.7, 0.0011]
    file = save_constant(tmp_path / "eight.onnx", [columns], metadata=NAMES)
    dog, bird = found(file)
    assert (dog.label, bird.label) == ("dog", "a bird"), f"0.001 is not over the floor of {FLOOR}"
    assert edges(dog) == pytest.approx([0, 0, 1, 1]) and dog.score == pytest.approx(0.7)


@pytest.mark.parametrize(("overlap", "count"), [(OVERLAP - 0.01, 2), (OVERLAP + 0.01, 1)])
def test_boxes_that_overlap_more_than_published_are_one(tmp_path, overlap, count) -> None:
    columns = np.zeros((1, 7, 84), np.float32)
    columns[0, :, 0] = [32, 32, 40, 40, 0.9, 0, 0]
    columns[0, :, 1] = [32, 32, 40, 40 * overlap, 0.8, 0, 0]
    assert len(found(save_constant(tmp_path / "m.onnx", [columns], metadata=NAMES))) == count


def test_at_most_300_boxes_stay(tmp_path) -> None:
    columns = np.zeros((1, 7, 400), np.float32)
    columns[0, 0] = np.linspace(10, 50, 400)
    columns[0, 1:4] = [[30], [0.05], [0.05]]
    columns[0, 4] = np.linspace(0.1, 0.9, 400)
    result = found(save_constant(tmp_path / "m.onnx", [columns], metadata=NAMES))
    assert len(result) == 300 and result[-1].score > 0.29


@pytest.mark.parametrize(
    ("table", "title"),
    [
        ([[[8, 8, 24, 32, 0.9, 2], [0, 0, 9, 9, 0.0005, 1]]], "(N, 6)"),
        ([[0, 8, 8, 24, 32, 2, 0.9], [0, 0, 0, 9, 9, 1, 0.0005]], "(N, 7)"),
        ([[[0, 8, 8, 24, 32, 2, 0.9], [0, 0, 0, 9, 9, 1, 0.0005]]], "(N, 7)"),
    ],
)
def test_exports_with_suppression_inside_are_taken_at_their_word(tmp_path, table, title) -> None:
    file = save_constant(tmp_path / "end.onnx", [np.array(table)], metadata=NAMES)
    (bird,) = found(file)
    assert bird.label == "a bird" and bird.score == pytest.approx(0.9)
    assert edges(bird) == pytest.approx([8 / 64, 0, 24 / 64, 24 / 48])
    assert title in load_detector(file).notes[0]


def test_pictures_reach_the_network_as_rgb_and_boxes_come_back(tmp_path) -> None:
    """The network looks: what is red in the picture is found red, where it is."""
    file = save_looking(tmp_path / "looking.onnx")
    picture = Image.new("RGB", (128, 64))  # halved, with 16 pixels of gray above and below
    picture.paste((255, 0, 0), (16, 16, 32, 32))
    red = found(file, picture=picture)[0]
    assert red.label == "red thing" and red.score == pytest.approx(1.0)
    assert edges(red) == pytest.approx([16 / 128, 16 / 64, 32 / 128, 32 / 64])


def test_names_may_come_from_a_list_and_coco_is_known_by_its_80_classes(tmp_path) -> None:
    rows = np.zeros((1, 252, 85), np.float32)
    rows[0, 0] = [32, 32, 10, 10, 1, *np.eye(80)[57]]
    unnamed = load_detector(save_constant(tmp_path / "plain.onnx", [rows]))
    assert unnamed.labels == tuple(COCO_80) and "COCO's 80" in unnamed.notes[0]
    assert unnamed.detect([PICTURE])[0][0].label == "couch"
    darknet = ["sofa" if name == "couch" else "aeroplane" if name == "airplane" else name for name in COCO_80]
    named = load_detector(save_constant(tmp_path / "d.onnx", [rows], metadata={"names": str(darknet)}))
    assert named.labels == tuple(COCO_80), "Darknet's names of COCO's classes are COCO's"
    seven = save_constant(tmp_path / "seven.onnx", [rows_with_objectness()])
    assert "--labels" in str(refused(seven))
    assert load_detector(seven, labels=("x", "y", "z")).labels == ("x", "y", "z")
    assert "4 class names" in str(refused(seven, labels=("x", "y", "z", "w")))


@pytest.mark.parametrize(
    "names",
    ["{0: 'cat', 'a': 'dog'}", "{[]: 'cat'}", "(" * 10_000, "-" * 50_000 + "1", "cat", ""],
    ids=["keys of two kinds", "a key that is none", "brackets", "signs", "no literal", "nothing"],
)
def test_names_that_cannot_be_read_are_as_none(tmp_path, names) -> None:
    file = save_constant(tmp_path / "m.onnx", [rows_with_objectness()], metadata={"names": names})
    assert "does not name its classes" in refused(file).message


def test_one_class_is_told_from_suppression_inside_by_the_number_of_rows(tmp_path) -> None:
    rows = np.zeros((1, 252, 6), np.float32)
    rows[0, 0] = [32, 32, 16, 16, 0.5, 0.5]
    (thing,) = found(save_constant(tmp_path / "one.onnx", [rows], metadata={"names": "['thing']"}))
    assert thing.label == "thing" and thing.score == pytest.approx(0.25)


def test_any_input_size_means_the_published_canvas_and_half_precision_and_batches_are_fed(tmp_path) -> None:
    columns = np.zeros((1, 7, 84), np.float32)
    columns[0, :, 0] = [16 + 320, 16 + 240, 640, 480, 0.9, 0, 0]
    assert published_canvas((64, 48)) == (672, 512) and published_canvas((512, 512)) == (672, 672)
    file = save_constant(tmp_path / "any.onnx", [columns], size=("w", "h"), batch="n", metadata=NAMES, half=True)
    (cat,) = found(file)
    assert edges(cat) == pytest.approx([0, 0, 1, 1]) and "any size" in load_detector(file).notes[0]
    pair = np.concatenate([columns, columns])
    pair[1, 4:6, 0] = [0, 0.8]
    file = save_constant(tmp_path / "pair.onnx", [pair], size=(640, 640), batch=2, metadata=NAMES)
    labels = [[item.label for item in result] for result in load_detector(file).detect([PICTURE] * 3)]
    assert labels == [["cat"], ["dog"], ["cat"]]


def test_what_is_no_detector_is_told_with_a_remedy(tmp_path) -> None:
    heads = save_constant(tmp_path / "heads.onnx", [np.zeros((1, 3, 8, 8, 85))])
    assert "--grid" in str(refused(heads))
    classifier = save_constant(tmp_path / "classifier.onnx", [np.zeros((1, 1000))])
    assert "(1, 1000) is not that of a YOLO" in str(refused(classifier))
    segmenter = save_constant(tmp_path / "s.onnx", [np.zeros((1, 7, 84))], metadata={**NAMES, "task": "segment"})
    assert "segment" in str(refused(segmenter))
    (tmp_path / "cut.onnx").write_bytes(heads.read_bytes()[:200])
    assert "cannot be loaded" in str(refused(tmp_path / "cut.onnx"))
    with pytest.raises(BoxpaintError, match=r"\.onnx file"):
        find_detector(str(tmp_path / "missing.onnx"))


def test_numbers_that_are_none_are_told(tmp_path) -> None:
    columns = np.full((1, 7, 84), np.nan, np.float32)
    file = save_constant(tmp_path / "nan.onnx", [columns], metadata=NAMES)
    with pytest.raises(BoxpaintError, match="numbers that are none"):
        found(file)
