"""Any JSON with labelled boxes: what language models and detectors put out, in whatever fields and units.

Accepted are one layout or a list of layouts; a layout is a list of objects, a JSON object that holds such a list, or
one with parallel lists of boxes and phrases (GLIGEN's way). How the numbers are meant is scored and reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.errors import BoxpaintError
from engine.formats.checks import bad, mapping, placed, sequence, shown, side, text
from engine.formats.dataset import Dataset, is_safe_name, safe_name
from engine.formats.guess import READINGS, Four
from engine.formats.loose import LooseLayout, LooseObject, build, four_numbers
from engine.formats.output import ReadOnly
from engine.formats.pictures import PictureFinder, picture_size
from engine.formats.source import Source

LISTS = ("objects", "annos", "annotations", "detections", "elements", "items", "layout", "boxes", "bboxes", "results")
"""Names of the list of objects, or of boxes, in the order in which they are looked for."""

LABELS = ("prompt", "label", "text", "phrase", "caption", "description", "name", "category_name", "category", "class")
"""Names of an object's prompt."""

BOXES = ("bbox", "box", "bbox_2d", "box_2d", "bounding_box", "boundingBox", "xyxy", "xywh", "location", "coordinates")
"""Names of an object's four numbers."""

PHRASES = ("phrases", "labels", "texts", "box_captions", "captions", "prompts", "classes", "names")
"""Names of the list of prompts that runs parallel to a list of boxes."""

_CAPTIONS = ("caption", "prompt", "description")
_PICTURES = ("file_name", "image_filename", "image", "image_path", "img")
_SIZES = (("width", "height"), ("image_width", "image_height"), ("W", "H"))
_CORNERS = (("x0", "y0", "x1", "y1"), ("x1", "y1", "x2", "y2"), ("xmin", "ymin", "xmax", "ymax"))
_SIDES = (("left", "top", "right", "bottom"),)
_SPANS = (("x", "y", "width", "height"), ("x", "y", "w", "h"), ("left", "top", "width", "height"))
_USUAL = {"bbox": "xywh", "xywh": "xywh", "xyxy": "xyxy", "box_2d": "yxyx-1000", "bbox_2d": "xyxy"}
"""Which reading a field name suggests where the numbers allow several."""


