"""The project file ``*.boxpaint``: one zip with layouts and settings, written whole or not at all.

Inside: ``project.json`` with ``{"schema_version", "settings", "layouts": [names]}`` and a ``.layout.json`` for each
name. Nothing is ever unpacked to the disk; what is read is bounded in number and size, whatever the zip claims.
"""

from __future__ import annotations

import io
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from engine.errors import BoxpaintError
from engine.files import write_atomic
from engine.formats.boxpaint_layout import SUFFIX, check_version, entry_from_dict, layout_file
from engine.formats.checks import KIND, Notes, bad, mapping, placed, required, sequence, shown, text
from engine.formats.dataset import Dataset, Entry, is_safe_name, unique_names
from engine.formats.output import dumps
from engine.formats.source import Source, parse_json

SCHEMA_VERSION = 1
INDEX = "project.json"
FOLDER = "layouts/"

MAX_MEMBERS = 100_000
MAX_DIRECTORY = 16 * 2**20
"""Bytes of a zip's directory, which is read as a whole."""

MAX_TOTAL = 256 * 2**20
"""Bytes that the layouts and the index may unpack to, together."""

MAX_OTHERS = 64 * 2**20
"""Bytes that everything else may unpack to: saving unpacks and packs it again."""

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What ``zipfile`` raises at broken or foreign content."""

_PIECE = 2**20

_DATE = (1980, 1, 1, 0, 0, 0)
"""A fixed date for all members: the same project gives the same bytes."""


@dataclass(frozen=True)
class Project:
    """What a project file holds.

    Attributes:
        entries: The layouts.
        settings: JSON values that the window keeps with them.
        extra: Fields of the index that this version does not know; kept on saving.
        warnings: What was clipped on reading.
    """

    entries: tuple[Entry, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


class BoxpaintProject:
    """Format ``boxpaint-project``; `Dataset.extra` holds ``settings`` and unknown fields of the index."""

    name = "boxpaint-project"
    title = "Boxpaint project"
    suffixes: tuple[str, ...] = (".boxpaint",)
    can_read = True
    can_write = True
    in_folder = False
    readings: tuple[str, ...] = ()

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that this is a project: any zip that is called one, or any zip at all."""
        return 90 if source.head.startswith((b"PK\x03\x04", b"PK\x05\x06")) else 0

    def read(self, source: Source) -> Dataset:
        """One entry per layout."""
        project = read_project(source.path)
        extra = {"settings": project.settings, **project.extra}
        return Dataset(project.entries, self.name, project.warnings, source.path, extra)

    def write(self, path: Path, dataset: Dataset) -> None:
        """One project file."""
        extra = {key: value for key, value in dataset.extra.items() if key != "settings"}
        settings = dataset.extra.get("settings")
        write_project(path, dataset.entries, settings if isinstance(settings, dict) else {}, extra=extra)


def read_project(path: Path) -> Project:
    """The layouts and settings of a project file.

    Raises:
        BoxpaintError: It is no project, is damaged, newer, or claims to hold more than any project does.
    """
    try:
        with _opened(path) as archive:
            return _read(archive, str(path))
    except BoxpaintError as error:
        raise placed(error, file=str(path)) from error
    except FileNotFoundError as error:
        raise BoxpaintError("there is no such file.", KIND, file=str(path), hint="Check the path.") from error
    except _DAMAGED as error:
        raise BoxpaintError(f"the project file is damaged ({error}).", KIND, file=str(path)) from error
    except OSError as error:
        raise BoxpaintError(f"it cannot be read ({error.strerror or error}).", KIND, file=str(path)) from error


def write_project(
    path: Path,
    entries: Sequence[Entry],
    settings: Mapping[str, Any],
    *,
    extra: Mapping[str, Any] | None = None,
    keep_from: Path | None = None,
) -> None:
    """Write a project file whole or not at all.

    Args:
        path: Where to.
        entries: The layouts; repeated names get a number.
        settings: JSON values to keep with them.
        extra: Further fields of the index.
        keep_from: A project file, ``path`` itself for one, whose other content (runs, what newer programs put there) is
            taken over; nothing is when it is gone.

    Raises:
        BoxpaintError: It cannot be written, or ``keep_from`` is damaged; what was at ``path`` is intact.
    """
    names = unique_names(entry.name for entry in entries)
    index = {**(extra or {}), "schema_version": SCHEMA_VERSION, "settings": dict(settings), "layouts": names}

    def fill(file: BinaryIO) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            _add(archive, INDEX, dumps(index).encode("utf-8", "surrogatepass"))
            for name, entry in zip(names, entries, strict=True):
                _add(archive, f"{FOLDER}{name}{SUFFIX}", layout_file(entry))
            if keep_from is not None and keep_from.exists():
                _copy_others(keep_from, archive)

    write_atomic(path, fill)


