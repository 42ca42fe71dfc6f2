"""CLEVR's own scene files: like LayoutBench's, but 480 × 320 and without boxes, which can be derived from the 3D scene.

Checked on pictures of CLEVR v1.0: the z coordinate is the half-size of every shape, cubes included, and ``rotation``
holds radians although its values run to 360.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from engine.errors import BoxpaintError
from engine.formats.checks import (
    KIND,
    Notes,
    bad,
    default_ids,
    mapping,
    number,
    pixel_box,
    placed,
    required,
    sequence,
    shown,
    text,
)
from engine.formats.dataset import Dataset, Entry, is_safe_name, renamed_entries, safe_name
from engine.formats.layoutbench import WORDS, looks_like_scene
from engine.formats.output import ReadOnly
from engine.formats.pictures import PictureFinder
from engine.formats.source import Source
from engine.layout import Layout, LayoutObject
from engine.layout.vocabulary import CLEVR_SHAPES

if TYPE_CHECKING:
    from engine.clevr.camera import Camera, Solid

WIDTH, HEIGHT = 480, 320
"""Size of CLEVR's pictures in pixels."""

PROJECT = "project"
"""The reading of boxes that derives them from the scene."""

_SCENE_FIELDS = frozenset({"objects", "split"})

_SMALLEST, _LARGEST = 0.01, 100.0
"""Half-heights and distances in CLEVR's units between which an object's outline can be computed."""


class ClevrScenes(ReadOnly):
    """Format ``clevr``: ``{"info", "scenes": [{"objects": [{"3d_coords", "rotation", …}]}]}``."""

    name = "clevr"
    title = "CLEVR scenes"
    suffixes: tuple[str, ...] = ("_scenes.json", ".json")
    can_read = True
    readings: tuple[str, ...] = (PROJECT,)

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that these are scenes without boxes."""
        return 80 if looks_like_scene(source.json, "3d_coords") else 0

    def read(self, source: Source) -> Dataset:
        """One entry per scene, its boxes projected; refused unless that was asked for."""
        if source.options.boxes != PROJECT:
            raise BoxpaintError(
                "these are CLEVR scenes, which have no boxes.",
                KIND,
                file=source.file,
                field="bbox",
                hint="Derive boxes from the 3D positions with --boxes project, or render the scenes, which gives both.",
            )
        notes = Notes("scene", "object")
        size = source.options.size or (WIDTH, HEIGHT)
        finder = PictureFinder(source.path.parent)
        try:
            data = mapping(source.json)
            scenes = sequence(data["scenes"], field="scenes") if "scenes" in data else [data]
            entries = []
            for index, scene in enumerate(scenes):
                try:
                    entries.append(_entry(scene, index, source.path.stem, size, finder, notes))
                except BoxpaintError as error:
                    raise placed(error, item=f"scene {index}") from error
        except BoxpaintError as error:
            raise placed(error, file=source.file) from error
        if not entries:
            raise BoxpaintError("there are no scenes in it.", KIND, file=source.file, field="scenes")
        extra = {key: value for key, value in data.items() if "scenes" in data and key != "scenes"}
        warning = "The scenes have no boxes: they were derived from the 3D positions, to about a pixel."
        return Dataset(renamed_entries(entries), self.name, (warning, *notes.warnings()), source.path, extra)


def _entry(
    raw: object, index: int, file_stem: str, size: tuple[int, int], finder: PictureFinder, notes: Notes
) -> Entry:
    scene = mapping(raw)
    objects = sequence(required(scene, "objects"), field="objects")
    solids, pixels = [], []
    for number_, entry in enumerate(objects):
        try:
            solids.append(_solid(mapping(entry)))
            pixels.append(_pixels(entry))
        except BoxpaintError as error:
            raise placed(error, item=f"object {number_}") from error
    camera = _camera(solids, pixels, size)
    items = []
    for number_, (default_id, data, solid) in enumerate(zip(default_ids(len(objects)), objects, solids, strict=True)):
        try:
            item = _object(data, default_id, solid, camera, size, notes, (index, number_))
        except BoxpaintError as error:
            raise placed(error, item=f"object {number_}") from error
        if item is not None:
            items.append(item)
    extra = {"image_index": index, "image_filename": f"{safe_name(file_stem)}_{index:06d}.png"}
    extra |= {key: value for key, value in scene.items() if key not in _SCENE_FIELDS}
    name = text(extra["image_filename"], field="image_filename")
    split = scene.get("split")
    if split is not None and not is_safe_name(split):
        raise bad(f"{shown(split)} cannot be the name of a split.", field="split")
    return Entry(safe_name(name), Layout(*size, tuple(items), extra=extra), split, finder.find(name))


def _solid(data: dict[str, Any]) -> Solid:
    from engine.clevr.camera import Solid  # NumPy is loaded only where scenes are projected

    shape = text(required(data, "shape"), field="shape")
    if shape not in CLEVR_SHAPES:
        raise bad(f"{shown(shape)} is no shape of CLEVR.", field="shape", hint=f"Those are {', '.join(CLEVR_SHAPES)}.")
    place = sequence(required(data, "3d_coords"), field="3d_coords")
    if len(place) != 3:
        raise bad(f"three numbers belong here, not {shown(place)}.", field="3d_coords")
    x, y, z = (float(number(value, field="3d_coords")) for value in place)
    if not (z >= _SMALLEST and max(abs(x), abs(y), z) < _LARGEST):
        raise bad(f"{shown(place)} is no place on CLEVR's floor.", field="3d_coords")
    rotation = number(data.get("rotation", 0.0), field="rotation")
    return Solid(shape, (x, y, z), (z, z, z), math.degrees(rotation % (2 * math.pi)))


def _pixels(data: dict[str, Any]) -> tuple[float, float] | None:
    if "pixel_coords" not in data:
        return None
    values = sequence(data["pixel_coords"], field="pixel_coords")
    if len(values) < 2:
        raise bad(f"two or three numbers belong here, not {shown(values)}.", field="pixel_coords")
    return number(values[0], field="pixel_coords"), number(values[1], field="pixel_coords")


def _camera(solids: list[Solid], pixels: list[tuple[float, float] | None], size: tuple[int, int]) -> Camera:
    import numpy as np

    from engine.clevr.camera import fit_camera

    known = [(solid.center, pixel) for solid, pixel in zip(solids, pixels, strict=True) if pixel is not None]
    points = np.array([point for point, _ in known], dtype=float).reshape(-1, 3)
    targets = np.array([pixel for _, pixel in known], dtype=float).reshape(-1, 2)
    # The positions in the file are those of CLEVR's own picture size.
    return fit_camera(points, targets * np.array([size[0] / WIDTH, size[1] / HEIGHT]), *size)


def _object(
    data: dict[str, Any],
    default_id: str,
    solid: Solid,
    camera: Camera,
    size: tuple[int, int],
    notes: Notes,
    at: tuple[int, ...],
) -> LayoutObject | None:
    words = [text(required(data, word), field=word) for word in WORDS]
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):  # where that happens is looked at below
        bounds = camera.bounds(solid, *size)
    if bounds is None:
        raise bad("it lies behind the camera.", field="3d_coords")
    if not all(map(math.isfinite, bounds)):
        raise bad("it touches the camera.", field="3d_coords")
    x0, y0, x1, y1 = map(round, bounds)
    box = pixel_box(x0, y0, x1, y1, *size, notes, at)
    extra = {key: value for key, value in data.items() if key not in WORDS}
    return None if box is None else LayoutObject(default_id, " ".join(words), box, extra=extra)
