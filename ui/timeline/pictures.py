"""Pictures read from disk, kept up to a limit in bytes; what cannot be read is said, never raised."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from ui.picture_file import PictureFile

LIMIT = 192 * 2**20
_MOST_WANTED = 200

_ENTRY = 800
"""Bytes that are held for a picture beside its pixels, measured: its objects, its place and the allocator's share."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, or the sentence that says why there is none."""

    image: QImage | None
    problem: str = ""

    @property
    def bytes(self) -> int:
        """Bytes of memory, those around the pixels included: thousands of small pictures are many of these."""
        return _ENTRY + (self.image.sizeInBytes() if self.image is not None else 0)


class PictureCache(QObject):
    """Reads pictures; the least recently used go when more than ``limit`` bytes are held."""

    arrived = Signal(str)
    """A picture that was asked for by ``soon`` is there: its file."""

    def __init__(self, parent: QObject | None = None, *, limit: int = LIMIT) -> None:
        super().__init__(parent)
        self.limit = limit
        """Most bytes that are held from the next picture on."""
        self._bytes = 0
        self._kept: OrderedDict[tuple[str, int], Picture] = OrderedDict()
        self._wanted: OrderedDict[tuple[str, int], None] = OrderedDict()
        self._unreadable: set[tuple[str, int]] = set()
        # One picture per turn of the event loop: keys and mouse come in between, however many are wanted.
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._read_next)

    @property
    def bytes(self) -> int:
        """Bytes of the pictures held at present."""
        return self._bytes

    def get(self, path: str, *, side: int = 0) -> Picture:
        """The picture in this file, scaled to fit a square of ``side`` pixels unless that is 0."""
        key = (path, side)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        picture = self._read(path, side)
        if picture.image is not None:  # a file that cannot be read may be there the next time
            self._kept[key] = picture
            self._bytes += picture.bytes
            while self._bytes > self.limit and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= oldest.bytes
        return picture

    def soon(self, path: str, *, side: int) -> Picture | None:
        """The picture if it is held; else None, and ``arrived`` when it has been read. Asked for last, read first."""
        key = (path, side)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        if key not in self._unreadable:
            self._wanted[key] = None
            self._wanted.move_to_end(key)
            while len(self._wanted) > _MOST_WANTED:  # scrolled past long ago
                self._wanted.popitem(last=False)
            if not self._turn.isActive():
                self._turn.start()
        return None

    def _read_next(self) -> None:
        if not self._wanted:
            return
        (path, side), _ = self._wanted.popitem(last=True)
        if self.get(path, side=side).image is None:
            self._unreadable.add((path, side))
        self.arrived.emit(path)
        if self._wanted:
            self._turn.start()

    def forget(self) -> None:
        """Drop everything."""
        self._kept.clear()
        self._wanted.clear()
        self._unreadable.clear()
        self._bytes = 0

    def _read(self, path: str, side: int) -> Picture:
        if not Path(path).is_file():
            return Picture(None, self.tr("The picture {} is missing.").format(Path(path).name))
        file = PictureFile(Path(path))
        image = file.read(side)
        if image.isNull():
            return Picture(None, self.tr("The picture {} cannot be read: {}.").format(Path(path).name, file.problem))
        return Picture(image)
