"""Small pictures of layouts, made when they are first seen; pictures from the disk are read in a thread."""

from __future__ import annotations

from collections import OrderedDict, deque

from PySide6.QtCore import QObject, QRunnable, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader, QPalette, QPixmap

from engine.layout import Layout
from ui.browser.items import Item
from ui.layout_picture import layout_picture

SIDE = 64
"""Room for a thumbnail, in device-independent pixels."""

_KEPT = 400
"""Thumbnails that are kept: a few screens full."""

_WAITING = 48
"""Pictures that wait to be read; when more come, those asked for first are forgotten, as they are out of sight."""


class Thumbnails(QObject):
    """Thumbnails by layout. A layout with a picture shows its boxes alone until the picture was read."""

    arrived = Signal()
    """A picture was read: what is seen is worth painting again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures_wanted = True
        # By identity: layouts are values, and comparing a thousand boxes would cost more than painting them.
        self._made: OrderedDict[int, tuple[Layout, bool, QPixmap]] = OrderedDict()
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._waiting: deque[str] = deque(maxlen=_WAITING)
        self._reading: _Reading | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self.destroyed.connect(self._pool.clear)

    def clear(self) -> None:
        """Forget everything, e.g. because the colours changed or another dataset is shown."""
        self._made.clear()
        self._images.clear()
        self._waiting.clear()

    def set_pictures_wanted(self, wanted: bool) -> None:
        """Whether pictures are shown behind the boxes."""
        self._pictures_wanted = wanted
        self.clear()

    def get(self, item: Item, palette: QPalette, ratio: float) -> QPixmap:
        """The thumbnail of a layout as far as it is there; ``ratio``: device pixels per device-independent pixel."""
        layout = item.layout
        path = str(item.picture) if item.picture is not None and self._pictures_wanted else ""
        image = self._images.get(path)
        found = self._made.get(id(layout))
        if found is not None and (found[1] or image is None):
            self._made.move_to_end(id(layout))
            self._want(path if not found[1] else "")
            return found[2]
        picture = image if image is not None and not image.isNull() else None
        pixmap = layout_picture(layout, QSize(SIDE, SIDE), palette, ratio=ratio, picture=picture)
        self._made[id(layout)] = (layout, not path or image is not None, pixmap)
        self._made.move_to_end(id(layout))
        while len(self._made) > _KEPT:
            self._made.popitem(last=False)
        if image is None:
            self._want(path)
        return pixmap

    def _want(self, path: str) -> None:
        if not path or (self._reading is not None and self._reading.path == path):
            return
        if path in self._waiting:
            self._waiting.remove(path)
        self._waiting.append(path)
        self._read_next()

    def _read_next(self) -> None:
        if self._reading is None and self._waiting:
            # The one asked for last is in sight; those before it may have been scrolled away.
            self._reading = _Reading(self._waiting.pop())
            self._reading.told.done.connect(self._read)
            self._pool.start(self._reading)

    def _read(self, path: str, image: QImage) -> None:
        self._reading = None
        self._images[path] = image
        while len(self._images) > _WAITING:
            self._images.popitem(last=False)
        self.arrived.emit()
        self._read_next()


class _Told(QObject):
    """Signals of a task, which is no QObject itself."""

    done = Signal(str, QImage)


class _Reading(QRunnable):
    """Reads one picture, no larger than a thumbnail needs it."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.setAutoDelete(False)  # Python owns it
        self.path = path
        self.told = _Told()

    def run(self) -> None:
        reader = QImageReader(self.path)
        reader.setAutoTransform(True)
        size = reader.size()
        room = QSize(2 * SIDE, 2 * SIDE)  # enough for screens of two device pixels per pixel
        if size.isValid() and (size.width() > room.width() or size.height() > room.height()):
            reader.setScaledSize(size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
        # A picture that cannot be read comes back empty: the boxes alone are shown, as without a picture.
        self.told.done.emit(self.path, reader.read())
