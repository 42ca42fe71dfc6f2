"""A table of figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

Index = QModelIndex | QPersistentModelIndex
Cell = str | int | float | None

_VALUE = Qt.ItemDataRole.UserRole


class FiguresModel(QAbstractTableModel):
    """Rows of figures: the first column is a name; figures below 0 are not defined."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: Sequence[str] = ()
        self._rows: Sequence[Sequence[Any]] = ()

    def set_rows(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Show other figures; every cell is a `Cell`."""
        self.beginResetModel()
        self._columns, self._rows = columns, rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown(cell)
        if role == _VALUE:
            return cell if cell is not None else -1.0
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section]
        return None


class FiguresTable(QTableView):
    """Shows figures; a click on a column's head sorts by it."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.figures = FiguresModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.figures)
        self._sorted.setSortRole(_VALUE)
        self.setModel(self._sorted)
        self.verticalHeader().hide()
        self.horizontalHeader().setSortIndicatorClearable(True)
        self.horizontalHeader().setAccessibleName(title)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    def set_rows(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Show other figures, in their own order; every cell is a `Cell`."""
        self.setSortingEnabled(False)
        self.figures.set_rows(columns, rows)
        # Sorting begins with the column that the head marks: none.
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.resizeColumnsToContents()

    def set_table(self, first: str, columns: Sequence[str], rows: Mapping[str, Mapping[str, float]]) -> None:
        """Show a mapping of rows with one column for each figure."""
        listed = [[name, *(values.get(column) for column in columns)] for name, values in rows.items()]
        self.set_rows([first, *columns], listed)


def shown(cell: Cell) -> str:
    """A cell as people read it: three digits, a dash where nothing is defined."""
    if cell is None or (isinstance(cell, float) and cell < 0):
        return "–"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)
