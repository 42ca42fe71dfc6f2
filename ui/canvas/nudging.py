"""The arrow keys move what is selected, or with Ctrl make it larger and smaller."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from engine.layout import Layout
from ui import edits
from ui.canvas.geometry import MIN_SIDE, Edges, clamp, edges_of
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
    """Changes the selected objects by whole pixels; each press of a key is one undo entry, however long it is held."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._presses = 0

    def press(self, event: QKeyEvent) -> bool:
        """Take an arrow key; False when nothing that can be changed is selected."""
        free = [item.id for item in self._document.selected if not item.locked]
        if not free:
            return False
        if not event.isAutoRepeat():
            self._presses += 1
        far = FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else NEAR
        across, along = (far * part for part in ARROWS[Qt.Key(event.key())])
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            edit, changed = "resize", grown(self._document.layout, free, across, along)
        else:
            edit, changed = "nudge", edits.move(self._document.layout, free, across, along)
        self._document.apply(edit_name(edit, len(free)), changed, merge=f"{edit} {self._presses}")
        return True


def grown(layout: Layout, ids: list[str], across: float, along: float) -> Layout:
    """The layout with the right and bottom edges of these objects moved by so many pixels, each inside the picture."""
    chosen, (width, height) = set(ids), layout.size

    def changed(edges: Edges) -> Edges:
        x1 = clamp(edges.x1 + across, min(edges.x0 + MIN_SIDE, width), width)
        y1 = clamp(edges.y1 + along, min(edges.y0 + MIN_SIDE, height), height)
        return Edges(edges.x0, edges.y0, x1, y1)

    places = {item.id: changed(edges_of(item.box, layout.size)) for item in layout.objects if item.id in chosen}
    return edits.place(layout, places)
