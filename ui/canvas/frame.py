"""The canvas with its rulers and its minimap."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.canvas.canvas import Canvas
from ui.canvas.minimap import Minimap
from ui.canvas.ruler import THICKNESS, Ruler
from ui.comfort import scaled

PARTS = ("rulers", "minimap", "pixel_grid")
"""What can be shown and hidden, by name."""


class CanvasFrame(QWidget):
    """Puts rulers round the canvas and the minimap into its corner; each can be switched off."""

    part_switched = Signal(str, bool)
    """One of ``PARTS`` is shown or hidden now."""

    def __init__(self, canvas: Canvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvasFrame")
        self.canvas = canvas
        self.rulers = (Ruler(canvas, 0, self), Ruler(canvas, 1, self))
        self.minimap = Minimap(canvas)
        self._corner = QWidget(self)
        self._corner.setFixedSize(scaled(THICKNESS), scaled(THICKNESS))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self._corner, 0, 0)
        grid.addWidget(self.rulers[0], 0, 1)
        grid.addWidget(self.rulers[1], 1, 0)
        grid.addWidget(canvas, 1, 1)
        self.setFocusProxy(canvas)
        self._shown = dict.fromkeys(PARTS, True)
        self._switches: Mapping[str, Callable[[bool], None]] = {
            "rulers": self._show_rulers,
            "minimap": self.minimap.set_wanted,
            "pixel_grid": canvas.set_pixel_grid,
        }

    def shows(self, part: str) -> bool:
        """Whether this one of ``PARTS`` is switched on."""
        return self._shown[part]

    def show_part(self, part: str, on: bool) -> None:
        """Show or hide one of ``PARTS``."""
        if on != self._shown[part]:
            self._shown[part] = on
            self._switches[part](on)
            self.part_switched.emit(part, on)

    def _show_rulers(self, on: bool) -> None:
        for part in (*self.rulers, self._corner):
            part.setVisible(on)
