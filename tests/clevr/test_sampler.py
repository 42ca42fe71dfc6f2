"""Sampled scenes keep the rules of their split, are the same everywhere, and always come to an end."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

import numpy as np
import pytest

from engine.clevr.camera import Camera, Solid
from engine.clevr.draws import Draws
from engine.clevr.flat import SKILLS as FLAT_SKILLS
from engine.clevr.flat import FlatRules, sample_flat
from engine.clevr.rules import SPLITS, Rules, parse_aspect, rules_of, split_names
from engine.clevr.sampler import SIDE, Scene, sample_scenes
from engine.clevr.visibility import sights
from engine.errors import BoxpaintError
from engine.formats.boxpaint_layout import layout_to_dict
from engine.layout.vocabulary import CLEVR_48


def make(split: str, scenes: int = 3, seed: int = 0, **changes: Any) -> list[Scene]:
    return list(sample_scenes(rules_of(split, **changes), scenes, seed))


def solids(scene: Scene) -> list[Solid]:
    made = []
    for item in scene.layout.objects:
        extra = item.extra
        shape = item.prompt.split()[2]
        made.append(Solid(shape, tuple(extra["3d_coords"]), tuple(extra["half_sizes"]), extra["rotation"]))
    return made


@pytest.mark.parametrize("split", split_names())
def test_every_split_can_be_sampled(split: str) -> None:
    rules = rules_of(split)
    for scene in make(split, 2):
        assert scene.split == split
        assert scene.layout.size == (SIDE, SIDE)
        assert rules.count[0] <= len(scene.layout.objects) <= rules.count[1]
        assert all(item.prompt in CLEVR_48 for item in scene.layout.objects)
        camera = Camera.looking_at_origin(scene.camera)
        seen = sights(camera, solids(scene), SIDE, SIDE)
        assert seen is not None
        for item, sight in zip(scene.layout.objects, seen, strict=True):
            assert sight.share >= rules.visible_share
            assert sight.pixels >= rules.visible_pixels
            clipped = [min(max(edge, 0.0), SIDE) for edge in sight.bounds]
            assert item.box.scaled(SIDE, SIDE) == pytest.approx(clipped, abs=0.51)


def test_the_names_are_those_of_the_benchmark() -> None:
    assert set(SPLITS) < set(split_names())
    for name in ("clevr", "number_14-16", "position_random", "size_050", "shape_H3W1", "shape_H1W3"):
        assert name in split_names()


def test_the_splits_differ_in_what_they_are_named_after() -> None:
    for scene in make("size_tiny"):
        assert {item.extra["size"] for item in scene.layout.objects} == {"tiny"}
    for scene in make("size_large"):
        assert all(0.9 / math.sqrt(2) <= item.extra["scale"] <= 1.5 for item in scene.layout.objects)
    for scene in make("shape_vertical"):
        assert {round(solid.half[2] / solid.half[0]) for solid in solids(scene)} <= {2, 3}
    for scene in make("shape_horizontal"):
        assert {round(solid.half[0] / solid.half[2]) for solid in solids(scene)} <= {2, 3}
    for scene in make("position_center"):
        assert all(max(map(abs, solid.center[:2])) <= 1.6 for solid in solids(scene))
    for scene in make("position_boundary"):
        for item in scene.layout.objects:
            middle = (item.box.x0 + item.box.x1) / 2, (item.box.y0 + item.box.y1) / 2
            assert max(abs(axis - 0.5) for axis in middle) > 0.25


def test_objects_keep_apart() -> None:
    for scene in make("clevr", 4):
        placed = solids(scene)
        for index, one in enumerate(placed):
            for other in placed[index + 1 :]:
                gap = math.dist(one.center[:2], other.center[:2]) - one.half[0] - other.half[0]
                assert gap > 0.25 * 0.3


def test_the_same_seed_gives_the_same_scenes_however_many() -> None:
    few, many = make("number_many", 2, seed=7), make("number_many", 4, seed=7)
    assert few == many[:2]
    assert make("number_many", 2, seed=8) != few


def test_scenes_are_the_same_on_every_machine() -> None:
    """Digest of what the reference machine made; another digest means that published seeds no longer hold."""
    texts = [json.dumps(layout_to_dict(scene.layout)) for split in SPLITS for scene in make(split, 2, seed=1)]
    flat = sample_flat(FlatRules("number", ("cat", "dog")), 3, 1)
    texts += [json.dumps(layout_to_dict(layout)) for _, layout in flat]
    assert hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16] == "031a18457257b867"


def test_draws_are_the_same_on_every_machine() -> None:
    draws = Draws(5, "name", 3)
    assert [draws.unit() for _ in range(3)] == [0.22664625208607747, 0.8261178978250496, 0.223351502703803]


def test_rules_can_be_changed() -> None:
    changes = {"count": (2, 2), "scales": None, "scale_range": (0.3, 0.3), "aspects": ((1, 2),), "jitter": 0}
    scenes = make("clevr", 3, name="mine", **changes)
    for scene in scenes:
        assert (scene.split, len(scene.layout.objects)) == ("mine", 2)
        assert scene.camera == (7.481, -6.508, 5.344)
        assert all(solid.half[2] == pytest.approx(2 * solid.half[0], abs=1e-3) for solid in solids(scene))
    assert rules_of("clevr", where="boundary").region == 6.0


def test_what_does_not_fit_ends_with_an_error() -> None:
    with pytest.raises(BoxpaintError, match="could not be placed") as caught:
        make("clevr", 1, count=(30, 30), scales=(1.5,))
    assert caught.value.item == "clevr, scene 0"


@pytest.mark.parametrize(
    "changes",
    [{"count": (5, 3)}, {"count": (0, 1000)}, {"scales": (0.0,)}, {"aspects": ()}, {"where": "up"}, {"margin": -1}],
)
def test_rules_out_of_range_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(BoxpaintError, match="cannot be used"):
        rules_of("clevr", **changes)


def test_unknown_splits_and_aspects_are_refused() -> None:
    with pytest.raises(BoxpaintError, match="no split"):
        rules_of("number_lots")
    assert parse_aspect("3:1") == (3.0, 1.0)
    for text in ("3", "3:", "a:b", "0:1", "nan:1"):
        with pytest.raises(BoxpaintError, match="no aspect"):
            parse_aspect(text)
    assert Rules("x").count == (3, 10)


def test_a_hidden_object_is_noticed() -> None:
    camera = Camera()
    direction = np.array(camera.position) / np.linalg.norm(camera.position)
    x, y, z = (direction * 3).tolist()
    pair = [Solid("sphere", (0, 0, 0), (0.3, 0.3, 0.3), 0), Solid("cube", (x, y, z), (0.8, 0.8, 0.8), 0)]
    hidden, hiding = sights(camera, pair, 320, 320) or ()
    assert hidden.share == 0
    assert hiding.share == pytest.approx(1, abs=0.05)
    (outside,) = sights(camera, [Solid("sphere", (9, 9, 0.5), (0.5, 0.5, 0.5), 0)], 320, 320) or ()
    assert outside.share == 0


@pytest.mark.parametrize("skill", FLAT_SKILLS)
def test_the_skills_work_for_any_prompts(skill: str) -> None:
    made = list(sample_flat(FlatRules(skill, ("cat", "sofa", "kite"), size=(640, 480)), 20, 3))
    assert made == list(sample_flat(FlatRules(skill, ("cat", "sofa", "kite"), size=(640, 480)), 20, 3))
    for name, layout in made:
        assert name.startswith(skill)
        assert layout.size == (640, 480)
        assert layout.objects
        assert layout.caption
        boxes = [item.box for item in layout.objects]
        assert all(one.iou(other) == 0 for index, one in enumerate(boxes) for other in boxes[index + 1 :])
    if skill == "combination":
        assert all(layout.objects[0].box.y1 == layout.objects[1].box.y0 for _, layout in made)


def test_skills_that_cannot_be_are_refused() -> None:
    for rules in (
        {"skill": "shape", "prompts": ("a",)},
        {"skill": "number", "prompts": ()},
        {"skill": "number", "prompts": (" ",)},
        {"skill": "number", "prompts": ("a",), "count": (0, 3)},
        {"skill": "number", "prompts": ("a",), "sides": (0.5, 2)},
    ):
        with pytest.raises(BoxpaintError):
            FlatRules(**rules)  # type: ignore[arg-type]
    with pytest.raises(BoxpaintError, match="do not fit"):
        list(sample_flat(FlatRules("number", ("a",), count=(9, 9), sides=(0.6, 0.7)), 1, 0))
