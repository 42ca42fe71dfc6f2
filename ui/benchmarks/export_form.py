"""The form that says what is to be exported."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QWidget

from ui.benchmarks.path_field import PathField
from ui.benchmarks.values import ExportWish
from ui.spoken import name_choice


class ExportForm(QWidget):
    """Shows and changes an `ExportWish`. Model, method and settings are those of the generation panel."""

    changed = Signal()
    dataset_wanted = Signal(str)
    """A dataset is to be asked for: ``browser``, ``file`` or ``folder``."""
    out_wanted = Signal()

    def __init__(self, axes: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """``axes``: what a sweep can vary: its name, its title in context ``Sweep``, and usual values."""
        super().__init__(parent)
        self._axes = axes
        asks = self.tr("Choose the dataset's file"), self.tr("Choose the dataset's folder")
        self.dataset = PathField(
            "exportDataset",
            self.tr("Dataset"),
            {
                "browser": (self.tr("Browser's"), self.tr("Take the dataset that is open in the browser")),
                "file": (self.tr("File…"), asks[0]),
                "folder": (self.tr("Folder…"), asks[1]),
            },
            self,
        )
        ask = self.tr("Choose the folder of the pictures")
        self.out = PathField("exportOut", self.tr("Pictures go to"), {"out": (self.tr("Folder…"), ask)}, self)
        self.painting = QLabel(self)
        self.painting.setObjectName("panelNote")
        self.painting.setWordWrap(True)
        self.name = self._line("exportName", self.tr("Name of the run"), self.tr("the model's name"))
        self.splits = self._line("exportSplits", self.tr("Splits"), self.tr("all; several with commas between them"))
        self.labels = self._line("exportLabels", self.tr("With one of the labels"), self.tr("any, e.g. cube, sphere"))
        self.least, self.most = self._count(self.tr("Fewest objects")), self._count(self.tr("Most objects"))
        self.some = QComboBox(self)
        name_choice(self.some, self.tr("How many of each split"))
        for text, key in ((self.tr("All"), ""), (self.tr("The first"), "first"), (self.tr("A sample of"), "sample")):
            self.some.addItem(text, key)
        self.number = QSpinBox(self)
        self.number.setRange(1, 1_000_000)
        self.number.setValue(10)
        self.number.setAccessibleName(self.tr("Layouts of each split"))
        self.number.setEnabled(False)
        self.sweeps = [self._sweep(number) for number in (1, 2)]
        self.iterations = QCheckBox(self.tr("Steps, for the timeline"), self)
        self.iterations.setChecked(True)
        self.crops = QCheckBox(self.tr("Crops"), self)
        self.overlays = QCheckBox(self.tr("Pictures with boxes"), self)
        self.workers = self._count(self.tr("Worker processes"))
        self.workers.setSpecialValueText(self.tr("as many as help"))
        self.workers.setMaximum(256)
        for field in (self.least, self.most, self.number, self.workers):
            field.setMinimumHeight(self.some.sizeHint().height())
        self._arrange()
        self._connect()

    def _connect(self) -> None:
        self.dataset.wanted.connect(self.dataset_wanted)
        self.out.wanted.connect(lambda _: self.out_wanted.emit())
        self.some.currentIndexChanged.connect(lambda: self.number.setEnabled(bool(self.some.currentData())))
        for field in (self.dataset, self.out):
            field.changed.connect(self.changed)

    def _line(self, name: str, title: str, hint: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName(name)
        line.setAccessibleName(title)
        line.setPlaceholderText(hint)
        return line

    def _count(self, title: str) -> QSpinBox:
        spin = QSpinBox(self)
        spin.setRange(0, 10_000)
        spin.setSpecialValueText(self.tr("any"))
        spin.setAccessibleName(title)
        return spin

    def _sweep(self, number: int) -> tuple[QComboBox, QLineEdit]:
        choice = QComboBox(self)
        name_choice(choice, self.tr("Setting {} that is swept").format(number))
        choice.addItem(self.tr("nothing"), "")
        for name, title, _ in self._axes:
            choice.addItem(QCoreApplication.translate("Sweep", title), name)
        values = self._line(f"exportSweep{number}", self.tr("Values of setting {}").format(number), "")
        values.setEnabled(False)
        usual = {name: text for name, _, text in self._axes}

        def chosen() -> None:
            values.setEnabled(bool(choice.currentData()))
            values.setText(usual.get(choice.currentData(), ""))

        choice.currentIndexChanged.connect(chosen)
        return choice, values

    def _arrange(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(10, 8, 10, 8)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Dataset"), self.dataset)
        form.addRow(self.tr("Pictures go to"), self.out)
        form.addRow(self.tr("Painted"), self.painting)
        form.addRow(self.tr("Run"), self.name)
        form.addRow(self.tr("Splits"), self.splits)
        form.addRow(self.tr("Labels"), self.labels)
        form.addRow(self.tr("Objects, from – to"), self._beside(self.least, self.most))
        form.addRow(self.tr("Of each split"), self._beside(self.some, self.number))
        for number, (choice, values) in enumerate(self.sweeps):
            form.addRow(self.tr("Sweep") if not number else self.tr("and"), self._beside(choice, values))
        form.addRow(self.tr("Also write"), self._beside(self.iterations, self.crops, self.overlays))
        form.addRow(self.tr("Workers"), self.workers)

    def _beside(self, *widgets: QWidget) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in widgets:
            row.addWidget(widget, 1)
        if isinstance(widgets[0], QCheckBox):
            row.setAlignment(Qt.AlignmentFlag.AlignLeft)
        return holder

    def show_painting(self, text: str) -> None:
        """Say how it will be painted."""
        self.painting.setText(text)

    def wish(self) -> ExportWish:
        """What the form says."""
        some = self.some.currentData()
        swept = [(choice.currentData(), values.text()) for choice, values in self.sweeps if choice.currentData()]
        return ExportWish(
            dataset=self.dataset.text,
            out=self.out.text,
            name=self.name.text().strip(),
            splits=_words(self.splits.text()),
            labels=_words(self.labels.text()),
            least=self.least.value(),
            most=self.most.value(),
            first=self.number.value() if some == "first" else 0,
            sample=self.number.value() if some == "sample" else 0,
            sweep=tuple((name, ",".join(_words(values))) for name, values in swept),
            crops=self.crops.isChecked(),
            overlays=self.overlays.isChecked(),
            iterations=self.iterations.isChecked(),
            workers=self.workers.value(),
        )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())
