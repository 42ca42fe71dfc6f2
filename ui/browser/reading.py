"""Small versions of picture files, read in a thread, the ones that were asked for last first."""

from __future__ import annotations

from collections import OrderedDict, deque
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, Signal
from PySide6.QtGui import QImage

from ui.picture_file import PictureFile


class SmallPictures(QObject):
    """Pictures by path, no larger than wanted; the least recently used are forgotten.

    Args:
        side: Room for a picture, in pixels.
        kept: Pictures that are held.
        waiting: Pictures that wait to be read; when more come, those asked for first are forgotten, as they are out
            of sight.
    """

    arrived = Signal()
    """A picture was read: what is seen is worth painting again."""

    def __init__(self, parent: QObject | None = None, *, side: int, kept: int, waiting: int = 48) -> None:
        super().__init__(parent)
        self._side = side
        self._kept = kept
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._waiting: deque[str] = deque(maxlen=waiting)
        self._reading = ""
        self._told = _Told()
        self._told.done.connect(self._read)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self.destroyed.connect(self._pool.clear)

    def __len__(self) -> int:
        return len(self._images)

    def clear(self) -> None:
        """Forget everything."""
        self._images.clear()
        self._waiting.clear()

    def get(self, path: str) -> QImage | None:
        """The picture if it is held; one that could not be read is held as a null image."""
        found = self._images.get(path)
        if found is not None:
            self._images.move_to_end(path)
        return found

    def want(self, path: str) -> None:
        """Read a picture; ``arrived`` tells that it is there."""
        if not path or path in self._images or path == self._reading:
            return
        if path in self._waiting:
            self._waiting.remove(path)
        self._waiting.append(path)
        self._read_next()

    def _read_next(self) -> None:
        if not self._reading and self._waiting:
            # The one asked for last is in sight; those before it may have been scrolled away.
            self._reading = self._waiting.pop()
            # Not a QRunnable: PySide never lets go of one that Python owns.
            self._pool.start(partial(_read_small, self._reading, self._side, self._told))

    def _read(self, path: str, image: QImage) -> None:
        self._reading = ""
        self._images[path] = image
        while len(self._images) > self._kept:
            self._images.popitem(last=False)
        self.arrived.emit()
        self._read_next()


class _Told(QObject):
    """Tells what was read; it outlives whoever asked, should they end while it is read."""

    done = Signal(str, QImage)


def _read_small(path: str, side: int, told: _Told) -> None:
    """In the thread: read one picture, no larger than it is wanted."""
    # A picture that cannot be read comes back empty: whoever asked shows that.
    told.done.emit(path, PictureFile(Path(path)).read(side))