class _Bounded(io.FileIO):
    """A file of which no large piece is read as long as ``bound`` is set."""

    bound = MAX_DIRECTORY

    def read(self, size: int | None = -1, /) -> bytes:
        if self.bound and size is not None and size > self.bound:
            raise BoxpaintError("it lists more files than any project has.", KIND)
        return super().read(size) or b""


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip whose directory, which ``zipfile`` reads and keeps as a whole, is not too large."""
    if path.exists() and not path.is_file():
        raise BoxpaintError("it is no file.", KIND)
    with _Bounded(path) as file, zipfile.ZipFile(file) as archive:
        file.bound = 0
        yield archive


def _copy_others(source: Path, archive: zipfile.ZipFile) -> None:
    """Copy what is neither index nor layout, piece by piece: it may be large."""
    try:
        with _opened(source) as former:
            for name, member in _checked_members(former).items():
                if _is_own(name) or member.is_dir():
                    continue
                with former.open(member) as content, archive.open(_like(member), "w", force_zip64=True) as target:
                    shutil.copyfileobj(content, target, _PIECE)
    except BoxpaintError as error:
        raise placed(error, file=str(source)) from error
    except _DAMAGED as error:
        raise BoxpaintError(
            f"what it holds besides layouts cannot be kept, as the file is damaged ({error}).",
            KIND,
            file=str(source),
            hint="Save under another name.",
        ) from error


def _like(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A new member of the same name, date and compression."""
    info = zipfile.ZipInfo(member.filename, member.date_time)
    # What this Python cannot compress it could not have read either.
    info.compress_type, info.external_attr = member.compress_type, member.external_attr
    return info


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _DATE), content, zipfile.ZIP_DEFLATED)


def _read(archive: zipfile.ZipFile, file: str) -> Project:
    members = _checked_members(archive)
    if INDEX not in members:
        raise BoxpaintError("it is no Boxpaint project: there is no project.json in it.", KIND)
    left = MAX_TOTAL
    content = _content(archive, members[INDEX], left)
    left -= len(content)
    index = mapping(parse_json(content, file))
    check_version(required(index, "schema_version"), newest=SCHEMA_VERSION)
    settings = mapping(index.get("settings", {}), field="settings")
    notes = Notes("layout", "object", single=True)
    entries = []
    for number, raw_name in enumerate(sequence(required(index, "layouts"), field="layouts")):
        try:
            name = text(raw_name, field="layouts")
            member = members.get(f"{FOLDER}{name}{SUFFIX}")
            if not is_safe_name(name) or member is None:
                raise bad(f"there is no layout {shown(name)} in it.", field="layouts")
            content = _content(archive, member, left)
            left -= len(content)
            entries.append(entry_from_dict(parse_json(content, file), name, notes=notes, at=(number,)))
        except BoxpaintError as error:
            raise placed(error, item=f"layout {number}") from error
    known = ("schema_version", "settings", "layouts")
    extra = {key: value for key, value in index.items() if key not in known}
    return Project(tuple(entries), settings, extra, notes.warnings())


def _checked_members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The members by name, none of them leading elsewhere."""
    listed = archive.infolist()
    if len(listed) > MAX_MEMBERS:
        raise BoxpaintError(f"it holds {len(listed)} files; no project has that many.", KIND)
    members: dict[str, zipfile.ZipInfo] = {}
    for member in listed:
        name = PurePosixPath(member.filename)
        if not name.parts:
            raise BoxpaintError("one of its files has no name.", KIND)
        if name.is_absolute() or ".." in name.parts or "\\" in member.filename or ":" in member.filename:
            raise BoxpaintError(f"the name {shown(member.filename)} leads outside the project.", KIND)
        if stat.S_ISLNK(member.external_attr >> 16):
            raise BoxpaintError(f"{shown(member.filename)} is a link; a project has none.", KIND)
        if member.filename in members:
            raise BoxpaintError(f"{shown(member.filename)} is in it twice.", KIND)
        members[member.filename] = member
    # No more than the stated size is ever unpacked: where more comes out, the checksum does not fit.
    if sum(member.file_size for name, member in members.items() if not _is_own(name)) > MAX_OTHERS:
        raise BoxpaintError(f"besides layouts it holds more than {MAX_OTHERS // 2**20} MiB.", KIND)
    return members


def _is_own(name: str) -> bool:
    """Whether it is the index or a layout."""
    return name == INDEX or (name.startswith(FOLDER) and name.endswith(SUFFIX))


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes:
    # The size that a zip states may be a lie; what comes out of the decompressor is not.
    with archive.open(member) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise BoxpaintError(f"it unpacks to more than {MAX_TOTAL // 2**20} MiB.", KIND)
    return content
