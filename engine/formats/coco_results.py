"""COCO results: detections as ``{"image_id", "category_id", "bbox", "score"}``, read as layouts, one per image."""

from __future__ import annotations

from collections.abc import Iterator
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
    number,
    own_fields,
    placed,
    required,
    sequence,
    shown,
    text,
    to_xywh,
    whole,
    xywh_box,
)
from engine.formats.dataset import Dataset, Entry, renamed_entries, safe_name
from engine.formats.output import json_list
from engine.formats.pictures import BESIDE, PictureFinder, picture_size, size_unknown
from engine.formats.source import Source, any_dict
from engine.layout import Layout, LayoutObject
from engine.layout.vocabulary import CLEVR_48, COCO_80

_KEYS = {"image_id", "category_id", "bbox"}
_BY_ID = {identity: name for name, identity in COCO_80.items()}


class CocoResults:
    """Format ``coco-results``: names and sizes are not in the file, only ids."""

    name = "coco-results"
    title = "COCO results (detections)"
    suffixes: tuple[str, ...] = (".json",)
    can_read = True
    can_write = True
    in_folder = False
    readings: tuple[str, ...] = ()

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that this is a list of detections."""
        data = source.json
        return 90 if isinstance(data, list) and any_dict(data, _KEYS) else 0

    def read(self, source: Source) -> Dataset:
        """One entry per image, named by its id; sizes from pictures of that name, else from the options."""
        notes = Notes("detection")
        finder = PictureFinder(source.path.parent, BESIDE)
        try:
            groups: dict[int | str, list[tuple[int, dict[str, Any]]]] = {}
            names: dict[int, str] = {}
            for index, raw in enumerate(sequence(source.json)):
                try:
                    data = mapping(raw)
                    identity = _image_id(required(data, "image_id"))
                    category = whole(required(data, "category_id"), field="category_id")
                except BoxpaintError as error:
                    raise placed(error, item=f"detection {index}") from error
                names.setdefault(category, "")
                groups.setdefault(identity, []).append((index, data))
            # The ids mean COCO's classes only if all of them can.
            coco = names.keys() <= _BY_ID.keys()
            names = {category: _BY_ID[category] if coco else f"class {category}" for category in names}
            entries = [_entry(identity, group, names, source, finder, notes) for identity, group in groups.items()]
        except BoxpaintError as error:
            raise placed(error, file=source.file) from error
        told = "the ids were taken for those of COCO" if coco else 'they were called "class" with their number'
        warning = f"The file names no classes: {told}."
        return Dataset(renamed_entries(entries), self.name, (*notes.warnings(), warning), source.path)

    def write(self, path: Path, dataset: Dataset) -> None:
        """One file; objects without a score get 1, classes the ids of COCO or, failing that, of CLEVR's 48 names."""
        write_bytes(path, json_list(_detections(dataset)))


def _image_id(value: object) -> int | str:
    if isinstance(value, str):
        return text(value, field="image_id")
    return whole(value, field="image_id")


def _entry(
    identity: int | str,
    group: list[tuple[int, dict[str, Any]]],
    names: dict[int, str],
    source: Source,
    finder: PictureFinder,
    notes: Notes,
) -> Entry:
    name = str(identity)
    picture = finder.find_stem(name) or finder.find_stem(name.zfill(12))  # COCO's own file names have twelve digits
    size = picture_size(picture) if picture else source.options.size
    if size is None:
        raise size_unknown(source.file, item=f"image {name}")
    ids = default_ids(len(group))
    items = []
    for default_id, (index, data) in zip(ids, group, strict=True):
        try:
            item = _object(data, default_id, names, size, notes, index)
        except BoxpaintError as error:
            raise placed(error, item=f"detection {index}") from error
        if item is not None:
            items.append(item)
    return Entry(safe_name(name), Layout(*size, tuple(items), extra={"id": identity}), picture=picture)


def _object(
    data: dict[str, Any], default_id: str, names: dict[int, str], size: tuple[int, int], notes: Notes, index: int
) -> LayoutObject | None:
    box = xywh_box(required(data, "bbox"), *size, notes, (index,), "bbox")
    if "score" in data:
        number(data["score"], field="score")
    if box is None:
        return None
    extra = {key: value for key, value in data.items() if key not in ("bbox", "image_id")}
    return foreign_object(names[data["category_id"]], box, default_id, extra)


def _detections(dataset: Dataset) -> Iterator[dict[str, Any]]:
    for entry in dataset.entries:
        known = entry.layout.extra.get("id")
        image_id = known if isinstance(known, (int, str)) else entry.name
        for place, item in enumerate(entry.layout.objects, 1):
            try:
                category = _category(item)
            except BoxpaintError as error:
                raise placed(error, item=f"{entry.name}, object {place - 1}") from error
            yield {
                "image_id": image_id,
                **{key: value for key, value in item.extra.items() if key not in ("bbox", "segmentation", "area")},
                "category_id": category,
                "bbox": to_xywh(item.box, *entry.layout.size),
                "score": item.extra.get("score", 1.0),
                **own_fields(item, f"o{place}"),
            }


def _category(item: LayoutObject) -> int:
    known = item.extra.get("category_id")
    if isinstance(known, int) and item.prompt in (_BY_ID.get(known), f"class {known}"):
        return known
    if item.prompt in COCO_80:
        return COCO_80[item.prompt]
    if item.prompt in CLEVR_48:
        return CLEVR_48.index(item.prompt)
    raise bad(
        f"the prompt {shown(item.prompt)} is no class of COCO or CLEVR, and results hold class ids only.",
        field="prompt",
        hint="Write coco instead: it lists its classes.",
    )
