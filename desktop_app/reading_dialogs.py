"""Asks what a layout file leaves open: the size of its pictures, and how its box numbers are meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.modal import ask
from engine.errors import BoxpaintError
from engine.formats.guess import guess_warning
from engine.layout import LayoutObject
from engine.layout.layout import MAX_SIDE
from ui.colors import object_color, text_on
from ui.comfort import roomy
from ui.layout_picture import layout_picture
from ui.picture_file import PictureFile
from ui.tab_order import follow_layout
from ui.texts import N_

if TYPE_CHECKING:
    from engine.formats.dataset import Dataset, Entry

USUAL_SIZE = 512
_PREVIEW = 1024
"""Pixels a side that are read of a picture that is shown small."""

_CORNERS = {
    "xyxy": N_("Readings", "left, top, right, bottom"),
    "xywh": N_("Readings", "left, top, width, height"),
    "cxcywh": N_("Readings", "middle, middle, width, height"),
    "yxyx": N_("Readings", "top, left, bottom, right"),
}
_UNITS = {
    "": N_("Readings", "pixels"),
    "normalised": N_("Readings", "shares of the sides, 0 to 1"),
    "1000": N_("Readings", "thousandths, 0 to 1000"),
}


class SizeDialog(QDialog):
    """Asks for the size of the pictures that a file's layouts are for."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sizeDialog")
        self.setWindowTitle(self.tr("Size of the pictures"))
        text = self.tr("{} does not say how large its pictures are, and none lies beside it.").format(name)
        about = QLabel(text, self)
        about.setWordWrap(True)
        self.width_field, self.height_field = self._field(self.tr("Width")), self._field(self.tr("Height"))
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, parent=self
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.addRow(about)
        form.addRow(self.tr("Width"), self.width_field)
        form.addRow(self.tr("Height"), self.height_field)
        form.addRow(buttons)
        follow_layout(self)

    def ask(self) -> tuple[int, int] | None:
        """Width and height in pixels, or None."""
        if ask(self) != QDialog.DialogCode.Accepted:
            return None
        return self.width_field.value(), self.height_field.value()

    def _field(self, name: str) -> QSpinBox:
        field = QSpinBox(self)
        field.setRange(1, MAX_SIDE)
        field.setValue(USUAL_SIZE)
        field.setSuffix(self.tr(" px"))
        field.setAccessibleName(name)
        return field


