"""What people who see or move otherwise need of every widget: sizes that go with the text, and no motion of its own."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontInfo, QGuiApplication

USUAL_TEXT = 12
"""Height of the usual text in device-independent pixels; sizes in the code are meant for it."""

_REDUCED = "reducedMotion"


def scaled(pixels: float) -> int:
    """So many device-independent pixels, more where the program's text is larger than usual; never fewer."""
    return round(pixels * text_scale())


def text_scale() -> float:
    """How many times larger than usual the program's text is, by preference or by the system; at least 1."""
    return max(QFontInfo(QGuiApplication.font()).pixelSize() / USUAL_TEXT, 1.0)


def reduced_motion() -> bool:
    """Whether nothing may move or blink by itself."""
    app = QCoreApplication.instance()
    return app is not None and bool(app.property(_REDUCED))


def set_reduced_motion(on: bool) -> None:
    """Choose whether something may move or blink by itself."""
    app = QCoreApplication.instance()
    if app is not None:
        app.setProperty(_REDUCED, on)
