"""Pictures with labelled boxes, ready for training: everything is checked once, before the first step."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from engine.errors import BoxpaintError
from engine.formats.dataset import Entry
from engine.formats.registry import read
from engine.layout import PixelBox
from engine.picture_files import KINDS

MEMORY_LIMIT = 2 * 2**30
"""Bytes of decoded pictures that are kept; beyond it, pictures are kept as files and decoded whenever one is drawn."""

_NAMED = 3
"""How many offenders of each sort a report names."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and the boxes in it.

    Attributes:
        name: File name, for messages.
        size: Width and height in pixels.
        boxes: Half-open boxes in whole pixels, each at least one pixel wide and high, inside the picture.
        labels: The text of each box, e.g. ``"red metal cube"``.
        source: The decoded RGB picture, or the bytes of its file.
        mirrored: Whether ``source`` is still to be flipped; boxes are flipped already.
        group: Name of the split or file that it came from.
    """

    name: str
    size: tuple[int, int]
    boxes: tuple[PixelBox, ...]
    labels: tuple[str, ...]
    source: Image.Image | bytes
    mirrored: bool = False
    group: str = ""

    @property
    def image(self) -> Image.Image:
        """The RGB picture."""
        image = self.source if isinstance(self.source, Image.Image) else _decode(self.source, self.size)
        return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if self.mirrored else image

    def flipped(self) -> Picture:
        """The picture and its boxes mirrored left to right."""
        width = self.size[0]
        boxes = tuple(PixelBox(width - box.x1, box.y0, width - box.x0, box.y1) for box in self.boxes)
        return replace(self, boxes=boxes, mirrored=not self.mirrored)


@dataclass(frozen=True, slots=True)
class Pictures:
    """A dataset, split into what is trained on and what is held out for looking at the result."""

    train: tuple[Picture, ...]
    held_out: tuple[Picture, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label, in alphabetical order."""
        return tuple(sorted({label for picture in (*self.train, *self.held_out) for label in picture.labels}))


class _Complaints:
    """Counts what was left out, and remembers the first names."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._names: dict[str, list[str]] = {}

    def add(self, reason: str, name: str) -> None:
        self._counts[reason] += 1
        names = self._names.setdefault(reason, [])
        if len(names) < _NAMED and name not in names:
            names.append(name)

    def lines(self) -> list[str]:
        return [
            f"left out: {count} × {reason} ({', '.join(self._names[reason])}{', …' if count > _NAMED else ''})"
            for reason, count in self._counts.items()
        ]


def load_pictures(
    data: Sequence[Path],
    *,
    report: Callable[[str], object],
    hold_out: float = 0,
    labels: Sequence[str] | None = None,
    shortest_side: int = 32,
    resize_short: int | None = None,
    smallest_area: float = 10.0,
) -> Pictures:
    """Read every picture of some layout files or folders.

    Args:
        data: Files or folders that ``engine.formats`` reads and beside which pictures are found.
        report: Takes one line per sort of thing that was left out, and one with the totals.
        hold_out: How many of the last pictures of each split are held out; below 1 a share.
        labels: The labels that are allowed; objects with others are left out. None = any.
        shortest_side: Pictures with a shorter side than this many pixels are left out.
        resize_short: Bring the shorter side to this many pixels (the published training uses 512).
        smallest_area: Boxes under this many square pixels are left out, as published.

    Raises:
        BoxpaintError: A file cannot be read, or nothing usable is left.
    """
    complaints = _Complaints()
    groups: dict[str, list[Picture]] = {}
    budget = MEMORY_LIMIT
    for path in data:
        for entry in read(path).entries:
            picture = _load(entry, complaints, labels, shortest_side, resize_short, smallest_area)
            if picture is None:
                continue
            cost = 3 * picture.size[0] * picture.size[1]
            if budget >= cost:
                budget -= cost
                picture = replace(picture, source=picture.image)
            groups.setdefault(f"{path}\0{entry.split}", []).append(picture)
    for line in complaints.lines():
        report(line)
    kept, held = [], []
    for pictures in groups.values():
        count = round(hold_out if hold_out >= 1 else hold_out * len(pictures))
        count = min(count, len(pictures) - 1)
        kept += pictures[: len(pictures) - count]
        held += pictures[len(pictures) - count :]
    if not any(picture.boxes for picture in kept):
        raise BoxpaintError(
            "there is no picture with a usable box to train on.",
            "input",
            file=", ".join(map(str, data)),
            hint="; ".join(complaints.lines()) or "Pictures belong in images/ beside the layout file.",
        )
    report(f"{len(kept)} pictures with {sum(len(p.boxes) for p in kept)} boxes to train on, {len(held)} held out")
    return Pictures(tuple(kept), tuple(held))


def _load(
    entry: Entry,
    complaints: _Complaints,
    labels: Sequence[str] | None,
    shortest_side: int,
    resize_short: int | None,
    smallest_area: float,
) -> Picture | None:
    if entry.picture is None:
        complaints.add("no picture beside the layout", entry.name)
        return None
    try:
        content = entry.picture.read_bytes()
        with Image.open(io.BytesIO(content), formats=KINDS) as opened:
            image = opened.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError, SyntaxError):
        complaints.add("unreadable picture", entry.picture.name)
        return None
    if min(image.size) < shortest_side:
        complaints.add(f"picture under {shortest_side} pixels", entry.picture.name)
        return None
    size = image.size
    if resize_short is not None:
        scale = resize_short / min(size)
        size = (max(round(size[0] * scale), resize_short), max(round(size[1] * scale), resize_short))
    boxes, names = [], []
    for item in entry.layout.objects:
        if labels is not None and item.prompt not in labels:
            complaints.add(f"unknown label {item.prompt!r}", entry.name)
            continue
        box = item.box.to_pixels(*size)
        if box.width * box.height < smallest_area:
            complaints.add(f"box under {smallest_area:g} square pixels", entry.name)
            continue
        boxes.append(box)
        names.append(item.prompt)
    return Picture(entry.name, size, tuple(boxes), tuple(names), content, group=entry.split or "")


def _decode(content: bytes, size: tuple[int, int]) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=KINDS) as opened:
        image = opened.convert("RGB")
    return image if image.size == size else image.resize(size, Image.Resampling.BICUBIC)
