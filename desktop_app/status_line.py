"""The line at the bottom: what the tool does, where the pointer is, how far the canvas is zoomed."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QMainWindow

from ui.canvas.canvas import Canvas, Tool
from ui.document import Document


class StatusLine(QObject):
    """Follows the canvas."""

    def __init__(self, window: QMainWindow, canvas: Canvas, document: Document) -> None:
        super().__init__(window)
        self._canvas = canvas
        self._document = document
        self._hint = QLabel(window)
        self._hint.setObjectName("panelNote")
        self._hint.setContentsMargins(8, 0, 0, 0)
        self._place = QLabel(window)
        self._place.setMinimumWidth(130)
        self._zoom = QLabel(window)
        self._zoom.setContentsMargins(0, 0, 8, 0)
        bar = window.statusBar()
        bar.addWidget(self._hint, 1)
        bar.addPermanentWidget(self._place)
        bar.addPermanentWidget(self._zoom)
        bar.setSizeGripEnabled(False)
        canvas.tool_changed.connect(self._show_tool)
        canvas.zoom_changed.connect(lambda scale: self._zoom.setText(f"{scale * 100:.0f} %"))
        canvas.pointer_moved.connect(self._show_place)
        self._show_tool()

    def _show_tool(self) -> None:
        self._hint.setText(
            self.tr("Drag to draw a box · Shift: square · Alt: from the centre · V: select")
            if self._canvas.tool is Tool.DRAW
            else self.tr("Click to select · drag to move · Shift: add or keep the shape · D: draw")
        )

    def _show_place(self, point: object) -> None:
        text = ""
        if isinstance(point, tuple):
            width, height = self._document.layout.size
            x, y = int(point[0]), int(point[1])
            text = f"{x}, {y} px" if 0 <= x < width and 0 <= y < height else ""
        self._place.setText(text)
