"""Checked access to what a file holds: a wrong value becomes an error that names its place.

Values are checked without knowing where they come from; `placed` adds file and item on the way out. This keeps the
reading of tens of thousands of objects fast: places are put in words only when something is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

from engine.errors import BoxpaintError
from engine.layout import Box, LayoutObject, check_seed
from engine.layout.layout import MAX_SIDE

KIND = "layout"
"""The kind of every error about the content of a layout file."""

PIXEL_DIGITS = 9
"""Decimals of a pixel to which numbers are written where fewer do: a billionth is far more than any file means."""

_SLACK = 1e-6
"""Share of the picture's side by which a box may stick out without a warning: rounding, not intent."""

_NUMBERS = {int, float}

_OWN = "boxpaint"
"""Key under which files of other programs carry what only Boxpaint knows about an object."""


def placed(error: BoxpaintError, *, file: str | None = None, item: str | None = None) -> BoxpaintError:
    """The same error, with file and item filled in; an outer item goes before an inner one."""
    error.file = error.file or file
    if item:
        error.item = f"{item}, {error.item}" if error.item else item
    return error


def bad(message: str, *, field: str | None = None, hint: str | None = None) -> BoxpaintError:
    """An error about a value; its place is added by `placed`."""
    return BoxpaintError(message, KIND, field=field, hint=hint)


