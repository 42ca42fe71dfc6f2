"""InstanceDiffusion layouts: ``{"caption", "width", "height", "annos": [{"bbox": [x, y, w, h], "caption"}]}``."""

from __future__ import annotations

from pathlib import Path

from engine.errors import BoxpaintError
from engine.formats.checks import (
    Notes,
    bad,
    default_ids,
    foreign_object,
    mapping,
    placed,
    required,
    sequence,
    side,
    text,
    xywh_box,
)
from engine.formats.dataset import Dataset, Entry, safe_name
from engine.formats.output import ReadOnly
from engine.formats.pictures import PictureFinder, picture_size, size_unknown
from engine.formats.source import Source
from engine.layout import Layout, LayoutObject

_NO_BOX = "{n} object{s} without a box (points or scribbles) left out"
_TOP = frozenset({"caption", "width", "height", "annos"})


class InstanceDiffusion(ReadOnly):
    """Format ``instancediffusion``: one layout per file; a folder holds several."""

    name = "instancediffusion"
    title = "InstanceDiffusion layout"
    suffixes: tuple[str, ...] = (".json",)
    can_read = True
    readings: tuple[str, ...] = ()

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that this is such a layout, or a folder of them."""
        if source.is_folder:
            return 65 if any(map(_fits, source.samples(source.items(".json"), 20))) else 0
        return 90 if _fits(source.json) else 0

    def read(self, source: Source) -> Dataset:
        """One entry per file; other files of a folder are passed over, and that is said."""
        paths = source.items(".json") if source.is_folder else [source.path]
        notes = Notes("file", "object")
        finder = PictureFinder(source.path if source.is_folder else source.path.parent)
        entries = []
        for index, path in enumerate(paths):
            with source.part(path):
                data = source.json if path == source.path else Source(path).json
                if source.is_folder and not _fits(data):
                    notes.add("{n} other file{s} passed over", (index,))
                else:
                    entries.append(_entry(data, path, finder, source.options.size, notes, index))
        return Dataset(tuple(entries), self.name, notes.warnings(), source.path)


def _fits(data: object) -> bool:
    return isinstance(data, dict) and isinstance(data.get("annos"), list)


def _entry(
    raw: object, path: Path, finder: PictureFinder, size: tuple[int, int] | None, notes: Notes, index: int
) -> Entry:
    data = mapping(raw)
    name = safe_name(path.name.removesuffix(path.suffix))
    picture = finder.find_stem(name)
    if "width" in data or "height" in data:
        size = side(required(data, "width"), field="width"), side(required(data, "height"), field="height")
    elif picture is not None:
        size = picture_size(picture)
    if size is None:
        raise size_unknown(str(path))
    annos = sequence(required(data, "annos"), field="annos")
    ids = default_ids(len(annos))
    items = []
    for place, anno in enumerate(annos):
        try:
            item = _object(anno, ids[place], size, notes, (index, place))
        except BoxpaintError as error:
            raise placed(error, item=f"object {place}") from error
        if item is not None:
            items.append(item)
    extra = {key: value for key, value in data.items() if key not in _TOP}
    return Entry(
        name, Layout(*size, tuple(items), text(data.get("caption", ""), field="caption"), extra), None, picture
    )


def _object(
    raw: object, default_id: str, size: tuple[int, int], notes: Notes, at: tuple[int, ...]
) -> LayoutObject | None:
    data = mapping(raw)
    if "bbox" not in data:
        if "point" not in data and "scribble" not in data:
            raise bad("it is missing.", field="bbox")
        notes.add(_NO_BOX, at)
        return None
    box = xywh_box(data["bbox"], *size, notes, at, "bbox")
    # Some objects have a class only, some a class and a caption, which says more.
    field = "caption" if data.get("caption") or "category_name" not in data else "category_name"
    prompt = text(required(data, field), field=field)
    extra = {key: value for key, value in data.items() if key not in ("bbox", field)}
    return None if box is None else foreign_object(prompt, box, default_id, extra)
