"""PNG pictures that carry their layout: an iTXt chunk ``boxpaint`` with JSON.

The chunk holds ``{"schema_version": 1, "layout": {…}, "settings": {…}}``; ``layout`` is what a ``.layout.json`` file
holds. Chunks are walked here rather than by Pillow: the pixels need not be decoded to get at a layout, and the size of
what comes out of the decompressor can be bounded.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
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
SIGNATURE = b"\x89PNG\r\n\x1a\n"

MAX_TEXT = 16 * 2**20
"""Longest text in bytes, before and after decompression; a layout of ten thousand objects has about 2 MiB."""


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


def _text(path: Path) -> bytes:
    """The text of the chunk ``boxpaint``."""
    try:
        with path.open("rb") as file:
            for chunk in _chunks(file):
                keyword, _, rest = chunk.partition(b"\0")
                if keyword == KEYWORD.encode():
                    return _itxt(rest)
    except OSError as error:
        raise BoxpaintError(f"it cannot be read ({error.strerror or error}).", KIND) from error
    raise BoxpaintError(
        "this picture carries no layout.",
        KIND,
        hint="Pictures that Boxpaint saves do; programs that edit them drop it.",
    )


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    """The content of each iTXt chunk; others are skipped unread."""
    if file.read(8) != SIGNATURE:
        raise BoxpaintError("it is no PNG file.", KIND)
    while len(start := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", start)
        if kind == b"IEND":
            return
        if kind != b"iTXt":
            file.seek(length + 4, 1)
            continue
        if length > MAX_TEXT:
            raise BoxpaintError("its text is larger than any layout.", KIND)
        content, checksum = file.read(length), file.read(4)
        if len(content) < length or checksum != struct.pack(">I", zlib.crc32(kind + content)):
            raise BoxpaintError("its text is damaged (the checksum does not match).", KIND)
        yield content


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
