"""Where things stand in a picture: read from a layout whose objects have 3D coordinates."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.clevr.blender.look import LIGHT_POSITIONS, surface_color
from engine.clevr.camera import POSITION, Camera, Solid, fit_camera
from engine.clevr.draws import Draws
from engine.errors import BoxpaintError
from engine.layout import Layout, LayoutObject
from engine.layout.vocabulary import CLEVR_COLORS, CLEVR_MATERIALS, CLEVR_SHAPES

Point = tuple[float, float, float]

MOST_OBJECTS = 250
"""Objects in one picture; their numbers are rendered as levels of an 8-bit picture."""

_WORDS = {"color": CLEVR_COLORS, "material": CLEVR_MATERIALS, "shape": CLEVR_SHAPES}
_REACH = 100.0
"""World units beyond which a place or a size is a mistake; CLEVR's floor is seen for about a tenth of it."""

_AGREES = 0.8
"""Mean distance in pixels of a box's edges at which a camera is believed; files round them to whole pixels."""

_FITS = 6
"""Steps towards the camera of a file's boxes."""


@dataclass(frozen=True)
class Thing:
    """An object as it is rendered: where it stands, and the words of its prompt."""

    solid: Solid
    color: str
    material: str


@dataclass(frozen=True)
class Arrangement:
    """All that changes from picture to picture.

    Attributes:
        width, height: Size of the picture in pixels.
        camera: Where it is seen from.
        lights: Position of each lamp of `look.LIGHT_POSITIONS`.
        things: The objects in the order of the layout.
        seed: Seed of the renderer's noise, 0 … 2**31 − 1.
    """

    width: int
    height: int
    camera: Camera
    lights: Mapping[str, Point]
    things: tuple[Thing, ...]
    seed: int

    def request(self) -> dict[str, Any]:
        """The arrangement as the request ``place``."""
        return {
            "do": "place",
            "width": self.width,
            "height": self.height,
            "camera": {"position": list(self.camera.position), "forward": list(self.camera.forward)},
            "lights": {name: list(position) for name, position in self.lights.items()},
            "seed": self.seed,
            "objects": [
                {
                    "shape": thing.solid.shape,
                    "position": list(thing.solid.center),
                    "half_sizes": list(thing.solid.half),
                    "rotation": thing.solid.rotation,
                    "color": surface_color(thing.color),
                    "material": thing.material,
                }
                for thing in self.things
            ],
        }


def arrange(layout: Layout, *, light_jitter: float = 1.0, radians: bool = False) -> Arrangement:
    """The arrangement that a layout's fields describe.

    The camera is that of the layout's field ``camera`` (its position); without it, the usual one if the boxes agree
    with it, else the one that fits them best. The lamps are moved by up to ``light_jitter``
    world units on each axis, differently for each scene, but always in the same way for the same one.

    Args:
        layout: Its objects' ``extra`` has ``3d_coords``, and may have ``rotation``, ``scale`` and ``half_sizes``.
        light_jitter: As in CLEVR 1; 0 leaves the lamps where they are.
        radians: The file's rotations are radians, as in CLEVR's own files, and not degrees.

    Raises:
        BoxpaintError: Naming object and field: something is missing or cannot be rendered.
    """
    things = _things(layout, radians)
    camera = _camera(layout, things)
    for number, thing in enumerate(things):
        if camera.bounds(thing.solid, layout.width, layout.height) is None:
            raise _bad("it lies beside or behind the camera.", "3d_coords", item=f"object {number}")
    # The camera may have been fitted; its last digits, which differ between machines, must not decide the seed.
    content = json.dumps([_told_camera(layout), [_facts(thing) for thing in things]])
    key = int.from_bytes(hashlib.sha256(content.encode()).digest()[:8], "big") >> 1
    draws = Draws(key, "lights", 0)
    lights = {}
    for name, position in LIGHT_POSITIONS.items():
        x, y, z = (round(axis + draws.between(-light_jitter, light_jitter), 4) for axis in position)
        lights[name] = x, y, z
    return Arrangement(layout.width, layout.height, camera, lights, tuple(things), key % 2**31)


def decisive_facts(layout: Layout, *, radians: bool = False) -> list[Any]:
    """What of a layout decides its arrangement, as JSON values; much faster to have than the arrangement.

    Raises:
        BoxpaintError: As `arrange`, except that it does not look whether all objects are in front of the camera.
    """
    camera = _told_camera(layout)
    boxes = [list(item.box.scaled(1, 1)) for item in layout.objects] if camera is None else None
    return [layout.width, layout.height, camera, boxes, [_facts(thing) for thing in _things(layout, radians)]]


def _things(layout: Layout, radians: bool) -> list[Thing]:
    if len(layout.objects) > MOST_OBJECTS:
        raise _bad(f"it has {len(layout.objects)} objects; at most {MOST_OBJECTS} can be rendered.", "objects")
    things = []
    for number, item in enumerate(layout.objects):
        try:
            things.append(_thing(item, radians))
        except BoxpaintError as error:
            error.item = error.item or f"object {number}"
            raise
    return things


