"""The modifier keys of Qt's events as plain values."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from ui.canvas.gestures import Keys


def keys_of(event: QMouseEvent | QKeyEvent) -> Keys:
    """The modifier keys held during an event."""
    held = event.modifiers()
    return Keys(
        shift=bool(held & Qt.KeyboardModifier.ShiftModifier),
        alt=bool(held & Qt.KeyboardModifier.AltModifier),
        ctrl=bool(held & Qt.KeyboardModifier.ControlModifier),
    )
