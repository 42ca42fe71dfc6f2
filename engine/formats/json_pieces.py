"""Decodes long JSON piece by piece, so that other threads get a turn: until a call of the C decoder ends, none does.

The value is the same as that of ``json.loads``. Only long lists of objects, at the top or in a field of the top, are
taken apart; whatever does not go apart is decoded in one piece, which also finds the words for what is wrong with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

PIECE = 2**18
"""Characters that are decoded in one go, about five milliseconds."""

_SPACE = re.compile(r"[ \t\n\r]*")
_CLOSERS = re.compile(r"(?:[\]}][ \t\n\r]*)+\Z")


def decode(text: str, decoder: json.JSONDecoder) -> Any:
    """The value that a JSON text stands for.

    Raises:
        ValueError: As ``decoder.decode`` raises it.
        RecursionError: It is nested too deeply.
    """
    if len(text) > 2 * PIECE:
        try:
            return _Pieces(text, decoder).value()
        except (ValueError, IndexError):
            pass  # not to be taken apart, or broken: the whole tells
    return decoder.decode(text)


class _Pieces:
    """A text that is being taken apart."""

    def __init__(self, text: str, decoder: json.JSONDecoder) -> None:
        self._text = text
        self._scan: Callable[[str, int], tuple[Any, int]] = decoder.raw_decode

    def value(self) -> Any:
        start = self._skip(0)
        value, end = self._object(start) if self._text[start] == "{" else self._any(start)
        if self._skip(end) != len(self._text):
            raise ValueError("something follows")
        return value

    def _skip(self, place: int) -> int:
        match = _SPACE.match(self._text, place)
        return match.end() if match else place

    def _any(self, place: int) -> tuple[Any, int]:
        return self._list(place) if self._text[place] == "[" else self._scan(self._text, place)

    def _object(self, place: int) -> tuple[dict[str, Any], int]:
        text, fields = self._text, {}
        place = self._skip(place + 1)
        while True:
            if text[place] != '"':
                raise ValueError("no name of a field")
            name, place = self._scan(text, place)
            place = self._skip(place)
            if text[place] != ":":
                raise ValueError("no colon")
            fields[name], place = self._any(self._skip(place + 1))
            place = self._skip(place)
            if text[place] == "}":
                return fields, place + 1
            if text[place] != ",":
                raise ValueError("no comma")
            place = self._skip(place + 1)

    def _list(self, place: int) -> tuple[list[Any], int]:
        """A list, cut between its items.

        Items that are cut apart in the wrong place, inside a nested list or a text, do not decode: as long as the
        pieces do, they began and ended where items do.
        """
        text, items = self._text, []
        start = self._skip(place + 1)
        between = self._between(start)
        while True:
            match = between.search(text, start + PIECE) if between else None
            piece = f"[{text[start : match.start(1)]}]" if match else f"[{text[start:]}"
            found, end = self._scan(piece, 0)
            items += found
            if match is None or end < len(piece):
                return items, start + end - 1  # the list's own end
            start = match.end() - 1

    def _between(self, start: int) -> re.Pattern[str] | None:
        """What stands between two items like the first one: the brackets that it ends with, a comma, an opening one."""
        if self._text[start] != "{":
            return None
        _, end = self._scan(self._text, start)
        closers = _CLOSERS.search(self._text, max(start, end - 64), end)
        signs = re.sub(r"\s", "", closers.group()) if closers else "}"
        brackets = r"[ \t\n\r]*".join(map(re.escape, signs))
        # Not one bracket more: objects inside the items often end with one of theirs less.
        return re.compile(r"[^\]} \t\n\r][ \t\n\r]*" + brackets + r"[ \t\n\r]*(,)[ \t\n\r]*\{")
