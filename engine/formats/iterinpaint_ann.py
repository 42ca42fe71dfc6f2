"""IterInpaint's annotation files ``<split>_ann.json``: pictures with texts and corner boxes in pixels of 480 × 320."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.files import write_bytes
from engine.formats.checks import (
    Notes,
    bad,
    default_ids,
    foreign_object,
    mapping,
    own_fields,
    placed,
    required,
    sequence,
    text,
    to_xyxy,
    xyxy_box,
)
from engine.formats.dataset import Dataset, Entry, is_safe_name, renamed_entries, safe_name
from engine.formats.output import json_list
from engine.formats.pictures import BESIDE, PictureFinder
from engine.formats.source import Source, first_dicts
from engine.layout import Layout, LayoutObject

WIDTH, HEIGHT = 480, 320
"""Size of CLEVR's pictures in pixels; the format has no field for it."""

_SUFFIX = "_ann"
_OBJECT_FIELDS = frozenset({"text", "box"})
_ENTRY_FIELDS = frozenset({"objects", "caption", "split"})


class IterInpaintAnnotations:
    """Format ``iterinpaint-ann``: a list of ``{"id", "objects": [{"text", "box": [x0, y0, x1, y1]}]}``."""

    name = "iterinpaint-ann"
    title = "IterInpaint annotations"
    suffixes: tuple[str, ...] = ("_ann.json",)
    can_read = True
    can_write = True
    in_folder = False
    readings: tuple[str, ...] = ()

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that this is such a list."""
        entries = [entry for entry in first_dicts(source.json) if isinstance(entry.get("objects"), list)]
        objects = [item for entry in entries for item in first_dicts(entry["objects"])]
        if any({"text", "box"} <= item.keys() for item in objects):
            return 90
        return 40 if not objects and any("id" in entry for entry in entries) else 0

    def read(self, source: Source) -> Dataset:
        """One entry per picture, named by its ``id``."""
        notes = Notes("picture", "object")
        size = source.options.size or (WIDTH, HEIGHT)
        finder = PictureFinder(source.path.parent, BESIDE)
        stem = source.path.stem
        split = stem.removesuffix(_SUFFIX) if stem.endswith(_SUFFIX) and is_safe_name(stem[: -len(_SUFFIX)]) else None
        try:
            raw = sequence(source.json)
            entries = [_entry(item, index, split, size, finder, notes) for index, item in enumerate(raw)]
        except BoxpaintError as error:
            raise placed(error, file=source.file) from error
        return Dataset(renamed_entries(entries), self.name, notes.warnings(), source.path)

    def write(self, path: Path, dataset: Dataset) -> None:
        """One file; boxes in pixels of 480 × 320 whatever the layout's size."""
        write_bytes(path, json_list(map(_raw_entry, dataset.entries)))


def _entry(
    raw: object, index: int, split: str | None, size: tuple[int, int], finder: PictureFinder, notes: Notes
) -> Entry:
    try:
        data = mapping(raw)
        objects = sequence(required(data, "objects"), field="objects")
        ids = default_ids(len(objects))
        items = []
        for number, item in enumerate(objects):
            try:
                made = _object(item, ids[number], size, notes, (index, number))
            except BoxpaintError as error:
                raise placed(error, item=f"object {number}") from error
            if made is not None:
                items.append(made)
        extra = {"id": f"picture_{index:06d}.png"} | {k: v for k, v in data.items() if k not in _ENTRY_FIELDS}
        if isinstance(extra["id"], bool) or not isinstance(extra["id"], (str, int)):
            raise bad("a text or a number belongs here.", field="id")
        name = str(extra["id"])
        own_split = data.get("split", split)
        if own_split is not None and not is_safe_name(own_split):
            raise bad("it cannot be the name of a split.", field="split")
        layout = Layout(*size, tuple(items), text(data.get("caption", ""), field="caption"), extra)
        return Entry(safe_name(text(name, field="id")), layout, own_split, finder.find(name))
    except BoxpaintError as error:
        raise placed(error, item=f"picture {index}") from error


def _object(
    raw: object, default_id: str, size: tuple[int, int], notes: Notes, at: tuple[int, ...]
) -> LayoutObject | None:
    data = mapping(raw)
    box = xyxy_box(required(data, "box"), *size, notes, at, "box")
    prompt = text(required(data, "text"), field="text")
    if box is None:
        return None
    extra = {key: value for key, value in data.items() if key not in _OBJECT_FIELDS}
    return foreign_object(prompt, box, default_id, extra)


def _raw_entry(entry: Entry) -> dict[str, Any]:
    known = entry.layout.extra.get("id")
    same = isinstance(known, (str, int)) and safe_name(str(known)) == entry.name
    data = {key: value for key, value in entry.layout.extra.items() if key not in _ENTRY_FIELDS}
    data["id"] = known if same else f"{entry.name}.png"
    if entry.split is not None:
        data["split"] = entry.split
    if entry.layout.caption:
        data["caption"] = entry.layout.caption
    data["objects"] = [
        {
            **item.extra,
            "text": item.prompt,
            "box": to_xyxy(item.box, WIDTH, HEIGHT),
            **own_fields(item, f"o{number}"),
        }
        for number, item in enumerate(entry.layout.objects, 1)
    ]
    return data
