"""The film strip: one thumbnail per step, in a list view so that keyboard and screen readers work by themselves."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QBrush, QColor, QFont, QKeyEvent, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.colors import object_color
from ui.timeline.model import FrameKind, RunModel, StepState, StepView
from ui.timeline.pictures import PictureCache

THUMBNAIL = 92
_STEP_ROLE = Qt.ItemDataRole.UserRole
_BACKGROUND = (128, 134, 145)

Index = QModelIndex | QPersistentModelIndex


class StepListModel(QAbstractListModel):
    """The steps of a run as a list model."""

    def __init__(self, run: RunModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._run = run
        run.reset.connect(self._reset)
        run.step_changed.connect(self._changed)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self._run.steps)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        view = self._run.steps[index.row()]
        if role == _STEP_ROLE:
            return view
        if role == Qt.ItemDataRole.DisplayRole:
            return view.label
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            took = self.tr(", {:.1f} seconds").format(view.seconds) if view.seconds is not None else ""
            return self.tr("Step {} of {}: {}, {}{}").format(
                index.row() + 1, len(self._run.steps), view.label, self._state_text(view), took
            )
        return None

    def _state_text(self, view: StepView) -> str:
        return {
            StepState.WAITING: self.tr("waiting"),
            StepState.RUNNING: self.tr("being painted"),
            StepState.DONE: self.tr("done"),
            StepState.STOPPED: self.tr("not painted"),
            StepState.FAILED: self.tr("failed"),
        }[view.state]

    def _reset(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def _changed(self, row: int) -> None:
        place = self.index(row)
        self.dataChanged.emit(place, place)


class StepDelegate(QStyledItemDelegate):
    """Paints a step: its composite, its colour and name, its state and time."""

    def __init__(self, pictures: PictureCache, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(THUMBNAIL + 16, THUMBNAIL + 44)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view: StepView = index.data(_STEP_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette: QPalette = option.palette
        area: QRect = option.rect
        card = QRectF(area).adjusted(3, 3, -3, -3)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        fill = palette.color(QPalette.ColorRole.Highlight) if chosen else palette.color(QPalette.ColorRole.Button)
        if chosen:
            fill.setAlpha(60)
        painter.setBrush(fill)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2) if chosen else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(card, 6, 6)
        thumb = QRect(area.left() + 8, area.top() + 8, THUMBNAIL, THUMBNAIL)
        self._paint_thumbnail(painter, palette, thumb, view)
        self._paint_text(painter, palette, QRect(thumb.left(), thumb.bottom() + 3, THUMBNAIL, 32), view, index.row())
        painter.restore()

    def _paint_thumbnail(self, painter: QPainter, palette: QPalette, area: QRect, view: StepView) -> None:
        path = view.frames.get(FrameKind.COMPOSITE)
        ink = palette.color(QPalette.ColorRole.PlaceholderText)
        if path is not None:
            picture = self._pictures.get(path, side=2 * THUMBNAIL)
            if picture.image is not None:
                size = picture.image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
                target = QRect(QPoint(0, 0), size)
                target.moveCenter(area.center())
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawPixmap(target, QPixmap.fromImage(picture.image))
                return
            painter.fillRect(area, QBrush(ink, Qt.BrushStyle.BDiagPattern))
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.tr("missing"))
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
        painter.drawRoundedRect(area, 4, 4)
        if view.state is StepState.RUNNING:
            share = view.iteration / view.iterations if view.iterations else 0.0
            ring = QRectF(0, 0, 38, 38)
            ring.moveCenter(QRectF(area).center())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 4))
            painter.drawEllipse(ring)
            pen = QPen(palette.color(QPalette.ColorRole.Highlight), 4)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawArc(ring, 90 * 16, -round(360 * 16 * share))
        else:
            mark = {StepState.FAILED: "✕", StepState.STOPPED: "–"}.get(view.state, "·")
            font = QFont(painter.font())
            font.setPixelSize(22)
            painter.setFont(font)
            painter.setPen(QColor("#d64545") if view.state is StepState.FAILED else ink)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, mark)

    def _paint_text(self, painter: QPainter, palette: QPalette, area: QRect, view: StepView, row: int) -> None:
        color = object_color(view.label) if view.step.kind == "foreground" else _BACKGROUND
        painter.setPen(QPen(QColor(0, 0, 0, 60), 1))
        painter.setBrush(QColor(*color))
        painter.drawRoundedRect(QRectF(area.left() + 0.5, area.top() + 3.5, 9, 9), 2, 2)
        font = QFont(painter.font())
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        line = area.adjusted(14, 0, 0, -16)
        text = painter.fontMetrics().elidedText(view.label, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        below = area.adjusted(0, 16, 0, 0)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, self.tr("step {}").format(row + 1))
        if view.seconds is not None:
            painter.drawText(
                below,
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                self.tr("{:.1f} s").format(view.seconds),
            )


class StepStrip(QListView):
    """The strip itself; choosing a step shows it."""

    def __init__(self, run: RunModel, pictures: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stepStrip")
        self.setAccessibleName(self.tr("Steps of the run"))
        self._run = run
        self.setModel(StepListModel(run, self))
        self.setItemDelegate(StepDelegate(pictures, self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(THUMBNAIL + 44 + self.horizontalScrollBar().sizeHint().height() + 4)
        self.clicked.connect(lambda index: run.go_to_step(index.row()))
        run.position_changed.connect(self._show_position)
        run.reset.connect(self._show_position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The panel moves through frames and steps; the list only shows where it is.
        event.ignore()

    def _show_position(self) -> None:
        position = self._run.position
        if position is None or position.step >= len(self._run.steps):
            self.clearSelection()
            return
        place = self.model().index(position.step, 0)
        self.selectionModel().setCurrentIndex(place, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(place)
