"""A guided tour: points at the window's own widgets, and goes on when what it asks for was done.

The window stays usable all the time: the dimmed layer lets every click through, and only the bubble takes some.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal, SignalInstance
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.comfort import scaled
from ui.spoken import say

BUBBLE_WIDTH = 330
"""Of the bubble in pixels, where its buttons need no more."""
GAP = 14
"""Between the bubble and what it points at, in pixels."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing that the tour asks for.

    Attributes:
        title: What it is about, in a few words.
        text: What to do.
        targets: The widgets that stay bright; it points at the first.
        signals: After any of these, ``done`` is asked.
        done: Whether the user has done it.
        begin: Called when the tour comes to the stop.
    """

    title: str
    text: str
    targets: Sequence[QWidget] = ()
    signals: Sequence[SignalInstance] = ()
    done: Callable[[], bool] = lambda: False
    begin: Callable[[], None] = lambda: None


class Spotlight(QWidget):
    """Dims the window but for some places; clicks go through it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tourSpotlight")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._holes: Sequence[QRect] = ()

    def point_at(self, holes: Sequence[QRect]) -> None:
        """Leave these places bright, and put a line round the first."""
        self._holes = holes
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dim = QPainterPath()
        dim.addRect(QRectF(self.rect()))
        for place in self._holes:
            hole = QPainterPath()
            hole.addRoundedRect(QRectF(place), 8, 8)
            dim = dim.subtracted(hole)
        painter.fillPath(dim, QColor(10, 12, 16, 110))
        if self._holes:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 3))
            painter.drawRoundedRect(self._holes[0], 8, 8)


class Bubble(QFrame):
    """Says what to do; Escape skips the tour."""

    skipped = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tourBubble")
        self.title = QLabel(self)
        self.title.setObjectName("startHeading")
        self.title.setWordWrap(True)
        self.text = QLabel(self)
        self.text.setObjectName("tourText")
        self.text.setWordWrap(True)
        self.place = QLabel(self)
        self.place.setObjectName("panelNote")
        self.skip = QPushButton(self.tr("&Skip the tour"), self)
        self.skip.setObjectName("tourSkip")
        self.skip.clicked.connect(self.skipped)
        self.next = QPushButton(self)
        self.next.setObjectName("primary")
        row = QHBoxLayout()
        row.addWidget(self.place, 1)
        row.addWidget(self.skip)
        row.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addLayout(row)

    def show_stop(self, stop: Stop, number: int, count: int) -> None:
        """Show one stop of ``count``, counted from 1."""
        last = number == count
        self.title.setText(stop.title)
        self.text.setText(stop.text)
        self.place.setText(self.tr("{0} of {1}").format(number, count))
        self.skip.setVisible(not last)
        self.next.setText(self.tr("&Done") if last else self.tr("&Next"))
        self.next.setAccessibleDescription(f"{stop.title}. {stop.text}")
        self._fit()
        say(self, f"{stop.title}. {stop.text}")

    def _fit(self) -> None:
        column = self.layout()
        if column is None:
            return
        for widget in self.findChildren(QWidget):
            widget.ensurePolished()  # the sheet's fonts are wider and higher than the usual ones
        column.invalidate()
        width = max(scaled(BUBBLE_WIDTH), column.minimumSize().width())  # words are longer in other languages
        self.setFixedSize(width, column.totalHeightForWidth(width))  # with the border

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.skipped.emit()
        else:
            super().keyPressEvent(event)


class Tour(QObject):
    """Leads through its stops, one after the other.

    Args:
        window: What is shown; the tour lies over it.
        stops: Where it leads.
    """

    ended = Signal()
    """It was gone through or skipped; nothing of it is left on the window."""

    def __init__(self, window: QWidget, stops: Sequence[Stop]) -> None:
        super().__init__(window)
        self._window = window
        self._stops = stops
        self._number = -1
        self._watched: Sequence[QWidget] = ()
        self.spotlight = Spotlight(window)
        self.bubble = Bubble(window)
        self.bubble.next.clicked.connect(self.advance)
        self.bubble.skipped.connect(self.end)
        window.installEventFilter(self)

    @property
    def stop(self) -> Stop:
        """Where the tour is."""
        return self._stops[self._number]

    def start(self) -> None:
        """Go to the first stop."""
        self.advance()
        self.spotlight.show()
        self.bubble.show()
        self.bubble.next.setFocus()

    def advance(self) -> None:
        """Go to the next stop, or end behind the last one."""
        self._unwatch()
        self._number += 1
        if self._number == len(self._stops):
            self.end()
            return
        stop = self.stop
        stop.begin()
        for signal in stop.signals:
            signal.connect(self._look)
        self._watched = stop.targets
        for target in stop.targets:
            target.installEventFilter(self)
        self.bubble.show_stop(stop, self._number + 1, len(self._stops))
        self._place()

    def end(self) -> None:
        """Take everything away."""
        self._unwatch()
        self._number = len(self._stops)
        self._window.removeEventFilter(self)
        for widget in (self.spotlight, self.bubble):
            widget.hide()
            widget.deleteLater()
        self.ended.emit()
        self.deleteLater()

    def _unwatch(self) -> None:
        if 0 <= self._number < len(self._stops):
            for signal in self.stop.signals:
                signal.disconnect(self._look)
        for target in self._watched:
            target.removeEventFilter(self)
        self._watched = ()

    def _look(self) -> None:
        if self.stop.done():
            self.advance()

    # -- where things are

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        moved = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)
        if event.type() in moved:
            self._place()
        return False

    def _place(self) -> None:
        area = self._window.rect()
        self.spotlight.setGeometry(area)
        holes = [
            QRect(target.mapTo(self._window, QPoint(0, 0)), target.size()).adjusted(-4, -4, 4, 4) & area
            for target in self.stop.targets
            if target.isVisible()
        ]
        self.spotlight.point_at(holes)
        self.bubble.move(
            bubble_place(holes[0] if holes else QRect(), self.bubble.size().width(), self.bubble.size().height(), area)
        )
        self.spotlight.raise_()
        self.bubble.raise_()


def bubble_place(hole: QRect, width: int, height: int, area: QRect) -> QPoint:
    """Where a bubble goes: beside what it points at if there is room, in its lower right corner otherwise.

    Args:
        hole: What it points at; an empty one puts the bubble into the middle.
        width, height: Of the bubble.
        area: The window.
    """
    if hole.isEmpty():
        return QRect(0, 0, width, height).translated(area.center() - QPoint(width // 2, height // 2)).topLeft()
    places = (
        QPoint(hole.left() - width - GAP, hole.center().y() - height // 2),
        QPoint(hole.right() + GAP, hole.center().y() - height // 2),
        QPoint(hole.center().x() - width // 2, hole.top() - height - GAP),
        QPoint(hole.center().x() - width // 2, hole.bottom() + GAP),
    )
    for place in places:
        bubble = QRect(place.x(), place.y(), width, height)
        bubble.moveLeft(max(GAP, min(bubble.left(), area.width() - width - GAP)))
        bubble.moveTop(max(GAP, min(bubble.top(), area.height() - height - GAP)))
        if not bubble.intersects(hole):
            return bubble.topLeft()
    return QPoint(hole.right() - width - GAP, hole.bottom() - height - GAP)
