"""The film strip: one thumbnail per step, in a list view so that keyboard and screen readers work by themselves."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    QUrl,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from ui.spoken import tell_changed
from ui.timeline.model import FrameKind, RunModel, StepState, StepView
from ui.timeline.pictures import PictureCache
from ui.timeline.results import Results
from ui.timeline.step_card import SMALLEST, STEP_ROLE, StepDelegate

LARGEST = 288
USUAL = 92

Index = QModelIndex | QPersistentModelIndex


class StepListModel(QAbstractListModel):
    """The steps of a run as a list model."""

    def __init__(self, run: RunModel, results: Results, parent: QWidget) -> None:
        super().__init__(parent)
        self._run = run
        self._results = results
        self.frame = ""
        """Which frame of the shown step is seen."""
        run.reset.connect(self._reset)
        run.step_changed.connect(self._changed)
        results.changed.connect(self._all_changed)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self._run.steps)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        view = self._run.steps[index.row()]
        if role == STEP_ROLE:
            return view, self._results.hit(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return view.label
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._description(index.row(), view)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole and self._run.position is not None:
            return self.frame if self._run.position.step == index.row() else None
        return None

    def _description(self, row: int, view: StepView) -> str:
        text = self.tr("Step {} of {}: {}, {}").format(
            row + 1, len(self._run.steps), view.label, self._state_text(view)
        )
        parts = [text]
        if view.seconds is not None:
            parts.append(self.tr("{:.1f} seconds").format(view.seconds))
        if view.seed is not None:
            parts.append(self.tr("seed {}").format(view.seed))
        if view.attempts > 1:
            parts.append(self.tr("painted {} times").format(view.attempts))
        if view.reused:
            parts.append(self.tr("taken over from another run"))
        if view.drift is not None:
            parts.append(self.tr("kept pixels changed by {:.2f}").format(view.drift))
        hit = self._results.hit(row)
        if hit is not None:
            parts.append(self.tr("found") if hit else self.tr("not found"))
        return ", ".join(parts) + (f"\n{view.problem}" if view.problem else "")

    def _state_text(self, view: StepView) -> str:
        return {
            StepState.WAITING: self.tr("waiting"),
            StepState.RUNNING: self.tr("being painted"),
            StepState.DONE: self.tr("done"),
            StepState.STOPPED: self.tr("not painted"),
            StepState.FAILED: self.tr("failed"),
            StepState.LOST: self.tr("pictures are missing"),
        }[view.state]

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else flags

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list"]

    def mimeData(self, indexes: Any) -> QMimeData:
        """The composite's file, so that a step can be dragged into another program."""
        data = QMimeData()
        paths = [self._run.steps[index.row()].frames.get(FrameKind.COMPOSITE) for index in indexes]
        data.setUrls([QUrl.fromLocalFile(path) for path in paths if path])
        return data

    def _reset(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def _changed(self, row: int) -> None:
        place = self.index(row)
        self.dataChanged.emit(place, place)

    def _all_changed(self) -> None:
        if self._run.steps:
            self.dataChanged.emit(self.index(0), self.index(len(self._run.steps) - 1))


class StepStrip(QListView):
    """The strip itself; choosing a step shows it. Ctrl and the wheel make the pictures larger or smaller."""

    zoomed = Signal(int)

    def __init__(self, run: RunModel, pictures: PictureCache, results: Results, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stepStrip")
        self.setAccessibleName(self.tr("Steps of the run"))
        self._run = run
        self._steps = StepListModel(run, results, self)
        self._told = -1
        """The row whose frame screen readers were told last."""
        self.setModel(self._steps)
        self._delegate = StepDelegate(pictures, self)
        self.setItemDelegate(self._delegate)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as time runs in the transport
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.set_thumbnail(USUAL)
        self.clicked.connect(lambda index: run.go_to_step(index.row()))
        pictures.arrived.connect(self.viewport().update)
        run.position_changed.connect(self._show_position)
        run.reset.connect(self._show_position)

    @property
    def thumbnail(self) -> int:
        """Longer side of the pictures in pixels."""
        return self._delegate.thumbnail

    def set_thumbnail(self, side: int) -> None:
        """Show the pictures with this longer side."""
        self._delegate.thumbnail = max(SMALLEST, min(side, LARGEST))
        height = self._delegate.size().height()
        self.setFixedHeight(height + self.horizontalScrollBar().sizeHint().height() + 4)
        self.scheduleDelayedItemsLayout()
        self.zoomed.emit(self.thumbnail)

    def show_frame(self, text: str, *, moved: bool) -> None:
        """Which frame of the shown step is seen.

        Args:
            text: The frame's kind.
            moved: Somebody moved to it; frames that come by themselves are not spoken.
        """
        row = self.currentIndex().row()
        changed, self._steps.frame = text != self._steps.frame, text
        if changed and moved and row == self._told:  # of another step screen readers tell it by themselves
            tell_changed(self)
        self._told = row

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_thumbnail(round(self.thumbnail * 1.2 ** (turned / 120)))
        else:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - turned)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The panel moves through frames and steps; the list only shows where it is.
        event.ignore()

    def _show_position(self) -> None:
        position = self._run.position
        if position is None or position.step >= len(self._run.steps):
            self.clearSelection()
            return
        place = self.model().index(position.step, 0)
        if place != self.currentIndex() or not self.selectionModel().isSelected(place):
            self.selectionModel().setCurrentIndex(place, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(place)
