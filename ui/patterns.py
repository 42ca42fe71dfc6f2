"""Hatching and dashes that go with colours, for who cannot tell these apart."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from ui.colors import CLEVR_COLORS, SAFE_PALETTE, text_on

HATCHES = (
    Qt.BrushStyle.NoBrush,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.Dense6Pattern,
    Qt.BrushStyle.FDiagPattern,
    Qt.BrushStyle.VerPattern,
    Qt.BrushStyle.DiagCrossPattern,
    Qt.BrushStyle.HorPattern,
    Qt.BrushStyle.CrossPattern,
)
"""The hatching of a chart's series, in their order."""

DASHES: tuple[tuple[float, ...], ...] = ((), (6, 4), (2, 3), (10, 3, 2, 3), (12, 6))
"""Lengths of dashes and gaps of a box's line, in pixels; the first is solid."""

_ORDER = {color: place for colors in (CLEVR_COLORS.values(), SAFE_PALETTE) for place, color in enumerate(colors)}


def fill_hatched(painter: QPainter, place: QRectF, color: QColor, number: int, outline: QColor) -> None:
    """Fill a bar: its colour, the hatching of series ``number``, and a line round it, seen where the colour is not."""
    painter.fillRect(place, color)
    ink = QColor(*text_on(rgb(color)))
    ink.setAlpha(110)
    painter.fillRect(place, QBrush(ink, HATCHES[number % len(HATCHES)]))
    painter.setPen(QPen(outline, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(place)


def dashes_of(color: tuple[int, int, int]) -> tuple[float, ...]:
    """The dashes of boxes in this colour, the same every time; colours that look alike to some have others."""
    return DASHES[_ORDER.get(color, sum(color)) % len(DASHES)]


def rgb(color: QColor) -> tuple[int, int, int]:
    """A colour as 8-bit RGB."""
    return color.red(), color.green(), color.blue()
