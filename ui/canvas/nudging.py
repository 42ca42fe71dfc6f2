"""The arrow keys move what is selected."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from ui import edits
from ui.document import Document
from ui.edit_names import edit_name

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
NEAR, FAR = 1, 10
"""Picture pixels per press, without and with Shift."""


class Nudging:
    """Moves the selected objects by whole pixels; each press of a key is one undo entry, however long it is held."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._presses = 0

    def press(self, event: QKeyEvent) -> bool:
        """Take an arrow key; False when nothing that can be moved is selected."""
        movable = [item.id for item in self._document.selected if not item.locked]
        if not movable:
            return False
        if not event.isAutoRepeat():
            self._presses += 1
        far = FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else NEAR
        across, along = (far * part for part in ARROWS[Qt.Key(event.key())])
        self._document.apply(
            edit_name("nudge", len(movable)),
            edits.move(self._document.layout, movable, across, along),
            merge=f"nudge {self._presses}",
        )
        return True
