"""What people keep with an object beside its prompt: a colour to know it by, and notes. Pure values.

Neither changes what is painted. Both are extra fields of the object, so that every format that keeps unknown fields
keeps them (docs/formats.md).
"""

from __future__ import annotations

import re
from dataclasses import replace

from engine.layout.layout import MAX_PROMPT, LayoutObject

COLOR_FIELD = "display_color"
"""``"#rrggbb"``: the colour of the object's box in the window. Not ``color``, which in CLEVR's files is the thing's."""

NOTES_FIELD = "notes"
"""Any text."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}")

Color = tuple[int, int, int]


def own_color(item: LayoutObject) -> Color | None:
    """The colour that the object was given, as 8-bit RGB; None when it has none, or something that is no colour."""
    value = item.extra.get(COLOR_FIELD)
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        return None
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


def with_color(item: LayoutObject, color: Color | None) -> LayoutObject:
    """The object with this colour; None takes its own one away."""
    return _with(item, COLOR_FIELD, None if color is None else "#{:02x}{:02x}{:02x}".format(*color))


def notes_of(item: LayoutObject) -> str:
    """The object's notes; empty when there are none."""
    value = item.extra.get(NOTES_FIELD)
    return value if isinstance(value, str) else ""


def with_notes(item: LayoutObject, notes: str) -> LayoutObject:
    """The object with these notes, cut off after ``MAX_PROMPT`` characters; an empty text takes them away."""
    return _with(item, NOTES_FIELD, notes[:MAX_PROMPT] or None)


def _with(item: LayoutObject, field: str, value: str | None) -> LayoutObject:
    if item.extra.get(field) == value:
        return item
    extra = {name: kept for name, kept in item.extra.items() if name != field}
    return replace(item, extra=extra if value is None else {**extra, field: value})
