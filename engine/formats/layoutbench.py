"""LayoutBench scenes: CLEVR scene files with boxes, one file per split or one per scene; pixels of 320 × 320."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
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
    to_xywh,
    xywh_box,
)
from engine.formats.dataset import Dataset, Entry, is_safe_name, renamed_entries, safe_name, unique_names
from engine.formats.output import dumps, json_file, write_folder
from engine.formats.pictures import PictureFinder
from engine.formats.source import Source, first_dicts
from engine.layout import Layout, LayoutObject
from engine.layout.vocabulary import CLEVR_COLORS, CLEVR_MATERIALS, CLEVR_SHAPES

SIDE = 320
"""Side of LayoutBench's pictures in pixels."""

WORDS = ("color", "material", "shape")
"""The fields of an object that make its prompt, in this order."""

_PROMPTS = {words: " ".join(words) for words in product(CLEVR_COLORS, CLEVR_MATERIALS, CLEVR_SHAPES)}
_SCENE_FIELDS = frozenset({"objects", "split", "caption"})


class LayoutBenchScenes:
    """Format ``layoutbench``: ``{"info", "scenes": […]}``, a scene alone, or a folder of such files."""

    name = "layoutbench"
    title = "LayoutBench scenes"
    suffixes: tuple[str, ...] = (".json",)
    can_read = True
    can_write = True
    in_folder = False
    readings: tuple[str, ...] = ()

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that these are scenes with boxes."""
        if source.is_folder:
            samples = source.samples(_scene_files(source), 3)
            return 70 if samples and all(looks_like_scene(value, "bbox") for value in samples) else 0
        return 85 if looks_like_scene(source.json, "bbox") else 0

    def read(self, source: Source) -> Dataset:
        """One entry per scene, named like its picture."""
        paths = _scene_files(source) if source.is_folder else [source.path]
        return read_scenes(source, paths, self.name)

    def write(self, path: Path, dataset: Dataset) -> None:
        """A ``.json`` path gets all scenes in one file; any other path becomes a folder with one file per scene."""
        if path.suffix.lower() == ".json":
            write_bytes(path, scenes_file(dataset.entries, dataset.extra))
            return
        names = unique_names(entry.name for entry in dataset.entries)
        files = {
            f"{name}.json": (dumps(entry_to_scene(entry, index)) + "\n").encode()
            for index, (name, entry) in enumerate(zip(names, dataset.entries, strict=True))
        }
        write_folder(path, files)


def _scene_files(source: Source) -> list[Path]:
    """The folder's files, without the COCO files that often lie beside scenes and say the same."""
    return [path for path in source.items(".json") if not path.stem.endswith("_coco")]


def looks_like_scene(data: Any, field: str) -> bool:
    """Whether a JSON value is a scene, or a file of scenes, whose objects have ``field``."""
    if not isinstance(data, dict):
        return False
    if isinstance(data.get("scenes"), list):
        objects = [item for scene in first_dicts(data["scenes"]) for item in first_dicts(scene.get("objects"))]
        return not objects or any(field in item for item in objects)
    if "schema_version" in data or not isinstance(data.get("objects"), list):
        return False
    objects = list(first_dicts(data["objects"]))
    if not objects:
        return "image_filename" in data
    return any(field in item and ("color" in item or "shape" in item) for item in objects)


def read_scenes(source: Source, paths: list[Path], format_name: str, split: str | None = None) -> Dataset:
    """All scenes of these files as one dataset."""
    notes = Notes("scene", "object")
    entries: list[Entry] = []
    extra: dict[str, Any] = {}
    for path in paths:
        with source.part(path):
            finder = PictureFinder(path.parent)
            data = mapping(source.json if path == source.path else Source(path).json)
            if "scenes" in data:
                scenes = sequence(data["scenes"], field="scenes")
                if not scenes:
                    raise bad("there are no scenes in it.", field="scenes")
                # An empty "info" is written in any case.
                extra.update((k, v) for k, v in data.items() if k != "scenes" and (k, v) != ("info", {}))
            else:
                scenes = [data]
            entries += [
                _entry(scene, index, path.stem, split, source.options.size, finder, notes)
                for index, scene in enumerate(scenes)
            ]
    return Dataset(renamed_entries(entries), format_name, notes.warnings(), source.path, extra)


