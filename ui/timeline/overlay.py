"""What the detector found, drawn over the picture on the canvas, beside the boxes of the objects."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from engine.events import Detection
from ui.canvas.canvas import Canvas
from ui.canvas.geometry import edges_of
from ui.canvas.painting import screen_rect
from ui.colors import object_color, text_on
from ui.comfort import scaled
from ui.timeline.model import FrameKind, RunModel
from ui.timeline.results import Results

_TAG = 16
_TAGS_KEPT = 500
"""About 5 MiB: each score of each label is another one."""


class DetectionOverlay(QWidget):
    """Thin boxes with label and score, in the colour that the object of that name has. Lets the mouse through."""

    def __init__(self, canvas: Canvas, run: RunModel, results: Results) -> None:
        super().__init__(canvas)
        self.setObjectName("detections")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._canvas = canvas
        self._run = run
        self._results = results
        self._tags = DetectionTags()
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
        """Those that are drawn, on the shown composite only."""
        position = self._run.position
        if position is None or position.kind is not FrameKind.COMPOSITE:
            return []
        return self._results.detections(position.step)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        found = self.detections()
        if not found:
            return
        painter = QPainter(self)
        paint_detections(painter, self._rects(found), self._tags)
        painter.end()

    def _rects(self, found: Iterable[Detection]) -> Iterable[tuple[Detection, QRect]]:
        size = self._canvas.document.layout.size
        view = self._canvas.viewport
        return [(detection, screen_rect(edges_of(detection.box, size), view)) for detection in found]


def paint_detections(painter: QPainter, found: Iterable[tuple[Detection, QRect]], tags: DetectionTags) -> None:
    """Paint detections at these places: a white line between two coloured ones, label and score under it."""
    every = list(found)
    groups: dict[tuple[int, int, int], list[QRect]] = {}
    for detection, rect in every:
        groups.setdefault(object_color(detection.label), []).append(rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, rects in groups.items():
        # Opaque lines of one pixel are what the raster engine is quick at; dashed or thick ones take ten times as long.
        painter.setPen(QColor(*color))
        painter.drawRects([rect.adjusted(-1, -1, 1, 1) for rect in rects])
        painter.drawRects([rect.adjusted(1, 1, -1, -1) for rect in rects])
        painter.setPen(QColor(255, 255, 255))
        painter.drawRects(rects)
    for detection, rect in every:
        painter.drawPixmap(rect.left() - 1, rect.bottom() + 2, tags(detection))


class DetectionTags:
    """Painted labels of detections, so that scrubbing lays out no text twice."""

    def __init__(self) -> None:
        self._tags: dict[tuple[str, str], QPixmap] = {}
        self._font = QFont()
        self._font.setPixelSize(scaled(11))
        self._metrics = QFontMetrics(self._font)
        self._height = scaled(_TAG)

    def __call__(self, detection: Detection) -> QPixmap:
        """The label of this detection with its score."""
        key = (detection.label, f"{detection.score:.2f}")
        if key not in self._tags:
            if len(self._tags) >= _TAGS_KEPT:
                self._tags.clear()
            self._tags[key] = self._paint(*key)
        return self._tags[key]

    def _paint(self, label: str, score: str) -> QPixmap:
        text, color = f"{label} {score}", object_color(label)
        tag = QRectF(0.5, 0.5, self._metrics.horizontalAdvance(text) + 10, self._height)
        pixmap = QPixmap(round(tag.width()) + 2, self._height + 2)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        painter.setPen(QColor(255, 255, 255))
        painter.setBrush(QColor(*color))
        painter.drawRoundedRect(tag, 3, 3)
        painter.setPen(QColor(*text_on(color)))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
        return pixmap
