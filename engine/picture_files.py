"""Opening picture files that may come from anybody: of known kinds only, and no larger than a machine can bear."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import BoxpaintError

if TYPE_CHECKING:
    from PIL import Image

# Pillow finds out by the content which of its dozens of readers is meant, and one of them starts another program.
KINDS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
"""The kinds of pictures that are read, as Pillow names them."""

MAX_PIXELS = 2**26
"""Most pixels that are unpacked, 8192 × 8192: a file of some kilobytes may claim any number."""

MAX_SCANS = 100
"""Most passes of a JPEG over its pixels. Progressive ones have about ten; each takes time, and next to no bytes."""

_SCAN = b"\xff\xda"
_PIECE = 2**20


@contextmanager
def open_picture(path: Path | str, *, kind: str = "picture", decode: bool = True) -> Iterator[Image.Image]:
    """A picture file, whatever its name says; what goes wrong in this context is told as an error about the file.

    Args:
        path: The file.
        kind: The kind of the errors.
        decode: Whether its pixels will be looked at, not only its size.

    Raises:
        BoxpaintError: It is missing, none of the known kinds, damaged, or too large.
    """
    # Pillow takes a while to load, and most files say what they are themselves.
    from PIL import Image, UnidentifiedImageError

    path = Path(path)
    if path.exists() and not path.is_file():
        raise BoxpaintError("it is no file.", kind, file=str(path))
    try:
        with Image.open(path, formats=KINDS) as picture:
            if decode:
                _refuse_bomb(picture, path, kind)
            yield picture
    except FileNotFoundError as error:
        raise BoxpaintError("there is no such picture.", kind, file=str(path), hint="Check the path.") from error
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        hint = "Save it as PNG or JPEG."
        raise BoxpaintError("it is no picture that can be read.", kind, file=str(path), hint=hint) from error


def _refuse_bomb(picture: Image.Image, path: Path, kind: str) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        message = f"the picture has {width} × {height} pixels, more than {MAX_PIXELS // 2**20} million."
        raise BoxpaintError(message, kind, file=str(path), hint="Scale it down.")
    if picture.format in ("JPEG", "MPO") and count_scans(path) > MAX_SCANS:
        raise BoxpaintError("it is a JPEG of too many passes.", kind, file=str(path), hint="Save it anew.")


def count_scans(source: Path | bytes) -> int:
    """How often a JPEG, as a file or as bytes, goes over its pixels; the mark stands for nothing else in it."""
    if isinstance(source, bytes):
        return source.count(_SCAN)
    count, last = 0, b""
    with source.open("rb") as file:
        while piece := file.read(_PIECE):
            count += (last + piece).count(_SCAN)
            last = piece[-1:]
    return count
