"""The start page: new and open, recent files, and the samples as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.action_buttons import ForgetsChanges
from ui.comfort import scaled
from ui.start.card import Sample, SampleCard

LEFT_WIDTH = 270


class StartPage(QWidget):
    """Shown in place of the canvas while there is nothing on it.

    Args:
        actions: The commands at the left, one button each.
        samples: The layouts that can be opened and painted.
    """

    open_wanted = Signal(str)
    """Open the sample of this name."""
    paint_wanted = Signal(str)
    """Open the sample of this name and paint it."""
    recent_wanted = Signal(object)
    """Open this file."""
    left = Signal()
    """Escape: show the canvas."""
    tour_wanted = Signal()
    tour_refused = Signal()
    """The tour is not to be offered again."""
    shown_at_start = Signal(bool)
    """Whether the page is wanted at the next start."""

    def __init__(self, actions: Sequence[QAction], samples: Sequence[Sample], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("startPage")
        self.setAccessibleName(self.tr("Start page"))
        self.cards = {sample.name: SampleCard(sample, self) for sample in samples}
        self.offer = self._make_offer()
        self.recent = QListWidget(self)
        self.recent.setObjectName("recentFiles")
        self.recent.setAccessibleName(self.tr("Recent files"))
        self.recent.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.recent.itemClicked.connect(self._recent_chosen)
        self.recent.itemActivated.connect(self._recent_chosen)
        self._no_recent = QLabel(self.tr("Layouts that you open appear here."), self)
        self._no_recent.setObjectName("panelNote")
        self._no_recent.setWordWrap(True)
        self.at_start = QCheckBox(self.tr("Show this page at the start"), self)
        self.at_start.setObjectName("startPageAtStart")
        self.at_start.clicked.connect(self.shown_at_start)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 20, 12, 12)
        row.setSpacing(24)
        row.addLayout(self._left(actions))
        row.addLayout(self._right(), 1)
        for card in self.cards.values():
            card.open_wanted.connect(self.open_wanted)
            card.paint_wanted.connect(self.paint_wanted)

    # -- building

    def _left(self, actions: Sequence[QAction]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        title = QLabel("Boxpaint", self)
        title.setObjectName("startTitle")
        about = QLabel(self.tr("Draw boxes, say what belongs in each, watch the picture being painted."), self)
        about.setObjectName("panelNote")
        about.setWordWrap(True)
        for label in (title, about):
            label.setFixedWidth(scaled(LEFT_WIDTH))
            column.addWidget(label)
        column.addSpacing(8)
        for action in actions:
            button = QToolButton(self)
            button.setObjectName("startCommand")
            button.setDefaultAction(action)
            ForgetsChanges(button, action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setIconSize(QSize(scaled(19), scaled(19)))
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setFixedWidth(scaled(LEFT_WIDTH))
            column.addWidget(button)
        column.addSpacing(8)
        column.addWidget(_heading(self.tr("Recent files"), self))
        column.addWidget(self._no_recent)
        self.recent.setFixedWidth(scaled(LEFT_WIDTH))
        column.addWidget(self.recent, 1)
        column.addStretch(0)
        column.addWidget(self.at_start)
        return column

    def _right(self) -> QVBoxLayout:
        holder = QWidget(self)
        self._grid = QGridLayout(holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self._columns = 0
        self._area = QScrollArea(self)
        self._area.setObjectName("sampleArea")
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(holder)
        self._area.viewport().installEventFilter(self)
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addWidget(self.offer)
        column.addWidget(_heading(self.tr("Begin with a sample"), self))
        column.addWidget(self._area, 1)
        return column

    def _make_offer(self) -> QFrame:
        offer = QFrame(self)
        offer.setObjectName("tourOffer")
        text = QLabel(self.tr("New here? A tour of one minute shows how it works."), offer)
        text.setWordWrap(True)
        begin = QPushButton(self.tr("Take the tour"), offer)
        begin.setObjectName("primary")
        begin.clicked.connect(self.tour_wanted)
        never = QPushButton(self.tr("Don't show again"), offer)
        never.setObjectName("tourNever")
        never.clicked.connect(self.tour_refused)
        row = QHBoxLayout(offer)
        row.setContentsMargins(12, 8, 8, 8)
        row.addWidget(text, 1)
        row.addWidget(begin)
        row.addWidget(never)
        return offer

    # -- showing

    def show_recent(self, files: Sequence[str]) -> None:
        """List these files, the last one used first."""
        self.recent.clear()
        for name in files:
            path = Path(name)
            item = QListWidgetItem(path.name, self.recent)
            item.setToolTip(name)
            item.setData(Qt.ItemDataRole.UserRole, path)
        self.recent.setVisible(bool(files))
        self._no_recent.setVisible(not files)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent) and watched is self._area.viewport():
            self._place_cards(event.size().width())
        return super().eventFilter(watched, event)

    def _place_cards(self, width: int) -> None:
        """As many cards side by side as there is room for."""
        cards = list(self.cards.values())
        card = cards[0].sizeHint().width() + self._grid.spacing()
        columns = max(1, min((width + self._grid.spacing()) // card, len(cards)))
        if columns == self._columns:
            return
        self._grid.setColumnStretch(self._columns, 0)
        self._columns = columns
        for number, widget in enumerate(cards):
            self._grid.addWidget(widget, number // columns, number % columns, Qt.AlignmentFlag.AlignTop)
        self._grid.setColumnStretch(columns, 1)
        self._grid.setRowStretch(len(cards), 1)

    def _recent_chosen(self, item: QListWidgetItem) -> None:
        self.recent_wanted.emit(item.data(Qt.ItemDataRole.UserRole))


def _heading(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setObjectName("startHeading")
    return label
