"""What people who see or move otherwise need of every widget: sizes that go with the text, and no motion of its own."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QFontInfo, QGuiApplication, QPainter, QPalette, QPen
from PySide6.QtWidgets import QWidget

USUAL_TEXT = 12
"""Height of the usual text in device-independent pixels; sizes in the code are meant for it."""

LARGE_TEXT = 1.4
"""From how many times the usual size on a text is large."""
FOCUS_LINE = 2
"""Width of the line round what has the focus, in device-independent pixels."""

_REDUCED = "reducedMotion"


def scaled(pixels: float) -> int:
    """So many device-independent pixels, more where the program's text is larger than usual; never fewer."""
    return round(pixels * text_scale())


def text_scale() -> float:
    """How many times larger than usual the program's text is, by preference or by the system; at least 1."""
    return max(QFontInfo(QGuiApplication.font()).pixelSize() / USUAL_TEXT, 1.0)


def roomy(width: int, height: int, widget: QWidget) -> QSize:
    """A window's size for the usual text, larger where the text is, but not larger than the screen."""
    return QSize(scaled(width), scaled(height)).boundedTo(widget.screen().availableSize() * 0.95)


def large_text() -> bool:
    """Whether texts are so large that what usually lies side by side does not."""
    return text_scale() >= LARGE_TEXT


def reduced_motion() -> bool:
    """Whether nothing may move or blink by itself."""
    app = QCoreApplication.instance()
    return app is not None and bool(app.property(_REDUCED))


def set_reduced_motion(on: bool) -> None:
    """Choose whether something may move or blink by itself."""
    app = QCoreApplication.instance()
    if app is not None:
        app.setProperty(_REDUCED, on)


def paint_focus(painter: QPainter, widget: QWidget) -> None:
    """Put a line round a widget that paints itself, while it has the keyboard's focus."""
    if widget.hasFocus():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(widget.palette().color(QPalette.ColorRole.Highlight), FOCUS_LINE))
        painter.drawRect(widget.rect().adjusted(1, 1, -1, -1))
