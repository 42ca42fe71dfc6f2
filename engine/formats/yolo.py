"""YOLO labels: one text file per picture with ``class cx cy w h`` as shares of the sides, and a file of class names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.formats.checks import KIND, Notes, bad, default_ids, number, pixel_box, placed, shown
from engine.formats.dataset import Dataset, Entry, is_safe_name, renamed_entries, safe_name
from engine.formats.output import dumps, write_folder
from engine.formats.pictures import PictureFinder, picture_size, size_unknown
from engine.formats.source import Source, files_in
from engine.formats.yolo_names import is_names_file, read_names
from engine.layout import Box, Layout, LayoutObject
from engine.layout.vocabulary import CLEVR_48, COCO_80

DIGITS = 12
"""Decimals of an edge that are kept on reading and writing, so that centre and size lead back to the same edges."""

_LINE = re.compile(r"\d+(\.0*)?(\s+[-+0-9.eE]+){4,}\s*")
_POLYGON = "{n} outline{s} became bounding boxes"
_UNNAMED = 'No file of class names was found: classes were called "class" with their number.'


class Yolo:
    """Format ``yolo``: a folder with labels (in ``labels/`` or directly), pictures beside it, or one label file."""

    name = "yolo"
    title = "YOLO labels"
    suffixes: tuple[str, ...] = (".txt",)
    can_read = True
    can_write = True
    in_folder = True
    readings: tuple[str, ...] = ()

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that these are YOLO labels."""
        if not source.is_folder:
            return 80 if source.path.suffix.lower() == ".txt" and _first_line_fits(source) else 0
        paths = [path for folder in _label_folders(source.path) for path in _label_files(folder)]
        return 60 if any(_first_line_fits(Source(path)) for path in paths[:50]) else 0

    def read(self, source: Source) -> Dataset:
        """One entry per label file; sizes from the pictures, else from the options."""
        root = source.path if source.is_folder else source.path.parent
        names = read_names(root) or read_names(root.parent)
        notes = Notes("file", "line")
        unnamed = False
        entries: list[Entry] = []
        for folder in _label_folders(root) if source.is_folder else [root]:
            finder = PictureFinder(folder, _picture_folders(folder, root))
            split = folder.name if folder.parent.name == "labels" and is_safe_name(folder.name) else None
            for path in _label_files(folder) if source.is_folder else [source.path]:
                with source.part(path):
                    picture = finder.find_stem(path.stem)
                    size = picture_size(picture) if picture else source.options.size
                    if size is None:
                        raise size_unknown(str(path))
                    labels = source if path == source.path else Source(path)
                    items = tuple(_objects(labels, names, notes, len(entries)))
                    unnamed |= any(item.prompt.startswith("class ") for item in items) and not names
                    entries.append(Entry(safe_name(path.stem), Layout(*size, items), split, picture))
        if not entries and not source.broken:
            raise BoxpaintError("there are no label files in it.", KIND, file=source.file)
        warnings = (*notes.warnings(), _UNNAMED) if unnamed else notes.warnings()
        extra = {"names": [names.get(index, f"class {index}") for index in range(max(names) + 1)]} if names else {}
        return Dataset(renamed_entries(entries), self.name, warnings, source.path, extra)

    def write(self, path: Path, dataset: Dataset) -> None:
        """A folder with ``labels/``, ``classes.txt`` and ``data.yaml``; there is no place for captions and the like."""
        names = class_names(dataset.entries, dataset.extra.get("names"))
        index = {name: number for number, name in reversed(list(enumerate(names)))}
        files = {"classes.txt": "".join(f"{name}\n" for name in names).encode()}
        listed = "".join(f"  {number}: {dumps(name)}\n" for number, name in enumerate(names))
        files["data.yaml"] = f"path: .\ntrain: images\nval: images\nnames:\n{listed}".encode()
        splits = {entry.split for entry in dataset.entries}
        for entry in dataset.entries:
            folder = "labels" if splits == {None} else f"labels/{entry.split or 'all'}"
            lines = (_line(item, index[item.prompt]) for item in entry.layout.objects)
            files[f"{folder}/{entry.name}.txt"] = "".join(lines).encode()
        write_folder(path, files)


