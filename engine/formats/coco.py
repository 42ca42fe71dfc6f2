"""COCO instances: images, annotations with ``[x, y, width, height]`` boxes in pixels, categories.

Read here rather than with pycocotools, which builds indices but checks nothing: a broken file must be refused with the
place of the mistake. What is written loads in pycocotools; a test holds that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    shown,
    side,
    text,
    to_xywh,
    whole,
    xywh_box,
)
from engine.formats.dataset import Dataset, Entry, is_safe_name, renamed_entries, safe_name
from engine.formats.output import json_file
from engine.formats.pictures import BESIDE, PictureFinder, picture_size, size_unknown
from engine.formats.source import Source
from engine.layout import Box, Layout, LayoutObject
from engine.layout.vocabulary import CLEVR_48, COCO_80

CROWD = "{n} crowd annotation{s} left out: areas, not boxes"

_AREA_DIGITS = 6

_SPLIT = re.compile(r"scenes_(?P<split>.+)_coco")
_TOP = frozenset({"images", "annotations"})
_IMAGE_FIELDS = frozenset({"width", "height", "caption", "split"})
_ANNOTATION_FIELDS = frozenset({"image_id", "category_id"})
_RENUMBERED = "{n} annotation{s} got another id: it was missing, below 1 or used before"


class CocoInstances:
    """Format ``coco``: one file; `Dataset.extra` keeps categories, licences and whatever else is at its top."""

    name = "coco"
    title = "COCO instances"
    suffixes: tuple[str, ...] = (".json",)
    can_read = True
    can_write = True
    in_folder = False
    readings: tuple[str, ...] = ()

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that this is a COCO file."""
        data = source.json
        return 95 if isinstance(data, dict) and {"images", "annotations"} <= data.keys() else 0

    def read(self, source: Source) -> Dataset:
        """One entry per image, named by its file."""
        match = _SPLIT.fullmatch(source.path.stem)
        split = match["split"] if match and is_safe_name(match["split"]) else None
        return read_instances(source, self.name, split)

    def write(self, path: Path, dataset: Dataset) -> None:
        """One file with all entries."""
        write_bytes(path, instances_file(dataset.entries, dataset.extra))


def read_instances(source: Source, format_name: str, split: str | None) -> Dataset:
    """The images of a COCO file as entries."""
    notes = Notes("annotation")
    try:
        data = mapping(source.json)
        images = sequence(required(data, "images"), field="images")
        if not images:
            raise bad("there are no images in it.", field="images")
        names = _category_names(data)
        by_image = _by_image(images, sequence(required(data, "annotations"), field="annotations"), notes)
        finder = PictureFinder(source.path.parent, _picture_folders(source.path.stem))
        entries = [
            _entry(image, index, annotations, names, split, source, finder, notes)
            for index, (image, annotations) in enumerate(zip(images, by_image, strict=True))
        ]
    except BoxpaintError as error:
        raise placed(error, file=source.file) from error
    # An empty "info" is written in any case.
    extra = {key: value for key, value in data.items() if key not in _TOP and (key, value) != ("info", {})}
    return Dataset(renamed_entries(entries), format_name, notes.warnings(), source.path, extra)


def instances_file(entries: Sequence[Entry], extra: Mapping[str, Any]) -> bytes:
    """The entries as a COCO file; categories of ``extra`` are kept, and extended where a prompt is missing."""
    categories = _categories(entries, extra.get("categories"))
    ids = {category["name"]: category["id"] for category in reversed(categories)}
    image_ids = _unused_ids((entry.layout.extra.get("id") for entry in entries), start=0)
    images = [_raw_image(entry, number) for entry, number in zip(entries, image_ids, strict=True)]
    fields = {"info": {}, **{key: value for key, value in extra.items() if key not in _TOP | {"categories"}}}
    lists = {
        "images": images,
        "annotations": _raw_annotations(entries, image_ids, ids),
        "categories": categories,
    }
    return json_file(fields, lists)


def _category_names(data: dict[str, Any]) -> dict[int, str]:
    names: dict[int, str] = {}
    for index, raw in enumerate(sequence(required(data, "categories"), field="categories")):
        try:
            category = mapping(raw)
            identity = required(category, "id")
            if isinstance(identity, bool) or not isinstance(identity, int):
                raise bad(f"a whole number belongs here, not {shown(identity)}.", field="id")
            if identity in names:
                raise bad(f"the id {identity} is used twice.", field="id")
            names[identity] = text(required(category, "name"), field="name")
        except BoxpaintError as error:
            raise placed(error, item=f"category {index}") from error
    return names


