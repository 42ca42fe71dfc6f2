"""A dataset's statistics as one picture, next to CLEVR's: how far out of distribution it is, at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.formats.statistics import GRID, MAX_COUNT, Statistics
from engine.formats.statistics_clevr import CLEVR, distances

if TYPE_CHECKING:
    from PIL import Image, ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

WIDTH, HEIGHT = 1200, 820
"""Size of the picture in pixels."""

_LABELS = 24
"""Labels that are listed; the rest is counted."""

_PANEL = (360, 300)
_LEFT, _TOP = 40, 90
_STEP = (390, 370)
_INK, _PALE, _BAR, _REFERENCE, _PAPER = (30, 34, 40), (150, 156, 164), (66, 120, 196), (222, 120, 40), (255, 255, 255)


def statistics_picture(statistics: Statistics, title: str) -> Image.Image:
    """The picture: bars are the dataset, the line is CLEVR."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(picture)
    far = distances(statistics)
    shown = title if len(title) <= 80 else f"…{title[-79:]}"
    draw.text((_LEFT, 16), shown, _INK, _font(22))
    summary = f"{statistics.layouts} layouts, {statistics.objects} objects, {len(statistics.labels)} labels. "
    summary += "Bars: this dataset. Line: CLEVR. Distance from CLEVR: 0 the same, 1 disjoint."
    draw.text((_LEFT, 46), summary, _PALE, _font(14))
    title = f"Objects per layout (distance {far['counts']:.2f})"
    _bars(draw, 0, 0, title, statistics.counts, CLEVR.counts, ("0", f"{MAX_COUNT}+"))
    _heat(draw, 1, 0, f"Middles, this dataset (distance {far['centers']:.2f})", statistics)
    _heat(draw, 2, 0, "Middles, CLEVR", CLEVR)
    title = f"Size, root of the area's share (distance {far['sizes']:.2f})"
    _bars(draw, 0, 1, title, statistics.sizes, CLEVR.sizes, ("0", "1"))
    title = f"Aspect, width : height (distance {far['aspects']:.2f})"
    _bars(draw, 1, 1, title, statistics.aspects, CLEVR.aspects, ("1:4", "4:1"))
    _lists(draw, statistics, far["overlaps"])
    return picture


def _font(size: int) -> FreeTypeFont | ImageFont:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _corner(column: int, row: int) -> tuple[int, int]:
    return _LEFT + column * _STEP[0], _TOP + row * _STEP[1]


def _bars(
    draw: ImageDraw.ImageDraw,
    column: int,
    row: int,
    title: str,
    values: Sequence[int],
    reference: Sequence[int],
    ends: tuple[str, str],
    height: int = _PANEL[1],
) -> None:
    x, y = _corner(column, row)
    draw.text((x, y), title, _INK, _font(15))
    top, bottom = y + 28, y + height
    shares = [value / max(sum(values), 1) for value in values]
    others = [value / max(sum(reference), 1) for value in reference]
    peak = max(*shares, *others, 1e-9)
    step = _PANEL[0] / len(values)
    line: list[tuple[float, float]] = []
    for index, (share, other) in enumerate(zip(shares, others, strict=True)):
        left = x + index * step
        draw.rectangle((left + 1, bottom - (bottom - top) * share / peak, left + step - 1, bottom), _BAR)
        level = bottom - (bottom - top) * other / peak
        line += [(left, level), (left + step, level)]
    draw.line(line, _REFERENCE, 2)
    draw.line((x, bottom, x + _PANEL[0], bottom), _INK, 1)
    draw.text((x, bottom + 5), ends[0], _PALE, _font(13))
    draw.text((x + _PANEL[0], bottom + 5), ends[1], _PALE, _font(13), anchor="ra")
    draw.text((x + _PANEL[0], top - 2), f"{peak:.0%}", _PALE, _font(13), anchor="ra")


def _heat(draw: ImageDraw.ImageDraw, column: int, row: int, title: str, statistics: Statistics) -> None:
    x, y = _corner(column, row)
    draw.text((x, y), title, _INK, _font(15))
    cell = (_PANEL[1] - 28) // GRID
    peak = max(max(map(max, statistics.centers)), 1)
    for line, values in enumerate(statistics.centers):
        for place, value in enumerate(values):
            left, top = x + place * cell, y + 28 + line * cell
            # The root makes rare places visible beside frequent ones.
            depth = (value / peak) ** 0.5
            color = tuple(round(245 + (end - 245) * depth) for end in _BAR)
            draw.rectangle((left, top, left + cell - 1, top + cell - 1), color)
    draw.rectangle((x, y + 28, x + GRID * cell, y + 28 + GRID * cell), outline=_PALE)


def _lists(draw: ImageDraw.ImageDraw, statistics: Statistics, far: float) -> None:
    title = f"Overlap, largest IoU (distance {far:.2f})"
    _bars(draw, 2, 1, title, statistics.overlaps, CLEVR.overlaps, ("0", "1"), height=120)
    x, y = _corner(2, 1)
    y += 150
    draw.text((x, y), "Labels", _INK, _font(15))
    listed = list(statistics.labels.items())
    font = _font(12)
    for index, (label, count) in enumerate(listed[:_LABELS]):
        left, top = x + index // 12 * 185, y + 24 + index % 12 * 13
        text = label if len(label) <= 24 else f"{label[:23]}…"
        draw.text((left, top), text, _INK, font)
        draw.text((left + 175, top), str(count), _PALE, font, anchor="ra")
    if len(listed) > _LABELS:
        draw.text((x, y + 26 + 12 * 13), f"and {len(listed) - _LABELS} more", _PALE, font)
