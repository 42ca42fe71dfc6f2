"""The style in which a text is a text, whatever it looks like."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProxyStyle


class PlainTexts(QProxyStyle):
    """Fusion, with labels, messages and tool tips that take no text for HTML unless they were made for it.

    Left alone, Qt takes what begins like HTML for HTML. A prompt or a name in a file could then show pictures from
    anywhere, on Windows even from other machines, and a drawing in one holds the window for as long as it likes.
    """

    def __init__(self) -> None:
        super().__init__("Fusion")

    def polish(self, thing: Any) -> Any:
        """Make a widget, the program or its palette fit the style."""
        polished = super().polish(thing)
        if isinstance(thing, QLabel) and thing.textFormat() == Qt.TextFormat.AutoText:
            thing.setTextFormat(Qt.TextFormat.PlainText)
        return polished
