"""A list of layouts as a Qt model that filters itself: eight thousand rows are filtered in a few milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui.browser.items import Filter, Item, Searchable

PLACES_MIME = "application/x-boxpaint-layouts"
ITEM = Qt.ItemDataRole.UserRole
"""The `Item` of a row."""
OPEN = Qt.ItemDataRole.UserRole + 1
"""Whether the row's layout is on the canvas."""

Index = QModelIndex | QPersistentModelIndex


class LayoutsModel(QAbstractListModel):
    """Rows are the layouts that the filter lets through. Signals and methods speak of places in the whole list."""

    rename_wanted = Signal(int, str)
    move_wanted = Signal(object, int)
    """Places of layouts, and the place before which they are wanted."""

    def __init__(self, parent: QObject | None = None, *, editable: bool = False) -> None:
        """``editable``: whether rows can be renamed and moved; whoever owns the layouts follows the signals."""
        super().__init__(parent)
        self._editable = editable
        self._items: Sequence[Item] = ()
        self._search = Searchable(())
        self._filter = Filter()
        self._places: list[int] = []
        self._open: int | None = None

    @property
    def items(self) -> Sequence[Item]:
        """All layouts, in their order."""
        return self._items

    @property
    def filter(self) -> Filter:
        return self._filter

    def set_items(self, items: Sequence[Item], *, open_place: int | None = None) -> None:
        """Show other layouts, under the same filter."""
        self.beginResetModel()
        self._items = items
        self._search = Searchable(items)
        self._places = self._search.matching(self._filter)
        self._open = open_place
        self.endResetModel()

    def set_filter(self, wanted: Filter) -> None:
        """Show only what the filter lets through."""
        if wanted != self._filter:
            self.beginResetModel()
            self._filter = wanted
            self._places = self._search.matching(wanted)
            self.endResetModel()

    @property
    def open_place(self) -> int | None:
        """The place of the layout on the canvas, if it is one of these."""
        return self._open

    def set_open(self, place: int | None) -> None:
        """Mark the layout that is on the canvas."""
        former, self._open = self._open, place
        for changed in (former, place):
            self.refresh(changed)

    def refresh(self, place: int | None) -> None:
        """The layout at this place is another value than before."""
        row = self.row_of(place)
        if row is not None:
            self.dataChanged.emit(self.index(row, 0), self.index(row, 0))

    def place_at(self, index: Index) -> int | None:
        """The place of a row's layout in the whole list."""
        return self._places[index.row()] if index.isValid() and index.row() < len(self._places) else None

    def row_of(self, place: int | None) -> int | None:
        """The row of a place, unless it is filtered out."""
        try:
            return self._places.index(place) if place is not None else None
        except ValueError:
            return None

    @property
    def shown(self) -> Sequence[int]:
        """The places that the filter lets through."""
        return self._places

    # -- what views ask

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self._places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        place = self.place_at(index)
        if place is None:
            return None
        item = self._items[place]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return item.name
        if role == ITEM:
            return item
        if role == OPEN:
            return place == self._open
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{item.name}\n{self.details(item)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.name}, {self.details(item)}"
        return None

    def details(self, item: Item) -> str:
        """The second line of a row."""
        count = len(item.layout.objects)
        objects = self.tr("1 object") if count == 1 else self.tr("{} objects").format(count)
        return f"{objects} · {item.split}" if item.split is not None else objects

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled if self._editable else Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if self._editable:
            flags |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        place = self.place_at(index)
        if place is None or role != Qt.ItemDataRole.EditRole or not str(value).strip():
            return False
        self.rename_wanted.emit(place, str(value).strip())
        return True

    # -- reordering by drag

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [PLACES_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        places = [self.place_at(index) for index in indexes]
        data.setData(PLACES_MIME, ",".join(str(place) for place in places).encode())
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        if not data.hasFormat(PLACES_MIME) or not self._editable:
            return False
        places = [int(text) for text in bytes(data.data(PLACES_MIME).data()).decode().split(",")]
        row = row if row >= 0 else parent.row() if parent.isValid() else len(self._places)
        target = self._places[row] if row < len(self._places) else len(self._items)
        self.move_wanted.emit(places, target)
        return False  # the owner has moved them; the view must not remove rows itself
