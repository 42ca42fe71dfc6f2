"""A tick or a cross on a disc: shape and colour both tell whether something was found."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.inks import Ink

_TICK = ((-0.23, 0.0), (-0.07, 0.2), (0.25, -0.19))
_CROSS = (((-0.2, -0.2), (0.2, 0.2)), ((-0.2, 0.2), (0.2, -0.2)))
"""Points as shares of the disc's diameter, from its middle."""


def paint_verdict(painter: QPainter, disc: QRectF, *, hit: bool) -> None:
    """Paint the mark into this square; it stands out on any picture."""
    painter.save()
    white, wide = QColor(255, 255, 255), disc.width() / 9
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(white, wide))
    painter.setBrush(QColor((Ink.GOOD if hit else Ink.BAD).value[0]))
    painter.drawEllipse(disc)
    painter.setPen(QPen(white, wide * 1.15, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    middle, side = disc.center(), disc.width()

    def at(x: float, y: float) -> QPointF:
        return middle + QPointF(x * side, y * side)

    if hit:
        painter.drawPolyline([at(*point) for point in _TICK])
    else:
        for one, other in _CROSS:
            painter.drawLine(at(*one), at(*other))
    painter.restore()
