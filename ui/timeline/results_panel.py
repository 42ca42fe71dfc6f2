"""The results panel: per object whether the detector finds it, how well, and where it was lost again."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTreeView, QVBoxLayout, QWidget

from ui.colors import object_color
from ui.panels.objects_model import swatch
from ui.timeline.model import RunModel
from ui.timeline.results import ObjectResult, Results, Verdict, verdict_ink, verdict_text

Index = QModelIndex | QPersistentModelIndex


class ResultsModel(QAbstractTableModel):
    """Rows are the run's objects."""

    def __init__(self, results: Results, parent: QWidget) -> None:
        super().__init__(parent)
        self._results = results
        self._rows: list[ObjectResult] = []
        results.changed.connect(self._refresh)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def result(self, row: int) -> ObjectResult:
        """The object of this row."""
        return self._rows[row]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Object"), self.tr("IoU"), self.tr("Score"), self.tr("Result"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            numbers = {1: row.iou, 2: row.score}
            if column in numbers:
                value = numbers[column]
                return f"{value:.2f}" if value is not None else "–"
            return row.item.prompt if column == 0 else verdict_text(row)
        if role == Qt.ItemDataRole.DecorationRole and column == 0:
            return swatch(object_color(row.item.prompt))
        if role == Qt.ItemDataRole.ForegroundRole and column == 3:
            ink = verdict_ink(row)
            return ink.color() if ink is not None else None
        if role == Qt.ItemDataRole.AccessibleTextRole and column in (1, 2):
            shown = self.data(index)
            return self.tr("IoU {}").format(shown) if column == 1 else self.tr("score {}").format(shown)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.item.prompt}: {verdict_text(row)}"
        return None

    def _refresh(self) -> None:
        rows = self._results.objects()
        if rows == self._rows:
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()


class ResultsPanel(QWidget):
    """The objects of the shown run and what became of them; choosing one shows the step that decides."""

    chosen = Signal(str)
    """An object was chosen (its id)."""

    def __init__(self, run: RunModel, results: Results, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultsPanel")
        self._run = run
        self._results = results
        self.model = ResultsModel(results, self)
        self.view = QTreeView(self)
        self.view.setObjectName("resultsList")
        self.view.setAccessibleName(self.tr("What the detector says of each object"))
        self.view.setModel(self.model)
        self.view.setRootIsDecorated(False)
        self.view.setUniformRowHeights(True)
        self.view.setFrameShape(QTreeView.Shape.NoFrame)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.view.header()
        header.setAccessibleName(self.tr("Columns of the results"))
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.note = QLabel(self)
        self.note.setObjectName("panelNote")
        self.note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 8)
        column.addWidget(self.view)
        column.addWidget(self.note)
        self.view.clicked.connect(self._clicked)
        self.view.activated.connect(self._clicked)
        results.changed.connect(self._show_note)
        run.state_changed.connect(self._show_note)
        self._show_note()

    def _clicked(self, index: QModelIndex) -> None:
        row = self.model.result(index.row())
        step = row.lost_at if row.lost_at is not None else row.step
        if step is not None:
            self._run.go_to_step(step)
        self.chosen.emit(row.item.id)

    def _show_note(self) -> None:
        found = self._results.objects()
        hits = sum(row.verdict is Verdict.HIT for row in found)
        looked = any(row.verdict in (Verdict.HIT, Verdict.MISS, Verdict.LOST) for row in found)
        parts = [self._results.note()]
        if looked:
            parts.insert(
                0,
                self.tr("{} of {} objects found at a score of {:.2f}.").format(
                    hits, len(found), self._results.threshold
                ),
            )
        elif not found:
            parts.insert(0, self.tr("After a run this tells which objects the detector finds."))
        self.note.setText(" ".join(part for part in parts if part))
