"""Writing what a format produced: one file or a folder of files, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from engine.errors import BoxpaintError
from engine.files import new_folder, output_error, write_bytes
from engine.formats.checks import KIND
from engine.formats.dataset import Dataset, Entry, unique_names


class ReadOnly:
    """A format that is only read: nothing but the program that it belongs to would open what was written."""

    name: str
    can_write = False
    in_folder = False

    def write(self, path: Path, dataset: Dataset) -> None:
        """Not offered."""
        raise BoxpaintError(f"the format {self.name} can only be read.", "output", file=str(path))


def dumps(value: Any) -> str:
    """Compact JSON on one line.

    Raises:
        BoxpaintError: A field that was kept from another file cannot be written as JSON.
    """
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))
    except (ValueError, TypeError, RecursionError) as error:
        raise _not_json(error) from error


def json_lines(items: Iterable[Any]) -> str:
    """A JSON list with one item per line: small, fast to write, and still fit for a line-by-line comparison."""
    lines = list(map(dumps, items))
    return "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"


def json_file(fields: Mapping[str, Any], lists: Mapping[str, Iterable[Any]]) -> bytes:
    """A JSON object with some fields, and some long lists written one item per line."""
    parts = [f"{dumps(name)}: {dumps(value)}" for name, value in fields.items()]
    parts += [f"{dumps(name)}: {json_lines(items)}" for name, items in lists.items()]
    return _encode("{\n" + ",\n".join(parts) + "\n}\n")


def json_list(items: Iterable[Any]) -> bytes:
    """A JSON list as a file, one item per line."""
    return _encode(json_lines(items) + "\n")


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a new folder: everything is written beside it and put in place at the end.

    Args:
        path: The folder; it must not exist, or be empty.
        files: Relative paths with ``/`` and their content.

    Raises:
        BoxpaintError: The folder holds something already, or cannot be written; nothing was changed.
    """
    try:
        taken = path.exists() and (not path.is_dir() or any(path.iterdir()))
    except OSError as error:
        raise output_error(error, path) from error
    if taken:
        raise BoxpaintError(
            "there is something there already.", "output", file=str(path), hint="Choose a new or an empty folder."
        )
    with new_folder(path) as stage:
        for name, content in files.items():
            write_bytes(_inside(stage, name), content)


def write_layouts(path: Path, dataset: Dataset, suffix: str, content: Callable[[Entry, Path], bytes]) -> None:
    """Write files that hold one layout each: a ``.json`` path takes one, any other becomes a folder of them.

    Args:
        path: The file or folder.
        dataset: What is written.
        suffix: Of the folder's files.
        content: The file's content, from an entry and the folder that the file will lie in.

    Raises:
        BoxpaintError: Such a path, and not one layout; or as of ``write_folder``.
    """
    if path.suffix.lower() != ".json":
        names = unique_names(entry.name for entry in dataset.entries)
        entries = zip(names, dataset.entries, strict=True)
        write_folder(path, {name + suffix: content(entry, path) for name, entry in entries})
        return
    write_bytes(path, content(only_entry(path, dataset, "Name a folder instead."), path.parent))


def only_entry(path: Path, dataset: Dataset, hint: str) -> Entry:
    """The one layout that a file can hold; BoxpaintError with this hint where there is not exactly one."""
    if len(dataset.entries) != 1:
        message = f"such a file holds one layout; here are {len(dataset.entries)}."
        raise BoxpaintError(message, "output", file=str(path), hint=hint)
    return dataset.entries[0]


def _inside(folder: Path, name: str) -> Path:
    """``name`` under ``folder``; names come from files of strangers and must not lead out of it."""
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts or "\\" in name or not relative.parts:
        raise BoxpaintError(f"the name {name!r} leads outside the folder.", "output", file=str(folder))
    return folder / relative


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _not_json(error: Exception) -> BoxpaintError:
    return BoxpaintError(
        f"a field that was kept from the file cannot be written as JSON ({error}).",
        KIND,
        hint="Take out numbers that are infinite and values that are nested very deeply.",
    )
