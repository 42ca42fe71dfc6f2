"""The line at the bottom: what the tool does, where the pointer is, how far the canvas is zoomed."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QMainWindow

from desktop_app.menu_table import plain
from ui.canvas.canvas import Canvas, Tool
from ui.comfort import scaled
from ui.document import Document
from ui.panels.skill_gauge import SkillGauge
from ui.timeline.elided_label import ElidedLabel


class StatusLine(QObject):
    """Follows the canvas.

    Args:
        window: Its status bar is filled.
        canvas: What is followed.
        document: Its size bounds the places that are shown.
        select, draw: The tools' actions, whose keys are told.
    """

    def __init__(
        self, window: QMainWindow, canvas: Canvas, document: Document, *, select: QAction, draw: QAction
    ) -> None:
        super().__init__(window)
        self._select, self._draw = select, draw
        self._canvas = canvas
        self._document = document
        self.hint = ElidedLabel(window)  # large texts would make the window wider than a screen
        self.hint.setObjectName("panelNote")
        self.hint.setContentsMargins(8, 0, 0, 0)
        self._place = QLabel(window)
        self._place.setMinimumWidth(scaled(130))
        self._zoom = QLabel(window)
        self._zoom.setContentsMargins(0, 0, 8, 0)
        bar = window.statusBar()
        bar.addWidget(self.hint, 1)
        bar.addPermanentWidget(SkillGauge(document, window))
        bar.addPermanentWidget(self._place)
        bar.addPermanentWidget(self._zoom)
        bar.setSizeGripEnabled(False)
        canvas.tool_changed.connect(self._show_tool)
        canvas.zoom_changed.connect(lambda scale: self._zoom.setText(f"{scale * 100:.0f} %"))
        canvas.pointer_moved.connect(self._show_place)
        for action in (select, draw):
            action.changed.connect(self._show_tool)
        self._show_tool()

    def _show_tool(self) -> None:
        if self._canvas.tool is Tool.DRAW:
            hint, other = self.tr("Drag to draw a box · Shift: square · Alt: from the centre"), self._select
        else:
            hint, other = self.tr("Click to select · drag to move · Shift: add or keep the shape"), self._draw
        key = other.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.hint.show_line(f"{hint} · {key}: {plain(other.text())}" if key else hint)

    def _show_place(self, point: object) -> None:
        text = ""
        if isinstance(point, tuple):
            width, height = self._document.layout.size
            x, y = int(point[0]), int(point[1])
            text = f"{x}, {y} px" if 0 <= x < width and 0 <= y < height else ""
        self._place.setText(text)
