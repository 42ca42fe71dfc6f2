"""A log's text as records: what was said, when, by which part of the program, and how bad it is."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop_app.log.files import parts_of

_START = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} ([A-Z]+) ")


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that was said.

    Attributes:
        level: As the levels of ``logging``.
        text: Its lines, as they are in the file.
    """

    level: int
    text: str

    def shown(self, level: int, words: Iterable[str]) -> bool:
        """Whether it is at least as bad as ``level`` and has all words, in any case."""
        text = self.text.casefold()
        return self.level >= level and all(word in text for word in words)


def parse(text: str) -> Iterator[Record]:
    """The records of a log; lines without a head, as those of a traceback, belong to the record before them."""
    lines: list[str] = []
    level = logging.CRITICAL  # a crash report of Python's own has no head
    for line in text.splitlines():
        if head := _START.match(line):
            if lines:
                yield Record(level, "\n".join(lines))
            lines, level = [], logging.getLevelNamesMapping().get(head[1], logging.INFO)
        elif line.startswith("Fatal Python error") or line.startswith("Windows fatal exception"):
            if lines:
                yield Record(level, "\n".join(lines))
            lines, level = [], logging.CRITICAL
        lines.append(line)
    if lines:
        yield Record(level, "\n".join(lines))


def read_log(log: Path) -> list[Record]:
    """The records of one start; OSError when its files cannot be read."""
    text = "".join(path.read_text("utf-8", "replace") for path in parts_of(log))
    return list(parse(text))
