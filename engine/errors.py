"""Errors that Boxpaint reports to people: one sentence each, with the place and the remedy."""

from __future__ import annotations

from dataclasses import dataclass

_LONGEST = 2000
"""Characters of a part of an error; values from files may be far longer than anybody reads."""


@dataclass(eq=False)
class BoxpaintError(Exception):
    """A failure whose cause is known, told so that the reader can act on it.

    Attributes:
        message: One sentence that says what is wrong.
        kind: Stable machine-readable word, e.g. ``"layout"``, ``"model"``, ``"output"``.
        file: The file or folder concerned, if any.
        item: The item inside the file, e.g. ``"object 3"``, if any.
        field: The field of the item, e.g. ``"box"``, if any.
        hint: What to do about it, if something can be done.
    """

    message: str
    kind: str = "input"
    file: str | None = None
    item: str | None = None
    field: str | None = None
    hint: str | None = None

    def __post_init__(self) -> None:
        self.message = _cut(self.message)
        self.item, self.field = (part and _cut(part) for part in (self.item, self.field))

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self.item, self.field) if part)
        text = f"{place}: {self.message}" if place else self.message
        return f"{text} {self.hint}" if self.hint else text

    def as_dict(self) -> dict[str, str | None]:
        """The error as the ``error`` object of the command line's JSON output."""
        return {
            "kind": self.kind,
            "message": self.message,
            "file": self.file,
            "item": self.item,
            "field": self.field,
            "hint": self.hint,
        }

    def __reduce__(self) -> tuple[type[BoxpaintError], tuple[str | None, ...]]:
        # Exceptions pickle their args only; errors cross the process border with every field.
        return type(self), (self.message, self.kind, self.file, self.item, self.field, self.hint)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


class Cancelled(Exception):
    """Raised inside a run or a model load that the user cancelled; never reported as an error."""
