"""Pictures beside a layout file: finding them by the names the file gives, and reading their sizes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from engine.errors import BoxpaintError
from engine.formats.checks import KIND
from engine.formats.dataset import PICTURE_SUFFIXES
from engine.layout.layout import MAX_SIDE

BESIDE = (".", "images", "../images")
"""Folders, seen from a layout file, in which its pictures usually lie."""


class PictureFinder:
    """Finds pictures by file name in a few folders; each folder is listed once.

    Args:
        base: The folder of the layout file.
        folders: Where to look, relative to ``base``, in this order.
    """

    def __init__(self, base: Path, folders: Iterable[str] = BESIDE) -> None:
        self._known: dict[str, Path] = {}
        for name in folders:
            self._list(base / name)

    def _list(self, folder: Path) -> None:
        try:
            if not folder.is_dir():
                return
            for path in folder.iterdir():
                if path.name.lower().endswith(PICTURE_SUFFIXES):
                    self._known.setdefault(path.name, path)
        except OSError as error:
            raise BoxpaintError(f"it cannot be read ({error.strerror or error}).", KIND, file=str(folder)) from error

    def find(self, name: object) -> Path | None:
        """The picture of this file name; a name with folders counts by its last part only."""
        if not self._known or not isinstance(name, str) or not name:
            return None
        return self._known.get(name) or self._known.get(PurePosixPath(name.replace("\\", "/")).name)

    def find_stem(self, stem: str) -> Path | None:
        """The picture of this name with any picture ending."""
        return next((path for suffix in PICTURE_SUFFIXES if (path := self._known.get(stem + suffix))), None)


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height of a picture in pixels, from its header alone.

    Raises:
        BoxpaintError: It is no picture, or larger than any layout may be.
    """
    # Pillow takes a while to load, and most layout files say the size themselves.
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise BoxpaintError("it is no picture that can be read.", KIND, file=str(path)) from error
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise BoxpaintError(f"the picture has {width} × {height} pixels: too large.", KIND, file=str(path))
    return width, height


def size_unknown(file: str, *, item: str | None = None) -> BoxpaintError:
    """The error for a layout whose size nothing tells."""
    return BoxpaintError(
        "the size of the picture is not in the file, and no picture lies beside it.",
        KIND,
        file=file,
        item=item,
        field="size",
        hint="Say it with --size, e.g. --size 640x480, or put the pictures beside the file.",
    )
