"""The camera puts objects where the renderer does."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import numpy as np
import pytest

from engine.clevr.camera import POSITION, Camera, Solid, fit_camera
from engine.formats import registry
from tests.formats.samples import FOLDER

# Boxes of rendered scenes without jitter, 320 x 320: shape, position, half-sizes, turn, and x, y, width, height of the
# rendered object in whole pixels.
RENDERED = (
    ("cylinder", (0.7275, -2.2866, 0.5), (1.0, 0.5, 0.5), -131.019, (72, 155, 79, 52)),
    ("sphere", (-2.9049, 2.8007, 0.35), (0.7, 0.35, 0.35), -131.019, (148, 98, 34, 17)),
    ("cube", (0.378, 0.6501, 0.3536), (1.0607, 0.3536, 0.3536), -131.019, (150, 134, 68, 28)),
    ("sphere", (1.0015, -0.0075, 0.5), (1.5, 0.5, 0.5), -131.019, (131, 140, 102, 34)),
    ("cylinder", (0.7275, -2.2866, 1.0), (0.5, 0.5, 1.0), 341.832, (88, 120, 44, 86)),
    ("sphere", (2.147, -1.9502, 1.5), (0.5, 0.5, 1.5), 228.0, (135, 99, 44, 118)),
    ("cylinder", (-2.8951, 2.6549, 1.5), (0.5, 0.5, 1.5), 277.262, (150, 39, 26, 81)),
    ("cube", (1.3313, 1.5083, 1.0607), (0.3536, 0.3536, 1.0607), 12.331, (209, 92, 35, 74)),
)


def test_projected_boxes_are_the_rendered_ones() -> None:
    misses = []
    for shape, center, half, turn, (x, y, width, height) in RENDERED:
        bounds = Camera().bounds(Solid(shape, center, half, turn), 320, 320)
        assert bounds is not None
        misses += [abs(edge - rendered) for edge, rendered in zip(bounds, (x, y, x + width, y + height), strict=True)]
    assert float(np.mean(misses)) < 0.5
    assert max(misses) < 1.5


@pytest.mark.parametrize("shape", ["cube", "sphere", "cylinder"])
def test_the_outline_encloses_the_surface_and_touches_it(shape: str) -> None:
    solid = Solid(shape, (1.0, -2.0, 0.6), (0.4, 0.9, 0.6), 33.0)
    rng = np.random.default_rng(0)
    points = solid.support(rng.normal(size=(20_000, 3)))
    seen = Camera().project(points, 320, 320)
    bounds = Camera().bounds(solid, 320, 320)
    assert bounds is not None
    sampled = (seen[:, 0].min(), seen[:, 1].min(), seen[:, 0].max(), seen[:, 1].max())
    assert bounds == pytest.approx(sampled, abs=0.2)
    assert bounds[0] <= sampled[0] + 1e-9
    assert bounds[2] >= sampled[2] - 1e-9


def test_a_sphere_is_where_geometry_says() -> None:
    radius, distance = 0.7, math.dist(POSITION, (0, 0, 0))
    bounds = Camera.looking_at_origin(POSITION).bounds(Solid("sphere", (0, 0, 0), (radius,) * 3, 0), 320, 320)
    expected = 350 * radius / math.sqrt(distance**2 - radius**2)
    assert bounds == pytest.approx((160 - expected, 160 - expected, 160 + expected, 160 + expected), abs=1e-6)


def test_what_is_behind_the_camera_has_no_box() -> None:
    assert Camera().bounds(Solid("cube", (20.0, -20.0, 1.0), (1.0, 1.0, 1.0), 0.0), 320, 320) is None


def test_the_camera_is_found_again() -> None:
    camera = Camera.looking_at_origin((7.8, -6.2, 5.7))
    points = np.array([[0.5, -1, 0.35], [2, 1, 0.7], [-2, 2, 0.35], [-1, -2, 0.7]])
    found = fit_camera(points, camera.project(points, 480, 320)[:, :2].round(), 480, 320)
    assert found.position == pytest.approx(camera.position, abs=0.15)
    usual = fit_camera(points[:1], np.zeros((1, 2)), 480, 320)
    assert usual.position == POSITION
    assert fit_camera(points, np.zeros((4, 2)), 480, 320).position == pytest.approx(POSITION, abs=2)


def test_clevr_scenes_get_boxes() -> None:
    dataset = registry.read(FOLDER / "clevr_scenes.json", boxes="project")
    (entry,) = dataset.entries
    assert entry.layout.size == (480, 320)
    assert [item.prompt for item in entry.layout.objects] == ["yellow rubber cube", "cyan rubber sphere"]
    for item, (x, y) in zip(entry.layout.objects, ((223, 117), (327, 145)), strict=True):
        x0, y0, x1, y1 = item.box.scaled(480, 320)
        assert x0 < x < x1
        assert y0 < y < y1
    assert "derived" in dataset.warnings[0]


@pytest.mark.skipif("BOXPAINT_RENDERED_SCENES" not in os.environ, reason="no rendered scenes are named")
def test_every_rendered_scene_without_jitter() -> None:
    misses = []
    for path in sorted(Path(os.environ["BOXPAINT_RENDERED_SCENES"]).glob("*/scenes/*.json")):
        for scene in json.loads(path.read_text())["scenes"]:
            for item in scene["objects"]:
                x, y, height = item["3d_coords"]
                depth = height if "horizontal" in path.stem else item["scale"]
                solid = Solid(item["shape"], (x, y, height), (item["scale"], depth, height), item["rotation"])
                bounds = Camera().bounds(solid, 320, 320)
                assert bounds is not None
                left, top, width, high = item["bbox"]
                clipped = [min(max(edge, 0.0), 320.0) for edge in bounds]
                ends = (left, top, left + width, top + high)
                misses += [abs(edge - end) for edge, end in zip(clipped, ends, strict=True)]
    assert float(np.mean(misses)) < 0.5
    assert max(misses) < 1.5
