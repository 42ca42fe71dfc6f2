"""Reading picture files for a detector."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageOps

from engine.errors import BoxpaintError
from engine.layout.layout import MAX_SIDE
from engine.picture_files import open_picture


def read_picture(path: Path | str) -> Image.Image:
    """The picture of a file as 8-bit RGB, turned the way its camera was held.

    Raises:
        BoxpaintError: There is no such file, it is no picture, or it is larger than any layout may be.
    """
    with open_picture(path) as opened:
        if max(opened.size) > MAX_SIDE:
            width, height = opened.size
            raise BoxpaintError(
                f"the picture has {width} × {height} pixels.",
                "picture",
                file=str(path),
                hint=f"At most {MAX_SIDE} pixels on a side are taken: scale it down.",
            )
        return ImageOps.exif_transpose(opened).convert("RGB")
