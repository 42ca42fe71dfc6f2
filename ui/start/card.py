"""A sample on the start page: its picture, its name, and the button that paints it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette, QPen, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.layout import Layout
from ui.comfort import text_scale
from ui.layout_picture import layout_picture

PICTURE = QSize(184, 184)
"""Room for a sample's picture, in device-independent pixels."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A layout that comes with the program.

    Attributes:
        name: Its stable name.
        title: What the card shows.
    """

    name: str
    title: str


class LayoutButton(QAbstractButton):
    """A layout's picture that can be pressed; painted when it is first seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._layout: Layout | None = None
        self._picture: QImage | None = None
        self._pixmap: QPixmap | None = None

    def show_layout(self, layout: Layout, picture: QImage | None) -> None:
        """Show this layout, over what was painted from it if that is known."""
        self._layout, self._picture, self._pixmap = layout, picture, None
        self.update()

    def sizeHint(self) -> QSize:
        return PICTURE

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._pixmap = None
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        if self._layout is None:
            painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Midlight))
            return
        ratio = self.devicePixelRatioF()
        if self._pixmap is None or self._pixmap.devicePixelRatioF() != ratio:
            self._pixmap = layout_picture(self._layout, self.size(), palette, ratio=ratio, picture=self._picture)
        place = QRect(0, 0, *self._pixmap.deviceIndependentSize().toSize().toTuple())
        place.moveCenter(self.rect().center())
        painter.drawPixmap(place, self._pixmap)
        marked = self.hasFocus() or self.underMouse()
        color = palette.color(QPalette.ColorRole.Highlight if marked else QPalette.ColorRole.Mid)
        painter.setPen(QPen(QColor(color), 3 if marked else 1))
        painter.drawRect(place.adjusted(0, 0, -1, -1))


class SampleCard(QFrame):
    """A sample; a click on its picture opens it, its button opens and paints it."""

    open_wanted = Signal(str)
    paint_wanted = Signal(str)

    def __init__(self, sample: Sample, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sampleCard")
        self.sample = sample
        self.picture = LayoutButton(self)
        self.picture.setObjectName(f"open_{sample.name}")
        self.picture.setFixedSize(PICTURE * text_scale())
        self.picture.setAccessibleName(self.tr("Open {}").format(sample.title))
        self.picture.setToolTip(self.tr("Open, to change it or to look at it first"))
        self.picture.clicked.connect(lambda: self.open_wanted.emit(sample.name))
        title = QLabel(sample.title, self)
        title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.count = QLabel(self)
        self.count.setObjectName("panelNote")
        self.paint = QPushButton(self.tr("Paint it"), self)
        self.paint.setObjectName(f"paint_{sample.name}")
        self.paint.setAccessibleName(self.tr("Paint {}").format(sample.title))
        self.paint.setEnabled(False)
        self.paint.clicked.connect(lambda: self.paint_wanted.emit(sample.name))
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.count, 1)
        row.addWidget(self.paint)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(6)
        column.addWidget(self.picture)
        column.addWidget(title)
        column.addLayout(row)

    def show_layout(self, layout: Layout, *, paintable: bool, picture: QImage | None = None) -> None:
        """Show the sample's layout.

        Args:
            layout: The layout.
            paintable: Whether the present model knows the layout's words.
            picture: What was painted from it, if that is known.
        """
        self.picture.show_layout(layout, picture)
        count = len(layout.objects)
        self.count.setText(self.tr("One object") if count == 1 else self.tr("{} objects").format(count))
        self.picture.setAccessibleDescription(f"{self.count.text()}. {self.picture.toolTip()}")
        self.paint.setEnabled(paintable)
        self.paint.setToolTip(
            self.tr("Open it and paint it at once")
            if paintable
            else self.tr("The chosen model does not know these words; open it and choose another model")
        )
