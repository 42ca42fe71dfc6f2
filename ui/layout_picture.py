"""A layout as a small picture: its boxes in their colours, on paper or over what was painted."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette, QPen, QPixmap

from engine.layout import Layout
from ui.canvas.painting import Look
from ui.colors import color_of


def layout_picture(
    layout: Layout, size: QSize, palette: QPalette, *, ratio: float = 1.0, picture: QImage | None = None
) -> QPixmap:
    """Paint a layout as large as it fits.

    Args:
        layout: What to paint; hidden objects are left out.
        size: The room, in device-independent pixels; the picture keeps the layout's shape and may be smaller.
        palette: Its colours are light or dark.
        ratio: Device pixels per device-independent pixel.
        picture: What was painted from the layout; without it, the boxes lie filled on paper.

    Returns:
        A pixmap with device pixel ratio ``ratio``.
    """
    scale = min(size.width() / layout.width, size.height() / layout.height)
    width, height = max(layout.width * scale, 1.0), max(layout.height * scale, 1.0)
    pixmap = QPixmap(max(round(width * ratio), 1), max(round(height * ratio), 1))
    pixmap.setDevicePixelRatio(ratio)
    look = Look.of(palette)
    pixmap.fill(look.paper)
    painter = QPainter(pixmap)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    if picture is not None:
        painter.drawImage(QRectF(0, 0, width, height), picture)
    for item in layout.objects:
        if item.hidden:
            continue
        color = QColor(*color_of(item))
        painter.setPen(QPen(color, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin))
        if picture is None:
            color.setAlpha(90)
            painter.setBrush(color)
        box = item.box
        painter.drawRect(
            QRectF(box.x0 * width, box.y0 * height, (box.x1 - box.x0) * width, (box.y1 - box.y0) * height).adjusted(
                0.75, 0.75, -0.75, -0.75
            )
        )
    painter.end()
    return pixmap