def _by_image(images: list[Any], annotations: list[Any], notes: Notes) -> list[list[tuple[int, dict[str, Any]]]]:
    """The annotations of each image with their places in the file, crowds left out."""
    groups: dict[int, list[tuple[int, dict[str, Any]]]] = {}
    ordered = []
    for index, image in enumerate(images):
        try:
            identity = required(mapping(image), "id")
            if whole(identity, field="id") in groups:
                raise bad(f"the id {shown(identity)} is used twice.", field="id")
        except BoxpaintError as error:
            raise placed(error, item=f"image {index}") from error
        group: list[tuple[int, dict[str, Any]]] = []
        groups[identity] = group
        ordered.append(group)
    kept = _without_crowds(annotations, notes)
    _number(kept, notes)
    for index, annotation in kept:
        try:
            groups[annotation["image_id"]].append((index, annotation))
        except (KeyError, TypeError) as error:
            raise placed(_no_image(annotation), item=f"annotation {index}") from error
    return ordered


def _number(kept: list[tuple[int, dict[str, Any]]], notes: Notes) -> None:
    """Give annotations whose id is missing or taken another one."""
    seen = {identity for _, annotation in kept if type(identity := annotation.get("id")) is int and identity >= 1}
    if len(seen) == len(kept):
        return
    numbers = _unused_ids((annotation.get("id") for _, annotation in kept), start=1)
    for (index, annotation), number in zip(kept, numbers, strict=True):
        if annotation.get("id") != number:
            annotation["id"] = number
            notes.add(_RENUMBERED, (index,))


def _without_crowds(annotations: list[Any], notes: Notes) -> list[tuple[int, dict[str, Any]]]:
    kept = []
    for index, annotation in enumerate(annotations):
        if not isinstance(annotation, dict):
            raise placed(bad(f"a JSON object belongs here, not {shown(annotation)}."), item=f"annotation {index}")
        if annotation.get("iscrowd"):
            notes.add(CROWD, (index,))
        else:
            kept.append((index, annotation))
    return kept


def _no_image(annotation: dict[str, Any]) -> BoxpaintError:
    if "image_id" not in annotation:
        return bad("it is missing.", field="image_id")
    return bad(f"there is no image with the id {shown(annotation['image_id'])}.", field="image_id")


def _picture_folders(stem: str) -> Iterator[str]:
    yield from BESIDE
    # COCO keeps annotations/instances_val2017.json beside val2017/.
    name = stem.rsplit("_", 1)[-1]
    if is_safe_name(name):
        yield from (name, f"../{name}", f"../images/{name}")


def _entry(
    image: dict[str, Any],
    index: int,
    annotations: list[tuple[int, dict[str, Any]]],
    names: dict[int, str],
    split: str | None,
    source: Source,
    finder: PictureFinder,
    notes: Notes,
) -> Entry:
    extra = {"file_name": f"image_{image['id']}.png"}
    extra |= {key: value for key, value in image.items() if key not in _IMAGE_FIELDS}
    name = extra["file_name"]
    try:
        picture = finder.find(text(name, field="file_name"))
        width, height = _size(image, picture, source)
        own_split = image.get("split", split)
        if own_split is not None and not is_safe_name(own_split):
            raise bad(f"{shown(own_split)} cannot be the name of a split.", field="split")
        caption = text(image.get("caption", ""), field="caption")
    except BoxpaintError as error:
        raise placed(error, item=f"image {index}") from error
    ids = default_ids(len(annotations))
    items = []
    for default_id, (place, annotation) in zip(ids, annotations, strict=True):
        try:
            item = _object(annotation, default_id, names, width, height, notes, place)
        except BoxpaintError as error:
            raise placed(error, item=f"annotation {place}") from error
        if item is not None:
            items.append(item)
    try:
        layout = Layout(width, height, tuple(items), caption, extra)
        return Entry(safe_name(name), layout, own_split, picture)
    except BoxpaintError as error:
        raise placed(error, item=f"image {index}") from error


def _size(image: dict[str, Any], picture: Path | None, source: Source) -> tuple[int, int]:
    if "width" in image or "height" in image:
        return side(required(image, "width"), field="width"), side(required(image, "height"), field="height")
    if picture is not None:
        return picture_size(picture)
    if source.options.size is None:
        raise size_unknown(source.file)
    return source.options.size


