"""Search and filters over a list of layouts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.browser.items import Area, Facets, Filter

DELAY = 80
"""Milliseconds after the last key until the list is searched."""


class FilterBar(QWidget):
    """A search line, and behind a button the conditions: split, label, number of objects, sizes."""

    changed = Signal(object)
    """The `Filter` is another one."""
    accepted = Signal()
    """Enter in the search line: the first layout that was found is wanted."""
    left = Signal()
    """Arrow down in the search line: on to the list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layoutFilters")
        self.search = QLineEdit(self)
        self.search.setObjectName("layoutSearch")
        self.search.setPlaceholderText(self.tr("Search names and prompts"))
        self.search.setToolTip(self.tr("Search names and prompts"))
        self.search.setAccessibleName(self.tr("Search layouts"))
        self.search.setClearButtonEnabled(True)
        self.more = QToolButton(self)
        self.more.setObjectName("layoutFiltersButton")
        self.more.setCheckable(True)
        self.more.setToolTip(self.tr("Filter by split, label, number and size of objects"))
        self.split = self._combo("splitFilter", self.tr("Split"))
        self.label = self._combo("labelFilter", self.tr("Label"))
        self.area = self._combo("areaFilter", self.tr("Size of objects"))
        self.picture_size = self._combo("sizeFilter", self.tr("Size of the picture"))
        self.least, self.most = QSpinBox(self), QSpinBox(self)
        self.least.setAccessibleName(self.tr("Fewest objects"))
        self.most.setAccessibleName(self.tr("Most objects"))
        self.clear = QPushButton(self.tr("Clear filters"), self)
        self.clear.clicked.connect(self.reset)
        self._arrange()
        for text, area in (
            (self.tr("Any"), None),
            (self.tr("Small (under 32 × 32 px)"), Area.SMALL),
            (self.tr("Medium"), Area.MEDIUM),
            (self.tr("Large (from 96 × 96 px)"), Area.LARGE),
        ):
            self.area.addItem(text, area)
        # A search over thousands of layouts begins when typing pauses, not at every key.
        self._timer = QTimer(self, singleShot=True, interval=DELAY)
        self._timer.timeout.connect(self._tell)
        self.search.textChanged.connect(lambda: self._timer.start())
        self.search.returnPressed.connect(self._accept)
        down = QShortcut(QKeySequence(Qt.Key.Key_Down), self.search, self.left.emit)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        for combo in (self.split, self.label, self.area, self.picture_size):
            combo.currentIndexChanged.connect(self._tell)
        for spin in (self.least, self.most):
            spin.valueChanged.connect(self._tell)
        self.more.toggled.connect(self.conditions.setVisible)
        self._filling = False
        self._told = Filter()
        self.set_facets(Facets())

    def filter(self) -> Filter:
        """What is wanted now."""
        most = self.most.value()
        area = self.area.currentData()  # Qt gives a plain text back
        return Filter(
            words=self.search.text(),
            split=self.split.currentData(),
            label=self.label.currentData(),
            least=self.least.value(),
            most=most if most < self.most.maximum() else None,
            area=Area(area) if area is not None else None,
            size=self.picture_size.currentData(),
        )

    def set_facets(self, facets: Facets) -> None:
        """Offer the splits, labels and sizes of another list; every filter is taken off."""
        self._filling = True
        self.search.clear()
        self._fill(self.split, [(f"{name} ({count})", name) for name, count in facets.splits.items()])
        self._fill(self.label, [(f"{name} ({count})", name) for name, count in facets.labels.items()])
        sizes = [(f"{size[0]} × {size[1]} ({count})", size) for size, count in facets.sizes.items()]
        self._fill(self.picture_size, sizes)
        for spin in (self.least, self.most):
            spin.setRange(0, facets.most_objects)
        self.area.setCurrentIndex(0)
        self._form.setRowVisible(self.split, len(facets.splits) > 1)
        self._form.setRowVisible(self.picture_size, len(sizes) > 1)
        self._filling = False
        self.reset()

    def reset(self) -> None:
        """Take every filter off."""
        self._filling = True
        self.search.clear()
        for combo in (self.split, self.label, self.area, self.picture_size):
            combo.setCurrentIndex(0)
        self.least.setValue(0)
        self.most.setValue(self.most.maximum())
        self._filling = False
        self._tell()

    def _combo(self, name: str, title: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(name)
        combo.setAccessibleName(title)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(8)
        combo.setMaxVisibleItems(20)
        return combo

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.search, 1)
        row.addWidget(self.more)
        self.conditions = QWidget(self)
        self._form = QFormLayout(self.conditions)
        self._form.setContentsMargins(0, 4, 0, 0)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        counts = QWidget(self.conditions)
        count_row = QHBoxLayout(counts)
        count_row.setContentsMargins(0, 0, 0, 0)
        count_row.addWidget(self.least, 1)
        count_row.addWidget(self.most, 1)
        self._form.addRow(self.tr("Split"), self.split)
        self._form.addRow(self.tr("Label"), self.label)
        self._form.addRow(self.tr("Objects, from – to"), counts)
        self._form.addRow(self.tr("Size of objects"), self.area)
        self._form.addRow(self.tr("Picture"), self.picture_size)
        self._form.addRow(self.clear)
        self._form.setAlignment(self.clear, Qt.AlignmentFlag.AlignRight)
        self.conditions.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.conditions)

    def _fill(self, combo: QComboBox, entries: Sequence[tuple[str, object]]) -> None:
        combo.clear()
        combo.addItem(self.tr("Any"), None)
        for text, value in entries:
            combo.addItem(text, value)

    def _accept(self) -> None:
        self._tell()
        self.accepted.emit()

    def _tell(self) -> None:
        if self._filling:
            return
        self._timer.stop()
        wanted = self.filter()
        count = wanted.conditions
        self.more.setText(self.tr("Filters ({})").format(count) if count else self.tr("Filters"))
        self.clear.setEnabled(bool(count or wanted.words))
        if wanted != self._told:
            self._told = wanted
            self.changed.emit(wanted)
