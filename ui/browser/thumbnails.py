"""Small pictures of layouts, made when they are first seen; pictures from the disk are read in a thread."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QPalette, QPixmap

from engine.layout import Layout
from ui.browser.items import Item
from ui.browser.reading import SmallPictures
from ui.layout_picture import layout_picture

SIDE = 64
"""Room for a thumbnail, in device-independent pixels."""

_KEPT = 400
"""Thumbnails that are kept: a few screens full."""

_PICTURES = 48
"""Pictures that are kept beside them: each is needed until its thumbnail is painted."""


class Thumbnails(QObject):
    """Thumbnails by layout. A layout with a picture shows its boxes alone until the picture was read."""

    arrived = Signal()
    """A picture was read: what is seen is worth painting again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures_wanted = True
        # By identity: layouts are values, and comparing a thousand boxes would cost more than painting them.
        self._made: OrderedDict[int, tuple[Layout, bool, QPixmap]] = OrderedDict()
        # Enough for screens of two device pixels per pixel.
        self._pictures = SmallPictures(self, side=2 * SIDE, kept=_PICTURES)
        self._pictures.arrived.connect(self.arrived)

    def clear(self) -> None:
        """Forget everything, e.g. because the colours changed or another dataset is shown."""
        self._made.clear()
        self._pictures.clear()

    def set_pictures_wanted(self, wanted: bool) -> None:
        """Whether pictures are shown behind the boxes."""
        self._pictures_wanted = wanted
        self.clear()

    def get(self, item: Item, palette: QPalette, ratio: float) -> QPixmap:
        """The thumbnail of a layout as far as it is there; ``ratio``: device pixels per device-independent pixel."""
        layout = item.layout
        path = str(item.picture) if item.picture is not None and self._pictures_wanted else ""
        image = self._pictures.get(path)
        found = self._made.get(id(layout))
        if found is not None and (found[1] or image is None):
            self._made.move_to_end(id(layout))
            if not found[1]:
                self._pictures.want(path)
            return found[2]
        picture = image if image is not None and not image.isNull() else None
        pixmap = layout_picture(layout, QSize(SIDE, SIDE), palette, ratio=ratio, picture=picture)
        self._made[id(layout)] = (layout, not path or image is not None, pixmap)
        self._made.move_to_end(id(layout))
        while len(self._made) > _KEPT:
            self._made.popitem(last=False)
        if image is None:
            self._pictures.want(path)
        return pixmap
