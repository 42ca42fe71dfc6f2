"""Colours that say something – found, missed, mind this – as texts and lines that can be read in the present theme."""

from __future__ import annotations

from enum import Enum

from PySide6.QtGui import QColor, QGuiApplication, QPalette


class Ink(Enum):
    """A meaning, with its colour on light and on dark grounds. None stands alone: a sign or a word is always beside."""

    GOOD = ("#00704f", "#3fcf9e")
    BAD = ("#b33c00", "#ff9566")
    WARNING = ("#8a5a00", "#e9ae45")

    def color(self, palette: QPalette | None = None) -> QColor:
        """The colour on the grounds of ``palette``; without one, of the program's."""
        return QColor(self.value[1 if is_dark(palette) else 0])


def faint(palette: QPalette | None = None) -> QColor:
    """The colour of what does not count at present: undone, hidden, out of date."""
    return (palette or QGuiApplication.palette()).color(QPalette.ColorRole.PlaceholderText)


def is_dark(palette: QPalette | None = None) -> bool:
    """Whether the window's ground is dark."""
    return (palette or QGuiApplication.palette()).color(QPalette.ColorRole.Window).lightness() < 128
