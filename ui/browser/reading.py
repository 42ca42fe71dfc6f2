"""Small versions of picture files, read in a thread, the ones that were asked for last first."""

from __future__ import annotations

from collections import OrderedDict, deque
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
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
        self._reading: _Reading | None = None
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
        if not path or path in self._images or (self._reading is not None and self._reading.path == path):
            return
        if path in self._waiting:
            self._waiting.remove(path)
        self._waiting.append(path)
        self._read_next()

    def _read_next(self) -> None:
        if self._reading is None and self._waiting:
            # The one asked for last is in sight; those before it may have been scrolled away.
            self._reading = _Reading(self._waiting.pop(), self._side)
            self._reading.told.done.connect(self._read)
            self._pool.start(self._reading)

    def _read(self, path: str, image: QImage) -> None:
        self._reading = None
        self._images[path] = image
        while len(self._images) > self._kept:
            self._images.popitem(last=False)
        self.arrived.emit()
        self._read_next()


class _Told(QObject):
    """Signals of a task, which is no QObject itself."""

    done = Signal(str, QImage)


class _Reading(QRunnable):
    """Reads one picture, no larger than it is wanted."""

    def __init__(self, path: str, side: int) -> None:
        super().__init__()
        self.setAutoDelete(False)  # Python owns it
        self.path = path
        self._side = side
        self.told = _Told()

    def run(self) -> None:
        # A picture that cannot be read comes back empty: whoever asked shows that.
        self.told.done.emit(self.path, PictureFile(Path(self.path)).read(self._side))
