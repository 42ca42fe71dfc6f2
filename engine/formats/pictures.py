"""Pictures beside a layout file: finding them by the names the file gives, and reading their sizes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from engine.errors import BoxpaintError
from engine.formats.checks import KIND
from engine.formats.dataset import PICTURE_SUFFIXES
from engine.layout.layout import MAX_SIDE
from engine.picture_files import open_picture

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
            with os.scandir(folder) as entries:  # which tells files from pipes without a look at each
                for entry in entries:
                    if entry.name.lower().endswith(PICTURE_SUFFIXES) and entry.is_file():
                        self._known.setdefault(entry.name, folder / entry.name)
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
    with open_picture(path, kind=KIND, decode=False) as picture:
        width, height = picture.size
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
