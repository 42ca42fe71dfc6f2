"""COCO results as plain columns: what scoring needs of 800,000 detections, without a layout for each picture.

``coco_results`` reads the same files as layouts, to look at and edit; this module reads and writes them as they are.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from engine.errors import BoxpaintError
from engine.files import read_bytes, write_atomic
from engine.formats.checks import KIND, shown
from engine.formats.source import MAX_BYTES, parse_json

ImageId = int | str


class ResultRow(NamedTuple):
    """One detection of a results file; the box is ``x, y, width, height`` in pixels."""

    image_id: ImageId
    category_id: int
    bbox: tuple[float, float, float, float]
    score: float


@dataclass(slots=True)
class ResultColumns:
    """All detections of a results file, column by column.

    Attributes:
        image_ids: The different image ids in the order of their first detection.
        images: For each detection the place of its image in ``image_ids``.
        categories: Category ids as the file has them.
        boxes: Four numbers per detection: x, y, width, height in pixels.
        scores: Scores.
    """

    image_ids: list[ImageId] = field(default_factory=list)
    images: array[int] = field(default_factory=lambda: array("l"))
    categories: array[int] = field(default_factory=lambda: array("l"))
    boxes: array[float] = field(default_factory=lambda: array("d"))
    scores: array[float] = field(default_factory=lambda: array("d"))

    def __len__(self) -> int:
        return len(self.scores)


def read_results(path: Path) -> ResultColumns:
    """Read a results file.

    Raises:
        BoxpaintError: It is no list of detections, or one of them is broken; the message says which.
    """
    content = read_bytes(path, limit=MAX_BYTES, kind=KIND)
    collector = _Collector(str(path))
    try:
        # Each detection becomes numbers as soon as it is parsed: as dicts, they would take ten times the room.
        data = json.loads(content.removeprefix(b"\xef\xbb\xbf"), object_hook=collector.take)
    except (ValueError, RecursionError):
        parse_json(content, str(path))  # says in words where the mistake is
        raise
    if not isinstance(data, list):
        raise _broken(path, f"a list of detections belongs in it, not {shown(data)}.")
    for index, item in enumerate(data):
        if item is not _TAKEN:
            raise _broken(path, f"a detection belongs here, not {shown(item)}.", f"detection {index}")
    return collector.columns


def write_results(path: Path, rows: Iterable[ResultRow]) -> int:
    """Write detections as a results file, one per line, whole or not at all; their number.

    Raises:
        BoxpaintError: The file cannot be written.
    """
    count = 0

    def write(file: Any) -> None:
        nonlocal count
        for line in _lines(rows):
            file.write(line.encode())
            count += 1
        file.write(b"\n]\n" if count else b"[]\n")

    write_atomic(path, write)
    return count


def _lines(rows: Iterable[ResultRow]) -> Iterator[str]:
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row._asdict(), ensure_ascii=False, allow_nan=False)
        before = ",\n"


_NUMBERS = (int, float)

_TAKEN = object()
"""Stands in the parsed list for a detection that went into the columns."""


class _Collector:
    """Takes JSON objects as the parser finishes them, innermost first."""

    def __init__(self, file: str) -> None:
        self.columns = ResultColumns()
        self._file = file
        self._places: dict[ImageId, int] = {}

    def take(self, data: dict[str, Any]) -> object:
        if "image_id" not in data:
            # Part of a detection, such as its mask; or a broken one, which is told when the list is whole.
            return data
        image_id, category = data["image_id"], data.get("category_id")
        if isinstance(image_id, bool) or not isinstance(image_id, int | str):
            raise self._refused(f"it is {shown(image_id)}, neither a whole number nor a name.", "image_id")
        if isinstance(category, bool) or not isinstance(category, int):
            raise self._refused(f"it is {shown(category)}, not a whole number.", "category_id")
        box: Any = data.get("bbox")
        score: Any = data.get("score")
        if not _are_plain(box, score):
            self._check(box, score)
        columns = self.columns
        place = self._places.setdefault(image_id, len(self._places))
        if place == len(columns.image_ids):
            columns.image_ids.append(image_id)
        try:
            columns.categories.append(category)
            columns.images.append(place)
            columns.boxes.extend(box)
            columns.scores.append(score)
        except OverflowError as error:
            raise self._refused(f"{shown(category)} is no category id.", "category_id") from error
        return _TAKEN

    def _check(self, box: Any, score: Any) -> None:
        """Refuse a box or a score, saying what is wrong with it."""
        if not isinstance(box, list) or len(box) != 4 or not all(map(_is_number, box)):
            raise self._refused(f"it is {shown(box)}, not four numbers.", "bbox")
        if box[2] < 0 or box[3] < 0:
            raise self._refused(f"its sides are {box[2]:g} and {box[3]:g}.", "bbox")
        if not _is_number(score):
            raise self._refused(f"it is {shown(score)}, not a number.", "score")

    def _refused(self, message: str, field: str) -> BoxpaintError:
        error = _broken(Path(self._file), message, f"detection {len(self.columns)}")
        error.field = field
        return error


def _are_plain(box: Any, score: Any) -> bool:
    """Whether a box and a score are as they should be; nearly all of a million are, so this is quick."""
    if type(box) is not list or len(box) != 4:
        return False
    x, y, width, height = box
    if not (type(x) in _NUMBERS and type(y) in _NUMBERS and type(width) in _NUMBERS and type(height) in _NUMBERS):
        return False
    if type(score) not in _NUMBERS or width < 0 or height < 0:
        return False
    # Neither NaN nor infinite: either would make the difference NaN.
    total = x + y + width + height + score
    return bool(total - total == 0)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _broken(path: Path, message: str, item: str | None = None) -> BoxpaintError:
    hint = 'COCO results are a list of {"image_id", "category_id", "bbox": [x, y, width, height], "score"}.'
    return BoxpaintError(message, KIND, file=str(path), item=item, hint=hint)
