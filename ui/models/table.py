"""The models as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt

from ui.models.rows import ModelRow, fit_text, kind_text, size_text, state_text, translated

_Index = QModelIndex | QPersistentModelIndex
NAME, KIND, SIZE, FIT, STATE, LICENCE, ABOUT = range(7)
ROW_ROLE = Qt.ItemDataRole.UserRole
SORT_ROLE = Qt.ItemDataRole.UserRole + 1


class ModelsTable(QAbstractTableModel):
    """One row per model; rows that change keep their place."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ModelRow] = []

    @property
    def rows(self) -> Sequence[ModelRow]:
        """The models."""
        return self._rows

    def set_rows(self, rows: Sequence[ModelRow]) -> None:
        """Show these models. Only what differs is told, so that selection and scrolling stay."""
        if [row.name for row in rows] != [row.name for row in self._rows]:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()
            return
        before, self._rows = self._rows, list(rows)
        for place, (old, new) in enumerate(zip(before, self._rows, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(place, 0), self.index(place, ABOUT))

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else ABOUT + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (
                self.tr("Name"),
                self.tr("Task"),
                self.tr("Size"),
                self.tr("This machine"),
                self.tr("State"),
                self.tr("Licence"),
                self.tr("What it is for"),
            )[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == SORT_ROLE:
            # As a float: Qt compares whole numbers of different widths in the narrower one.
            return float(row.bytes) if index.column() == SIZE else self._text(row, index.column()).lower()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.room or row.fit_text if index.column() == FIT else row.problem or None
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, row: ModelRow, column: int) -> str:
        return (
            row.name,
            kind_text(row),
            size_text(row.bytes),
            fit_text(row),
            state_text(row),
            row.licence or self.tr("not stated"),
            translated(row.about) if row.about else "",
        )[column]


class ShownModels(QSortFilterProxyModel):
    """The rows in which every word of the filter occurs, in the order of a column."""

    def __init__(self, table: ModelsTable) -> None:
        super().__init__()
        self._table = table
        self._words: tuple[str, ...] = ()
        self.setSourceModel(table)
        self.setSortRole(SORT_ROLE)

    def set_filter(self, text: str) -> None:
        """Show rows with these words only."""
        self.beginFilterChange()
        self._words = tuple(text.lower().split())
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: _Index) -> bool:
        texts = (str(self._table.index(row, column).data() or "") for column in range(ABOUT + 1))
        told = " ".join((*texts, self._table.rows[row].repository)).lower()
        return all(word in told for word in self._words)
