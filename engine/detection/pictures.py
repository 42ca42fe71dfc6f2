"""Reading picture files for a detector."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from engine.errors import BoxpaintError
from engine.layout.layout import MAX_SIDE


def read_picture(path: Path | str) -> Image.Image:
    """The picture of a file as 8-bit RGB, turned the way its camera was held.

    Raises:
        BoxpaintError: There is no such file, it is no picture, or it is larger than any layout may be.
    """
    try:
        with Image.open(path) as opened:
            if max(opened.size) > MAX_SIDE:
                width, height = opened.size
                raise BoxpaintError(
                    f"the picture has {width} × {height} pixels.",
                    "picture",
                    file=str(path),
                    hint=f"At most {MAX_SIDE} pixels on a side are taken: scale it down.",
                )
            return ImageOps.exif_transpose(opened).convert("RGB")
    except FileNotFoundError as error:
        raise BoxpaintError("there is no such picture.", "picture", file=str(path)) from error
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise BoxpaintError(
            "it is no picture that can be read.", "picture", file=str(path), hint="Save it as PNG or JPEG."
        ) from error
