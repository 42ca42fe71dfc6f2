"""Class names of detectors: COCO's under all their names and numberings, and other lists as they are."""

from __future__ import annotations

import pytest

from engine.detection.labels import class_names, coco_classes, labels_of, named
from engine.layout.vocabulary import COCO_80

DARKNET = {
    "motorcycle": "motorbike", "airplane": "aeroplane", "couch": "sofa", "potted plant": "pottedplant",
    "dining table": "diningtable", "tv": "tvmonitor",
}  # fmt: skip


def test_91_classes_are_category_ids_and_the_unused_ones_stand_for_nothing() -> None:
    told = ["N/A"] * 91
    for name, identity in COCO_80.items():
        told[identity] = name
    names = class_names(told)
    assert len(names) == 91 and names[0] is None and names[12] is None and names[90] == "toothbrush"
    assert named(names) == tuple(COCO_80)


def test_other_names_of_cocos_classes_become_cocos() -> None:
    told = [DARKNET.get(name, name).title() for name in COCO_80]
    assert class_names(told) == tuple(COCO_80)


@pytest.mark.parametrize("count", [80, 91])
def test_generic_names_of_80_or_91_classes_are_cocos(count) -> None:
    names = class_names([f"LABEL_{number}" for number in range(count)])
    assert names == coco_classes(count) and named(names) == tuple(COCO_80)


def test_other_lists_stay_as_they_are() -> None:
    assert class_names(["Sofa", "red  cube", "unused 3", "LABEL_1"]) == ("Sofa", "red cube", None, "LABEL_1")
    assert class_names([f"LABEL_{number}" for number in range(5)]) == tuple(f"LABEL_{n}" for n in range(5))


def test_classes_are_ordered_by_their_numbers_and_gaps_are_kept() -> None:
    assert labels_of({"10": "k", 2: "c", 0: "a"}) == ["a", "N/A", "c", *["N/A"] * 7, "k"]
    assert labels_of({}) == []
