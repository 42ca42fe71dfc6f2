"""A file or folder that is about to be read: its content is loaded once, however many formats look at it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.files import read_bytes
from engine.formats.checks import KIND
from engine.formats.json_pieces import NotApart, decode

MAX_BYTES = 512 * 2**20
"""Largest file that is read: COCO's training set is somewhat under it."""

MAX_TEXT = 64 * 2**20
"""Largest table or label file in bytes; many short lines take a multiple of that in memory."""

MAX_CONTAINERS = 10_000_000
"""Most objects and lists of a JSON file; COCO's training set has under half of that."""

MAX_PASSED = 20
"""Broken files that are passed over before a folder counts as none of a kind."""

_SIZE = re.compile(r"\s*(\d{1,5})\s*(?:[x×*,]\s*(\d{1,5}))?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the person said about a file that the file does not say itself.

    Attributes:
        size: Width and height of the pictures in pixels.
        boxes: How box numbers are to be read, e.g. ``"xywh"``.
        skip_broken: Whether files of a folder that cannot be read are left out, and named in `Source.broken`.
    """

    size: tuple[int, int] | None = None
    boxes: str | None = None
    skip_broken: bool = False


class Source:
    """One file or folder on the disk.

    Raises:
        BoxpaintError: It does not exist, cannot be read, is too large, or is not what it pretends to be.
    """

    def __init__(self, path: Path, options: ReadOptions | None = None) -> None:
        self.path = path
        self.options = options or ReadOptions()
        try:
            self.is_folder = path.is_dir()
        except OSError as error:  # a name that is too long, a folder that is not to be looked into
            raise BoxpaintError(f"it cannot be read ({error.strerror}).", KIND, file=str(path)) from error
        self.broken: list[BoxpaintError] = []
        """Files of the folder that were left out; see `part`."""

    @property
    def file(self) -> str:
        """The path as it appears in errors."""
        return str(self.path)

    @cached_property
    def content(self) -> bytes:
        """All bytes of the file."""
        return read_bytes(self.path, limit=MAX_BYTES, kind=KIND)

    @cached_property
    def head(self) -> bytes:
        """The first kilobytes of the file, for telling formats apart; empty for a folder."""
        if self.is_folder:
            return b""
        if not self.path.is_file():
            return self.content[:4096]  # fails, in words; opening a pipe would wait for ever
        try:
            with self.path.open("rb") as file:
                return file.read(4096)
        except OSError:
            return self.content[:4096]  # fails too, in words

    @cached_property
    def looks_like_json(self) -> bool:
        """Whether the first character that counts opens a JSON object or list."""
        return self.head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")

    @cached_property
    def json(self) -> Any:
        """The file's JSON value; None for what is not JSON at all (a folder, a picture, a table)."""
        return parse_json(self.content, self.file) if self.looks_like_json else None

    @cached_property
    def text(self) -> str:
        """The file as UTF-8 text; None-safe formats look at `head` first."""
        if len(self.content) > MAX_TEXT:
            raise BoxpaintError(f"as text it is larger than {MAX_TEXT // 2**20} MiB.", KIND, file=self.file)
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BoxpaintError(
                f"it is not UTF-8 text (byte {error.start}).", KIND, file=self.file, hint="Save it as UTF-8."
            ) from error

    def items(self, *suffixes: str) -> list[Path]:
        """The folder's own files with one of these endings, sorted by name; hidden ones left out."""
        return files_in(self.path, *suffixes) if self.is_folder else []

    def samples(self, paths: Sequence[Path], count: int) -> list[Any]:
        """JSON values of the first ``count`` files that hold one, for telling what a folder is; broken ones pass."""
        values: list[Any] = []
        for path in paths[: count + MAX_PASSED]:
            if len(values) == count:
                break
            with suppress(BoxpaintError):
                values.append(Source(path).json)
        return values

    @contextmanager
    def part(self, path: Path) -> Iterator[None]:
        """Read one file of several in this context: errors get its name; a broken one is left out if asked for.

        Whoever reads takes a file's entries over only after its last one was read, so that none is taken in part.
        """
        try:
            yield
        except BoxpaintError as error:
            error.file = error.file or str(path)
            if not (self.is_folder and self.options.skip_broken):
                raise
            self.broken.append(error)


def parse_json(content: bytes, file: str) -> Any:
    """The JSON value in ``content``; NaN, Infinity and anything but UTF-8 are refused.

    Raises:
        BoxpaintError: It is not valid JSON; the message says where.
    """
    constants: list[float] = []

    def note_constant(name: str) -> float:
        constants.append(float(name))
        return constants[-1]

    try:
        content = content.removeprefix(b"\xef\xbb\xbf")
        written = content.decode(json.detect_encoding(content), "surrogatepass")
        # Each takes far more memory than the characters that it is written in.
        if len(written) > MAX_CONTAINERS and written.count("{") + written.count("[") > MAX_CONTAINERS:
            raise BoxpaintError(f"it holds more than {MAX_CONTAINERS} objects and lists.", KIND, file=file)
        value = decode(written, json.JSONDecoder(parse_constant=note_constant))
    except json.JSONDecodeError as error:
        hint = "Is the file complete?" if error.pos >= len(error.doc.rstrip()) else "Repair it there."
        where = f"line {error.lineno}, column {error.colno}"
        reason = error.msg[:1].lower() + error.msg[1:]
        raise BoxpaintError(f"it is not valid JSON: {reason} ({where}).", KIND, file=file, hint=hint) from error
    except NotApart as error:
        message = f"its {len(content) // 2**20} MiB of JSON are broken, or of a form that cannot be read in pieces."
        raise BoxpaintError(message, KIND, file=file, hint="Is the file complete? Split it if it is.") from error
    except UnicodeDecodeError as error:
        raise BoxpaintError(
            f"it is not UTF-8 text (byte {error.start}).", KIND, file=file, hint="Save it as UTF-8."
        ) from error
    except RecursionError as error:
        raise BoxpaintError("its JSON is nested too deeply.", KIND, file=file) from error
    except ValueError as error:  # a whole number with thousands of digits
        raise BoxpaintError(f"it is not valid JSON: {str(error).split(';')[0]}.", KIND, file=file) from error
    # A long text is cut on trial: what was noted inside one of its strings does not count.
    if constants and (place := _first_constant(value)):
        item, field = place
        name = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(constants[0])]
        raise BoxpaintError(
            f"{name} is no number in JSON.",
            KIND,
            file=file,
            item=item,
            field=field,
            hint="Write a finite number there.",
        )
    return value


