"""Real pictures by a real Blender, where ``BOXPAINT_BLENDER`` names one: it is too large to be installed for tests."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from engine.clevr.blender.arrangement import arrange
from engine.clevr.blender.installation import VARIABLE, find_blender
from engine.clevr.blender.look import RenderSettings, scene_facts
from engine.clevr.blender.pool import RenderPool
from engine.clevr.blender.process import BlenderFailed, BlenderProcess
from engine.clevr.blender.records import RenderFolder, Shot
from engine.clevr.blender.truth import seen_in
from engine.clevr.rules import rules_of
from engine.clevr.sampler import sample_scene
from engine.layout import Layout, LayoutObject

pytestmark = pytest.mark.skipif(VARIABLE not in os.environ, reason="no Blender is named")

SETTINGS = RenderSettings(samples=2, light_jitter=0)
SIDE = 96


def small(layout: Layout) -> Layout:
    return replace(layout, width=SIDE, height=SIDE)


@pytest.fixture(scope="module")
def process():
    with BlenderProcess(find_blender().command()) as running:
        running.start({"threads": 1, "persistent": True, "scene": scene_facts(), "cycles": SETTINGS.cycles()})
        yield running


@pytest.mark.parametrize("split", ["clevr", "shape_horizontal", "shape_vertical", "size_large", "number_few"])
def test_objects_are_seen_where_the_camera_puts_them(process, split: str) -> None:
    arrangement = arrange(sample_scene(rules_of(split), 0, 0).layout)
    process.ask(arrangement.request(), timeout=60)
    with Image.open(process.ask({"do": "ids"}, timeout=60)["path"]) as file:
        numbers = np.asarray(file)[:, :, 0]
    seen = seen_in(numbers, arrangement)
    assert set(np.unique(numbers)) - {0} <= set(range(1, len(seen) + 1))
    whole = 0
    for sight in seen:
        assert sight.outline is not None
        assert sight.box is not None
        inside = np.subtract(sight.outline, sight.box)
        assert inside[0] <= 1 and inside[1] <= 1 and inside[2] >= -1 and inside[3] >= -1
        if sight.share > 0.98:
            whole += 1
            assert np.abs(inside).max() <= 1
            assert sight.share < 1.03
    assert whole or not seen


def test_colours_and_materials_are_those_of_the_prompts(process) -> None:
    prompts = ("red rubber sphere", "blue rubber sphere", "gray metal sphere")
    first = sample_scene(rules_of("clevr"), 0, 0).layout.objects[0]
    places = ([0.0, -2.0, 0.7], [0.0, 0.0, 0.7], [0.0, 2.0, 0.7])
    objects = tuple(
        LayoutObject(prompt, prompt, first.box, extra={"3d_coords": place, "scale": 0.7})
        for prompt, place in zip(prompts, places, strict=True)
    )
    process.ask(arrange(Layout(SIDE, SIDE, objects), light_jitter=0).request(), timeout=60)
    with Image.open(process.ask({"do": "ids"}, timeout=60)["path"]) as file:
        numbers = np.asarray(file)[:, :, 0]
    with Image.open(process.ask({"do": "picture"}, timeout=60)["path"]) as file:
        picture = np.asarray(file, dtype=float)
    red, blue, gray = (picture[numbers == number].mean(axis=0) for number in (1, 2, 3))
    assert red[0] > 1.5 * max(red[1], red[2])
    assert blue[2] > 1.3 * max(blue[0], blue[1])
    assert np.ptp(gray) < 12
    # A mirror shows light and dark next to each other; rubber is even.
    rubber, mirror = picture[numbers == 1][:, 0], picture[numbers == 3][:, 0]
    assert mirror.std() / mirror.mean() > 1.2 * rubber.std() / rubber.mean()
    assert 60 < picture[numbers == 0].mean() < 180


def test_files_do_not_depend_on_workers_threads_or_what_was_rendered_before(tmp_path) -> None:
    scenes = [sample_scene(rules_of("number_few"), 2, index) for index in range(4)]
    shots = [Shot(scene.name, "number", small(scene.layout)) for scene in scenes]
    folders = [RenderFolder(tmp_path / name, SETTINGS) for name in ("one", "two")]
    one = RenderPool(find_blender(), folders[0], workers=1, threads=2, timeout=120)
    one.render(folders[0].pending(shots), lambda outcome: None)
    # As after a kill: some are there, and the others are made by other workers in another order.
    for shot in shots[::-1]:
        two = RenderPool(find_blender(), folders[1], workers=2, threads=1, timeout=120)
        two.render(folders[1].pending([shot]), lambda outcome: None)
    for shot in shots:
        for place in (RenderFolder.picture, RenderFolder.record):
            assert place(folders[0], shot).read_bytes() == place(folders[1], shot).read_bytes()


def test_a_mistake_is_answered_and_blender_goes_on(process) -> None:
    with pytest.raises(BlenderFailed, match="KeyError"):
        process.ask({"do": "dance"}, timeout=60)
    with pytest.raises(BlenderFailed, match="KeyError"):
        process.ask({"do": "place", "width": 8, "height": 8}, timeout=60)
    assert process.ask(arrange(Layout(SIDE, SIDE)).request(), timeout=60)["ok"]
    with Image.open(process.ask({"do": "ids"}, timeout=60)["path"]) as file:
        assert file.size == (SIDE, SIDE)
        assert file.convert("RGB").getextrema() == ((0, 0), (0, 0), (0, 0))
