"""LayoutBench-COCO: lists of captions with normalised corner boxes; the name of the picture follows from the entry."""

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
    four,
    mapping,
    own_fields,
    pixel_box,
    placed,
    required,
    sequence,
    text,
)
from engine.formats.dataset import Dataset, Entry, is_safe_name, renamed_entries, safe_name
from engine.formats.output import json_list
from engine.formats.pictures import BESIDE, PictureFinder, picture_size
from engine.formats.source import Source, any_dict
from engine.layout import Layout, LayoutObject

SIDE = 512
"""Side in pixels at which the published script paints these layouts; the files hold no size."""

_ALL = "all_layouts"
_ENDINGS = ("_layouts_all", "_layouts")
_FIELDS = frozenset({"caption", "box_captions", "boxes_normalized", "split"})
_OWN = "boxpaint_objects"
"""Key of a list, parallel to the boxes, with what the format has no field for."""


class LayoutBenchCoco:
    """Format ``layoutbench-coco``: ``{"caption", "box_captions", "boxes_normalized", "file_name"?, "id"?}`` in a list.

    A folder of such files is read as one dataset, each file a split; ``all_layouts.json`` only where it is alone.
    """

    name = "layoutbench-coco"
    title = "LayoutBench-COCO layouts"
    suffixes: tuple[str, ...] = ("_layouts_all.json", "all_layouts.json", ".json")
    can_read = True
    can_write = True
    in_folder = False
    readings: tuple[str, ...] = ()

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that this is such a list."""
        if source.is_folder:
            return 75 if _files(source) else 0
        data = source.json
        return 95 if isinstance(data, list) and any_dict(data, {"boxes_normalized"}) else 0

    def read(self, source: Source) -> Dataset:
        """One entry per layout, named like its picture."""
        entries: list[Entry] = []
        notes = Notes("layout", "object")
        assumed = False
        for path in _files(source) if source.is_folder else [source.path]:
            finder = PictureFinder(path.parent, (*BESIDE, path.stem))
            with source.part(path):
                raw = sequence(source.json if path == source.path else Source(path).json)
                read = [
                    _entry(item, index, _split(path), source.options.size, finder, notes)
                    for index, item in enumerate(raw)
                ]
                entries += (entry for entry, _ in read)
                assumed |= any(guessed for _, guessed in read)
        warnings = notes.warnings()
        if assumed:
            warnings += (f"The file holds no size: {SIDE} × {SIDE} was taken, as published; --size changes it.",)
        return Dataset(renamed_entries(entries), self.name, warnings, source.path)

    def write(self, path: Path, dataset: Dataset) -> None:
        """One file with all entries."""
        write_bytes(path, json_list(map(_raw_entry, dataset.entries)))


def _files(source: Source) -> list[Path]:
    paths = [path for path in source.items(".json") if path.stem == _ALL or path.stem.endswith(_ENDINGS)]
    parts = [path for path in paths if path.stem != _ALL]
    return parts or paths


def _split(path: Path) -> str | None:
    stem = path.stem
    if stem == _ALL:
        return None
    name = next((stem.removesuffix(ending) for ending in _ENDINGS if stem.endswith(ending)), None)
    return name if is_safe_name(name) else None


def _entry(
    raw: object, index: int, split: str | None, size: tuple[int, int] | None, finder: PictureFinder, notes: Notes
) -> tuple[Entry, bool]:
    """The entry, and whether its size was assumed."""
    try:
        data = mapping(raw)
        caption = text(data.get("caption", ""), field="caption")
        file_name = _picture_name(data, caption)
        picture = finder.find(file_name)
        assumed = size is None and picture is None
        width, height = size or (picture_size(picture) if picture else (SIDE, SIDE))
        own_split = data.get("split", split)
        if own_split is not None and not is_safe_name(own_split):
            raise bad("it cannot be the name of a split.", field="split")
        extra = {key: value for key, value in data.items() if key not in _FIELDS and key != _OWN}
        layout = Layout(width, height, tuple(_objects(data, index, notes)), caption, extra)
        return Entry(safe_name(file_name), layout, own_split, picture), assumed
    except BoxpaintError as error:
        raise placed(error, item=f"layout {index}") from error


def _picture_name(data: dict[str, Any], caption: str) -> str:
    if data.get("file_name") is not None:
        return text(data["file_name"], field="file_name")
    identity = data.get("id")
    if identity is None:
        return f"{caption}.png"
    if isinstance(identity, bool) or not isinstance(identity, (int, str)):
        raise bad("a number or a text belongs here.", field="id")
    return f"{text(str(identity), field='id')}.png"


def _objects(data: dict[str, Any], index: int, notes: Notes) -> list[LayoutObject]:
    boxes = sequence(required(data, "boxes_normalized"), field="boxes_normalized")
    prompts = sequence(required(data, "box_captions"), field="box_captions")
    if len(boxes) != len(prompts):
        raise bad(f"there are {len(boxes)} boxes and {len(prompts)} captions.", field="box_captions")
    own = sequence(data.get(_OWN, [None] * len(boxes)), field=_OWN)
    if len(own) != len(boxes):
        raise bad(f"there are {len(boxes)} boxes and {len(own)} of these.", field=_OWN)
    items = []
    ids = default_ids(len(boxes))
    for number, (raw_box, prompt, fields) in enumerate(zip(boxes, prompts, own, strict=True)):
        try:
            box = pixel_box(*four(raw_box, field="boxes_normalized"), 1, 1, notes, (index, number))
            extra = {} if fields is None else dict(mapping(fields, field=_OWN))
            if box is not None:
                items.append(foreign_object(text(prompt, field="box_captions"), box, ids[number], extra))
        except BoxpaintError as error:
            raise placed(error, item=f"object {number}") from error
    return items


def _raw_entry(entry: Entry) -> dict[str, Any]:
    layout = entry.layout
    extra = {key: value for key, value in layout.extra.items() if key not in _FIELDS}
    named: dict[str, Any] = {key: extra[key] for key in ("file_name", "id") if key in extra}
    try:
        keeps = safe_name(_picture_name(named, layout.caption)) == entry.name
    except BoxpaintError:  # fields of another format that mean something else there
        keeps = False
        extra.pop("id", None)
    if not keeps:
        extra["file_name"] = f"{entry.name}.png"
    raw = {
        **extra,
        "caption": layout.caption,
        "box_captions": [item.prompt for item in layout.objects],
        "boxes_normalized": [[item.box.x0, item.box.y0, item.box.x1, item.box.y1] for item in layout.objects],
    }
    if entry.split is not None:
        raw["split"] = entry.split
    own = [{**item.extra, **own_fields(item, f"o{number}")} for number, item in enumerate(layout.objects, 1)]
    if any(own):
        raw[_OWN] = [fields or None for fields in own]
    return raw
