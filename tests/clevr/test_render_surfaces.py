"""The shapes that are built inside Blender are those whose boxes the camera works out."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from types import ModuleType

import numpy as np
import pytest

from engine.clevr.blender.look import scene_facts
from engine.clevr.blender.process import MARK, PROGRAM
from engine.clevr.camera import CUBE_FLAT, CYLINDER_FLAT, Solid


@pytest.fixture
def inside(monkeypatch):
    """The program that runs in Blender; building shapes asks nothing of Blender."""
    for name in ("bpy", "mathutils"):
        empty = ModuleType(name)
        empty.Vector = None  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, name, empty)
    spec = importlib.util.spec_from_file_location("boxpaint_inside", PROGRAM)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def surfaces(inside) -> dict:
    return {
        "sphere": inside.sphere(),
        "cube": inside.cube(CUBE_FLAT),
        "cylinder": inside.cylinder(CYLINDER_FLAT),
    }


@pytest.mark.parametrize("shape", ["sphere", "cube", "cylinder"])
def test_a_shape_reaches_as_far_as_the_camera_thinks(inside, shape: str) -> None:
    points = np.array(surfaces(inside)[shape][0])
    directions = np.random.default_rng(0).normal(size=(500, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    reach = (directions @ points.T).max(axis=1)
    support = np.sum(Solid(shape, (0, 0, 0), (1, 1, 1), 0).support(directions) * directions, axis=1)
    assert np.abs(reach - support).max() < 0.005


@pytest.mark.parametrize("shape", ["sphere", "cube", "cylinder"])
def test_faces_and_normals_point_outwards(inside, shape: str) -> None:
    points, faces, normals = surfaces(inside)[shape]
    place, normal = np.array(points), np.array(normals)
    assert np.abs(np.linalg.norm(normal, axis=1) - 1).max() < 1e-9
    for face in faces:
        first, second, third = place[list(face[:3])]
        turn = np.cross(second - first, third - second)
        assert turn @ normal[list(face)].mean(axis=0) > 0
        assert turn @ (first + second + third) > 0


@pytest.mark.parametrize("shape", ["sphere", "cube", "cylinder"])
def test_a_shape_has_no_holes(inside, shape: str) -> None:
    points, faces, _ = surfaces(inside)[shape]
    keys = [tuple(round(axis, 6) + 0.0 for axis in point) for point in points]
    sides = Counter()
    for face in faces:
        for one, other in zip(face, face[1:] + face[:1], strict=True):
            sides[keys[one], keys[other]] += 1
    assert all(sides[other, one] == count for (one, other), count in sides.items())


def test_the_ground_is_flat_under_the_objects_and_rises_behind_them(inside) -> None:
    facts = scene_facts()["ground"]
    points, faces, normals = inside.ground(facts)
    place = np.array(points)
    along = place[:, :2] @ np.array(facts["toward"]) / np.linalg.norm(facts["toward"])
    assert np.all(place[along <= facts["flat"], 2] == 0)
    assert facts["flat"] > 6 * np.sqrt(2)
    assert place[:, 2].max() > 20
    for face in faces:
        first, second, third = place[list(face[:3])]
        assert np.cross(second - first, third - second) @ np.array(normals)[face[0]] > 0


def test_both_sides_mark_answers_in_the_same_way(inside) -> None:
    assert inside.MARK == MARK
