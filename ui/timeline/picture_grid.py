"""A grid of pictures with words under them, one of which can be chosen: candidates of a step, runs of a sweep."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from ui.timeline.pictures import PictureCache

_KEY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of a grid: what it is called inside, its words, and its file (empty while there is none)."""

    key: str
    text: str
    picture: str = ""


class PictureGrid(QListWidget):
    """Shows tiles in rows of ``columns``."""

    opened = Signal(str)
    """A tile was activated (its key)."""

    def __init__(self, pictures: PictureCache, parent: QWidget | None = None, *, side: int = 160) -> None:
        super().__init__(parent)
        self.setObjectName("pictureGrid")
        self._pictures = pictures
        self._side = side
        self._tiles: list[Tile] = []
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setIconSize(QSize(side, side))
        self.setSpacing(8)
        self.setUniformItemSizes(True)
        self.setWordWrap(True)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.itemActivated.connect(lambda item: self.opened.emit(item.data(_KEY)))
        pictures.arrived.connect(self._arrived)

    def set_columns(self, columns: int) -> None:
        """Be wide enough for so many tiles in a row, and no wider."""
        cell = self._side + 2 * self.spacing() + 8
        self.setGridSize(QSize(cell, self._side + 62))
        self.setFixedWidth(min(columns, 8) * cell + self.verticalScrollBar().sizeHint().width() + 8)

    def set_tiles(self, tiles: list[Tile]) -> None:
        """Show these; what is chosen stays chosen."""
        chosen = self.chosen
        self._tiles = list(tiles)
        self.clear()
        for tile in tiles:
            item = QListWidgetItem(self._icon(tile), tile.text)
            item.setData(_KEY, tile.key)
            item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
            item.setToolTip(tile.text)
            self.addItem(item)
            if tile.key == chosen:
                self.setCurrentItem(item)

    @property
    def chosen(self) -> str:
        """The key of the tile that is chosen; empty for none."""
        item = self.currentItem()
        return str(item.data(_KEY)) if item is not None else ""

    def place_of(self, key: str) -> QPoint:
        """The middle of a tile, in the viewport."""
        row = next(row for row, tile in enumerate(self._tiles) if tile.key == key)
        return self.visualItemRect(self.item(row)).center()

    def _icon(self, tile: Tile) -> QIcon:
        picture = self._pictures.soon(tile.picture, side=self._side) if tile.picture else None
        if picture is not None and picture.image is not None:
            return QIcon(QPixmap.fromImage(picture.image))
        blank = QPixmap(self._side, self._side)
        blank.fill(self.palette().midlight().color())
        return QIcon(blank)

    def _arrived(self, path: str) -> None:
        for row, tile in enumerate(self._tiles):
            if tile.picture == path:
                self.item(row).setIcon(self._icon(tile))
