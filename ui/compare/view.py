"""Two pictures in one view: side by side, wiped, blinking or as their difference; zoom and pan go for both."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from ui.canvas.viewport import Viewport, fitted
from ui.comfort import paint_focus, reduced_motion, scaled

ZOOM_STEP = 1.25
_BLINK = 500
_REACH = 8
_PIXELS_SHOWN = 3.0


class Mode(StrEnum):
    """How two pictures are shown."""

    SIDE = "side"
    WIPE = "wipe"
    BLINK = "blink"
    DIFFERENCE = "difference"


class CompareView(QWidget):
    """Paints two pictures. The wheel zooms, dragging pans; in a wipe the line is dragged."""

    mode_changed = Signal(str)
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareView")
        self.setAccessibleName(self.tr("Comparison"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(320, 200)
        self._one: QImage | None = None
        self._other: QImage | None = None
        self._notes = ("", "")
        self._difference: QImage | None = None
        self._mode = Mode.SIDE
        self._gain = 4
        self._wipe = 0.5
        self._second = False
        self._view = Viewport()
        self._fits = True
        self._grabbed: QPointF | None = None
        self._wiping = False
        self._timer = QTimer(self, interval=_BLINK)
        self._timer.timeout.connect(self.flip)

    # -- what is shown

    def set_pictures(self, one: QImage | None, other: QImage | None, notes: tuple[str, str] = ("", "")) -> None:
        """Compare these; a note says why one is not there. Pictures of other sizes are brought to the first one's."""
        former = self._size()
        self._one, self._notes = one, notes
        if one is not None and other is not None and other.size() != one.size():
            other = other.scaled(
                one.size(), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        self._other = other
        self._difference = None
        if self._fits or self._size() != former:
            self.fit()
        self.update()

    @property
    def mode(self) -> Mode:
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Show them this way."""
        if mode is self._mode:
            return
        self._mode = mode
        self._second = False
        if mode is Mode.BLINK and not reduced_motion():
            self._timer.start()
        else:
            self._timer.stop()
        if self._fits:
            self.fit()
        self.mode_changed.emit(mode)
        self.update()

    @property
    def blinking(self) -> bool:
        """Whether the two take turns by themselves."""
        return self._timer.isActive()

    @property
    def second_shown(self) -> bool:
        """Whether a blink shows the second one."""
        return self._second

    @property
    def gain(self) -> int:
        """How many times the difference is amplified."""
        return self._gain

    def set_gain(self, gain: int) -> None:
        """Amplify the difference so many times: a power of two."""
        self._gain = gain
        self._difference = None
        self.update()

    @property
    def viewport(self) -> Viewport:
        """Where the (left) picture lies."""
        return self._view

    @property
    def wipe(self) -> float:
        """Where the line is, as a share of the picture's width."""
        return self._wipe

    def set_wipe(self, share: float) -> None:
        """Move the line."""
        self._wipe = min(max(share, 0.0), 1.0)
        self.update()

    def flip(self) -> None:
        """Show the other one of the two."""
        self._second = not self._second
        self.update()

    def equal(self) -> bool | None:
        """Whether the two are the same, pixel by pixel; None when one is missing."""
        if self._one is None or self._other is None:
            return None
        same = QImage.Format.Format_RGB32
        return self._one.convertToFormat(same) == self._other.convertToFormat(same)

    def fit(self) -> None:
        """Show the whole pictures."""
        self._fits = True
        size = self._size()
        self._view = fitted((0, 0, size.width(), size.height()), (self._pane(0).width(), self.height()), margin=12)
        self.view_changed.emit()
        self.update()

    def zoom(self, factor: float, at: QPointF) -> None:
        """Zoom at a point of the view."""
        self._fits = False
        pane = self._pane(0)
        x = at.x() - pane.width() if self._mode is Mode.SIDE and at.x() >= pane.width() else at.x()
        self._view = self._view.zoomed(factor, x, at.y())
        self.view_changed.emit()
        self.update()

    # -- painting

    def _size(self) -> QSize:
        image = self._one if self._one is not None else self._other
        return image.size() if image is not None else QSize(1, 1)

    def _pane(self, which: int) -> QRect:
        if self._mode is not Mode.SIDE:
            return self.rect()
        half = self.width() // 2
        return QRect(0, 0, half, self.height()) if which == 0 else QRect(half, 0, self.width() - half, self.height())

    def _sheet(self) -> QRectF:
        size, view = self._size(), self._view
        return QRectF(view.dx, view.dy, size.width() * view.scale, size.height() * view.scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Mid))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._view.scale < _PIXELS_SHOWN)
        {
            Mode.SIDE: self._paint_side,
            Mode.WIPE: self._paint_wipe,
            Mode.BLINK: self._paint_blink,
            Mode.DIFFERENCE: self._paint_difference,
        }[self._mode](painter)
        paint_focus(painter, self)
        painter.end()

    def _paint_side(self, painter: QPainter) -> None:
        for which, image in enumerate((self._one, self._other)):
            pane = self._pane(which)
            painter.save()
            painter.setClipRect(pane)
            painter.translate(pane.left(), 0)
            self._paint_image(painter, image, self._notes[which])
            painter.restore()
            self._tag(painter, pane, "A" if which == 0 else "B")
        painter.setPen(self.palette().color(QPalette.ColorRole.Dark))
        painter.drawLine(self.width() // 2, 0, self.width() // 2, self.height())

    def _paint_wipe(self, painter: QPainter) -> None:
        sheet = self._sheet()
        line = sheet.left() + self._wipe * sheet.width()
        for image, note, clip in (
            (self._one, self._notes[0], QRectF(0, 0, line, self.height())),
            (self._other, self._notes[1], QRectF(line, 0, self.width() - line, self.height())),
        ):
            painter.save()
            painter.setClipRect(clip)
            self._paint_image(painter, image, note)
            painter.restore()
        painter.setPen(QPen(QColor(255, 255, 255), 3))
        painter.drawLine(QPointF(line, sheet.top()), QPointF(line, sheet.bottom()))
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1.5))
        painter.drawLine(QPointF(line, sheet.top()), QPointF(line, sheet.bottom()))
        painter.setBrush(QColor(255, 255, 255))
        painter.drawEllipse(QPointF(line, sheet.center().y()), 6, 6)
        self._tag(painter, self.rect(), "A")
        self._tag(painter, self.rect(), "B", right=True)

    def _paint_blink(self, painter: QPainter) -> None:
        which = 1 if self._second else 0
        self._paint_image(painter, self._other if which else self._one, self._notes[which])
        self._tag(painter, self.rect(), "B" if which else "A")

    def _paint_difference(self, painter: QPainter) -> None:
        if self._one is None or self._other is None:
            self._paint_image(painter, None, " ".join(self._notes).strip())
            return
        if self._difference is None:
            self._difference = difference(self._one, self._other, self._gain)
        painter.drawImage(self._sheet(), self._difference)
        self._tag(painter, self.rect(), f"|A − B| × {self._gain}")

    def _paint_image(self, painter: QPainter, image: QImage | None, note: str) -> None:
        if image is not None:
            painter.drawImage(self._sheet(), image)
        else:
            painter.setPen(self.palette().color(QPalette.ColorRole.Text))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self._pane(0), flags, note or self.tr("No picture"))

    def _tag(self, painter: QPainter, pane: QRect, text: str, *, right: bool = False) -> None:
        width = painter.fontMetrics().horizontalAdvance(text) + 14
        left = pane.right() - width - 8 if right else pane.left() + 8
        area = QRectF(left, pane.top() + 8, width, scaled(20))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 170))
        painter.drawRoundedRect(area, 4, 4)
        painter.setPen(QColor(255, 255, 255))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    # -- mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._wiping = self._on_line(event.position()) and event.button() == Qt.MouseButton.LeftButton
            self._grabbed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._grabbed is None:
            over = self._on_line(place)
            self.setCursor(Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.OpenHandCursor)
        elif self._wiping:
            sheet = self._sheet()
            self.set_wipe((place.x() - sheet.left()) / max(sheet.width(), 1))
        else:
            by = place - self._grabbed
            self._grabbed = place
            self._fits = False
            self._view = self._view.panned(by.x(), by.y())
            self.view_changed.emit()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        self._wiping = False

    def _on_line(self, place: QPointF) -> bool:
        sheet = self._sheet()
        return self._mode is Mode.WIPE and abs(place.x() - sheet.left() - self._wipe * sheet.width()) <= _REACH

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        self.zoom(ZOOM_STEP ** (turned / 120), event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modes = dict(zip((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4), Mode, strict=True))
        key = Qt.Key(event.key())
        middle = QPointF(self._pane(0).width() / 2, self.height() / 2)
        if key in modes:
            self.set_mode(modes[key])
        elif key == Qt.Key.Key_Space:
            self.flip()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._mode is Mode.WIPE:
            self.set_wipe(self._wipe + (0.02 if key == Qt.Key.Key_Right else -0.02))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(ZOOM_STEP, middle)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / ZOOM_STEP, middle)
        elif key == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self.fit()


def difference(one: QImage, other: QImage, gain: int) -> QImage:
    """|one − other| per channel, amplified ``gain`` times (a power of two) and clipped to white."""
    result = one.convertToFormat(QImage.Format.Format_RGB32).copy()
    painter = QPainter(result)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Difference)
    painter.drawImage(0, 0, other.convertToFormat(QImage.Format.Format_RGB32))
    painter.end()
    # Adding a picture to itself doubles it: no pixel passes through Python.
    times = 1
    while times < gain:
        twice = result.copy()
        painter = QPainter(result)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
        painter.drawImage(0, 0, twice)
        painter.end()
        times *= 2
    return result
