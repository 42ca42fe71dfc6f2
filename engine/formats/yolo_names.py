"""The class names of YOLO labels: ``data.yaml``, ``classes.txt`` or ``*.names``, as different trainers keep them."""

from __future__ import annotations

import json
import re
from pathlib import Path

from engine.errors import BoxpaintError
from engine.formats.checks import KIND
from engine.formats.source import Source, files_in

_TABLES = (".yaml", ".yml")
_LISTS = ("classes.txt", "names.txt", "labels.txt", "_darknet.labels")
_PAIR = re.compile(r"\s*([0-9]{1,5})\s*:\s*(\S.*)")
_PIECE = re.compile(r""",|[^,'"]+|"[^"]*"?|'[^']*'?""")
_DASH = re.compile(r"\s*-\s+(\S.*)")


def is_names_file(path: Path) -> bool:
    """Whether a text file beside labels holds class names (or a listing of files), not labels."""
    return path.name.lower() in (*_LISTS, "train.txt", "val.txt", "test.txt", "readme.txt", "requirements.txt")


def read_names(folder: Path) -> dict[int, str]:
    """Class number -> name, from the first file of names in ``folder``; empty when there is none.

    Raises:
        BoxpaintError: The file cannot be read.
    """
    if not folder.is_dir():
        return {}
    for path in files_in(folder, *_TABLES):
        if names := names_of_yaml(Source(path).text, str(path)):
            return names
    for path in files_in(folder, ".names", *_LISTS):
        lines = [line.strip() for line in Source(path).text.splitlines()]
        if any(lines):
            return {number: name for number, name in enumerate(lines) if name}
    return {}


def names_of_yaml(text: str, file: str) -> dict[int, str]:
    """The key ``names`` of a YOLO description: a list or a table, inline or one name per line; empty without one.

    Raises:
        BoxpaintError: The names cannot be read.
    """
    lines = [line.split(" #", 1)[0].rstrip() for line in text.splitlines()]
    start = next((number for number, line in enumerate(lines) if line.startswith("names:")), None)
    if start is None:
        return {}
    inline = lines[start].removeprefix("names:").strip()
    if inline:
        closing = {"[": "]", "{": "}"}.get(inline[0], "")
        block = [inline]
        for line in lines[start + 1 :]:
            if block[-1].endswith(closing):
                break
            block.append(line.strip())
        return _inline(" ".join(block), file)
    names: dict[int, str] = {}
    for line in lines[start + 1 :]:
        if not line.strip():
            continue
        if pair := _PAIR.fullmatch(line):
            names[int(pair[1])] = _unquoted(pair[2])
        elif dash := _DASH.fullmatch(line):
            names[len(names)] = _unquoted(dash[1])
        else:
            break
    return names


def _inline(block: str, file: str) -> dict[int, str]:
    if block[:1] + block[-1:] not in ("[]", "{}"):
        raise BoxpaintError(
            "the class names cannot be read.", KIND, file=file, field="names", hint="Write one name per line."
        )
    parts = [part.strip() for part in _split(block[1:-1]) if part.strip()]
    if block.startswith("["):
        return {number: _unquoted(part) for number, part in enumerate(parts)}
    pairs = [_PAIR.fullmatch(part) for part in parts]
    return {int(pair[1]): _unquoted(pair[2]) for pair in pairs if pair}


def _split(text: str) -> list[str]:
    """The parts between commas; commas in quotes do not count."""
    parts: list[list[str]] = [[]]
    for match in _PIECE.finditer(text):
        if match.group() == ",":
            parts.append([])
        else:
            parts[-1].append(match.group())
    return ["".join(part) for part in parts]


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text))
        except ValueError:
            return text[1:-1]
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == "'" else text