class ReadingDialog(QDialog):
    """Shows the boxes as they would be read, on the picture if there is one, and takes another reading."""

    def __init__(self, dataset: Dataset, reread: Callable[[str], Dataset], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("readingDialog")
        self.setWindowTitle(self.tr("How are the boxes meant?"))
        self.resize(roomy(760, 480, self))
        assert dataset.guess is not None
        self._reread = reread
        self._known: dict[str, Dataset | BoxpaintError] = {dataset.guess.reading: dataset}
        self._guess = dataset.guess
        self._dataset: Dataset | None = dataset
        self._names = [entry.name for entry in dataset.entries if entry.layout.objects]
        self._place = 0
        self.picture = _Preview(self)
        self.readings = QListWidget(self)
        self.readings.setObjectName("readingsList")
        self.readings.setAccessibleName(self.tr("Ways to read the boxes"))
        self.readings.setWordWrap(True)
        self.readings.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.told = QLabel(self)
        self.told.setWordWrap(True)
        self.told.setObjectName("readingTold")
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel, parent=self
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._arrange()
        self._fill()
        self.readings.currentItemChanged.connect(self._chosen)
        self.readings.itemActivated.connect(self._activated)
        self.readings.setCurrentRow(0)
        self.readings.setFocus()

    def ask(self) -> Dataset | None:
        """The dataset as the user wants it read, or None."""
        if ask(self) != QDialog.DialogCode.Accepted or self._dataset is None or self._dataset.guess is None:
            return None
        guess = self._dataset.guess
        # That it was a guess need not be said any more: the user has seen it.
        told = tuple(text for text in self._dataset.warnings if text not in guess_warning(guess))
        return replace(self._dataset, warnings=told, guess=replace(guess, decided=True))

    def _arrange(self) -> None:
        title = QLabel(self.tr("The file does not say how its boxes are meant. Do they fit here?"), self)
        title.setWordWrap(True)
        before, behind = self._step("◂", self.tr("Layout before"), -1), self._step("▸", self.tr("Next layout"), 1)
        self.name = QLabel(self)
        self.name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.caption = QLabel(self)
        self.caption.setObjectName("panelNote")
        self.caption.setWordWrap(True)
        steps = QHBoxLayout()
        steps.addWidget(before)
        steps.addWidget(self.name, 1)
        steps.addWidget(behind)
        left = QVBoxLayout()
        left.addWidget(self.picture, 1)
        left.addWidget(self.caption)
        left.addLayout(steps)
        right = QVBoxLayout()
        right.addWidget(self.readings, 1)
        right.addWidget(self.told)
        row = QHBoxLayout()
        row.addLayout(left, 3)
        row.addLayout(right, 2)
        column = QVBoxLayout(self)
        column.addWidget(title)
        column.addLayout(row, 1)
        column.addWidget(self.buttons)
        follow_layout(self)

    def _step(self, sign: str, name: str, by: int) -> QToolButton:
        button = QToolButton(self)
        button.setText(sign)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setEnabled(len(self._names) > 1)
        button.clicked.connect(lambda: self._go(by))
        return button

    def _fill(self) -> None:
        for reading, share in self._guess.scores or ((self._guess.reading, 1.0),):
            item = QListWidgetItem(f"{reading_title(reading)}\n{self._share(share)}", self.readings)
            item.setData(Qt.ItemDataRole.UserRole, reading)

    def _share(self, share: float) -> str:
        return self.tr("{} % of the boxes fit the picture").format(int(100 * share))

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        reading = item.data(Qt.ItemDataRole.UserRole)
        if reading not in self._known:
            try:
                self._known[reading] = self._reread(reading)
            except BoxpaintError as error:
                self._known[reading] = error
        found = self._known[reading]
        self._dataset = None if isinstance(found, BoxpaintError) else found
        self.buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(self._dataset is not None)
        if isinstance(found, BoxpaintError):
            self.told.setText(self.tr("It cannot be read like this: {}").format(found.message))
        elif reading == self._guess.reading:
            self.told.setText(self.tr("The best guess: {}.").format(self._guess.reason))
        else:
            self.told.setText("")
        self._show()

    def _activated(self) -> None:
        if self._dataset is not None:
            self.accept()

    def _go(self, by: int) -> None:
        self._place = (self._place + by) % len(self._names)
        self._show()

    def _show(self) -> None:
        name = self._names[self._place]
        entries = self._dataset.entries if self._dataset is not None else ()
        entry = next((entry for entry in entries if entry.name == name), None)
        self.name.setText(f"{name} ({self._place + 1} / {len(self._names)})")
        self.caption.setText(entry.layout.caption if entry is not None else "")
        self.caption.setVisible(bool(self.caption.text()))
        self.picture.show_entry(entry)


class _Preview(QWidget):
    """A layout's boxes on its picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(QCoreApplication.translate("Readings", "The boxes as they would be read"))
        self.setMinimumSize(QSize(320, 320))
        self._entry: Entry | None = None
        self._image: QImage | None = None

    def show_entry(self, entry: Entry | None) -> None:
        self._entry = entry
        image = QImage()
        if entry is not None and entry.picture is not None:
            image = PictureFile(entry.picture).read(_PREVIEW)
        self._image = None if image.isNull() else image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.AlternateBase))
        if self._entry is None:
            return
        pixmap = layout_picture(
            self._entry.layout,
            self.size() - QSize(16, 16),
            self.palette(),
            ratio=self.devicePixelRatioF(),
            picture=self._image,
        )
        place = QRect(0, 0, *pixmap.deviceIndependentSize().toSize().toTuple())
        place.moveCenter(self.rect().center())
        painter.drawPixmap(place, pixmap)
        for item in self._entry.layout.objects:
            self._paint_prompt(painter, place, item)

    def _paint_prompt(self, painter: QPainter, place: QRect, item: LayoutObject) -> None:
        """What a box is said to hold: with it, a picture or a caption tells whether the box is where it belongs."""
        corner = QPoint(round(item.box.x0 * place.width()), round(item.box.y0 * place.height())) + place.topLeft()
        text = painter.fontMetrics().boundingRect(item.prompt).adjusted(-3, -1, 3, 1)
        text.moveTopLeft(corner)
        color = object_color(item.prompt)
        painter.fillRect(text, QColor(*color))
        painter.setPen(QColor(*text_on(color)))
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter, item.prompt)


def reading_title(reading: str) -> str:
    """A reading in words, e.g. ``"left, top, width, height in pixels"``."""
    corners, _, unit = reading.partition("-")
    words = QCoreApplication.translate("Readings", _CORNERS[corners])
    return QCoreApplication.translate("Readings", "{0} in {1}").format(
        words, QCoreApplication.translate("Readings", _UNITS[unit])
    )
