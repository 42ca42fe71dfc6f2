"""Boxpaint's own layout file, ``*.layout.json``: normalised boxes, everything the window knows, unknown fields kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.formats.checks import (
    Notes,
    bad,
    default_ids,
    flag,
    four,
    mapping,
    pixel_box,
    placed,
    required,
    sequence,
    side,
    text,
)
from engine.formats.dataset import Dataset, Entry, is_safe_name, safe_name, unique_names
from engine.formats.output import json_file, write_layouts
from engine.formats.source import Source, any_dict
from engine.layout import Box, Layout, LayoutObject, check_seed

SCHEMA_VERSION = 1
SUFFIX = ".layout.json"

_LAYOUT_FIELDS = frozenset({"schema_version", "width", "height", "caption", "objects"})
_OBJECT_FIELDS = frozenset({"id", "prompt", "box", "locked", "hidden", "seed"})


def layout_to_dict(layout: Layout) -> dict[str, Any]:
    """The layout as the JSON object of a ``.layout.json`` file; unknown fields come last."""
    return {
        "schema_version": SCHEMA_VERSION,
        "width": layout.width,
        "height": layout.height,
        "caption": layout.caption,
        "objects": [
            {
                "id": item.id,
                "prompt": item.prompt,
                "box": [item.box.x0, item.box.y0, item.box.x1, item.box.y1],
                "locked": item.locked,
                "hidden": item.hidden,
                "seed": item.seed,
                **_without(item.extra, _OBJECT_FIELDS),
            }
            for item in layout.objects
        ],
        **_without(layout.extra, _LAYOUT_FIELDS),
    }


def layout_from_dict(
    data: object, *, file: str | None = None, notes: Notes | None = None, at: tuple[int, ...] = ()
) -> Layout:
    """The layout in the JSON object of a ``.layout.json`` file.

    Args:
        data: What `layout_to_dict` gave, or anything else.
        file: Named in errors.
        notes: Where clipped boxes are counted; without it, a box that sticks out is refused.
        at: The place of the layout, for the notes.

    Raises:
        BoxpaintError: It is no layout; the error names object and field.
    """
    try:
        data = mapping(data)
        check_version(required(data, "schema_version"))
        objects = sequence(required(data, "objects"), field="objects")
        ids = default_ids(len(objects))
        items = []
        for index, raw in enumerate(objects):
            try:
                items.append(_object(raw, ids[index], notes, (*at, index)))
            except BoxpaintError as error:
                raise placed(error, item=f"object {index}") from error
        return Layout(
            width=side(required(data, "width"), field="width"),
            height=side(required(data, "height"), field="height"),
            objects=tuple(items),
            caption=text(data.get("caption", ""), field="caption"),
            extra=_without(data, _LAYOUT_FIELDS),
        )
    except BoxpaintError as error:
        raise placed(error, file=file) from error


def entry_from_dict(
    data: object, name: str, *, file: str | None = None, notes: Notes | None = None, at: tuple[int, ...] = ()
) -> Entry:
    """The layout as `layout_from_dict` reads it, with its name and the split that a dataset's layout may carry."""
    layout = layout_from_dict(data, file=file, notes=notes, at=at)
    split = layout.extra.get("split")
    if split is None or not is_safe_name(split):
        return Entry(name, layout)
    return Entry(name, replace(layout, extra=_without(layout.extra, frozenset({"split"}))), split)


def check_version(version: object, *, newest: int = SCHEMA_VERSION) -> None:
    """Refuse a file of a newer program: it may say things that this one would silently drop."""
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise bad("the schema version is a whole number from 1.", field="schema_version")
    if version > newest:
        raise bad(
            f"it was written by a newer Boxpaint (schema version {version}; this one reads up to {newest}).",
            field="schema_version",
            hint="Update Boxpaint to open it.",
        )


class BoxpaintLayout:
    """Format ``boxpaint``: one layout per file; a folder holds several."""

    name = "boxpaint"
    title = "Boxpaint layout"
    suffixes: tuple[str, ...] = (SUFFIX,)
    can_read = True
    can_write = True
    in_folder = True
    readings: tuple[str, ...] = ()

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that this is a Boxpaint layout."""
        if source.is_folder:
            return 90 if source.items(SUFFIX) else 0
        data = source.json
        if not isinstance(data, dict) or "objects" not in data:
            return 0
        if "schema_version" in data:
            return 100
        return 50 if any_dict(data["objects"], {"prompt", "box"}) else 0

    def read(self, source: Source) -> Dataset:
        """One entry, or one for each ``.layout.json`` of a folder."""
        paths = source.items(SUFFIX) if source.is_folder else [source.path]
        notes = Notes("file", "object", single=True) if source.is_folder else Notes("object", single=True)
        names = unique_names(safe_name(path.name.removesuffix(".json").removesuffix(".layout")) for path in paths)
        entries = []
        for index, (path, name) in enumerate(zip(paths, names, strict=True)):
            with source.part(path):
                data = Source(path).json if source.is_folder else source.json
                at = (index,) if source.is_folder else ()
                entries.append(entry_from_dict(data, name, file=str(path), notes=notes, at=at))
        return Dataset(tuple(entries), self.name, notes.warnings(), source.path)

    def write(self, path: Path, dataset: Dataset) -> None:
        """One file; a folder if the path names one or there is not exactly one layout."""
        write_layouts(path, dataset, SUFFIX, lambda entry, folder: layout_file(entry))


def layout_file(entry: Entry) -> bytes:
    """The entry as the content of a ``.layout.json`` file."""
    data = layout_to_dict(entry.layout)
    if entry.split is not None:
        data["split"] = entry.split
    objects = data.pop("objects")
    return json_file(data, {"objects": objects})


def _object(raw: object, default_id: str, notes: Notes | None, at: tuple[int, ...]) -> LayoutObject:
    data = mapping(raw)
    edges = four(required(data, "box"), field="box")
    box = Box(*edges) if notes is None else pixel_box(*edges, 1, 1, notes, at)
    assert box is not None  # a single layout's box is refused, never left out
    seed = data.get("seed")
    return LayoutObject(
        id=text(data.get("id", default_id), field="id"),
        prompt=text(required(data, "prompt"), field="prompt"),
        box=box,
        locked=flag(data.get("locked", False), field="locked"),
        hidden=flag(data.get("hidden", False), field="hidden"),
        seed=None if seed is None else check_seed(seed),
        extra=_without(data, _OBJECT_FIELDS),
    )


def _without(data: Mapping[str, Any], fields: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in fields}
