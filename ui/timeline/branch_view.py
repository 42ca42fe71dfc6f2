"""The branches of a run as a picture: a lane per run, a column per step; a branch leaves its parent's lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QScrollArea, QToolTip, QVBoxLayout, QWidget

from ui.comfort import paint_focus
from ui.side_window import SideWindow
from ui.timeline.pictures import PictureCache
from ui.timeline.runs_panel import RunLine

_SIDE = 72
_ACROSS, _ALONG = _SIDE + 22, _SIDE + 46
_LEFT, _TOP = 16, 34
_HEAD = 4
"""Columns that the words over a run take."""
_SMALLEST, _LARGEST = QSize(420, 220), QSize(1200, 760)
LANES = ("#2f6fe4", "#d5642a", "#2a8f55", "#9f4dd6", "#97780e", "#138795", "#c2417a")
"""Colours of the runs' lines, seen on light and dark windows; where a run is tells it too."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A run in the picture: its row, the row of its parent (None for the root), and its first own step."""

    line: RunLine
    row: int
    parent_row: int | None
    first: int


def lanes_of(lines: Sequence[RunLine], run: str) -> list[Lane]:
    """The whole family of a run: its oldest ancestor and all that branches off it, parents before children."""
    by_id = {line.run: line for line in lines}
    root = by_id.get(run)
    seen = {run}
    while root is not None and root.parent in by_id and root.parent not in seen:
        seen.add(root.parent or "")
        root = by_id[root.parent or ""]
    branches: dict[str | None, list[RunLine]] = {}
    for line in lines:
        branches.setdefault(line.parent, []).append(line)
    lanes: dict[str, Lane] = {}
    # Not by recursion: records may tell of more generations than Python calls. The list is newest first: so the older
    # branches come out of the stack first.
    waiting: list[tuple[RunLine, int | None]] = [(root, None)] if root is not None else []
    while waiting:
        line, parent_row = waiting.pop()
        if line.run not in lanes:
            row = len(lanes)
            lanes[line.run] = Lane(line, row, parent_row, line.kept if parent_row is not None else 0)
            waiting += [(child, row) for child in branches.get(line.run, ())]
    return list(lanes.values())


