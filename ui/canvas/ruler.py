"""Rulers along the canvas: pixels of the picture, with marks for the pointer and the selection."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLine, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.canvas.canvas import Canvas
from ui.canvas.geometry import Edges
from ui.canvas.ticks import ticks
from ui.comfort import scaled

THICKNESS = 18
INK = 190
"""Opacity of its marks and numbers, of 255."""
_NUMBERED, _SMALL = 8, 4
"""Lengths of the marks with and without a number, in screen pixels."""


class Ruler(QWidget):
    """One ruler; it lies beside the canvas, pixel on pixel.

    Args:
        canvas: What it measures.
        axis: 0 for x, along the top; 1 for y, at the left.
    """

    def __init__(self, canvas: Canvas, axis: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("rulerX" if axis == 0 else "rulerY")
        self.setAccessibleName(self.tr("Ruler across") if axis == 0 else self.tr("Ruler down"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._canvas = canvas
        self._axis = axis
        self._thick = scaled(THICKNESS)
        self._marks: QPixmap | None = None
        self._pointer: float | None = None
        if axis == 0:
            self.setFixedHeight(self._thick)
        else:
            self.setFixedWidth(self._thick)
        canvas.views.changed.connect(self._view_changed)
        canvas.pointer_moved.connect(self._pointer_moved)
        canvas.document.selection_changed.connect(self.update)
        canvas.document.layout_changed.connect(self._layout_changed)

    def sizeHint(self) -> QSize:
        return QSize(self._thick, self._thick)

    @property
    def pointer(self) -> float | None:
        """Where the pointer's mark is, in picture pixels."""
        return self._pointer

    @property
    def selection(self) -> tuple[float, float] | None:
        """From where to where the selection reaches, in picture pixels."""
        bounds = self._canvas.scene.bounds(self._canvas.document.selection)
        return None if bounds is None else (bounds[self._axis], bounds[self._axis + 2])

    # -- following the canvas

    def _view_changed(self) -> None:
        self._marks = None
        self.update()

    def _pointer_moved(self, point: object) -> None:
        self._pointer = point[self._axis] if isinstance(point, tuple) else None
        self.update()

    def _layout_changed(self) -> None:
        if self._canvas.document.selection:
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._marks = None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._marks = None
            self.update()

    # -- painting

    def _screen(self, value: float) -> float:
        view = self._canvas.viewport
        return value * view.scale + (view.dx if self._axis == 0 else view.dy)

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._marks is None or self._marks.devicePixelRatio() != ratio:
            self._marks = self._paint_marks(ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._marks)
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        chosen = self.selection
        if chosen is not None:
            low, high = (self._screen(value) for value in chosen)
            band = Edges(low, self._thick - 4, max(high, low + 1), self._thick)
            painter.fillRect(self._turned(band), accent)
        if self._pointer is not None:
            at = self._screen(self._pointer)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().color(QPalette.ColorRole.WindowText))
            corners = ((at - 4, self._thick - 6), (at + 4, self._thick - 6), (at, self._thick))
            painter.drawPolygon(
                QPolygonF([QPointF(*(corner if self._axis == 0 else corner[::-1])) for corner in corners])
            )
        painter.end()

    def _turned(self, edges: Edges) -> QRectF:
        """A box given as along and across the ruler."""
        if self._axis == 0:
            return QRectF(edges.x0, edges.y0, edges.width, edges.height)
        return QRectF(edges.y0, edges.x0, edges.height, edges.width)

    def _paint_marks(self, ratio: float) -> QPixmap:
        """What does not change while the view is the same: the scale itself."""
        marks = QPixmap(self.size() * ratio)
        marks.setDevicePixelRatio(ratio)
        palette = self.palette()
        ink = QColor(palette.color(QPalette.ColorRole.WindowText))
        ink.setAlpha(INK)
        painter = QPainter(marks)
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Window))
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        last = self._thick - 1
        length = self.width() if self._axis == 0 else self.height()
        painter.drawLine(*self._line(0, last, length, last))
        seen = self._canvas.views.visible
        low, high = seen[self._axis], seen[self._axis + 2]
        spacing = ticks(self._canvas.viewport.scale)
        painter.setPen(ink)
        zero, scale = self._screen(0), self._canvas.viewport.scale
        lines = []
        for value in spacing.small(low, high):
            at = round(zero + value * scale)
            size = _NUMBERED if value % spacing.step == 0 else _SMALL
            lines.append(QLine(*self._line(at, last - size, at, last)))
        painter.drawLines(lines)
        font = QFont(self.font())
        font.setPixelSize(scaled(9))
        painter.setFont(font)
        for value in spacing.numbered(low - spacing.step, high):
            self._paint_number(painter, value)
        painter.end()
        return marks

    def _line(self, along0: int, across0: int, along1: int, across1: int) -> tuple[int, int, int, int]:
        return (along0, across0, along1, across1) if self._axis == 0 else (across0, along0, across1, along1)

    def _paint_number(self, painter: QPainter, value: int) -> None:
        at = round(self._screen(value))
        if self._axis == 0:
            painter.drawText(QPoint(at + 3, scaled(9)), str(value))
            return
        painter.save()
        painter.translate(scaled(9), at + 3)
        painter.rotate(90)
        painter.drawText(QPoint(0, scaled(5)), str(value))
        painter.restore()
