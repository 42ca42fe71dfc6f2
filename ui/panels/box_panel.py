"""Place and size of what is selected, as numbers in pixels or percent."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QGridLayout, QLabel, QWidget

from ui import edits
from ui.canvas.geometry import Edges, clamp, edges_of, mapped, union
from ui.document import Document
from ui.edit_names import edit_name
from ui.spoken import name_choice

PIXELS, PERCENT = "px", "%"


class NumberBox(QDoubleSpinBox):
    """A spin box without idle zeros."""

    def textFromValue(self, value: float) -> str:
        return f"{value:.{self.decimals()}f}".rstrip("0").rstrip(".") or "0"


class BoxPanel(QWidget):
    """Edits x, y, width and height of the selected box, or of the box round several."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("boxPanel")
        self._document = document
        self._showing = False
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 2, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        names = (self.tr("Left"), self.tr("Top"), self.tr("Width"), self.tr("Height"))
        shorts = ("X", "Y", self.tr("W", "width"), self.tr("H", "height"))
        self.fields: list[NumberBox] = []
        for place, (short, name) in enumerate(zip(shorts, names, strict=True)):
            field = NumberBox(self)
            field.setAccessibleName(name)
            field.setToolTip(name)
            field.setKeyboardTracking(False)
            field.valueChanged.connect(lambda _value, place=place: self._changed(place))
            label = QLabel(short, self)
            label.setBuddy(field)
            label.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label, place // 2, place % 2 * 2)
            grid.addWidget(field, place // 2, place % 2 * 2 + 1)
            grid.setColumnStretch(place % 2 * 2 + 1, 1)
            self.fields.append(field)
        self.unit = QComboBox(self)
        self.unit.addItems([PIXELS, PERCENT])
        name_choice(self.unit, self.tr("Unit"))
        self.unit.currentIndexChanged.connect(self._show)
        grid.addWidget(self.unit, 0, 4)
        document.layout_changed.connect(self._show)
        document.selection_changed.connect(self._show)
        self._show()

    def _bounds(self) -> Edges | None:
        size = self._document.layout.size
        return union(edges_of(item.box, size) for item in self._document.selected if not item.locked)

    def _scale(self) -> tuple[float, float]:
        """Picture pixels per unit on each axis."""
        if self.unit.currentText() == PIXELS:
            return 1.0, 1.0
        width, height = self._document.layout.size
        return width / 100, height / 100

    def _show(self) -> None:
        bounds = self._bounds()
        self._showing = True
        decimals = 1 if self.unit.currentText() == PIXELS else 2
        (across, along), (width, height) = self._scale(), self._document.layout.size
        limits = (width / across, height / along) * 2
        values = (bounds.x0 / across, bounds.y0 / along, bounds.width / across, bounds.height / along) if bounds else ()
        for place, field in enumerate(self.fields):
            field.setEnabled(bounds is not None)
            field.setDecimals(decimals)
            field.setRange(0, limits[place])
            field.setValue(values[place] if values else 0)
        self._showing = False

    def _changed(self, place: int) -> None:
        bounds = self._bounds()
        if self._showing or bounds is None:
            return
        layout = self._document.layout
        axis = place % 2
        limit = float(layout.size[axis])
        value = self.fields[place].value() * self._scale()[axis]
        low, high = bounds[axis], bounds[axis + 2]
        if place < 2:
            low = clamp(value, 0.0, limit - (high - low))
            high = low + bounds[axis + 2] - bounds[axis]
        else:
            high = clamp(low + max(value, 1.0), low + 1.0, limit)
        target = Edges(low, bounds.y0, high, bounds.y1) if axis == 0 else Edges(bounds.x0, low, bounds.x1, high)
        free = [item for item in self._document.selected if not item.locked]
        if len(free) == 1:
            places = {free[0].id: target}
        else:
            places = {item.id: mapped(edges_of(item.box, layout.size), bounds, target, layout.size) for item in free}
        name = edit_name("move" if place < 2 else "resize", len(free))
        self._document.apply(name, edits.place(layout, places))
        self._show()