class BranchCanvas(QWidget):
    """Paints the lanes; a click or the arrow keys choose a step."""

    chosen = Signal(str, int)
    """Show this step of the run in this folder."""

    def __init__(self, pictures: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("branches")
        self.setAccessibleName(self.tr("Branches"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._pictures = pictures
        self._lanes: list[Lane] = []
        self._at = (0, 0)
        pictures.arrived.connect(self.update)

    def show_family(self, lines: Sequence[RunLine], run: str, step: int = 0) -> None:
        """Show the family of this run; this step of it is marked."""
        self._lanes = lanes_of(lines, run)
        row = next((lane.row for lane in self._lanes if lane.line.run == run), 0)
        self._at = (row, step)
        self.setFixedSize(self.sizeHint())
        self._tell_place()
        self.update()

    @property
    def lanes(self) -> list[Lane]:
        """The runs that are shown."""
        return self._lanes

    def sizeHint(self) -> QSize:
        columns = max((max(self._end(lane), lane.first + _HEAD) for lane in self._lanes), default=1)
        return QSize(2 * _LEFT + columns * _ACROSS, _TOP + max(len(self._lanes), 1) * _ALONG)

    def cell(self, row: int, step: int) -> QRect:
        """Where a step's picture is."""
        return QRect(_LEFT + step * _ACROSS, _TOP + row * _ALONG, _SIDE, _SIDE)

    @staticmethod
    def _end(lane: Lane) -> int:
        """One past the last step of a lane."""
        return max([index + 1 for index, _ in lane.line.composites] + [lane.first + 1])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for lane in self._lanes:
            self._paint_lines(painter, lane)
        for lane in self._lanes:
            self._paint_lane(painter, lane)
        paint_focus(painter, self)
        painter.end()

    def _paint_lines(self, painter: QPainter, lane: Lane) -> None:
        painter.setPen(QPen(_color(lane.row), 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        first, last = self.cell(lane.row, lane.first), self.cell(lane.row, self._end(lane) - 1)
        painter.drawLine(QPointF(first.center()), QPointF(last.center()))
        if lane.parent_row is None:
            return
        start = QPointF(self.cell(lane.parent_row, max(lane.first - 1, 0)).center())
        end = QPointF(first.left(), first.center().y())
        bend = QPointF(start.x() + _ACROSS / 2, end.y())
        path = QPainterPath(start)
        path.cubicTo(QPointF(bend.x(), start.y()), QPointF(bend.x() - _ACROSS / 3, end.y()), end)
        painter.drawPath(path)

    def _paint_lane(self, painter: QPainter, lane: Lane) -> None:
        palette = self.palette()
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        left = self.cell(lane.row, lane.first)
        head = QRectF(left.left(), left.top() - 19, _HEAD * _ACROSS, 16)
        text = painter.fontMetrics().elidedText(lane.line.about, Qt.TextElideMode.ElideRight, int(head.width()))
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, text)
        for index, path in lane.line.composites:
            if index < lane.first:
                continue
            area = self.cell(lane.row, index)
            painter.fillRect(area, palette.color(QPalette.ColorRole.Midlight))
            picture = self._pictures.soon(path, side=2 * _SIDE)
            if picture is not None and picture.image is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                size = picture.image.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
                place = QRect(area.topLeft(), size)
                place.moveCenter(area.center())
                painter.drawImage(place, picture.image)
            chosen = self._at == (lane.row, index)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            width = 4 if chosen else 2
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight) if chosen else _color(lane.row), width))
            painter.drawRect(area)
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            label = lane.line.labels[index] if index < len(lane.line.labels) else ""
            below = QRectF(area.left(), area.bottom() + 2, _ACROSS - 6, 16)
            text = f"{index + 1} {label}"
            elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(below.width()))
            painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, elided)

    def _hit(self, x: float, y: float) -> tuple[int, int] | None:
        for lane in self._lanes:
            for index, _ in lane.line.composites:
                if index >= lane.first and self.cell(lane.row, index).contains(int(x), int(y)):
                    return lane.row, index
        return None

    def _choose(self, place: tuple[int, int]) -> None:
        self._at = place
        self._tell_place()
        self.update()
        self.chosen.emit(self._lanes[place[0]].line.folder, place[1])

    def _tell_place(self) -> None:
        if self._lanes:
            lane = self._lanes[self._at[0]]
            text = self.tr("Run {} of {}, step {}").format(self._at[0] + 1, len(self._lanes), self._at[1] + 1)
            self.setAccessibleDescription(f"{text}, {lane.line.about}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._hit(event.position().x(), event.position().y())
        if place is not None:
            self._choose(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = self._hit(event.position().x(), event.position().y())
        if place is not None:
            line = self._lanes[place[0]].line
            label = line.labels[place[1]] if place[1] < len(line.labels) else ""
            QToolTip.showText(event.globalPosition().toPoint(), f"{label}\n{line.about}", self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        by = moves.get(Qt.Key(event.key()))
        if by is None or not self._lanes:
            super().keyPressEvent(event)
            return
        row = min(max(self._at[0] + by[0], 0), len(self._lanes) - 1)
        lane = self._lanes[row]
        self._choose((row, min(max(self._at[1] + by[1], lane.first), self._end(lane) - 1)))


class BranchView(SideWindow):
    """The picture of the branches in a window of its own."""

    def __init__(self, pictures: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("branchView")
        self.setWindowTitle(self.tr("Branches"))
        self.canvas = BranchCanvas(pictures, self)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.canvas)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)
        self.setFocusProxy(self.canvas)

    def fit(self) -> None:
        """Be as large as the picture, up to a limit."""
        wanted = self.canvas.sizeHint() + QSize(24, 24)
        self.resize(wanted.boundedTo(_LARGEST).expandedTo(_SMALLEST))


def _color(row: int) -> QColor:
    return QColor(LANES[row % len(LANES)])
