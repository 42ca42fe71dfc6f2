"""labelme's JSON files: one per picture, rectangles as two corners; other shapes become their bounding box."""

from __future__ import annotations

import base64
import binascii
import math
import os
import struct
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.formats.checks import (
    Notes,
    bad,
    default_ids,
    foreign_object,
    mapping,
    number,
    own_fields,
    pixel_box,
    placed,
    required,
    sequence,
    shown,
    side,
    text,
    to_xyxy,
)
from engine.formats.dataset import Dataset, Entry, safe_name, unique_names
from engine.formats.output import json_file, write_layouts
from engine.formats.pictures import PictureFinder, picture_size, size_unknown
from engine.formats.source import Source, any_dict
from engine.layout import Box, Layout, LayoutObject

VERSION = "6.0.0"
"""Version of labelme whose files look like those written here."""

MAX_PICTURES = 128 * 2**20
"""Characters of embedded pictures that are kept in memory; beyond it they are left out, and that is said."""

_OTHER = "{n} shape{s} other than rectangles became bounding boxes"
_POINT = "{n} shape{s} without area left out"
_PICTURE = "{n} embedded picture{s} left out: too large to be kept"
_TOP = frozenset({"version", "shapes", "imagePath", "imageData", "imageHeight", "imageWidth", "caption"})
_SHAPE = frozenset({"label", "points", "shape_type"})
_OPTIONAL = ("flags", "description", "group_id", "mask")
"""Fields of a shape that labelme writes always, and that say nothing while they are empty."""


