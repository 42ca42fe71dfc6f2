"""How a step looks in the film strip."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.colors import object_color
from ui.comfort import scaled
from ui.inks import Ink
from ui.timeline.model import FrameKind, StepState, StepView
from ui.timeline.pictures import PictureCache
from ui.verdict_mark import paint_verdict

STEP_ROLE = Qt.ItemDataRole.UserRole
"""The step's ``StepView`` and whether its object is found (True, False, or None: not known)."""

SMALLEST = 48
CHOSEN = 40
"""Opacity of the accent colour, of 255, behind the shown step."""
_TEXT = 32
_BACKGROUND = (128, 134, 145)
Index = QModelIndex | QPersistentModelIndex


class StepDelegate(QStyledItemDelegate):
    """Paints a step: its composite, its colour and name, its state, time and seed, and whether its object is found."""

    def __init__(self, pictures: PictureCache, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self.thumbnail = SMALLEST

    def size(self) -> QSize:
        """Size of a step's card."""
        text = scaled(_TEXT) if self.thumbnail >= 64 else 0
        return QSize(self.thumbnail + 16, self.thumbnail + text + 12)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view, hit = index.data(STEP_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette: QPalette = option.palette
        area: QRect = option.rect
        card = QRectF(area).adjusted(3, 3, -3, -3)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        fill = palette.color(QPalette.ColorRole.Highlight) if chosen else palette.color(QPalette.ColorRole.Button)
        if chosen:
            fill.setAlpha(CHOSEN)
        painter.setBrush(fill)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2) if chosen else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(card, 6, 6)
        side = self.thumbnail
        thumb = QRect(area.left() + 8, area.top() + 8, side, side)
        self._paint_thumbnail(painter, palette, thumb, view)
        if hit is not None:
            paint_verdict(painter, QRectF(thumb.right() - 17, thumb.top() + 3, 15, 15), hit=hit)
        if side >= 64:
            self._paint_text(
                painter, palette, QRect(thumb.left(), thumb.bottom() + 3, side, scaled(_TEXT)), view, index.row()
            )
        painter.restore()

    def _paint_thumbnail(self, painter: QPainter, palette: QPalette, area: QRect, view: StepView) -> None:
        path = view.frames.get(FrameKind.COMPOSITE)
        # A few sizes only: a slow zoom does not read every picture anew for each.
        kept = 128 if self.thumbnail <= 64 else 256 if self.thumbnail <= 128 else 576
        picture = self._pictures.soon(path, side=kept) if path is not None else None
        if picture is not None and picture.image is not None:
            size = picture.image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(QPoint(0, 0), size)
            place.moveCenter(area.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, picture.image)
            if view.state is not StepState.LOST:
                return
        if view.state is StepState.LOST:
            painter.fillRect(area, QBrush(Ink.BAD.color(palette), Qt.BrushStyle.BDiagPattern))
        ink = palette.color(QPalette.ColorRole.PlaceholderText)
        if view.state is StepState.RUNNING and view.iterations:
            share = view.iteration / view.iterations
            ring = QRectF(0, 0, 38, 38)
            ring.moveCenter(QRectF(area).center())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 4))
            painter.drawEllipse(ring)
            pen = QPen(palette.color(QPalette.ColorRole.Highlight), 4)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawArc(ring, 90 * 16, -round(360 * 16 * share))
        elif path is None:
            self._paint_mark(painter, area, view, ink)

    @staticmethod
    def _paint_mark(painter: QPainter, area: QRect, view: StepView, ink: QColor) -> None:
        mark = {StepState.FAILED: "✕", StepState.STOPPED: "–", StepState.LOST: "?"}.get(view.state, "·")
        font = QFont(painter.font())
        font.setPixelSize(scaled(22))
        painter.setFont(font)
        painter.setPen(Ink.BAD.color() if view.state in (StepState.FAILED, StepState.LOST) else ink)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, mark)

    def _paint_text(self, painter: QPainter, palette: QPalette, area: QRect, view: StepView, row: int) -> None:
        color = object_color(view.label) if view.step.kind == "foreground" else _BACKGROUND
        painter.setPen(QPen(QColor(0, 0, 0, 60), 1))
        painter.setBrush(QColor(*color))
        painter.drawRoundedRect(QRectF(area.left() + 0.5, area.top() + area.height() / 4 - 4.5, 9, 9), 2, 2)
        font = QFont(painter.font())
        font.setPixelSize(scaled(11))
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        line = area.adjusted(14, 0, 0, -area.height() // 2)
        text = painter.fontMetrics().elidedText(view.label, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        below = area.adjusted(0, area.height() // 2, 0, 0)
        time = self.tr("{:.1f} s").format(view.seconds) if view.seconds is not None else ""
        room = below.width() - painter.fontMetrics().horizontalAdvance(time) - 6
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, self._place(painter, view, row, room))
        if room >= painter.fontMetrics().horizontalAdvance(self.tr("step {}").format(row + 1)):
            painter.drawText(below, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, time)

    def _place(self, painter: QPainter, view: StepView, row: int, room: int) -> str:
        """The step's number and, where there is room, its seed; how it came about if it was not just painted."""
        text = self.tr("step {}").format(row + 1)
        if view.attempts > 1:
            text += f" ×{view.attempts}"
        if view.reused:
            text += " ↩"
        if view.seed is not None:
            longer = self.tr("{} · {}").format(text, view.seed)
            whole = painter.fontMetrics().elidedText(longer, Qt.TextElideMode.ElideRight, room)
            return whole if len(whole) > len(text) + 4 else text
        return text