def class_names(entries: Sequence[Entry], known: object = None) -> list[str]:
    """The class names for a dataset: the known ones, a whole vocabulary where it fits, else as they occur.

    Raises:
        BoxpaintError: A prompt cannot stand on one line.
    """
    prompts = dict.fromkeys(item.prompt for entry in entries for item in entry.layout.objects)
    for prompt in prompts:
        if not prompt.strip() or len(prompt.splitlines()) != 1 or prompt != prompt.strip():
            raise BoxpaintError(
                f"the prompt {shown(prompt)} cannot be the name of a class: it has to be one line of text.",
                KIND,
                field="prompt",
                hint="Change the prompt, or write coco or boxpaint.",
            )
    if isinstance(known, list) and all(isinstance(name, str) for name in known):
        return [*known, *(prompt for prompt in prompts if prompt not in set(known))]
    if prompts and prompts.keys() <= set(CLEVR_48):
        return list(CLEVR_48)
    if prompts and prompts.keys() <= COCO_80.keys():
        return list(COCO_80)
    return list(prompts)


def _objects(source: Source, names: dict[int, str], notes: Notes, file_index: int) -> Iterator[LayoutObject]:
    lines = source.text.splitlines()
    ids = default_ids(len(lines))
    place = 0
    for index, line in enumerate(lines):
        if not line.strip():
            continue
        try:
            category, edges, extra = _parse(line)
            box = pixel_box(*edges, 1, 1, notes, (file_index, index))
            if extra.pop("polygon", False):
                notes.add(_POLYGON, (file_index, index))
            if names and category not in names:
                raise bad(f"there is no class {category} in the file of class names.", field="class")
            if box is not None:
                yield LayoutObject(ids[place], names.get(category, f"class {category}"), box, extra=extra)
            place += 1
        except BoxpaintError as error:
            raise placed(error, item=f"line {index + 1}") from error


def _parse(line: str) -> tuple[int, tuple[float, float, float, float], dict[str, Any]]:
    words = line.split()
    try:
        values = [float(word) for word in words]
    except ValueError as error:
        raise bad(f"numbers belong here, not {shown(line.strip())}.", field="line") from error
    for value in values:
        number(value, field="line")
    if not values[0].is_integer() or values[0] < 0:
        raise bad(f"the class is {words[0]}, not a whole number.", field="class")
    category, rest = int(values[0]), values[1:]
    if len(rest) in (4, 5):
        cx, cy, w, h = rest[:4]
        edges = (cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2)
        x0, y0, x1, y1 = (round(edge, DIGITS) for edge in edges)
        return category, (x0, y0, x1, y1), {"confidence": rest[4]} if len(rest) == 5 else {}
    if len(rest) >= 6 and len(rest) % 2 == 0:
        xs, ys = rest[::2], rest[1::2]
        x0, y0, x1, y1 = (round(edge, DIGITS) for edge in (min(xs), min(ys), max(xs), max(ys)))
        return category, (x0, y0, x1, y1), {"polygon": True}
    raise bad(
        f"there are {len(words)} numbers.",
        field="line",
        hint="A line holds the class, cx, cy, w and h, and perhaps a confidence; or the class and an outline.",
    )


def _line(item: LayoutObject, category: int) -> str:
    box = Box(*(round(edge, DIGITS) for edge in (item.box.x0, item.box.y0, item.box.x1, item.box.y1)))
    values = [(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2, box.x1 - box.x0, box.y1 - box.y0]
    confidence = item.extra.get("confidence")
    if isinstance(confidence, (int, float)) and not isinstance(confidence, bool):
        values.append(confidence)
    # One decimal more than the edges have: the centre lies between two of them.
    numbers = (f"{value:.{DIGITS + 1}f}".rstrip("0").rstrip(".") for value in values)
    return f"{category} {' '.join(numbers)}\n"


def _first_line_fits(source: Source) -> bool:
    lines = source.head.split(b"\n")
    first = next((line for line in lines if line.strip()), b"")
    return _LINE.fullmatch(first.decode("latin-1").strip()) is not None


def _label_folders(root: Path) -> list[Path]:
    """The folders with label files: ``labels`` and its children if there is one, else the folder itself."""
    labels = root / "labels"
    if not labels.is_dir():
        return [root]
    try:
        children = sorted(path for path in labels.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError as error:
        raise BoxpaintError(f"it cannot be read ({error.strerror or error}).", KIND, file=str(labels)) from error
    return [labels, *children]


def _label_files(folder: Path) -> list[Path]:
    return [path for path in files_in(folder, ".txt") if not is_names_file(path)]


def _picture_folders(folder: Path, root: Path) -> Iterator[str]:
    yield from (".", "images", "../images")
    if folder != root:
        # labels/train/ goes with images/train/.
        yield f"../../images/{folder.name}"