class Labelme:
    """Format ``labelme``: one file, or a folder with one file per picture."""

    name = "labelme"
    title = "labelme"
    suffixes: tuple[str, ...] = (".json",)
    can_read = True
    can_write = True
    in_folder = True
    readings: tuple[str, ...] = ()

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that this is a file of labelme, or a folder of them."""
        if source.is_folder:
            samples = source.samples(source.items(".json"), 3)
            return 80 if samples and all(map(_is_labelme, samples)) else 0
        return 95 if _is_labelme(source.json) else 0

    def read(self, source: Source) -> Dataset:
        """One entry per file, named by its picture."""
        paths = source.items(".json") if source.is_folder else [source.path]
        notes = Notes("file", "shape")
        finder = PictureFinder(source.path if source.is_folder else source.path.parent)
        entries = []
        kept = 0
        for index, path in enumerate(paths):
            with source.part(path):
                data = mapping(source.json if path == source.path else Source(path).json)
                entry = _entry(data, path, finder, source.options.size, notes, index)
                kept += len(entry.layout.extra.get("imageData") or "")
                if kept > MAX_PICTURES and isinstance(entry.layout.extra, dict):
                    entry.layout.extra.pop("imageData", None)
                    notes.add(_PICTURE)
                entries.append(entry)
        names = unique_names(entry.name for entry in entries)
        renamed = (Entry(name, entry.layout, None, entry.picture) for name, entry in zip(names, entries, strict=True))
        return Dataset(tuple(renamed), self.name, notes.warnings(), source.path)

    def write(self, path: Path, dataset: Dataset) -> None:
        """A ``.json`` path takes one layout; any other becomes a folder with a file per layout."""
        write_layouts(path, dataset, ".json", _file)


def _is_labelme(data: Any) -> bool:
    if not isinstance(data, dict) or not isinstance(data.get("shapes"), list):
        return False
    return "imagePath" in data or "imageData" in data or any_dict(data["shapes"], {"label", "points"})


def _entry(
    data: dict[str, Any], path: Path, finder: PictureFinder, size: tuple[int, int] | None, notes: Notes, index: int
) -> Entry:
    image_path = data.get("imagePath")
    name = text(image_path, field="imagePath") if image_path else path.stem
    picture = finder.find(name)
    width, height = _size(data, picture, size, str(path))
    shapes = sequence(required(data, "shapes"), field="shapes")
    ids = default_ids(len(shapes))
    items = []
    for place, raw in enumerate(shapes):
        try:
            item = _object(raw, ids[place], width, height, notes, (index, place))
        except BoxpaintError as error:
            raise placed(error, item=f"shape {place}") from error
        if item is not None:
            items.append(item)
    stem = _stem(name, path.stem)
    extra = {key: value for key, value in data.items() if key not in _TOP}
    if not extra.get("flags"):
        extra.pop("flags", None)
    if picture is None:
        # Kept only where writing could not make them up again.
        if image_path and image_path != f"{stem}.png":
            extra["imagePath"] = name
        if (embedded := data.get("imageData")) and text(embedded, field="imageData") != _blank(width, height):
            extra["imageData"] = embedded
    layout = Layout(width, height, tuple(items), text(data.get("caption", ""), field="caption"), extra)
    return Entry(stem, layout, picture=picture)


def _stem(picture_name: str, default: str = "layout") -> str:
    return safe_name(picture_name.replace("\\", "/").rsplit("/", 1)[-1], default=safe_name(default))


def _size(data: dict[str, Any], picture: Path | None, size: tuple[int, int] | None, file: str) -> tuple[int, int]:
    width, height = data.get("imageWidth"), data.get("imageHeight")
    if width is not None and height is not None:
        return side(width, field="imageWidth"), side(height, field="imageHeight")
    if picture is not None:
        return picture_size(picture)
    if isinstance(data.get("imageData"), str) and (embedded := _embedded_png_size(data["imageData"])):
        return side(embedded[0], field="imageData"), side(embedded[1], field="imageData")
    if size is None:
        raise size_unknown(file)
    return size


def _embedded_png_size(encoded: str) -> tuple[int, int] | None:
    """Width and height of an embedded PNG, whose first bytes tell them; None for other pictures."""
    try:
        start = base64.b64decode(encoded[:32], validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad("it is no base64 text.", field="imageData") from error
    return struct.unpack(">II", start[16:24]) if start.startswith(b"\x89PNG\r\n\x1a\n") and len(start) >= 24 else None


def _object(
    raw: object, default_id: str, width: int, height: int, notes: Notes, at: tuple[int, ...]
) -> LayoutObject | None:
    data = mapping(raw)
    label = text(required(data, "label"), field="label")
    kind = text(data.get("shape_type") or "polygon", field="shape_type")
    points = [_point(point) for point in sequence(required(data, "points"), field="points")]
    if not points:
        raise bad("there are no points.", field="points")
    box = _bounds(kind, points, width, height, notes, at)
    if box is None:
        return None
    extra = {key: value for key, value in data.items() if key not in _SHAPE}
    for key in _OPTIONAL:
        if not extra.get(key) and extra.get(key) != 0:
            extra.pop(key, None)
    if kind != "rectangle":
        notes.add(_OTHER, at)
        extra.pop("mask", None)  # its meaning goes with the shape
    return foreign_object(label, box, default_id, extra)


def _bounds(
    kind: str, points: list[tuple[float, float]], width: int, height: int, notes: Notes, at: tuple[int, ...]
) -> Box | None:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    if kind == "circle" and len(points) == 2:
        # labelme draws a circle by its centre and a point on it.
        radius = math.dist(*points)
        xs, ys = [xs[0] - radius, xs[0] + radius], [ys[0] - radius, ys[0] + radius]
    x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
    if kind != "rectangle" and (x0 == x1 or y0 == y1):
        notes.add(_POINT, at)
        return None
    return pixel_box(x0, y0, x1, y1, width, height, notes, at)


def _point(value: object) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise bad(f"a point is a list of two numbers, not {shown(value)}.", field="points")
    return number(value[0], field="points"), number(value[1], field="points")


def _file(entry: Entry, folder: Path) -> bytes:
    layout = entry.layout
    extra = {key: value for key, value in layout.extra.items() if key not in _TOP}
    flags = extra.pop("flags", None)
    fields: dict[str, Any] = {"version": VERSION, "flags": flags if _are_flags(flags) else {}, **extra}
    if layout.caption:
        fields["caption"] = layout.caption
    fields |= _picture_fields(entry, folder)
    fields |= {"imageHeight": layout.height, "imageWidth": layout.width}
    return json_file(fields, {"shapes": [_shape(item, layout, place) for place, item in enumerate(layout.objects, 1)]})


def _picture_fields(entry: Entry, folder: Path) -> dict[str, Any]:
    """``imagePath`` and ``imageData``; labelme opens no file without a picture, so a blank one stands in."""
    if entry.picture is not None:
        path = os.path.relpath(entry.picture, folder.absolute())
        return {"imagePath": Path(path).as_posix(), "imageData": None}
    known, data = entry.layout.extra.get("imagePath"), entry.layout.extra.get("imageData")
    if not isinstance(known, str) or _stem(known) != entry.name:
        known = f"{entry.name}.png"
    return {"imagePath": known, "imageData": data if isinstance(data, str) else _blank(*entry.layout.size)}


def _shape(item: LayoutObject, layout: Layout, place: int) -> dict[str, Any]:
    x0, y0, x1, y1 = to_xyxy(item.box, layout.width, layout.height)
    extra = {key: value for key, value in item.extra.items() if key not in _SHAPE}
    # labelme refuses files in which its own fields have another type.
    if not _are_flags(extra.get("flags")):
        extra["flags"] = {}
    for key, kinds in (("description", str), ("group_id", int), ("mask", str)):
        if extra.get(key) is not None and not isinstance(extra[key], kinds):
            del extra[key]
    return {
        "label": item.prompt,
        "points": [[x0, y0], [x1, y1]],
        "group_id": extra.pop("group_id", None),
        "description": extra.pop("description", ""),
        "shape_type": "rectangle",
        **extra,
        **own_fields(item, f"o{place}"),
    }


def _are_flags(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, bool) for item in value.values())


@lru_cache(maxsize=8)
def _blank(width: int, height: int) -> str:
    """A gray PNG of this size as base64: a few hundred characters for a usual size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)  # 8 bits of gray
    packer = zlib.compressobj(9)
    row = b"\0" + b"\x80" * width
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return base64.b64encode(content).decode("ascii")
