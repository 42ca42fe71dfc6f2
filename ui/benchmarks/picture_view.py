"""One picture, large, with its objects' boxes in the colours of their verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from ui.benchmarks.values import FOUND, VERDICT_COLORS, Details
from ui.verdict_mark import paint_verdict


class PictureView(QWidget):
    """Solid: the layout's boxes, with a tick on what was found and a cross on what was not. Dashed: what was found
    instead of them, or where there is no object."""

    picked = Signal(str)
    """An object's box was clicked: the object's id."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pictureView")
        self.setAccessibleName(self.tr("The chosen picture"))
        self.setMinimumSize(180, 160)
        self._image: QImage | None = None
        self._note = ""
        self._details = Details()
        self._current = ""

    def show_picture(self, name: str, image: QImage | None, details: Details, note: str = "") -> None:
        """Show a picture with its verdicts; the note says why there is no picture."""
        self._details, self._image, self._note = details, image, note
        self._current = ""
        self.setAccessibleDescription(note or name)
        self.update()

    def set_current(self, object_id: str) -> None:
        """Mark an object."""
        if object_id != self._current:
            self._current = object_id
            self.update()

    def place(self) -> QRectF:
        """Where the picture is."""
        size = QSizeF(self._image.size()) if self._image is not None else QSizeF(1, 1)
        size.scale(QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(QPointF(left, top), size)

    def box_place(self, box: Any) -> QRectF:
        """Where a normalised box is."""
        place = self.place()
        x0, y0, x1, y1 = box
        return QRectF(
            place.left() + x0 * place.width(),
            place.top() + y0 * place.height(),
            (x1 - x0) * place.width(),
            (y1 - y0) * place.height(),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        place = self.place()
        if self._image is None:
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(8, 8, -8, -8), flags, self._note)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._image)
        if self._image is None:
            return
        for item in self._details.surplus:
            self._paint_box(painter, item, item["found"]["box"], dashed=True)
        for item in self._details.targets:
            if item["verdict"] not in FOUND and item.get("found"):
                self._paint_box(painter, item, item["found"]["box"], dashed=True)
            self._paint_box(painter, item, item["box"], dashed=False)
            corner = self.box_place(item["box"]).topRight()
            paint_verdict(painter, QRectF(corner.x() - 15, corner.y() + 1, 14, 14), hit=item["verdict"] in FOUND)

    def _paint_box(self, painter: QPainter, item: Mapping[str, Any], box: Any, *, dashed: bool) -> None:
        place = self.box_place(box)
        current = bool(item.get("object")) and item["object"] == self._current
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        wide = 4.0 if current and not dashed else 2.0
        painter.setPen(QPen(QColor(0, 0, 0, 150), wide + 1.5))
        painter.drawRect(place)
        painter.setPen(QPen(QColor(VERDICT_COLORS.get(item["verdict"], "#ffffff")), wide, style))
        painter.drawRect(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._image is None:
            return
        inside = [
            (place.width() * place.height(), item["object"])
            for item in self._details.targets
            if (place := self.box_place(item["box"])).contains(event.position())
        ]
        if inside:
            self.picked.emit(min(inside)[1])