def shown(value: object) -> str:
    """A value for an error message, cut to a readable length; what is cut off is not even looked at."""
    text = _brief(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _brief(value: object, depth: int = 0) -> str:
    if isinstance(value, str):
        return repr(value[:60])
    if not isinstance(value, (list, dict)):
        return repr(value)
    if len(value) > 4 or depth > 3:
        return f"a list of {len(value)}" if isinstance(value, list) else f"an object of {len(value)} fields"
    if isinstance(value, list):
        return f"[{', '.join(_brief(item, depth + 1) for item in value)}]"
    fields = (f"{_brief(key)}: {_brief(item, depth + 1)}" for key, item in value.items())
    return f"{{{', '.join(fields)}}}"


def mapping(value: object, *, field: str | None = None) -> dict[str, Any]:
    """``value`` if it is a JSON object."""
    if not isinstance(value, dict):
        raise bad(f"a JSON object belongs here, not {shown(value)}.", field=field)
    return value


def sequence(value: object, *, field: str | None = None) -> list[Any]:
    """``value`` if it is a JSON list."""
    if not isinstance(value, list):
        raise bad(f"a list belongs here, not {shown(value)}.", field=field)
    return value


def required(data: Mapping[str, Any], field: str) -> Any:
    """The field's value; an error when it is missing."""
    if field not in data:
        raise bad("it is missing.", field=field)
    return data[field]


def text(value: object, *, field: str) -> str:
    """``value`` if it is a text that can be encoded."""
    if not isinstance(value, str):
        raise bad(f"a text belongs here, not {shown(value)}.", field=field)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise bad("the text holds half a character (a lone surrogate).", field=field) from error
    return value


def number(value: object, *, field: str) -> float:
    """``value`` if it is a finite number; whole numbers stay whole."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise bad(f"a number belongs here, not {shown(value)}.", field=field)
    # Whole numbers in JSON have no limit; one that no float can hold breaks every later calculation.
    if not abs(value) <= 1e15 if isinstance(value, int) else not math.isfinite(value):
        raise bad(f"{shown(value)} is not a usable number.", field=field)
    return value


def whole(value: object, *, field: str, least: int = 0) -> int:
    """``value`` if it is a whole number of at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**63:
        raise bad(f"a whole number from {least} belongs here, not {shown(value)}.", field=field)
    return value


def flag(value: object, *, field: str) -> bool:
    """``value`` if it is true or false."""
    if not isinstance(value, bool):
        raise bad(f"true or false belongs here, not {shown(value)}.", field=field)
    return value


def side(value: object, *, field: str) -> int:
    """``value`` if it is a side of a picture: whole pixels, 1 … `MAX_SIDE`; 512.0 counts as 512."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_SIDE:
        raise bad(f"the {field} is {shown(value)}.", field=field, hint=f"It is a whole number from 1 to {MAX_SIDE}.")
    return value


def four(value: object, *, field: str) -> tuple[float, float, float, float]:
    """``value`` if it is a list of four finite numbers."""
    if not isinstance(value, list) or len(value) != 4:
        raise bad(f"a list of four numbers belongs here, not {shown(value)}.", field=field)
    first, second, third, fourth = value
    known = {type(first), type(second), type(third), type(fourth)} <= _NUMBERS
    if not known or max(value) > 1e15 or min(value) < -1e15:
        for part in value:
            number(part, field=field)
    return first, second, third, fourth


class Notes:
    """What happened to boxes on reading, counted, with the first place of each kind.

    Args:
        words: What the places are called, from the outside in, e.g. ``("scene", "object")``.
        single: True for layouts that somebody writes box by box: one that cannot be used is refused. In datasets and
            other programs' files such boxes are left out and counted: one of 36,000 must not keep the rest closed.
    """

    def __init__(self, *words: str, single: bool = False) -> None:
        self._words = words
        self.single = single
        self._counts: dict[str, int] = {}
        self._first: dict[str, str] = {}
        self._order: list[str] = []

    def add(self, what: str, at: tuple[int, ...] = ()) -> None:
        """Count one more of ``what``, a sentence with ``{n}`` for the number, ``{boxes}`` and ``{s}`` for plurals."""
        if what not in self._counts:
            self._order.append(what)
            self._counts[what] = 0
            self._first[what] = self.item(at)
        self._counts[what] += 1

    def item(self, at: tuple[int, ...]) -> str:
        """The place ``at`` in words, e.g. ``"scene 12, object 3"``; counted from 0, as in the file."""
        return ", ".join(f"{word} {index}" for word, index in zip(self._words, at, strict=False))

    def warnings(self) -> tuple[str, ...]:
        """One sentence for each kind of thing that happened."""
        sentences = []
        for what in self._order:
            count = self._counts[what]
            sentence = (
                what.replace("{n}", str(count))
                .replace("{boxes}", "box" if count == 1 else "boxes")
                .replace("{s}", "" if count == 1 else "s")
            )
            where = self._first[what]
            sentences.append(f"{sentence} ({'first: ' if count > 1 else ''}{where})." if where else f"{sentence}.")
        return tuple(sentences)


CLIPPED = "{n} {boxes} reached outside the picture: clipped"
OUTSIDE = "{n} {boxes} outside the picture: left out"
NO_AREA = "{n} {boxes} without area: left out"


def pixel_box(
    x0: float, y0: float, x1: float, y1: float, width: float, height: float, notes: Notes, at: tuple[int, ...]
) -> Box | None:
    """The box with these half-open edges in a picture of ``width`` × ``height``; 1 × 1 for normalised edges.

    Returns:
        The box, clipped with a note if it sticks out; None if it was left out with a note.

    Raises:
        BoxpaintError: Inverted edges; or no area inside the picture in a file with a single layout.
    """
    if 0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height:
        left, top, right, bottom = x0 / width, y0 / height, x1 / width, y1 / height
        if left < right and top < bottom:
            return Box(left, top, right, bottom)
    return _odd_box(x0, y0, x1, y1, width, height, notes, at)


def _odd_box(
    x0: float, y0: float, x1: float, y1: float, width: float, height: float, notes: Notes, at: tuple[int, ...]
) -> Box | None:
    if not all(map(math.isfinite, (x0, y0, x1, y1))):
        raise bad("a number is not finite.", field="box")
    if x1 < x0 or y1 < y0:
        raise bad(
            f"the width or height is negative: from {x0:g}, {y0:g} to {x1:g}, {y1:g}.",
            field="box",
            hint="Are the numbers in another order? --boxes decides how they are read where the format leaves it open.",
        )
    left, top, right, bottom = (
        min(max(edge / side, 0.0), 1.0) for edge, side in ((x0, width), (y0, height), (x1, width), (y1, height))
    )
    if left >= right or top >= bottom:
        flat = x0 == x1 or y0 == y1
        if notes.single:
            where = "has no area" if flat else f"lies outside the picture of {width:g} × {height:g}"
            raise bad(
                f"the box {where}: from {x0:g}, {y0:g} to {x1:g}, {y1:g}.",
                field="box",
                hint="Move it into the picture or take it out.",
            )
        notes.add(NO_AREA if flat else OUTSIDE, at)
        return None
    if max(-x0 / width, -y0 / height, x1 / width - 1, y1 / height - 1) > _SLACK:
        notes.add(CLIPPED, at)
    return Box(left, top, right, bottom)


def xywh_box(value: object, width: int, height: int, notes: Notes, at: tuple[int, ...], field: str) -> Box | None:
    """The box of ``[x, y, width, height]`` in pixels; see `pixel_box`."""
    # Files hold tens of thousands of boxes, nearly all of them fine: those take this short way.
    if type(value) is list and len(value) == 4:
        x, y, w, h = value
        if type(x) in _NUMBERS and type(y) in _NUMBERS and type(w) in _NUMBERS and type(h) in _NUMBERS:
            x1, y1 = x + w, y + h
            if 0 <= x < x1 <= width and 0 <= y < y1 <= height and x / width < x1 / width and y / height < y1 / height:
                return Box(x / width, y / height, x1 / width, y1 / height)
    x, y, w, h = four(value, field=field)
    return pixel_box(x, y, x + w, y + h, width, height, notes, at)


def xyxy_box(value: object, width: int, height: int, notes: Notes, at: tuple[int, ...], field: str) -> Box | None:
    """The box of ``[x0, y0, x1, y1]`` in pixels; see `pixel_box`."""
    x0, y0, x1, y1 = four(value, field=field)
    return pixel_box(x0, y0, x1, y1, width, height, notes, at)


def to_xyxy(box: Box, width: int, height: int) -> list[float]:
    """``[x0, y0, x1, y1]`` in pixels, which `xyxy_box` reads as the same box; whole numbers where edges are whole."""
    return [_edge(box.x0, width), _edge(box.y0, height), _edge(box.x1, width), _edge(box.y1, height)]


def to_xywh(box: Box, width: int, height: int) -> list[float]:
    """``[x, y, width, height]`` in pixels, which `xywh_box` reads as the same box."""
    x, y = _edge(box.x0, width), _edge(box.y0, height)
    return [x, y, _edge(box.x1, width, x), _edge(box.y1, height, y)]


def _edge(share: float, size: int, start: float = 0.0) -> float:
    """The number that, added to ``start`` and divided by ``size``, gives exactly ``share`` again.

    The shortest such number is taken, so that 19 comes back as 19. A number from another format or size may have none;
    the one that is off by less than `PIXEL_DIGITS` decimals is taken then, and has itself as its next reading.
    """
    pixels = share * size
    short = round(round(pixels, PIXEL_DIGITS) - start, PIXEL_DIGITS)
    if (start + short) / size == share:
        return int(short) if short == int(short) else short
    exact = pixels - start
    for candidate in (exact, math.nextafter(exact, math.inf), math.nextafter(exact, -math.inf)):
        if (start + candidate) / size == share:
            return candidate
    return int(short) if short == int(short) else short


def own_fields(item: LayoutObject, default_id: str) -> dict[str, Any]:
    """What other programs' files have no field for, under one key of our own; empty when there is nothing to say."""
    own: dict[str, Any] = {}
    if item.id != default_id:
        own["id"] = item.id
    if item.locked:
        own["locked"] = True
    if item.hidden:
        own["hidden"] = True
    if item.seed is not None:
        own["seed"] = item.seed
    return {_OWN: own} if own else {}


def foreign_object(prompt: str, box: Box, default_id: str, extra: dict[str, Any]) -> LayoutObject:
    """An object of another program's file; ``extra`` may hold the fields that `own_fields` wrote."""
    if _OWN not in extra:
        return LayoutObject(default_id, prompt, box, False, False, None, extra)
    own = mapping(extra.pop(_OWN), field=_OWN)
    return LayoutObject(
        text(own.get("id", default_id), field="id"),
        prompt,
        box,
        flag(own.get("locked", False), field="locked"),
        flag(own.get("hidden", False), field="hidden"),
        None if own.get("seed") is None else check_seed(own["seed"]),
        extra,
    )


def default_ids(count: int) -> tuple[str, ...]:
    """The ids of objects in a file that has none: ``"o1"``, ``"o2"``, …"""
    return _ids(count) if count <= 64 else tuple(f"o{number}" for number in range(1, count + 1))


@cache
def _ids(count: int) -> tuple[str, ...]:
    return tuple(f"o{number}" for number in range(1, count + 1))