def entry_to_scene(entry: Entry, index: int) -> dict[str, Any]:
    """The entry as a scene; boxes in pixels of 320 × 320 whatever the layout's size.

    Raises:
        BoxpaintError: A prompt is not ``{color} {material} {shape}``.
    """
    layout = entry.layout
    scene: dict[str, Any] = {} if entry.split is None else {"split": entry.split}
    scene["image_index"] = index
    scene["image_filename"] = f"{entry.name}.png"
    known = layout.extra.get("image_filename")
    # A renamed entry gets the new name; otherwise the file keeps the spelling it came with.
    for key, value in layout.extra.items():
        if key not in _SCENE_FIELDS and (key != "image_filename" or _stem(known) == entry.name):
            scene[key] = value
    if layout.caption:
        scene["caption"] = layout.caption
    objects = []
    for number, item in enumerate(layout.objects):
        try:
            objects.append(_raw_object(item, number + 1))
        except BoxpaintError as error:
            raise placed(error, item=f"{entry.name}, object {number}") from error
    scene["objects"] = objects
    return scene


def scenes_file(entries: tuple[Entry, ...], extra: Mapping[str, Any]) -> bytes:
    """The entries as a file ``{"info", "scenes"}``."""
    fields = {"info": {}, **{key: value for key, value in extra.items() if key != "scenes"}}
    return json_file(fields, {"scenes": (entry_to_scene(entry, index) for index, entry in enumerate(entries))})


def clevr_words(item: LayoutObject) -> dict[str, str]:
    """Colour, material and shape of an object's prompt.

    Raises:
        BoxpaintError: The prompt is not of that form.
    """
    kept = [item.extra.get(word) for word in WORDS]
    if all(isinstance(word, str) for word in kept) and " ".join(map(str, kept)) == item.prompt:
        return dict(zip(WORDS, map(str, kept), strict=True))
    words = item.prompt.split()
    color, material, shape = words if len(words) == 3 else ("", "", "")
    if color not in CLEVR_COLORS or material not in CLEVR_MATERIALS or shape not in CLEVR_SHAPES:
        raise BoxpaintError(
            f"the prompt {item.prompt!r} is not a colour, a material and a shape of CLEVR.",
            "layout",
            field="prompt",
            hint='LayoutBench knows "red metal cube" and the like; for other prompts write coco or boxpaint.',
        )
    return {"color": color, "material": material, "shape": shape}


def _entry(
    raw: object,
    index: int,
    file_stem: str,
    split: str | None,
    size: tuple[int, int] | None,
    finder: PictureFinder,
    notes: Notes,
) -> Entry:
    try:
        scene = mapping(raw)
        objects = sequence(required(scene, "objects"), field="objects")
        width, height = size or (SIDE, SIDE)
        ids = default_ids(len(objects))
        items = []
        for number, entry in enumerate(objects):
            try:
                item = _object(entry, ids[number], width, height, notes, (index, number))
            except BoxpaintError as error:
                raise placed(error, item=f"object {number}") from error
            if item is not None:
                items.append(item)
        own_split = scene.get("split")
        if own_split is not None:
            split = text(own_split, field="split")
            if not is_safe_name(split):
                raise bad(f"{split!r} cannot be the name of a split.", field="split")
        extra = {"image_index": index, "image_filename": f"{safe_name(file_stem)}_{index:06d}.png"}
        extra |= {key: value for key, value in scene.items() if key not in _SCENE_FIELDS}
        file_name = text(extra["image_filename"], field="image_filename")
        layout = Layout(width, height, tuple(items), text(scene.get("caption", ""), field="caption"), extra)
        return Entry(safe_name(file_name), layout, split, finder.find(file_name))
    except BoxpaintError as error:
        raise placed(error, item=f"scene {index}") from error


def _object(
    raw: object, default_id: str, width: int, height: int, notes: Notes, at: tuple[int, ...]
) -> LayoutObject | None:
    extra = mapping(raw).copy()
    box = xywh_box(required(extra, "bbox"), width, height, notes, at, "bbox")
    try:
        prompt = _PROMPTS.get((extra["color"], extra["material"], extra["shape"]))
    except (KeyError, TypeError):  # missing, or a list or JSON object; refused below, with the name of the field
        prompt = None
    if prompt is None:
        # Words that CLEVR does not know are kept as fields, so that they can be written back as they were.
        prompt = " ".join(text(required(extra, word), field=word) for word in WORDS)
    else:
        del extra["color"], extra["material"], extra["shape"]
    del extra["bbox"]
    return None if box is None else foreign_object(prompt, box, default_id, extra)


def _raw_object(item: LayoutObject, number: int) -> dict[str, Any]:
    words = clevr_words(item)
    return {**words, **item.extra, **words, "bbox": to_xywh(item.box, SIDE, SIDE), **own_fields(item, f"o{number}")}


def _stem(file_name: object) -> str | None:
    return safe_name(file_name) if isinstance(file_name, str) else None