class LabelledBoxes(ReadOnly):
    """Format ``boxes``: the last resort, taken when no named format fits."""

    name = "boxes"
    title = "Labelled boxes (any JSON)"
    suffixes: tuple[str, ...] = (".json",)
    can_read = True
    readings: tuple[str, ...] = READINGS

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100); little, so that every named format goes first."""
        layouts = _layouts(source.json)
        return 10 if any(_has_boxes(layout) for layout in layouts[:20]) else 0

    def read(self, source: Source) -> Dataset:
        """One entry per layout, named by its picture or the file."""
        finder = PictureFinder(source.path.parent)
        found = []
        usual: dict[str, int] = {}
        raw = _layouts(source.json)
        for index, item in enumerate(raw):
            try:
                found.append(_layout(item, index if len(raw) > 1 else None, source, finder, usual))
            except BoxpaintError as error:
                raise placed(error, file=source.file, item=f"layout {index}" if len(raw) > 1 else None) from error
        if not found:
            raise placed(bad("there are no labelled boxes in it."), file=source.file)
        key = max(usual, key=lambda name: usual[name]) if usual else None
        return build(found, source, self.name, candidates=_candidates(usual), usual=_USUAL.get(key or "", "xyxy"))


def _layouts(data: Any) -> list[Any]:
    """The layouts of a file: a list of objects is one layout, a list of layouts several."""
    if isinstance(data, dict):
        return [data]
    if not isinstance(data, list) or not data:
        return []
    if any(isinstance(item, dict) and _box_field(item) is not None for item in data[:20]):
        return [{"objects": data}]
    return data


def _has_boxes(layout: Any) -> bool:
    if not isinstance(layout, dict):
        return False
    for name in LISTS:
        items = layout.get(name)
        if isinstance(items, list) and items:
            if any(isinstance(item, dict) and _box_field(item) is not None for item in items[:20]):
                return True
            if _phrases(layout) and any(isinstance(item, list) and len(item) == 4 for item in items[:20]):
                return True
    return False


def _box_field(item: dict[str, Any]) -> str | None:
    """The name under which an object keeps its box; ``""`` where the numbers stand in the object itself."""
    for name in BOXES:
        if name in item:
            return name
    return "" if any(set(names) <= item.keys() for names in (*_CORNERS, *_SIDES, *_SPANS)) else None


def _phrases(layout: dict[str, Any]) -> str | None:
    return next((name for name in PHRASES if isinstance(layout.get(name), list)), None)


def _layout(
    raw: object, index: int | None, source: Source, finder: PictureFinder, usual: dict[str, int]
) -> LooseLayout:
    data = mapping(raw)
    field = next((name for name in LISTS if isinstance(data.get(name), list)), None)
    if field is None:
        raise bad(
            "there is no list of objects in it.", hint=f"It is looked for as {', '.join(LISTS[:4])} and the like."
        )
    phrases = _phrases(data)
    parallel = phrases is not None and not any(isinstance(item, dict) for item in data[field])
    objects = _parallel(data, field, phrases, usual) if parallel and phrases else _objects(data[field], usual)
    used = {field, phrases} if parallel else {field}
    caption_field = next((name for name in _CAPTIONS if isinstance(data.get(name), str)), None)
    picture_field = next((name for name in _PICTURES if isinstance(data.get(name), str)), None)
    file_name = data.get(picture_field or "", "")
    picture = finder.find(file_name) or finder.find_stem(source.path.stem)
    default = safe_name(source.path.name.removesuffix(source.path.suffix))
    default = default if index is None else f"{default[:100]}_{index:06d}"
    split = data.get("split")
    extra = {key: value for key, value in data.items() if key not in used and key != caption_field and key != "split"}
    return LooseLayout(
        name=safe_name(file_name.replace("\\", "/").rsplit("/", 1)[-1], default=default) if file_name else default,
        objects=objects,
        size=_size(data, extra) or (picture_size(picture) if picture else None),
        caption=text(data[caption_field], field=caption_field) if caption_field else "",
        split=split if is_safe_name(split) else None,
        picture=picture,
        extra=extra,
    )


def _size(data: dict[str, Any], extra: dict[str, Any]) -> tuple[int, int] | None:
    for width, height in _SIZES:
        if width in data and height in data:
            extra.pop(width), extra.pop(height)
            return side(data[width], field=width), side(data[height], field=height)
    return None


def _objects(items: list[Any], usual: dict[str, int]) -> list[LooseObject]:
    objects = []
    for index, raw in enumerate(items):
        try:
            data = mapping(raw)
            field = _box_field(data)
            if field is None:
                raise bad("there is no box.", field="box", hint=f"It is looked for as {', '.join(BOXES[:4])} …")
            values, used = _values(data, field, usual)
            label = next((name for name in LABELS if isinstance(data.get(name), str)), None)
            if label is None:
                raise bad("there is no prompt.", field="prompt", hint=f"It is looked for as {', '.join(LABELS[:4])} …")
            extra = {key: value for key, value in data.items() if key not in used and key != label}
            objects.append(LooseObject(text(data[label], field=label), values, extra))
        except BoxpaintError as error:
            raise placed(error, item=f"object {index}") from error
    return objects


def _values(data: dict[str, Any], field: str, usual: dict[str, int]) -> tuple[Four, set[str]]:
    """The four numbers of an object, and the fields they were in."""
    value = data[field] if field else data
    if isinstance(value, dict):
        for kind, groups in (("xyxy", (*_CORNERS, *_SIDES)), ("xywh", _SPANS)):
            for names in groups:
                if set(names) <= value.keys():
                    _count(usual, kind)
                    values = four_numbers([value[name] for name in names], field=field or names[0])
                    return values, {field} if field else set(names)
        raise bad(f"four numbers belong here, not {shown(value)}.", field=field)
    _count(usual, field)
    return four_numbers(value, field=field), {field}


def _parallel(data: dict[str, Any], field: str, phrases: str, usual: dict[str, int]) -> list[LooseObject]:
    boxes, prompts = data[field], sequence(data[phrases], field=phrases)
    if len(boxes) != len(prompts):
        raise bad(f"there are {len(boxes)} boxes and {len(prompts)} prompts.", field=phrases)
    objects = []
    for index, (box, prompt) in enumerate(zip(boxes, prompts, strict=True)):
        try:
            objects.append(LooseObject(text(prompt, field=phrases), four_numbers(box, field=field)))
        except BoxpaintError as error:
            raise placed(error, item=f"object {index}") from error
    if objects:
        _count(usual, field)
    return objects


def _count(usual: dict[str, int], field: str) -> None:
    usual[field] = usual.get(field, 0) + 1


def _candidates(usual: dict[str, int]) -> Iterable[str]:
    """Readings that the field names allow: ``xyxy`` and ``xywh`` say what they mean, ``box_2d`` starts with y."""
    if usual.keys() in ({"xyxy"}, {"xywh"}):
        kind = next(iter(usual))
        return tuple(reading for reading in READINGS if reading.split("-")[0] == kind)
    allowed = {"yxyx"} if usual.keys() == {"box_2d"} else {"xyxy", "xywh", "cxcywh"}
    return tuple(reading for reading in READINGS if reading.split("-")[0] in allowed)