def files_in(folder: Path, *suffixes: str) -> list[Path]:
    """Files directly in ``folder`` with one of these endings, sorted by name; hidden ones left out."""
    try:
        return sorted(
            path
            for path in folder.iterdir()
            if path.name.lower().endswith(suffixes) and not path.name.startswith(".") and path.is_file()
        )
    except OSError as error:
        raise BoxpaintError(f"it cannot be read ({error.strerror or error}).", KIND, file=str(folder)) from error


def parse_size(text: str) -> tuple[int, int]:
    """Width and height in ``"640x480"``, or ``"512"`` for a square.

    Raises:
        BoxpaintError: The text is no size.
    """
    match = _SIZE.fullmatch(text)
    width, height = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    if not (1 <= width <= 16384 and 1 <= height <= 16384):
        raise BoxpaintError(
            f"{text!r} is no picture size.", KIND, field="size", hint="Write width x height, e.g. --size 640x480."
        )
    return width, height


def any_dict(values: Any, keys: set[str], limit: int = 20) -> bool:
    """Whether ``values`` is a list and one of its first items is a JSON object with all of ``keys``."""
    return any(keys <= value.keys() for value in first_dicts(values, limit))


def first_dicts(value: Any, limit: int = 20) -> Iterator[dict[str, Any]]:
    """The JSON objects among the first ``limit`` values of a list; nothing for anything else."""
    if isinstance(value, list):
        yield from (item for item in value[:limit] if isinstance(item, dict))


def _first_constant(value: Any) -> tuple[str | None, str | None] | None:
    """Where the first NaN or Infinity stands, if one does: the list items that lead there, and the field."""
    pending: list[tuple[Any, tuple[str | int, ...]]] = [(value, ())]
    while pending:
        here, path = pending.pop()
        if isinstance(here, float) and not math.isfinite(here):
            items = [f"{step}" if isinstance(step, int) else step for step in path[:-1]]
            fields = [step for step in path if isinstance(step, str)]
            return ("item " + ", ".join(items) if items else None), (fields[-1] if fields else None)
        inner = here.items() if isinstance(here, dict) else enumerate(here) if isinstance(here, list) else ()
        pending.extend((child, (*path, step)) for step, child in reversed(list(inner)))
    return None
