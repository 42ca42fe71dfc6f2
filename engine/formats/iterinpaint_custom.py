"""The custom annotation of IterInpaint's notebook: a list of boxes in pixels of a 512 square, no size, no caption."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.files import write_bytes
from engine.formats.checks import (
    Notes,
    default_ids,
    foreign_object,
    mapping,
    number,
    own_fields,
    placed,
    required,
    sequence,
    text,
    to_xywh,
    xywh_box,
)
from engine.formats.dataset import Dataset, Entry, safe_name
from engine.formats.output import json_list, only_entry
from engine.formats.source import Source, any_dict
from engine.layout import Layout, LayoutObject

SIDE = 512
"""Side of the square in pixels; the format has no field for it."""

_BOX = ("x", "y", "width", "height")
_FIELDS = frozenset({*_BOX, "label"})


class IterInpaintCustom:
    """Format ``iterinpaint-custom``: a list of ``{"x", "y", "width", "height", "label"}``."""

    name = "iterinpaint-custom"
    title = "IterInpaint custom annotation"
    suffixes: tuple[str, ...] = (".json",)
    can_read = True
    can_write = True
    in_folder = False
    readings: tuple[str, ...] = ()

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that this is a custom annotation."""
        data = source.json
        return 90 if isinstance(data, list) and any_dict(data, {"x", "y", "width", "height"}) else 0

    def read(self, source: Source) -> Dataset:
        """One entry named like the file."""
        notes = Notes("object", single=True)
        width, height = source.options.size or (SIDE, SIDE)
        try:
            raw = sequence(source.json)
        except BoxpaintError as error:
            raise placed(error, file=source.file) from error
        ids = default_ids(len(raw))
        items = []
        for index, entry in enumerate(raw):
            try:
                items.append(_object(entry, ids[index], width, height, notes, (index,)))
            except BoxpaintError as error:
                raise placed(error, file=source.file, item=f"object {index}") from error
        try:
            layout = Layout(width, height, tuple(items))
        except BoxpaintError as error:
            raise placed(error, file=source.file) from error
        return Dataset((Entry(safe_name(source.path.stem), layout),), self.name, notes.warnings(), source.path)

    def write(self, path: Path, dataset: Dataset) -> None:
        """One file with one layout, its boxes in pixels of the 512 square whatever the layout's size."""
        entry = only_entry(path, dataset, "Write one layout, or choose a format for many, e.g. coco.")
        write_bytes(path, json_list(_raw(item, n) for n, item in enumerate(entry.layout.objects, 1)))


def _object(raw: object, default_id: str, width: int, height: int, notes: Notes, at: tuple[int, ...]) -> LayoutObject:
    data = mapping(raw)
    numbers = [number(required(data, field), field=field) for field in _BOX]
    box = xywh_box(numbers, width, height, notes, at, "box")
    assert box is not None  # a single layout's box is refused, never left out
    extra = {key: value for key, value in data.items() if key not in _FIELDS}
    return foreign_object(text(required(data, "label"), field="label"), box, default_id, extra)


def _raw(item: LayoutObject, number: int) -> dict[str, Any]:
    values = dict(zip(_BOX, to_xywh(item.box, SIDE, SIDE), strict=True))
    return {**item.extra, **values, "label": item.prompt, **own_fields(item, f"o{number}")}
