"""The compare window: two frames of any runs, and how they are compared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.comfort import roomy
from ui.compare.view import CompareView, Mode
from ui.side_window import SideWindow
from ui.spoken import name_choice
from ui.tab_order import follow_layout
from ui.timeline.model import FrameKind
from ui.timeline.pictures import PictureCache
from ui.timeline.runs_panel import RunLine

_KINDS = (FrameKind.CONTEXT, FrameKind.MASK, FrameKind.RAW, FrameKind.COMPOSITE)
_GAINS = (1, 2, 4, 8, 16)


class FramePicker(QWidget):
    """Chooses a frame: a run, a step of it, and which of the step's pictures."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"picker{name}")
        self._lines: dict[str, RunLine] = {}
        self.run = QComboBox(self)
        name_choice(self.run, self.tr("Run {}").format(name))
        self.run.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.run.setMinimumContentsLength(18)
        self.step = QSlider(Qt.Orientation.Horizontal, self)
        self.step.setAccessibleName(self.tr("Step of {}").format(name))
        self.kind = QComboBox(self)
        name_choice(self.kind, self.tr("Picture of {}").format(name))
        texts = (self.tr("Context"), self.tr("Mask"), self.tr("Raw"), self.tr("Composite"))
        for kind, text in zip(_KINDS, texts, strict=True):
            self.kind.addItem(text, kind.value)
        self.kind.setCurrentIndex(len(_KINDS) - 1)
        self.label = QLabel(self)
        self.label.setObjectName("panelNote")
        row = QHBoxLayout()
        title = QLabel(name, self)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        row.addWidget(title)
        row.addWidget(self.run, 2)
        row.addWidget(self.kind)
        below = QHBoxLayout()
        below.addWidget(self.step, 1)
        below.addWidget(self.label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addLayout(below)
        self.run.currentIndexChanged.connect(self._run_chosen)
        self.step.valueChanged.connect(self._tell)
        self.kind.currentIndexChanged.connect(self._tell)

    def set_runs(self, lines: Sequence[RunLine]) -> None:
        """The runs to choose from; the present choice stays if it is among them."""
        present = self.run.currentData()
        self._lines = {line.folder: line for line in lines}
        self.run.blockSignals(True)
        self.run.clear()
        for line in lines:
            self.run.addItem(f"{line.about} · {line.title}", line.folder)
        self.run.setCurrentIndex(max(self.run.findData(present), 0))
        self.run.blockSignals(False)
        self._run_chosen()

    def choose(self, folder: str, step: int, kind: FrameKind = FrameKind.COMPOSITE) -> None:
        """Choose this frame."""
        self.run.setCurrentIndex(max(self.run.findData(folder), 0))
        self.step.setValue(step)
        self.kind.setCurrentIndex(_KINDS.index(kind) if kind in _KINDS else len(_KINDS) - 1)

    @property
    def path(self) -> str:
        """The chosen frame's file; empty when there is no run."""
        folder = self.run.currentData()
        if not folder:
            return ""
        return str(Path(folder) / f"step_{self.step.value():03d}_{self.kind.currentData()}.png")

    def _run_chosen(self) -> None:
        line = self._lines.get(self.run.currentData() or "")
        last = max((index for index, _ in line.composites), default=0) if line is not None else 0
        at_end = self.step.value() == self.step.maximum()
        self.step.setRange(0, last)
        if at_end:
            self.step.setValue(last)
        self._tell()

    def _tell(self) -> None:
        line = self._lines.get(self.run.currentData() or "")
        index = self.step.value()
        name = line.labels[index] if line is not None and index < len(line.labels) else ""
        self.label.setText(self.tr("step {} · {}").format(index + 1, name))
        self.run.setToolTip(self.run.currentText())
        self.changed.emit()


class CompareWindow(SideWindow):
    """Two frames under each other's eyes."""

    def __init__(self, pictures: PictureCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("compareWindow")
        self.setWindowTitle(self.tr("Compare"))
        self.resize(roomy(1100, 720, self))
        self._pictures = pictures
        self.view = CompareView(self)
        self.one, self.other = FramePicker("A", self), FramePicker("B", self)
        self.note = QLabel(self)
        self.note.setObjectName("panelNote")
        self.gain = QComboBox(self)
        name_choice(self.gain, self.tr("Amplification of the difference"))
        for gain in _GAINS:
            self.gain.addItem(f"× {gain}", gain)
        self.gain.setCurrentIndex(_GAINS.index(self.view.gain))
        self.gain.currentIndexChanged.connect(lambda: self.view.set_gain(self.gain.currentData()))
        self.buttons: dict[Mode, QToolButton] = {}
        row = QHBoxLayout()
        group = QButtonGroup(self)
        texts = (self.tr("Side by side"), self.tr("Wipe"), self.tr("Blink"), self.tr("Difference"))
        for number, (mode, text) in enumerate(zip(Mode, texts, strict=True), start=1):
            button = QToolButton(self)
            button.setText(text)
            button.setObjectName("frameKind")
            button.setCheckable(True)
            button.setToolTip(f"{text} ({number})")
            button.clicked.connect(lambda _checked=False, mode=mode: self.view.set_mode(mode))
            group.addButton(button)
            self.buttons[mode] = button
            row.addWidget(button)
        row.addWidget(self.gain)
        row.addSpacing(12)
        row.addWidget(self.note, 1)
        fit = QToolButton(self)
        fit.setText(self.tr("Fit"))
        fit.setToolTip(self.tr("Show the whole pictures (0)"))
        fit.clicked.connect(self.view.fit)
        row.addWidget(fit)
        pickers = QHBoxLayout()
        pickers.addWidget(self.one, 1)
        pickers.addSpacing(16)
        pickers.addWidget(self.other, 1)
        column = QVBoxLayout(self)
        column.addLayout(pickers)
        column.addLayout(row)
        column.addWidget(self.view, 1)
        follow_layout(self)
        self.one.changed.connect(self._show)
        self.other.changed.connect(self._show)
        self.view.mode_changed.connect(self._show_mode)
        self._show_mode()

    def set_runs(self, lines: Sequence[RunLine]) -> None:
        """The runs to choose from."""
        self.one.set_runs(lines)
        self.other.set_runs(lines)

    def compare(self, one: tuple[str, int, FrameKind], other: tuple[str, int, FrameKind]) -> None:
        """Compare two frames, each a run's folder, a step and a kind."""
        self.one.choose(*one)
        self.other.choose(*other)
        self.view.setFocus()

    def _show(self) -> None:
        found = [self._pictures.get(picker.path) if picker.path else None for picker in (self.one, self.other)]
        images = [picture.image if picture is not None else None for picture in found]
        notes = [picture.problem if picture is not None else "" for picture in found]
        self.view.set_pictures(images[0], images[1], (notes[0], notes[1]))
        equal = self.view.equal()
        self.note.setText("" if equal is None else self.tr("The same") if equal else self.tr("They differ"))

    def _show_mode(self) -> None:
        self.buttons[self.view.mode].setChecked(True)
        self.gain.setEnabled(self.view.mode is Mode.DIFFERENCE)
