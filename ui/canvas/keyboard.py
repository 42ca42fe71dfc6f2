"""The keys of the canvas: everything that the mouse does to boxes can be done by them, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui import edits
from ui.canvas.geometry import Edges, clamp, nearest_pixel
from ui.canvas.nudging import ARROWS, Nudging
from ui.canvas.pointer import Pointer
from ui.canvas.scene import Scene
from ui.canvas.view_control import ViewControl
from ui.document import Document
from ui.edit_names import edit_name

NEW_SHARE = 0.25
"""Sides of a box that is added by a key, as a share of the visible part of the picture."""

Key = Qt.Key


class Keyboard(QObject):
    """Turns keys into edits, selections and panning."""

    label_wanted = Signal(str)
    """The prompt of this object is to be typed."""
    arrow_unused = Signal(int)
    number_pressed = Signal(int)

    def __init__(self, document: Document, scene: Scene, views: ViewControl, pointer: Pointer, widget: QWidget) -> None:
        super().__init__(widget)
        self._document = document
        self._scene = scene
        self._views = views
        self._pointer = pointer
        self._nudging = Nudging(document)
        self._keys: Mapping[Qt.Key, Callable[[QKeyEvent], bool]] = {
            Key.Key_Escape: self._escape,
            **dict.fromkeys(ARROWS, self._arrow),
            **dict.fromkeys((Key.Key_F2, Key.Key_Return, Key.Key_Enter), self._label),
            **{Key(Key.Key_0 + number): self._number for number in range(1, 10)},
            Key.Key_Space: self._hold_to_pan,
            Key.Key_PageUp: self._step,
            Key.Key_PageDown: self._step,
            Key.Key_Insert: self._insert,
        }

    def press(self, event: QKeyEvent) -> bool:
        """A key went down; False when it means nothing here."""
        action = self._keys.get(Qt.Key(event.key()))
        return action is not None and action(event)

    def release(self, event: QKeyEvent) -> bool:
        """A key went up; False when it means nothing here."""
        if event.key() != Key.Key_Space or event.isAutoRepeat():
            return False
        self._pointer.hold_to_pan(False)
        return True

    def _escape(self, event: QKeyEvent) -> bool:
        if not self._pointer.abort():
            self._document.select(())
        return True

    def _arrow(self, event: QKeyEvent) -> bool:
        if not self._nudging.press(event):
            self.arrow_unused.emit(event.key())
        return True

    def _label(self, event: QKeyEvent) -> bool:
        if self._document.selection:
            self.label_wanted.emit(self._document.selection[-1])
        return bool(self._document.selection)

    def _number(self, event: QKeyEvent) -> bool:
        if event.modifiers() or not self._document.selection:
            return False
        self.number_pressed.emit(event.key() - Key.Key_0)
        return True

    def _hold_to_pan(self, event: QKeyEvent) -> bool:
        self._pointer.hold_to_pan(True)
        return True

    def _step(self, event: QKeyEvent) -> bool:
        """Select the next or the previous object in painting order; with Shift in addition."""
        shown = self._scene.shown
        names = [entry.item.id for entry in shown]
        if not names:
            return True
        by = 1 if event.key() == Key.Key_PageDown else -1
        chosen = self._document.selection
        start = names.index(chosen[-1]) if chosen and chosen[-1] in names else (-1 if by > 0 else 0)
        place = (start + by) % len(names)
        name = names[place]
        extend = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        kept = [other for other in chosen if other != name] if extend else []
        self._document.select((*kept, name))
        self._views.reveal(shown[place].edges)
        return True

    def _insert(self, event: QKeyEvent) -> bool:
        self.add()
        return True

    def add(self) -> None:
        """Add a box in the middle of what is seen; its prompt is asked for at once."""
        self._pointer.abort()
        layout, seen = self._document.layout, self._views.visible
        spans = []
        for axis, limit in enumerate(layout.size):
            low, high = max(seen[axis], 0.0), min(seen[axis + 2], float(limit))
            low, high = (low, high) if low < high else (0.0, float(limit))
            side = max(nearest_pixel((high - low) * NEW_SHARE), 1.0)
            start = clamp(nearest_pixel((low + high - side) / 2), 0.0, limit - side)
            spans.append((start, start + side))
        edges = Edges(spans[0][0], spans[1][0], spans[0][1], spans[1][1])
        layout, name = edits.add(layout, edges)
        self._document.apply(edit_name("draw"), layout)
        self._document.select((name,))
        self.label_wanted.emit(name)
