"""How much of a layout a file may hold: as much as can be edited without waiting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.errors import BoxpaintError
from engine.formats.checks import KIND
from engine.formats.dataset import Entry
from engine.layout.layout import MAX_OBJECTS

MAX_TEXT = 2**21
"""Most characters of all prompts and ids of a layout: with so many the window answers a key in under a second."""

MAX_UNREAD = 2**24
"""Most of the fields of a layout and its objects that are only kept, in characters of text; see `weight`."""

MAX_DEPTH = 100
"""Deepest nesting of these fields: Python reads and writes JSON by recursion, which ends at about a thousand calls."""

_VALUE = 32
"""Characters that a value counts for beside its text: JSON of small values is written as slowly as of long texts."""


def check_amount(entry: Entry) -> None:
    """Refuse a layout that is too much to work with.

    Raises:
        BoxpaintError: It has too many objects, too long texts, or too much beside them.
    """
    layout = entry.layout
    item = f"layout {entry.name}"
    if (count := len(layout.objects)) > MAX_OBJECTS:
        message = f"it has {count} objects; a layout has at most {MAX_OBJECTS}."
        raise BoxpaintError(message, KIND, item=item, hint="Split it.")
    if (length := sum(len(each.prompt) + len(each.id) for each in layout.objects)) > MAX_TEXT:
        message = f"its prompts and ids have {length} characters; a layout has at most {MAX_TEXT}."
        raise BoxpaintError(message, KIND, item=item, field="prompt", hint="Split it, or shorten the prompts.")
    kept = [fields for fields in (layout.extra, *(each.extra for each in layout.objects)) if fields]
    characters, depth = weight(kept)
    if characters > MAX_UNREAD:
        message = f"what it holds beside its boxes and prompts is more than {MAX_UNREAD} characters."
        raise BoxpaintError(message, KIND, item=item, hint="Take out what is no layout, such as pictures or outlines.")
    if depth > MAX_DEPTH:
        message = f"what it holds beside its boxes and prompts is nested more than {MAX_DEPTH} deep."
        raise BoxpaintError(message, KIND, item=item, hint="Take out what is no layout.")


def weight(fields: Iterable[Mapping[str, Any]]) -> tuple[int, int]:
    """How much these JSON objects amount to, in characters, and how deep they are nested.

    Counting ends soon after one of them is more than a layout may have.
    """
    characters = deepest = 0
    left: list[tuple[Any, int]] = [(each, 1) for each in fields]
    while left and characters <= MAX_UNREAD and deepest <= MAX_DEPTH:
        value, depth = left.pop()
        if isinstance(value, str):
            characters += len(value)
        elif isinstance(value, Mapping | list | tuple):
            deepest = max(deepest, depth)
            characters += _VALUE * len(value)
            if isinstance(value, Mapping):
                characters += sum(map(len, value))
                value = value.values()
            if characters <= MAX_UNREAD:  # else the list may be longer than there is room for
                left.extend((each, depth + 1) for each in value)
    return characters, deepest
