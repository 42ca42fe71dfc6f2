"""Scenes of CLEVR's world, drawn by the rules of a split and projected to boxes; NumPy only.

The procedure is CLEVR's: objects are placed one by one, each kept away from the others by a distance and by margins
along the camera's left and front directions, and each has to be seen. Where a scene does not work out it is started
again; each new start asks for a little less room, so that dense splits end, and a limit makes sure of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.clevr.camera import POSITION, Camera, Solid
from engine.clevr.draws import Draws
from engine.clevr.rules import Rules
from engine.clevr.visibility import Sight, sights
from engine.errors import BoxpaintError
from engine.layout import Box, Layout, LayoutObject, check_seed
from engine.layout.vocabulary import CLEVR_COLORS, CLEVR_MATERIALS, CLEVR_SHAPES

SIDE = 320
"""Side of the picture in pixels, as in LayoutBench."""

DIGITS = 4
"""Decimals of world coordinates in a scene; coarse enough to be the same on every machine."""

TRIES = 50
"""Places that are tried for an object before the scene is started again, as in CLEVR."""

STARTS = 400
"""Starts after which a scene is given up."""

_EASE = 0.99
_LEAST_EASE = 0.3
_BAND = 0.6
"""An object is at the boundary if its middle is this far from the picture's, as a share of half the side."""

_LEFT_TURN = 228.981
"""Turn about z in degrees that brings an object's x axis to the left of CLEVR's camera."""


@dataclass(frozen=True)
class Scene:
    """A sampled scene.

    Attributes:
        name: ``<split>_<index>``, without ending.
        split: Name of the split.
        index: Number within the split, from 0.
        camera: Position of the camera.
        layout: Boxes in a square picture; the objects' ``extra`` holds the fields of a LayoutBench scene.
    """

    name: str
    split: str
    index: int
    camera: tuple[float, float, float]
    layout: Layout


@dataclass(frozen=True)
class _Thing:
    """An object before its box is known; ``reach`` is the radius of the circle it stands in."""

    solid: Solid
    scale: float
    reach: float
    color: str
    material: str


def sample_scenes(rules: Rules, count: int, seed: int) -> Iterator[Scene]:
    """``count`` scenes, one after the other; the same seed gives the same ones, and more of them the same first ones.

    Raises:
        BoxpaintError: A scene cannot be made under these rules.
    """
    check_seed(seed)
    for index in range(count):
        yield sample_scene(rules, seed, index)


def sample_scene(rules: Rules, seed: int, index: int) -> Scene:
    """The scene of this number.

    Raises:
        BoxpaintError: No arrangement was found; the rules ask for too much.
    """
    draws = Draws(seed, rules.name, index)
    wanted = draws.whole(*rules.count)
    ease = 1.0
    for _ in range(STARTS):
        position = tuple(round(axis + draws.between(-rules.jitter, rules.jitter), DIGITS) for axis in POSITION)
        camera = Camera.looking_at_origin((position[0], position[1], position[2]))
        things = _arrangement(rules, wanted, camera, draws, ease)
        if things is not None:
            return _scene(rules, index, camera, things)
        ease = max(ease * _EASE, _LEAST_EASE)
    raise BoxpaintError(
        f"{wanted} objects could not be placed in {STARTS} starts.",
        "input",
        item=f"{rules.name}, scene {index}",
        hint="Ask for fewer or smaller objects, a larger region, or smaller margins.",
    )


def _arrangement(
    rules: Rules, wanted: int, camera: Camera, draws: Draws, ease: float
) -> list[tuple[_Thing, Sight]] | None:
    """Objects that stand apart and are all seen; None when it does not work out."""
    things: list[_Thing] = []
    for _ in range(max(4, wanted)):
        while len(things) < wanted:
            thing = _place(rules, things, camera, draws, ease)
            if thing is None:
                return None
            things.append(thing)
        seen = sights(camera, [thing.solid for thing in things], SIDE, SIDE)
        if seen is None:
            return None
        fine = [
            (thing, sight)
            for thing, sight in zip(things, seen, strict=True)
            if sight.share >= rules.visible_share and sight.pixels >= rules.visible_pixels
        ]
        if len(fine) == wanted:
            return fine
        # Only what is hidden is placed anew; it may have been hidden by what came after it.
        things = [thing for thing, _ in fine]
    return None


