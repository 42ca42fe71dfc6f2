"""The commands that the documentation shows: where they stand, and what a person would type."""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))

PROGRAMS = {
    *("boxpaint", "make", "python", "py", "pip", "pipx", "pytest", "accelerate", "reg"),
    *("pyinstaller", "pyside6-lupdate", "pyside6-lrelease"),
}
"""First words of what is a command, without folder and version."""

_ENVIRONMENT = re.compile(r"^\$?\s*((?:[A-Z_]+=\S+\s+)*)")
_IN_FOLDER = re.compile(r"^\.venv[\\/](?:bin|Scripts)[\\/]")


@dataclass(frozen=True)
class Block:
    """Code that stands by itself: fenced, with its language, or indented."""

    page: Path
    line: int
    language: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """One command of the documentation."""

    page: Path
    line: int
    words: tuple[str, ...]
    is_whole: bool
    """Whether it is meant to be typed as it stands; a sentence may name a part of a command."""

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line} {shlex.join(self.words)}"


def blocks(page: Path) -> Iterator[Block]:
    """The code blocks of a page."""
    lines = page.read_text("utf-8").splitlines()
    number = 0
    while number < len(lines):
        start, line = number, lines[number]
        if line.lstrip().startswith("```"):
            number = next(i for i in range(start + 1, len(lines)) if lines[i].lstrip().startswith("```"))
            yield Block(page, start + 2, line.strip("` "), tuple(lines[start + 1 : number]))
        elif line.startswith("    ") and (start == 0 or not lines[start - 1].strip()):
            while number < len(lines) and (lines[number].startswith("    ") or not lines[number].strip()):
                number += 1
            yield Block(page, start + 1, "", tuple(text[4:] for text in lines[start:number]))
            continue
        number += 1


def spans(page: Path) -> Iterator[tuple[int, str]]:
    """The pieces of code inside of sentences, with their lines; they may go over the end of a line."""
    text = page.read_text("utf-8").splitlines()
    for block in blocks(page):
        for number in range(block.line - 1, block.line - 1 + len(block.lines)):
            text[number] = ""
    whole = "\n".join("" if line.lstrip().startswith("```") else line for line in text)
    for found in re.finditer(r"`([^`]+)`", whole):
        yield whole.count("\n", 0, found.start()) + 1, " ".join(found[1].split())


def program_of(text: str) -> str:
    """The program that a line starts, or nothing."""
    text = _IN_FOLDER.sub("", _ENVIRONMENT.sub("", text))
    first = text.split(" ")[0]
    first = "python" if first == "python3" else first
    return first if first in PROGRAMS else ""


def shown(page: Path) -> Iterator[Shown]:
    """Every command of a page: the lines of blocks that hold commands, and pieces of code of more than one word.

    A block that holds commands holds nothing else, so that a misspelt one is not taken for something to pass over.
    """
    for block in blocks(page):
        if not any(map(program_of, block.lines)):
            continue
        for number, text in enumerate(block.lines, start=block.line):
            if text.strip():
                assert program_of(text), f"{page}:{number}: no known command: {text}"
                yield from _commands(page, number, text, is_whole=True)
    for number, text in spans(page):
        if " " in text and program_of(text):
            yield from _commands(page, number, text, is_whole=False)


def _commands(page: Path, line: int, text: str, *, is_whole: bool) -> Iterator[Shown]:
    # What comes after two spaces is a remark on the command.
    command = re.split(r"\s{2,}", _ENVIRONMENT.sub("", text).rstrip())[0]
    if _IN_FOLDER.match(command) or command.startswith("py "):
        command = command.replace("\\", "/")
    command = _IN_FOLDER.sub("", command)
    for variant in _with_and_without(command):
        alternatives = [word.split("|") for word in map(_plain, shlex.split(variant)) if word]
        for words in itertools.product(*alternatives):
            whole = is_whole and all(len(choices) == 1 for choices in alternatives)
            yield Shown(page, line, words, whole)


def _with_and_without(command: str) -> Iterator[str]:
    """``list [--fits]`` is two commands."""
    optional = re.search(r" \[([^\]]+)\]", command)
    if optional is None:
        yield command
        return
    for part in ("", f" {optional[1]}"):
        yield from _with_and_without(command[: optional.start()] + part + command[optional.end() :])


def _plain(word: str) -> str:
    """A word without the dots that say "and more of these"."""
    return re.sub(r"(…|\.\.\.)$", "", word).rstrip(",")
