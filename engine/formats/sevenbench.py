"""7Bench: a table with a prompt and up to four objects a row, boxes as ``"x0,y0,x1,y1"`` texts."""

from __future__ import annotations

import csv
import io
import re

from engine.errors import BoxpaintError
from engine.formats.checks import KIND, bad, placed, text
from engine.formats.dataset import Dataset, is_safe_name, safe_name
from engine.formats.guess import READINGS
from engine.formats.loose import LooseLayout, LooseObject, build, four_numbers
from engine.formats.output import ReadOnly
from engine.formats.pictures import PictureFinder
from engine.formats.source import Source

SIDE = 512
"""Side of 7Bench's pictures in pixels; the table has no column for it."""

_CANDIDATES = ("xyxy", "xywh", "cxcywh")
_COLUMN = re.compile(r"obj(\d{1,3})")
_KNOWN = re.compile(r"(obj|bbox)\d{1,3}|id|category|prompt")


class SevenBench(ReadOnly):
    """Format ``sevenbench``: columns ``id, category, prompt, obj1, bbox1, obj2, …``; categories become splits."""

    name = "sevenbench"
    title = "7Bench table"
    suffixes: tuple[str, ...] = (".csv",)
    can_read = True
    readings: tuple[str, ...] = READINGS

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that this is such a table."""
        header = source.head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
        return 90 if b"bbox1" in header and b"obj1" in header and not source.looks_like_json else 0

    def read(self, source: Source) -> Dataset:
        """One entry per row, named by its id."""
        finder = PictureFinder(source.path.parent)
        layouts = []
        reader = csv.DictReader(io.StringIO(source.text, newline=""), strict=True)
        try:
            for index, row in enumerate(reader):
                try:
                    layouts.append(_layout(row, index, finder))
                except BoxpaintError as error:
                    raise placed(error, file=source.file, item=f"row {index}") from error
        except csv.Error as error:
            raise BoxpaintError(
                f"it is no valid CSV ({error}).", KIND, file=source.file, item=f"line {reader.line_num}"
            ) from error
        if not layouts:
            raise BoxpaintError("there are no rows in it.", KIND, file=source.file)
        warnings: tuple[str, ...] = ()
        if source.options.size is None:
            warnings = (f"The table holds no size: {SIDE} × {SIDE} was taken, as published; --size changes it.",)
        return build(layouts, source, self.name, item="row", candidates=_CANDIDATES, usual="xyxy", warnings=warnings)


def _layout(row: dict[str, str], index: int, finder: PictureFinder) -> LooseLayout:
    # Cells beyond the header come under the key None, missing ones as None.
    objects = []
    for column in row:
        match = _COLUMN.fullmatch(column) if isinstance(column, str) else None
        prompt = row[column] if match else None
        if not match or not prompt:
            continue
        field = f"bbox{match[1]}"
        if not row.get(field):
            raise bad("it is missing.", field=field)
        objects.append(LooseObject(text(prompt, field=column), four_numbers(row[field], field=field)))
    name = row.get("id") or f"row_{index:06d}"
    category = row.get("category")
    split = category if is_safe_name(category) else None
    known = {key: value for key, value in row.items() if isinstance(key, str) and not _KNOWN.fullmatch(key)}
    stem = safe_name(name, default=f"row_{index:06d}")
    caption = text(row.get("prompt") or "", field="prompt")
    return LooseLayout(
        stem, objects, (SIDE, SIDE), caption, split, finder.find_stem(stem), {**known, "category": category}
    )
