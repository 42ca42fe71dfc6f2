"""Drives widgets as a person does: by mouse and key events, in the picture's coordinates."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ui.canvas.canvas import Canvas

NO_KEYS = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
MIDDLE = Qt.MouseButton.MiddleButton


class Hand:
    """A mouse over a canvas; points are in picture pixels."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.button = LEFT

    def at(self, x: float, y: float) -> QPointF:
        return QPointF(*self.canvas.viewport.to_screen(x, y))

    def press(self, x: float, y: float, keys=NO_KEYS, button=LEFT) -> None:
        self.button = button
        self._send(QEvent.Type.MouseButtonPress, x, y, keys, button, button)

    def move(self, x: float, y: float, keys=NO_KEYS, *, held: bool = True) -> None:
        buttons = self.button if held else Qt.MouseButton.NoButton
        self._send(QEvent.Type.MouseMove, x, y, keys, Qt.MouseButton.NoButton, buttons)

    def release(self, x: float, y: float, keys=NO_KEYS) -> None:
        self._send(QEvent.Type.MouseButtonRelease, x, y, keys, self.button, Qt.MouseButton.NoButton)

    def drag(self, start: tuple[float, float], end: tuple[float, float], keys=NO_KEYS, button=LEFT) -> None:
        """Press, move in three steps, release."""
        self.press(*start, keys, button)
        for part in (0.3, 0.7, 1.0):
            self.move(start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part, keys)
        self.release(*end, keys)

    def click(self, x: float, y: float, keys=NO_KEYS) -> None:
        self.press(x, y, keys)
        self.release(x, y, keys)

    def double_click(self, x: float, y: float) -> None:
        self.click(x, y)
        self._send(QEvent.Type.MouseButtonDblClick, x, y, NO_KEYS, LEFT, LEFT)
        self.release(x, y)

    def _send(self, kind, x, y, keys, button, buttons) -> None:
        place = self.at(x, y)
        everywhere = QPointF(self.canvas.mapToGlobal(place))
        QApplication.sendEvent(self.canvas, QMouseEvent(kind, place, everywhere, button, buttons, keys))


def type_label(canvas: Canvas, text: str) -> None:
    """Type into the editor on the canvas and press Enter."""
    assert canvas.editor.open
    QTest.keyClicks(canvas.editor, text)
    QTest.keyClick(canvas.editor, Qt.Key.Key_Return)


def press_key(widget: QWidget, key, keys=NO_KEYS) -> None:
    QTest.keyClick(widget, key, keys)
