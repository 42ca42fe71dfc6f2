"""Decodes long JSON piece by piece, so that other threads get a turn: until a call of the C decoder ends, none does.

The value is the same as that of ``json.loads``. Lists are cut between items of one kind, and what is long inside them
is taken apart in turn; whatever does not go apart is decoded in one piece, which also finds the words for what is
wrong with it. That is done up to `WHOLE` characters: what is longer would stop a window.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

PIECE = 2**18
"""Characters that are decoded in one go, about five milliseconds."""

WHOLE = 16 * 2**20
"""Longest text that is decoded in one piece when it does not go apart."""

_SHORT = 1024
"""Characters that most values end within."""

_SPACE = re.compile(r"[ \t\n\r]*")
_CLOSERS = re.compile(r"(?:[\]}][ \t\n\r]*)+\Z")
_NUMBERS = re.compile(r"[0-9][ \t\n\r]*(,)[ \t\n\r]*[-0-9]")
_TEXTS = re.compile(r'"[ \t\n\r]*(,)[ \t\n\r]*"')


class NotApart(ValueError):
    """A long text that cannot be taken apart: it is broken, or of a form that no list of objects has."""


def decode(text: str, decoder: json.JSONDecoder) -> Any:
    """The value that a JSON text stands for.

    Raises:
        NotApart: It is too long to be decoded in one piece, and does not go apart.
        ValueError: As ``decoder.decode`` raises it.
        RecursionError: It is nested too deeply.
    """
    if len(text) > 2 * PIECE:
        try:
            return _Pieces(text, decoder).value()
        except (ValueError, IndexError) as error:
            if len(text) > WHOLE:
                raise NotApart(str(error)) from error
    return decoder.decode(text)


class _Pieces:
    """A text that is being taken apart."""

    def __init__(self, text: str, decoder: json.JSONDecoder) -> None:
        self._text = text
        self._scan: Callable[[str, int], tuple[Any, int]] = decoder.raw_decode

    def value(self) -> Any:
        value, end = self._long(self._skip(0))
        if self._skip(end) != len(self._text):
            raise ValueError("something follows")
        return value

    def _skip(self, place: int) -> int:
        match = _SPACE.match(self._text, place)
        return match.end() if match else place

    def _any(self, place: int) -> tuple[Any, int]:
        for length in (_SHORT, PIECE):
            piece = self._text[place : place + length]
            try:
                value, end = self._scan(piece, 0)
            except ValueError:
                continue  # it is longer
            if end < len(piece) or place + end == len(self._text):  # a number might go on
                return value, place + end
        return self._long(place)

    def _long(self, place: int) -> tuple[Any, int]:
        sign = self._text[place]
        if sign == "{":
            return self._object(place)
        return self._list(place) if sign == "[" else self._scan(self._text, place)

    def _object(self, place: int) -> tuple[dict[str, Any], int]:
        text = self._text
        fields: dict[str, Any] = {}
        place = self._skip(place + 1)
        if text[place] == "}":
            return fields, place + 1
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
        text = self._text
        items: list[Any] = []
        place = self._skip(place + 1)
        if text[place] == "]":
            return items, place + 1
        between, singly = self._between(place), 0
        """Up to ``singly`` the items do not go together: they are decoded one by one."""
        while True:
            several = self._several(place, between) if between and place >= singly else None
            if several is not None:
                found, place, ended = several
                items += found
                if ended:
                    return items, place
                continue
            singly = max(singly, place + PIECE)
            item, place = self._any(place)
            items.append(item)
            place = self._skip(place)
            if text[place] == "]":
                return items, place + 1
            if text[place] != ",":
                raise ValueError("no comma")
            place = self._skip(place + 1)

    def _several(self, start: int, between: re.Pattern[str]) -> tuple[list[Any], int, bool] | None:
        """Items from ``start`` on, where the next one begins, and whether the list has ended; None where it fails.

        Items that are cut apart in the wrong place, inside a nested list or a text, do not decode: as long as the
        pieces do, they began and ended where items do.
        """
        text = self._text
        match = between.search(text, start + PIECE, start + 2 * PIECE)
        piece = f"[{text[start : match.start(1)]}]" if match else f"[{text[start : start + 2 * PIECE]}"
        try:
            found, end = self._scan(piece, 0)
        except ValueError:
            return None
        if match is None or end < len(piece):
            return found, start + end - 1, True  # the list's own end
        return found, self._skip(match.end(1)), False

    def _between(self, start: int) -> re.Pattern[str] | None:
        """What stands between two items like the first one: the brackets that it ends with, a comma, an opening one."""
        opening = self._text[start]
        if opening not in "{[":
            return _TEXTS if opening == '"' else _NUMBERS
        _, end = self._any(start)
        closers = _CLOSERS.search(self._text, max(start, end - 64), end)
        signs = re.sub(r"\s", "", closers.group()) if closers else "}"
        brackets = r"[ \t\n\r]*".join(map(re.escape, signs))
        # Not one bracket more: objects inside the items often end with one of theirs less.
        return re.compile(r"[^\]} \t\n\r][ \t\n\r]*" + brackets + r"[ \t\n\r]*(,)[ \t\n\r]*" + re.escape(opening))
