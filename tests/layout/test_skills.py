"""Distances from CLEVR: inside for CLEVR's own layouts, outside for the splits, in the right direction."""

from __future__ import annotations

import statistics

import pytest

from engine.clevr.rules import rules_of
from engine.clevr.sampler import sample_scenes
from engine.layout import Box, Layout, LayoutObject
from engine.layout.skills import SKILLS, skill_distances


def layouts(split: str, count: int = 12) -> list[Layout]:
    return [scene.layout for scene in sample_scenes(rules_of(split), count, seed=5)]


def of_boxes(*boxes: tuple[float, float, float, float], hidden: bool = False) -> Layout:
    things = (LayoutObject(f"o{number}", "mug", Box(*box), hidden=hidden) for number, box in enumerate(boxes))
    return Layout(320, 320, tuple(things))


def test_clevrs_own_layouts_are_inside_in_every_skill():
    for skill in SKILLS:
        found = [skill_distances(layout)[skill] for layout in layouts("clevr", 20)]
        assert sum(distance.outside for distance in found) <= 1, skill
        assert statistics.median(distance.distance for distance in found) < 1


@pytest.mark.parametrize(
    "split",
    [
        "number_few", "number_many", "position_center", "position_boundary",
        "size_tiny", "size_large", "shape_horizontal", "shape_vertical",
    ],
)  # fmt: skip
def test_layouts_of_a_split_are_outside_in_its_skill_and_named_after_it(split):
    skill = split.split("_")[0]
    found = [distances[skill] for layout in layouts(split) if skill in (distances := skill_distances(layout))]
    assert sum(distance.outside for distance in found) >= 0.6 * len(found)
    assert {distance.split for distance in found if distance.outside} == {split}


@pytest.mark.parametrize(("count", "distance"), [(0, 13 / 7), (3, 1), (10, 1), (17, 3)])
def test_the_number_is_measured_against_3_to_10(count, distance):
    found = skill_distances(of_boxes(*[(0.4, 0.4, 0.5, 0.5)] * count))["number"]
    assert found.distance == pytest.approx(distance) and found.value == count
    assert found.outside == (count in (0, 17))


def test_without_objects_only_the_number_is_told():
    assert set(skill_distances(Layout(320, 320))) == {"number"}
    assert set(skill_distances(of_boxes((0, 0, 1, 1), hidden=True))) == {"number"}


def test_tiny_and_large_boxes_do_not_make_up_for_each_other():
    mixed = skill_distances(of_boxes((0.1, 0.1, 0.11, 0.11), (0.3, 0.3, 0.95, 0.95)))["size"]
    assert mixed.outside


def test_shapes_are_measured_in_pixels():
    wide = Layout(640, 320, (LayoutObject("a", "mug", Box(0.4, 0.4, 0.5, 0.6)),))
    assert skill_distances(wide)["shape"].value == pytest.approx(1.0)
