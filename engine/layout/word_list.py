"""Lists of labels as text: one label per line. Pure functions."""

from __future__ import annotations

from engine.layout.layout import MAX_PROMPT

MOST_WORDS = 50_000
"""Labels that are taken from one list."""


def words_of(text: str) -> tuple[str, ...]:
    """The labels of a text, each once, in their order; blank lines and what is longer than a prompt are left out."""
    lines = (line.strip() for line in text.removeprefix("\ufeff").splitlines())
    words = dict.fromkeys(line for line in lines if line and len(line) <= MAX_PROMPT)
    return tuple(words)[:MOST_WORDS]
