"""Horizontal bars that can be picked: by mouse, or with the arrow keys and Enter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ui.colors import SAFE_PALETTE, text_on
from ui.comfort import paint_focus, scaled
from ui.patterns import fill_hatched, rgb

COLORS = tuple(QColor(*color).name() for color in SAFE_PALETTE)
"""People with a colour vision deficiency can tell them apart; hatching tells them apart without any colour."""

_ROW = 22
_THICK = 13
_TITLE = 28
_LEGEND = 20
_MOST_LABEL = 170


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, or one part of it.

    Attributes:
        row, series: What it stands for.
        text: What is read out and shown as a tool tip.
        place: Where it is.
        color: Its colour.
    """

    row: str
    series: str
    text: str
    place: QRectF
    color: str


class BarChart(QWidget):
    """For each row one bar per series; or, stacked, the counts of all series in one bar, scaled to their sum."""

    picked = Signal(str, str)
    """A bar is wanted: its row and its series."""

    def __init__(self, name: str, parent: QWidget | None = None, *, stacked: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._stacked = stacked
        self._title = ""
        self._rows: Mapping[str, Mapping[str, float]] = {}
        self._colors: Mapping[str, str] = {}
        self._names: Mapping[str, str] = {}
        self._most = 1.0
        self._bars: list[Bar] = []
        self._current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumWidth(380)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(
        self,
        title: str,
        rows: Mapping[str, Mapping[str, float]],
        *,
        colors: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
        most: float | None = None,
    ) -> None:
        """Show other values.

        Args:
            title: The chart's heading.
            rows: Row → series → value; values below 0 are not defined.
            colors: Of each series.
            names: What each series is called.
            most: Value at the right edge; None = the greatest.
        """
        self._title, self._rows = title, rows
        series = self._series()
        self._colors = colors or {name: COLORS[place % len(COLORS)] for place, name in enumerate(series)}
        self._names = names or {}
        greatest = max((value for values in rows.values() for value in values.values()), default=0.0)
        self._most = most or greatest or 1.0
        self._current = -1
        self._lay_out()
        self.setAccessibleName(title)
        self._describe()
        self.updateGeometry()
        self.update()

    def _describe(self) -> None:
        self.setAccessibleDescription("; ".join(bar.text for bar in self._bars))

    @property
    def bars(self) -> Sequence[Bar]:
        """The bars, row by row."""
        return self._bars

    def _series(self) -> list[str]:
        names = dict.fromkeys(name for values in self._rows.values() for name in values)
        if self._stacked:
            return [name for name in names if any(values.get(name) for values in self._rows.values())]
        return list(names)

    # -- where things are

    def sizeHint(self) -> QSize:
        return QSize(520, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(380, round(scaled(_TITLE) + self._row_height() * len(self._rows) + self._legend_height() + 8))

    def _row_height(self) -> float:
        return scaled(_ROW) if self._stacked else max(scaled(_ROW), scaled(_THICK) * max(len(self._series()), 1) + 8)

    def _label_width(self) -> float:
        metrics = self.fontMetrics()
        return min(max((metrics.horizontalAdvance(row) for row in self._rows), default=0) + 12, scaled(_MOST_LABEL))

    def _legend_height(self) -> float:
        return scaled(_LEGEND) * len(self._legend_lines())

    def _legend_lines(self) -> list[list[str]]:
        """The names of the series, line by line; none where all bars are of the same that the title tells."""
        if len(self._series()) < (1 if self._stacked else 2):
            return []
        lines: list[list[str]] = [[]]
        room = self.width() - 10.0
        for name in self._series():
            wide = self.fontMetrics().horizontalAdvance(self._called(name)) + 34.0
            if lines[-1] and room < wide:
                lines.append([])
                room = self.width() - 10.0
            lines[-1].append(name)
            room -= wide
        return lines

    def _called(self, series: str) -> str:
        return self._names.get(series, series)

    def _lay_out(self) -> None:
        self._bars = []
        left = self._label_width()
        room = max(self.width() - left - scaled(60), 40)
        height, series = self._row_height(), self._series()
        for number, (row, values) in enumerate(self._rows.items()):
            top = scaled(_TITLE) + number * height
            if self._stacked:
                self._stack(row, values, series, QRectF(left, top + 3, room, height - 6))
                continue
            first = top + (height - scaled(_THICK) * len(series)) / 2
            for place, name in enumerate(series):
                value = values.get(name, -1.0)
                bar = QRectF(
                    left, first + place * scaled(_THICK), max(value, 0) / self._most * room, scaled(_THICK) - 2
                )
                told = "–" if value < 0 else f"{value:.3f}"
                text = f"{row}, {self._called(name)}: {told}" if len(series) > 1 else f"{row}: {told}"
                self._bars.append(Bar(row, name, text, bar, self._colors[name]))

    def _stack(self, row: str, values: Mapping[str, float], series: Sequence[str], place: QRectF) -> None:
        total = sum(values.get(name, 0) for name in series) or 1
        x = place.left()
        for name in series:
            count = values.get(name, 0)
            wide = count / total * place.width()
            if count:
                text = self.tr("{0}, {1}: {2} of {3}").format(row, self._called(name), int(count), int(total))
                bar = QRectF(x, place.top(), wide, place.height())
                self._bars.append(Bar(row, name, text, bar, self._colors[name]))
            x += wide

    def resizeEvent(self, event: QEvent) -> None:
        self._lay_out()
        self.updateGeometry()

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        text = palette.color(QPalette.ColorRole.WindowText)
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(text)
        painter.drawText(QRectF(0, 0, self.width(), scaled(_TITLE) - 6), Qt.AlignmentFlag.AlignVCenter, self._title)
        painter.setFont(self.font())
        left, height = self._label_width(), self._row_height()
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for number, row in enumerate(self._rows):
            place = QRectF(0, scaled(_TITLE) + number * height, left - 8, height)
            shown = self.fontMetrics().elidedText(row, Qt.TextElideMode.ElideMiddle, round(place.width()))
            painter.drawText(place, side, shown)
        for number, bar in enumerate(self._bars):
            self._fill(painter, bar.place, bar.series, text)
            if number == self._current:
                painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2))
                painter.drawRect(bar.place.adjusted(-1, -1, 1, 1))
                painter.setPen(text)
            self._paint_number(painter, bar, text)
        self._paint_legend(painter, text)
        paint_focus(painter, self)

    def _paint_number(self, painter: QPainter, bar: Bar, text: QColor) -> None:
        number = bar.text.rpartition(": ")[2]
        if not self._stacked:
            place = QRectF(bar.place.right() + 5, bar.place.top() - 3, scaled(60), bar.place.height() + 6)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, number)
        elif bar.place.width() > 24:
            # On a ground without hatching.
            shown, color = number.split(" ", 1)[0], QColor(bar.color)
            ground = QRectF(0, 0, self.fontMetrics().horizontalAdvance(shown) + 4, bar.place.height() - 2)
            ground.moveCenter(bar.place.center())
            painter.fillRect(ground, color)
            painter.setPen(QColor(*text_on(rgb(color))))
            painter.drawText(bar.place, Qt.AlignmentFlag.AlignCenter, shown)
            painter.setPen(text)

    def _fill(self, painter: QPainter, place: QRectF, series: str, outline: QColor) -> None:
        fill_hatched(painter, place, QColor(self._colors[series]), list(self._colors).index(series), outline)

    def _paint_legend(self, painter: QPainter, text: QColor) -> None:
        top = scaled(_TITLE) + self._row_height() * len(self._rows) + 6
        for number, line in enumerate(self._legend_lines()):
            x = 10.0
            for name in line:
                self._fill(painter, QRectF(x, top + number * scaled(_LEGEND) + 3, 11, 11), name, text)
                painter.setPen(text)
                wide = self.fontMetrics().horizontalAdvance(self._called(name))
                place = QRectF(x + 17, top + number * scaled(_LEGEND), wide + 4, scaled(17))
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._called(name))
                x += wide + 34

    # -- picking

    def bar_at(self, place: QPointF) -> int:
        """Number of the bar at this place, or -1; the row beside a short bar counts as the bar."""
        for number, bar in enumerate(self._bars):
            reach = bar.place if self._stacked else bar.place.adjusted(0, -1, self.width(), 1)
            if reach.contains(place):
                return number
        return -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self.bar_at(event.position()) >= 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = self.bar_at(event.position())
        if number >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._current = number
            self.update()
            self.picked.emit(self._bars[number].row, self._bars[number].series)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}
        key = Qt.Key(event.key())
        if key in steps and self._bars:
            self._current = min(max(self._current + steps[key], 0), len(self._bars) - 1)
            self.setAccessibleDescription(self._bars[self._current].text)  # which screen readers speak
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and 0 <= self._current < len(self._bars):
            bar = self._bars[self._current]
            self.picked.emit(bar.row, bar.series)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._describe()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self.bar_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._bars[number].text if number >= 0 else "", self)
            return True
        return super().event(event)
