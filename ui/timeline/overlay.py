"""What the detector found, drawn over the picture on the canvas, beside the boxes of the objects."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from engine.events import Detection
from ui.canvas.canvas import Canvas
from ui.canvas.geometry import edges_of
from ui.canvas.painting import screen_rect
from ui.colors import object_color, text_on
from ui.timeline.model import FrameKind, RunModel
from ui.timeline.results import Results

_TAG = 16


class DetectionOverlay(QWidget):
    """Dashed boxes with label and score, in the colour that the object of that name has. Lets the mouse through."""

    def __init__(self, canvas: Canvas, run: RunModel, results: Results) -> None:
        super().__init__(canvas)
        self.setObjectName("detections")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._canvas = canvas
        self._run = run
        self._results = results
        self.lower()
        self.set_shown(True)
        canvas.installEventFilter(self)
        self.setGeometry(canvas.rect())
        # The canvas repaints whenever its view changes, and its children with it: no signal of its own is needed.
        results.changed.connect(self.update)
        run.position_changed.connect(self.update)

    def set_shown(self, shown: bool) -> None:
        """Show or hide all detections."""
        self.setVisible(shown)

    def detections(self) -> list[Detection]:
        """Those that are drawn: what was found on the shown composite and scores enough."""
        position = self._run.position
        if position is None or position.kind is not FrameKind.COMPOSITE:
            return []
        found = self._run.steps[position.step].detections or ()
        return [detection for detection in found if detection.score >= self._results.threshold]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        found = self.detections()
        if not found:
            return
        painter = QPainter(self)
        paint_detections(painter, self._rects(found))
        painter.end()

    def _rects(self, found: Iterable[Detection]) -> Iterable[tuple[Detection, QRect]]:
        size = self._canvas.document.layout.size
        view = self._canvas.viewport
        return [(detection, screen_rect(edges_of(detection.box, size), view)) for detection in found]


def paint_detections(painter: QPainter, found: Iterable[tuple[Detection, QRect]]) -> None:
    """Paint detections at these places: a dashed outline, label and score under it."""
    font = QFont(painter.font())
    font.setPixelSize(11)
    painter.setFont(font)
    metrics = QFontMetrics(font)
    for detection, rect in found:
        color = QColor(*object_color(detection.label))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(0, 0, 0, 150), 3))
        painter.drawRect(rect)
        painter.setPen(QPen(QColor(255, 255, 255), 1))
        painter.drawRect(rect)
        painter.setPen(QPen(color, 2, Qt.PenStyle.DashLine))
        painter.drawRect(rect)
        text = f"{detection.label} {detection.score:.2f}"
        width = metrics.horizontalAdvance(text) + 10
        tag = QRectF(rect.left() - 1, rect.bottom() + 2, width, _TAG)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(255, 255, 255), 1))
        painter.setBrush(color)
        painter.drawRoundedRect(tag, 3, 3)
        painter.setPen(QColor(*text_on(object_color(detection.label))))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)