def _place(rules: Rules, others: list[_Thing], camera: Camera, draws: Draws, ease: float) -> _Thing | None:
    scale = draws.pick(rules.scales) if rules.scales else draws.between(*rules.scale_range)
    width, height = draws.pick(rules.aspects)
    shape, color = draws.pick(CLEVR_SHAPES), draws.pick(CLEVR_COLORS)
    material = draws.pick(CLEVR_MATERIALS)
    # CLEVR makes a cube smaller, so that it stands in the circle of its scale.
    base = scale / math.sqrt(2) if shape == "cube" else scale
    half = (round(base * width, DIGITS), round(base, DIGITS), round(base * height, DIGITS))
    reach = scale * max(width, 1.0)
    for _ in range(TRIES):
        x = round(draws.between(-rules.region, rules.region), DIGITS)
        y = round(draws.between(-rules.region, rules.region), DIGITS)
        turn = _LEFT_TURN if width != 1 else round(draws.between(0.0, 360.0), 3)
        thing = _Thing(Solid(shape, (x, y, half[2]), half, turn), scale, reach, color, material)
        if _has_room(thing, others, rules, ease) and _is_there(thing, rules, camera):
            return thing
    return None


def _has_room(thing: _Thing, others: list[_Thing], rules: Rules, ease: float) -> bool:
    angle = math.radians(_LEFT_TURN)
    left = (math.cos(angle), math.sin(angle))
    for other in others:
        dx = thing.solid.center[0] - other.solid.center[0]
        dy = thing.solid.center[1] - other.solid.center[1]
        if math.hypot(dx, dy) - thing.reach - other.reach < rules.distance * ease:
            return False
        along, across = dx * left[0] + dy * left[1], dx * left[1] - dy * left[0]
        if min(abs(along), abs(across)) < rules.margin * ease:
            return False
    return True


def _is_there(thing: _Thing, rules: Rules, camera: Camera) -> bool:
    """Whether the object is where the rules want it: in the picture, and at its edge if they say so."""
    bounds = camera.bounds(thing.solid, SIDE, SIDE)
    if bounds is None:
        return False
    x, y = (bounds[0] + bounds[2]) / SIDE - 1, (bounds[1] + bounds[3]) / SIDE - 1
    return max(abs(x), abs(y)) <= 1.0 and (rules.where != "boundary" or max(abs(x), abs(y)) >= _BAND)


def _scene(rules: Rules, index: int, camera: Camera, things: list[tuple[_Thing, Sight]]) -> Scene:
    name = f"{rules.name}_{index:06d}"
    items = tuple(_object(thing, sight, camera, number) for number, (thing, sight) in enumerate(things, 1))
    extra: dict[str, Any] = {"image_index": index, "image_filename": f"{name}.png", "camera": list(camera.position)}
    return Scene(name, rules.name, index, camera.position, Layout(SIDE, SIDE, items, extra=extra))


def _object(thing: _Thing, sight: Sight, camera: Camera, number: int) -> LayoutObject:
    x0, y0, x1, y1 = (min(max(math.floor(edge + 0.5), 0), SIDE) for edge in sight.bounds)
    middle = camera.project(np.array([thing.solid.center]), SIDE, SIDE)[0]
    extra = {
        "size": _size_name(thing.scale),
        "rotation": thing.solid.rotation,
        "scale": thing.solid.half[0],
        "half_sizes": list(thing.solid.half),
        "3d_coords": list(thing.solid.center),
        "pixel_coords": [math.floor(middle[0] + 0.5), math.floor(middle[1] + 0.5), round(float(middle[2]), DIGITS)],
    }
    prompt = f"{thing.color} {thing.material} {thing.solid.shape}"
    box = Box.from_pixels(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1), SIDE, SIDE)
    return LayoutObject(f"o{number}", prompt, box, extra=extra)


def _size_name(scale: float) -> str:
    for limit, name in ((0.25, "tiny"), (0.45, "small"), (0.8, "large")):
        if scale <= limit:
            return name
    return "verylarge"