def _object(
    annotation: dict[str, Any],
    default_id: str,
    names: dict[int, str],
    width: int,
    height: int,
    notes: Notes,
    place: int,
) -> LayoutObject | None:
    box = xywh_box(required(annotation, "bbox"), width, height, notes, (place,), "bbox")
    category = required(annotation, "category_id")
    if not isinstance(category, int) or category not in names:
        raise bad(f"there is no category with the id {shown(category)}.", field="category_id")
    if box is None:
        return None
    extra = annotation.copy()
    del extra["image_id"], extra["category_id"]
    extra.pop("iscrowd", None)
    # The numbers of the box stay, to tell on writing whether outline and area still belong to it.
    if not _reads_as(extra["bbox"], box, width, height):
        extra["bbox"] = to_xywh(box, width, height)
    if "area" not in extra:
        extra["area"] = _area(extra["bbox"])
    return foreign_object(names[category], box, default_id, extra)


def _is_box(values: object, box: Box, width: int, height: int) -> bool:
    """Whether these, which may be anything, are the numbers that are read as this very box."""
    if not isinstance(values, list) or len(values) != 4 or not {type(value) for value in values} <= {int, float}:
        return False
    return _reads_as(values, box, width, height)


def _reads_as(values: list[float], box: Box, width: int, height: int) -> bool:
    x, y, w, h = values
    return (x + w) / width == box.x1 and (y + h) / height == box.y1 and x / width == box.x0 and y / height == box.y0


def _area(values: list[float]) -> float:
    return round(values[2] * values[3], _AREA_DIGITS)


def _categories(entries: Iterable[Entry], known: object) -> list[dict[str, Any]]:
    prompts = dict.fromkeys(item.prompt for entry in entries for item in entry.layout.objects)
    if isinstance(known, list) and all(isinstance(item, dict) and isinstance(item.get("id"), int) for item in known):
        categories = [dict(item) for item in known if isinstance(item.get("name"), str)]
    elif prompts.keys() <= set(CLEVR_48):
        return [{"id": number, "name": name} for number, name in enumerate(CLEVR_48)]
    elif prompts.keys() <= COCO_80.keys():
        return [{"id": number, "name": name} for name, number in COCO_80.items()]
    else:
        categories = []
    names = {category["name"] for category in categories}
    following = max((category["id"] for category in categories), default=0) + 1
    missing = (prompt for prompt in prompts if prompt not in names)
    categories += ({"id": number, "name": name} for number, name in enumerate(missing, following))
    return categories


def _unused_ids(wanted: Iterable[object], *, start: int) -> list[int]:
    """The wanted ids where they are whole numbers not used before; fresh ones for the rest."""
    listed = [value if isinstance(value, int) and not isinstance(value, bool) else None for value in wanted]
    used: set[int] = set()
    result: list[int | None] = []
    for value in listed:
        keep = value is not None and value >= start and value not in used
        result.append(value if keep else None)
        if keep and value is not None:
            used.add(value)
    following = start
    numbers = []
    for value in result:
        if value is None:
            while following in used:
                following += 1
            value = following
            used.add(value)
        numbers.append(value)
    return numbers


def _raw_image(entry: Entry, number: int) -> dict[str, Any]:
    layout = entry.layout
    raw = {key: value for key, value in layout.extra.items() if key not in _IMAGE_FIELDS}
    known = raw.get("file_name")
    if not isinstance(known, str) or safe_name(known) != entry.name:
        raw["file_name"] = entry.picture.name if entry.picture else f"{entry.name}.png"
    raw |= {"id": number, "width": layout.width, "height": layout.height}
    if layout.caption:
        raw["caption"] = layout.caption
    if entry.split is not None:
        raw["split"] = entry.split
    return raw


def _raw_annotations(
    entries: Iterable[Entry], image_ids: Iterable[int], category_ids: dict[str, int]
) -> Iterator[dict[str, Any]]:
    placed_objects = [
        (entry.layout, item, image_id, number)
        for entry, image_id in zip(entries, image_ids, strict=True)
        for number, item in enumerate(entry.layout.objects, 1)
    ]
    # pycocotools takes a detection matched to the annotation 0 for unmatched, hence ids from 1.
    numbers = _unused_ids((item.extra.get("id") for _, item, _, _ in placed_objects), start=1)
    for (layout, item, image_id, place), number in zip(placed_objects, numbers, strict=True):
        extra = {key: value for key, value in item.extra.items() if key not in _ANNOTATION_FIELDS}
        values = extra.pop("bbox", None)
        if not _is_box(values, item.box, *layout.size):
            values = to_xywh(item.box, *layout.size)
            extra.pop("segmentation", None)
            extra.pop("area", None)
        yield {
            **extra,
            "id": number,
            "image_id": image_id,
            "category_id": category_ids[item.prompt],
            "bbox": values,
            "area": extra.get("area", _area(values)),
            "iscrowd": 0,
            **own_fields(item, f"o{place}"),
        }
