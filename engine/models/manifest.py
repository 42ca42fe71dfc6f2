"""The list of a fetched model's files, kept beside them, by which they can be checked later without a network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.files import read_bytes, write_json
from engine.models.checking import Finding
from engine.models.hub import digest_of

MANIFEST = "boxpaint-files.json"
_MAX_BYTES = 16 * 2**20
_SHA256 = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file of a fetched model.

    Attributes:
        path: In the model's folder.
        bytes: Its size.
        sha256: Of its content as it lies there.
        repository, commit, source: Where it came from, and its path there.
        published: Its hash there; not that of ``sha256`` where it was converted or small.
    """

    path: str
    bytes: int
    sha256: str
    repository: str
    commit: str
    source: str
    published: str


def describe(
    folder: Path, path: str, *, repository: str, commit: str, source: str, published: str, as_published: bool
) -> Entry:
    """The entry of a file that lies in the model's folder.

    A file that lies there as it was published was hashed when it came, and is not read again for its SHA-256.
    """
    file = folder / path
    known = published if as_published and len(published) == len(_SHA256) else ""
    return Entry(
        path=path,
        bytes=file.stat().st_size,
        sha256=known or digest_of(file, _SHA256),
        repository=repository,
        commit=commit,
        source=source,
        published=published,
    )


def write_manifest(folder: Path, entries: list[Entry]) -> None:
    """Put the list beside the files."""
    fields = Entry.__dataclass_fields__
    files = [{name: getattr(entry, name) for name in fields} for entry in entries]
    write_json(folder / MANIFEST, {"schema_version": 1, "files": files})


def read_manifest(folder: Path) -> list[Entry] | None:
    """The list of a fetched model's files; None for a model that came in another way.

    Raises:
        BoxpaintError: The list is broken.
    """
    file = folder / MANIFEST
    if not file.is_file():
        return None
    try:
        content: Any = json.loads(read_bytes(file, limit=_MAX_BYTES, kind="model"))
        entries = [Entry(**entry) for entry in content["files"]]
        if not all(isinstance(entry.bytes, int) and isinstance(entry.path, str) for entry in entries):
            raise TypeError("a size is no number")
        if any(".." in Path(entry.path).parts or Path(entry.path).is_absolute() for entry in entries):
            raise ValueError("it names a file outside the folder")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BoxpaintError(
            f"the list of files is broken ({error}).",
            "model",
            file=str(file),
            hint="Remove the model and fetch it again.",
        ) from error
    return entries


def verify(folder: Path, tell: Callable[[str, int, int], object]) -> Iterator[Finding]:
    """What differs from the list of files. A model without a list has nothing to differ from.

    Args:
        folder: The model's folder.
        tell: Called with each file's path, the bytes that were read before it, and all bytes.
    """
    entries = read_manifest(folder) or []
    total, done = sum(entry.bytes for entry in entries), 0
    for entry in entries:
        tell(entry.path, done, total)
        done += entry.bytes
        file = folder / entry.path
        if not file.is_file():
            yield Finding(True, entry.path, "it is missing: remove the model and fetch it again")
        elif file.stat().st_size != entry.bytes:
            size = file.stat().st_size
            yield Finding(True, entry.path, f"it has {size} bytes, not {entry.bytes}: remove the model, fetch it again")
        elif digest_of(file, _SHA256) != entry.sha256:
            yield Finding(True, entry.path, "its content has changed: remove the model and fetch it again")
