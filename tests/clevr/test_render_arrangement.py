"""What a layout's fields make of the rendered scene, and which fields are refused."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.clevr.blender.arrangement import MOST_OBJECTS, arrange
from engine.clevr.blender.look import LIGHT_POSITIONS
from engine.clevr.blender.truth import front_to_back, seen_in, too_hidden
from engine.clevr.camera import POSITION, Camera
from engine.clevr.rules import rules_of
from engine.clevr.sampler import sample_scene
from engine.errors import BoxpaintError
from engine.layout import Box, Layout, LayoutObject


def one_object(prompt: str = "red metal cube", **extra: Any) -> Layout:
    fields = {"3d_coords": [0.5, -0.5, 0.5], **extra}
    return Layout(320, 320, (LayoutObject("a", prompt, Box(0.4, 0.4, 0.6, 0.6), extra=fields),))


def test_a_sampled_scene_is_rendered_as_it_was_sampled() -> None:
    scene = sample_scene(rules_of("shape_horizontal"), 3, 1)
    arrangement = arrange(scene.layout)
    assert arrangement.camera.position == scene.camera
    for item, thing in zip(scene.layout.objects, arrangement.things, strict=True):
        assert list(thing.solid.center) == item.extra["3d_coords"]
        assert list(thing.solid.half) == item.extra["half_sizes"]
        assert thing.solid.rotation == item.extra["rotation"]
        bounds = arrangement.camera.bounds(thing.solid, 320, 320)
        clipped = [min(max(edge, 0), 320) for edge in bounds]
        assert np.abs(np.subtract(clipped, item.box.scaled(320, 320))).max() <= 0.5 + 1e-9


def test_lamps_move_by_the_jitter_and_the_same_for_the_same_scene() -> None:
    layouts = [sample_scene(rules_of("clevr"), 0, index).layout for index in range(2)]
    assert arrange(layouts[0], light_jitter=0).lights == LIGHT_POSITIONS
    first, other = (arrange(layout) for layout in layouts)
    assert first == arrange(layouts[0])
    assert first.lights != other.lights
    assert first.seed != other.seed
    for name, place in LIGHT_POSITIONS.items():
        assert 0 < np.abs(np.subtract(first.lights[name], place)).max() <= 1.0


@pytest.mark.parametrize(
    ("prompt", "extra", "half"),
    [
        ("red metal sphere", {}, (0.5, 0.5, 0.5)),
        ("red metal cylinder", {"scale": 0.5}, (0.5, 0.5, 0.5)),
        ("red metal cube", {"scale": 0.7071}, (0.5, 0.5, 0.5)),
        ("red metal cube", {"scale": 1.0}, (1.0, 0.5, 0.5)),
        ("red rubber sphere", {"scale": 1.5}, (1.5, 0.5, 0.5)),
        ("red rubber cylinder", {"scale": 0.25}, (0.25, 0.25, 0.5)),
        ("red rubber cylinder", {"scale": 9, "half_sizes": [0.1, 0.2, 0.5]}, (0.1, 0.2, 0.5)),
    ],
)
def test_half_sizes_follow_from_the_scale_and_the_height(prompt: str, extra: dict, half: tuple) -> None:
    (thing,) = arrange(one_object(prompt, **extra)).things
    assert thing.solid.half == pytest.approx(half)


def test_radians_are_taken_modulo_whole_turns() -> None:
    (thing,) = arrange(one_object(rotation=100.0), radians=True).things
    assert math.cos(math.radians(thing.solid.rotation)) == pytest.approx(math.cos(100.0))
    assert arrange(one_object(rotation=100.0)).things[0].solid.rotation == 100.0


@pytest.mark.parametrize("split", ["clevr", "size_large", "shape_vertical"])
def test_a_camera_that_the_file_does_not_tell_is_found_by_the_boxes(split: str) -> None:
    scene = sample_scene(rules_of(split), 5, 0)
    layout = replace(scene.layout, extra={})
    assert np.abs(np.subtract(arrange(layout).camera.position, scene.camera)).max() < 0.1
    steady = sample_scene(rules_of(split, jitter=0.0), 5, 0)
    assert arrange(replace(steady.layout, extra={})).camera == Camera.looking_at_origin(POSITION)


@pytest.mark.parametrize(
    ("layout", "field", "words"),
    [
        (one_object("pink metal cube"), "color", "pink"),
        (one_object("red glass cube"), "material", "glass"),
        (one_object("red metal cone"), "shape", "cone"),
        (one_object("a dog"), "color", "'a'"),
        (one_object(**{"3d_coords": None}), "3d_coords", "three numbers"),
        (one_object(**{"3d_coords": [1, 2]}), "3d_coords", "three numbers"),
        (one_object(**{"3d_coords": [1, 2, math.nan]}), "3d_coords", "nan"),
        (one_object(**{"3d_coords": [1, 2, -0.5]}), "3d_coords", "floor"),
        (one_object(**{"3d_coords": [20, -20, 0.5]}), "3d_coords", "behind the camera"),
        (one_object(rotation="left"), "rotation", "left"),
        (one_object(scale=0), "scale", "half-sizes"),
        (one_object(half_sizes=[1, 1, 1000]), "half_sizes", "half-sizes"),
    ],
)
def test_what_cannot_be_rendered_is_refused_by_name(layout: Layout, field: str, words: str) -> None:
    with pytest.raises(BoxpaintError) as caught:
        arrange(layout)
    assert caught.value.field == field
    assert caught.value.item == "object 0"
    assert words in caught.value.message


def test_missing_coordinates_say_where_to_get_some() -> None:
    layout = Layout(320, 320, (LayoutObject("a", "red metal cube", Box(0, 0, 1, 1)),))
    with pytest.raises(BoxpaintError, match="sample-layouts"):
        arrange(layout)


def test_a_camera_in_the_middle_and_too_many_objects_are_refused() -> None:
    with pytest.raises(BoxpaintError, match="camera stands at"):
        arrange(replace(one_object(), extra={"camera": [0, 0, 0]}))
    crowd = one_object().objects * (MOST_OBJECTS + 1)
    with pytest.raises(BoxpaintError, match=f"at most {MOST_OBJECTS}"):
        arrange(Layout(320, 320, tuple(replace(item, id=str(n)) for n, item in enumerate(crowd))))


def three_seen() -> tuple:
    """Of three objects, one is seen whole, one in part; the third is outside the picture."""
    places = ([0.0, 0.0, 0.7], [-2.0, 2.0, 0.7], [-2.0, -9.0, 0.35])
    objects = tuple(
        LayoutObject(str(number), "red metal sphere", Box(0, 0, 1, 1), extra={"3d_coords": place})
        for number, place in enumerate(places)
    )
    arrangement = arrange(Layout(320, 320, objects, extra={"camera": list(POSITION)}))
    numbers = np.zeros((320, 320), dtype=np.uint8)
    left, top, right, bottom = (round(e) for e in arrangement.camera.bounds(arrangement.things[0].solid, 320, 320))
    rows, columns = np.mgrid[:320, :320] + 0.5
    inside = ((columns - (left + right) / 2) / (right - left)) ** 2 + (
        (rows - (top + bottom) / 2) / (bottom - top)
    ) ** 2
    numbers[inside <= 0.25] = 1
    numbers[60:70, 100:150] = 2
    return seen_in(numbers, arrangement), (left, top, right, bottom)


def test_what_is_seen_is_counted_and_boxed() -> None:
    seen, outline = three_seen()
    assert seen[0].outline == outline
    assert seen[0].box == pytest.approx(outline, abs=1)
    assert seen[0].share == pytest.approx(1, abs=0.03)
    assert (seen[1].pixels, seen[1].box) == (500, (100, 60, 150, 70))
    assert 0 < seen[1].share < 1
    assert (seen[2].pixels, seen[2].box, seen[2].outline) == (0, None, None)
    assert seen[1].as_dict()["visible_bbox"] == [100, 60, 50, 10]
    assert seen[2].as_dict()["bbox"] is None


def test_the_nearest_object_is_the_first() -> None:
    seen, _ = three_seen()
    assert front_to_back(seen) == sorted(range(3), key=lambda index: seen[index].depth)
    assert front_to_back(seen).index(0) < front_to_back(seen).index(1)


def test_rules_are_scaled_to_the_picture() -> None:
    seen, _ = three_seen()
    rules = rules_of("clevr", visible_share=0.01, visible_pixels=300)
    assert too_hidden(seen, rules, 320) == [2]
    assert too_hidden(seen, rules, 640) == [1, 2]
    assert too_hidden(seen, replace(rules, visible_share=0.9, visible_pixels=1), 320) == [1, 2]
