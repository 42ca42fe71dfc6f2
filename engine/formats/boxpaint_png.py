"""PNG pictures that carry their layout: an iTXt chunk ``boxpaint`` with JSON.

The chunk holds ``{"schema_version": 1, "layout": {…}, "settings": {…}}``; ``layout`` is what a ``.layout.json`` file
holds. Chunks are walked here rather than by Pillow: the pixels need not be decoded to get at a layout, and the size of
what comes out of the decompressor can be bounded.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from engine.errors import BoxpaintError
from engine.formats.boxpaint_layout import SCHEMA_VERSION, check_version, layout_from_dict, layout_to_dict
from engine.formats.checks import KIND, Notes, mapping, placed, required
from engine.formats.dataset import Dataset, Entry, safe_name
from engine.formats.output import ReadOnly, dumps
from engine.formats.source import Source, parse_json
from engine.layout import Layout

if TYPE_CHECKING:
    from PIL.PngImagePlugin import PngInfo

KEYWORD = "boxpaint"
_START = KEYWORD.encode() + b"\0"
SIGNATURE = b"\x89PNG\r\n\x1a\n"

MAX_TEXT = 16 * 2**20
"""Longest text in bytes, before and after decompression; a layout of ten thousand objects has about 2 MiB."""


MAX_CHUNKS = 100_000
"""Chunks that are looked through; the largest pictures are written in some thousands."""


def png_info(layout: Layout, settings: Mapping[str, Any]) -> PngInfo:
    """The text chunk for Pillow's ``save(..., pnginfo=…)``.

    Args:
        layout: The layout that the picture shows.
        settings: Whatever else is needed to paint it again, as JSON values.
    """
    from PIL.PngImagePlugin import PngInfo

    content = {"schema_version": SCHEMA_VERSION, "layout": layout_to_dict(layout), "settings": dict(settings)}
    info = PngInfo()
    info.add_itxt(KEYWORD, dumps(content), zip=True)
    return info


class BoxpaintPng(ReadOnly):
    """Format ``boxpaint-png``: a picture painted by Boxpaint. `Dataset.extra` holds its ``settings``."""

    name = "boxpaint-png"
    title = "Picture with its layout (PNG)"
    suffixes: tuple[str, ...] = (".png",)
    can_read = True
    readings: tuple[str, ...] = ()

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that this is a PNG file; whether it holds a layout is found on reading."""
        return 100 if source.head.startswith(SIGNATURE) else 0

    def read(self, source: Source) -> Dataset:
        """One entry named like the picture, which is its picture too."""
        notes = Notes("object", single=True)
        try:
            data = mapping(parse_json(_text(source.path), source.file))
            check_version(required(data, "schema_version"))
            settings = mapping(data.get("settings", {}), field="settings")
            layout = layout_from_dict(required(data, "layout"), file=source.file, notes=notes)
        except BoxpaintError as error:
            raise placed(error, file=source.file) from error
        entry = Entry(safe_name(source.path.name), layout, picture=source.path)
        return Dataset((entry,), self.name, notes.warnings(), source.path, {"settings": settings})


def carries_layout(path: Path) -> bool:
    """Whether a file is a PNG with the chunk for a layout, sound or not; quickly told."""
    try:
        with _opened(path) as file:
            return _find(file) is not None
    except (OSError, BoxpaintError):
        return False


def _text(path: Path) -> bytes:
    """The text of the chunk ``boxpaint``."""
    try:
        with _opened(path) as file:
            length = _find(file)
            if length is not None:
                return _itxt(_content(file, length))
    except OSError as error:
        raise BoxpaintError(f"it cannot be read ({error.strerror or error}).", KIND) from error
    raise BoxpaintError(
        "this picture carries no layout.",
        KIND,
        hint="Pictures that Boxpaint saves do; programs that edit them drop it.",
    )


def _opened(path: Path) -> BinaryIO:
    if path.exists() and not path.is_file():  # opening a pipe waits for ever
        raise BoxpaintError("it is no file.", KIND)
    return path.open("rb")


def _find(file: BinaryIO) -> int | None:
    """Go to the content of the iTXt chunk ``boxpaint``; its length, or None where there is none.

    Nothing else is read: other chunks may be many and large.
    """
    if file.read(8) != SIGNATURE:
        raise BoxpaintError("it is no PNG file.", KIND)
    for _ in range(MAX_CHUNKS):
        start = file.read(8)
        if len(start) < 8:
            return None
        length, kind = struct.unpack(">I4s", start)
        if kind == b"IEND":
            return None
        place = file.tell()
        if kind == b"iTXt" and file.read(len(_START)) == _START:
            file.seek(place)
            return int(length)
        file.seek(place + length + 4)
    raise BoxpaintError(f"it has more than {MAX_CHUNKS} parts.", KIND)


def _content(file: BinaryIO, length: int) -> bytes:
    """What follows the keyword in the chunk that begins here."""
    if length > MAX_TEXT:
        raise BoxpaintError("its text is larger than any layout.", KIND)
    content, checksum = file.read(length), file.read(4)
    if len(content) < length or checksum != struct.pack(">I", zlib.crc32(b"iTXt" + content)):
        raise BoxpaintError("its text is damaged (the checksum does not match).", KIND)
    return content.removeprefix(_START)


def _itxt(rest: bytes) -> bytes:
    """The text behind an iTXt keyword: flag, method, language, translated keyword, text."""
    compressed, parts = rest[:1] == b"\1", rest[2:].split(b"\0", 2)
    if len(parts) != 3:
        raise BoxpaintError("its text is damaged.", KIND)
    if not compressed:
        return parts[2]
    decompressor = zlib.decompressobj()
    try:
        text = decompressor.decompress(parts[2], MAX_TEXT)
    except zlib.error as error:
        raise BoxpaintError("its text is damaged: it cannot be decompressed.", KIND) from error
    if decompressor.unconsumed_tail:
        raise BoxpaintError("its text unpacks to more than any layout holds.", KIND)
    return text
