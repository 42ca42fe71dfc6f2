"""Layouts whose boxes are four numbers of open meaning, and what turns them into entries once a reading is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.formats.checks import Notes, bad, default_ids, foreign_object, number, placed, shown
from engine.formats.dataset import Dataset, Entry, renamed_entries
from engine.formats.guess import READINGS, Four, decide, guess_warning, read_box
from engine.formats.pictures import size_unknown
from engine.formats.source import Source
from engine.layout import Layout


@dataclass(frozen=True, slots=True)
class LooseObject:
    """A prompt, four numbers as the file has them, and the fields around them."""

    prompt: str
    values: Four
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LooseLayout:
    """A layout before its boxes are understood; ``size`` is None where nothing tells it."""

    name: str
    objects: Sequence[LooseObject]
    size: tuple[int, int] | None
    caption: str = ""
    split: str | None = None
    picture: Path | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def build(
    layouts: Sequence[LooseLayout],
    source: Source,
    format_name: str,
    *,
    item: str = "layout",
    candidates: Iterable[str] = READINGS,
    usual: str | None = None,
    warnings: tuple[str, ...] = (),
) -> Dataset:
    """The layouts with boxes read in the way that fits most of them, or as the person asked.

    Args:
        layouts: What the file holds.
        source: Where it comes from; its options decide size and reading.
        format_name: For the dataset.
        item: What a layout is called in errors.
        candidates: The readings to choose from when none was asked for.
        usual: The reading that decides a tie.
        warnings: What has to be said besides.

    Raises:
        BoxpaintError: No size, or a box that the chosen reading does not allow.
    """
    sizes = []
    for index, layout in enumerate(layouts):
        size = source.options.size or layout.size
        if size is None:
            raise size_unknown(source.file, item=f"{item} {index}" if len(layouts) > 1 else None)
        sizes.append(size)
    numbers = [(thing.values, size) for layout, size in zip(layouts, sizes, strict=True) for thing in layout.objects]
    guess = decide(numbers, asked=source.options.boxes, candidates=candidates, usual=usual)
    single = len(layouts) == 1
    notes = Notes("object", single=True) if single else Notes(item, "object")
    entries = []
    for index, (layout, size) in enumerate(zip(layouts, sizes, strict=True)):
        try:
            entries.append(_entry(layout, size, guess.reading, notes, () if single else (index,)))
        except BoxpaintError as error:
            raise placed(error, file=source.file, item=None if single else f"{item} {index}") from error
    told = guess_warning(guess) if numbers else ()
    return Dataset(
        renamed_entries(entries), format_name, (*told, *warnings, *notes.warnings()), source.path, guess=guess
    )


def four_numbers(value: object, *, field: str) -> Four:
    """Four finite numbers out of a list, or out of a text such as ``"10, 20, 110, 220"``."""
    parts: object = value
    if isinstance(value, str):
        try:
            parts = [float(part) for part in value.strip(" ()[]").replace(",", " ").split()]
        except ValueError as error:
            raise bad(f"four numbers belong here, not {shown(value)}.", field=field) from error
    if not isinstance(parts, list) or len(parts) != 4:
        raise bad(f"four numbers belong here, not {shown(value)}.", field=field)
    a, b, c, d = (number(part, field=field) for part in parts)
    return a, b, c, d


def _entry(layout: LooseLayout, size: tuple[int, int], reading: str, notes: Notes, at: tuple[int, ...]) -> Entry:
    ids = default_ids(len(layout.objects))
    items = []
    for index, (thing, default_id) in enumerate(zip(layout.objects, ids, strict=True)):
        try:
            box = read_box(thing.values, reading, size, notes, (*at, index))
            if box is not None:
                items.append(foreign_object(thing.prompt, box, default_id, dict(thing.extra)))
        except BoxpaintError as error:
            raise placed(error, item=f"object {index}") from error
    made = Layout(*size, tuple(items), layout.caption, layout.extra)
    return Entry(layout.name, made, layout.split, layout.picture)
