"""The history list: every change by name; choosing one goes back or forth to it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from ui.document import Document
from ui.inks import faint

Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractListModel):
    """Row 0 is the layout as it was opened, row n the layout after n changes."""

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        self._document = document
        self._history = document.history
        document.committed.connect(self._refresh)

    @property
    def position(self) -> int:
        """The row of the present layout."""
        return self._history.position

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self._history.entries) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._history.entries[row - 1].name if row else self.tr("Opened")
        if role == Qt.ItemDataRole.ForegroundRole and row > self._history.position:
            return faint()  # undone
        return None

    def _refresh(self) -> None:
        self.beginResetModel()
        self._history = self._document.history
        self.endResetModel()


class HistoryPanel(QWidget):
    """Shows the document's undo history."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("historyPanel")
        self.model = HistoryModel(document, self)
        self.list = QListView(self)
        self.list.setObjectName("historyList")
        self.list.setAccessibleName(self.tr("History of changes"))
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setModel(self.model)
        self.list.clicked.connect(lambda index: document.go_to(index.row()))
        self.list.activated.connect(lambda index: document.go_to(index.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 8)
        column.addWidget(self.list)
        self.model.modelReset.connect(self._show_position)
        self._show_position()

    def _show_position(self) -> None:
        place = self.model.index(self.model.position, 0)
        self.list.setCurrentIndex(place)
        self.list.scrollTo(place)
