"""The minimap: the whole picture in a corner of the canvas while only a part of it is seen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from ui.canvas.canvas import Canvas
from ui.canvas.nudging import ARROWS
from ui.canvas.painting import MANY_OBJECTS
from ui.canvas.viewport import Viewport

LONGEST = 168
"""Its longer side in screen pixels."""
SHORTEST = 24
MARGIN = 12
LOOKS_AFTER = 200
"""Milliseconds of rest before a changed layout is drawn anew: a drag is not slowed down."""
STEP = 0.15
"""The share of the visible part by which an arrow key pans."""


class Minimap(QWidget):
    """Shows where the visible part lies in the picture; a click, a drag or the arrow keys bring another."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.setObjectName("minimap")
        self.setAccessibleName(self.tr("Minimap"))
        self.setAccessibleDescription(self.tr("The arrow keys move the visible part of the picture"))
        self.setToolTip(self.tr("Click or drag to see another part"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._canvas = canvas
        self._wanted = True
        self._overview: QPixmap | None = None
        self._timer = QTimer(self, singleShot=True, interval=LOOKS_AFTER)
        self._timer.timeout.connect(self._refresh)
        canvas.views.changed.connect(self._view_changed)
        canvas.views.settled.connect(self.update)
        canvas.document.layout_changed.connect(self._layout_changed)
        canvas.picture_changed.connect(self._timer.start)
        canvas.installEventFilter(self)
        self.hide()

    @property
    def wanted(self) -> bool:
        """Whether it appears when only a part of the picture is seen."""
        return self._wanted

    def set_wanted(self, wanted: bool) -> None:
        """Let it appear when only a part of the picture is seen, or never."""
        self._wanted = wanted
        self._view_changed()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._view_changed()
        return False

    # -- following the canvas

    def _view_changed(self) -> None:
        width, height = self._canvas.document.layout.size
        seen = self._canvas.views.visible
        partly = seen.x0 > 0 or seen.y0 > 0 or seen.x1 < width or seen.y1 < height
        if not (self._wanted and partly):
            self.hide()
            return
        size = self._fitting(width, height)
        place = QRect(
            self._canvas.width() - size.width() - MARGIN,
            self._canvas.height() - size.height() - MARGIN,
            size.width(),
            size.height(),
        )
        if place != self.geometry():
            self._overview = self._overview if place.size() == self.size() else None
            self.setGeometry(place)
        self.show()
        self.update()

    @staticmethod
    def _fitting(width: int, height: int) -> QSize:
        scale = LONGEST / max(width, height)
        return QSize(max(round(width * scale), SHORTEST), max(round(height * scale), SHORTEST))

    def _layout_changed(self) -> None:
        self._timer.start()

    def _refresh(self) -> None:
        self._overview = None
        self._view_changed()

    # -- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())

    def _go(self, position: QPointF) -> None:
        width, height = self._canvas.document.layout.size
        x = min(max(position.x() / self.width(), 0.0), 1.0)
        y = min(max(position.y() / self.height(), 0.0), 1.0)
        self._canvas.views.centre_on(x * width, y * height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in ARROWS:
            super().keyPressEvent(event)
            return
        across, along = ARROWS[Qt.Key(event.key())]
        self._canvas.views.pan(-across * STEP * self._canvas.width(), -along * STEP * self._canvas.height())

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        waits = not self._canvas.views.at_rest and len(self._canvas.scene.shown) > MANY_OBJECTS
        if self._overview is None and not waits:
            self._overview = self._paint_overview()
        painter = QPainter(self)
        if self._overview is not None:
            painter.drawPixmap(0, 0, self._overview)
        else:  # thousands of boxes would hold up the zoom that is going on
            painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        width, height = self._canvas.document.layout.size
        seen = self._canvas.views.visible
        across, along = self.width() / width, self.height() / height
        part = QRectF(seen.x0 * across, seen.y0 * along, seen.width * across, seen.height * along)
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        part = part.intersected(whole)
        painter.setPen(Qt.PenStyle.NoPen)
        shade = QColor(0, 0, 0, 90)
        for side in (
            QRectF(whole.left(), whole.top(), whole.width(), part.top() - whole.top()),
            QRectF(whole.left(), part.bottom(), whole.width(), whole.bottom() - part.bottom()),
            QRectF(whole.left(), part.top(), part.left() - whole.left(), part.height()),
            QRectF(part.right(), part.top(), whole.right() - part.right(), part.height()),
        ):
            painter.fillRect(side, shade)
        palette = self.palette()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2 if self.hasFocus() else 1.4))
        painter.drawRect(part)
        painter.setPen(palette.color(QPalette.ColorRole.Dark))
        painter.drawRect(whole)
        painter.end()

    def _paint_overview(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        overview = QPixmap(self.size() * ratio)
        overview.setDevicePixelRatio(ratio)
        painter = QPainter(overview)
        width, _ = self._canvas.document.layout.size
        self._canvas.paint_overview(painter, Viewport(self.width() / width))
        painter.end()
        return overview