def _facts(thing: Thing) -> list[Any]:
    solid = thing.solid
    return [solid.shape, solid.center, solid.half, solid.rotation, thing.color, thing.material]


def _thing(item: LayoutObject, radians: bool) -> Thing:
    words = dict(zip(_WORDS, item.prompt.split(), strict=False))
    for field, known in _WORDS.items():
        word = item.extra.get(field, words.get(field))
        if word not in known:
            raise _bad(f"CLEVR has no {field} {word!r}.", field, hint=f"It has {', '.join(known)}.")
        words[field] = word
    center = _center(item.extra)
    half = _half_sizes(item.extra, words["shape"], center[2])
    turn = _number(item.extra.get("rotation", 0.0), "rotation")
    # The sine of a large angle loses digits; whole turns change nothing.
    turn = math.degrees(math.remainder(turn, 2 * math.pi)) if radians else turn
    return Thing(Solid(words["shape"], center, half, turn), words["color"], words["material"])


def _center(extra: Mapping[str, Any]) -> Point:
    if "3d_coords" not in extra:
        hint = "Only scenes with 3D coordinates can be rendered, e.g. those of `boxpaint sample-layouts`."
        raise _bad("it has no 3D coordinates.", "3d_coords", hint=hint)
    x, y, z = _three(extra["3d_coords"], "3d_coords")
    if not (z > 0 and max(abs(x), abs(y), z) < _REACH):
        raise _bad(f"{[x, y, z]} is no place on CLEVR's floor.", "3d_coords")
    return x, y, z


def _half_sizes(extra: Mapping[str, Any], shape: str, height: float) -> Point:
    """Half-sizes along the object's own axes; it stands on the floor, so the height of its centre is one of them."""
    if "half_sizes" in extra:
        half = _three(extra["half_sizes"], "half_sizes")
    else:
        wide = _number(extra.get("scale", height), "scale")
        # Some files give a cube's scale before it is divided by √2, as CLEVR does to make it stand in a circle.
        if shape == "cube" and math.isclose(wide, height * math.sqrt(2), rel_tol=0.02):
            wide = height
        # Flat objects are stretched along x alone; tall ones stand on a square or round foot.
        half = (wide, height if wide > height else wide, height)
    if not all(0.01 <= side < _REACH for side in half):
        raise _bad(f"the half-sizes are {list(half)}.", "half_sizes" if "half_sizes" in extra else "scale")
    return half


def _camera(layout: Layout, things: list[Thing]) -> Camera:
    told = _told_camera(layout)
    if told is not None:
        return Camera.looking_at_origin(told)
    return _camera_of_boxes(layout, things)


def _told_camera(layout: Layout) -> Point | None:
    """Where the layout says that the camera stands."""
    if "camera" not in layout.extra:
        return None
    position = _three(layout.extra["camera"], "camera")
    if not 1.0 <= math.hypot(*position) < _REACH:
        raise _bad(f"the camera stands at {list(position)}.", "camera")
    return position


def _camera_of_boxes(layout: Layout, things: list[Thing]) -> Camera:
    """The usual camera if the objects' boxes agree with it, else the one that fits them best.

    Files of jittered scenes do not say where the camera stood, and what they give as the objects' positions in the
    picture is the centre in some and the middle of the box in others; boxes are boxes.
    """
    size = layout.width, layout.height
    inside = [
        (thing, np.array(item.box.scaled(*size)))
        for item, thing in zip(layout.objects, things, strict=True)
        if item.box.x0 > 0 and item.box.y0 > 0 and item.box.x1 < 1 and item.box.y1 < 1
    ]
    usual = camera = Camera.looking_at_origin(POSITION)
    centers = np.array([thing.solid.center for thing, _ in inside]).reshape(-1, 3)
    for _ in range(_FITS):
        known = [camera.bounds(thing.solid, *size) for thing, _ in inside]
        if not known or any(bounds is None for bounds in known):
            return usual
        misses = np.array([box for _, box in inside]) - np.array(known)
        if float(np.abs(misses).mean()) <= _AGREES:
            return camera
        # A box and the centre behind it move together.
        moves = (misses[:, :2] + misses[:, 2:]) / 2
        camera = fit_camera(centers, camera.project(centers, *size)[:, :2] + moves, *size)
    return camera


def _three(value: object, field: str) -> Point:
    if not isinstance(value, list | tuple) or len(value) != 3:
        raise _bad("three numbers belong here.", field)
    x, y, z = (_number(part, field) for part in value)
    return x, y, z


def _number(value: object, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _bad(f"a number belongs here, not {value!r:.40}.", field)
    return float(value)


def _bad(message: str, field: str, *, item: str | None = None, hint: str | None = None) -> BoxpaintError:
    return BoxpaintError(message, "layout", item=item, field=field, hint=hint)
