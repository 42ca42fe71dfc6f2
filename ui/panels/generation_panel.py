"""The generation panel: how to paint, the Generate and Cancel buttons, progress."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.progress import readable
from ui.panels.run_options import PRESET_FIELDS, PRESETS, ModelChoice, RunOptions
from ui.scrolled import scrolled
from ui.timeline.model import RunModel, RunState

MAX_SEED = 2**63 - 1


class GenerationPanel(QWidget):
    """Shows and changes ``RunOptions``; says when a run is wanted or no longer wanted."""

    generate_requested = Signal()
    queue_requested = Signal()
    """The layout as it is now is to be painted when its turn comes."""
    cancel_requested = Signal()
    options_changed = Signal()
    model_folder_requested = Signal()
    lora_requested = Signal()

    def __init__(self, run: RunModel, icons: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("generationPanel")
        self._run = run
        self._choices: dict[str, ModelChoice] = {}
        self._busy = False
        self._make_model_fields(icons)
        self._make_change_fields(icons)
        self._make_sampling_fields()
        self._make_painting_fields()
        self._make_picture_fields(icons)
        self._make_detection_fields()
        for field in (self.steps, self.guidance, self.seed, self.width_box, self.height_box, self.attempts):
            field.setMinimumHeight(self.order.sizeHint().height())
        self._make_buttons(icons)
        self._arrange()
        run.state_changed.connect(self._show_run)
        run.progress_changed.connect(self._show_run)
        self._show_run()

    # -- building

    def _make_model_fields(self, icons: Any) -> None:
        self.preset = self._combo(
            self.tr("Preset"),
            (
                *((preset.id, QCoreApplication.translate("Presets", preset.title)) for preset in PRESETS),
                ("", self.tr("As set below")),
            ),
        )
        self.preset.activated.connect(self._preset_chosen)
        self.options_changed.connect(self._show_preset)
        self.method = self._combo(
            self.tr("Method"),
            (
                ("", self.tr("Model's own")),
                ("iterinpaint", self.tr("One object after the other")),
                ("iterinpaint-parallel", self.tr("All objects at once, then the background")),
                ("reco", self.tr("ReCo: boxes in the prompt")),
                ("ldm", self.tr("Layout tokens (LDM)")),
                ("gligen", self.tr("GLIGEN: phrases and boxes")),
                ("gligen-inpaint", self.tr("GLIGEN: one box after the other")),
                ("controlnet-seg", self.tr("ControlNet: colours of classes")),
                ("text-only", self.tr("Text only")),
            ),
        )
        self.model = self._combo(self.tr("Model"), ())
        self.model.currentIndexChanged.connect(self._model_chosen)
        self.browse = QToolButton(self)
        self.browse.setIcon(icons("folder"))
        self.browse.setToolTip(self.tr("Choose the folder of a diffusers inpainting pipeline"))
        self.browse.setAccessibleName(self.tr("Choose a model folder"))
        self.browse.clicked.connect(self.model_folder_requested)

    def _make_change_fields(self, icons: Any) -> None:
        """What changes the model, or keeps its pictures back, for a run."""
        self.loras = QLineEdit(self)
        self.loras.setAccessibleName(self.tr("LoRA files"))
        self.loras.setPlaceholderText(self.tr("none"))
        self.loras.setToolTip(
            self.tr("Files that change the model for a run, separated by semicolons; FILE:0.5 works half as much")
        )
        self.loras.editingFinished.connect(self.options_changed)
        self.browse_loras = QToolButton(self)
        self.browse_loras.setIcon(icons("folder"))
        self.browse_loras.setToolTip(self.tr("Add a LoRA file"))
        self.browse_loras.setAccessibleName(self.tr("Add a LoRA file"))
        self.browse_loras.clicked.connect(self.lora_requested)
        self.safety_checker = self._combo(
            self.tr("Safety checker"),
            (("", self.tr("Model's own")), ("on", self.tr("On")), ("off", self.tr("Off"))),
        )
        self.safety_checker.setToolTip(
            self.tr("Some models bring a checker that keeps back pictures that it takes for unfit for work")
        )

    def _make_sampling_fields(self) -> None:
        self.steps = QSpinBox(self)
        self.steps.setRange(0, 500)
        self.steps.setSpecialValueText(self.tr("Model's own"))
        self.steps.setAccessibleName(self.tr("Denoising steps"))
        self.guidance = QDoubleSpinBox(self)
        self.guidance.setRange(-0.5, 100.0)
        self.guidance.setSingleStep(0.5)
        self.guidance.setDecimals(1)
        self.guidance.setValue(-0.5)
        self.guidance.setSpecialValueText(self.tr("Model's own"))
        self.guidance.setAccessibleName(self.tr("Guidance"))
        for spin in (self.steps, self.guidance):
            spin.valueChanged.connect(self.options_changed)
        self.scheduler = self._combo(
            self.tr("Scheduler"),
            (
                ("model", self.tr("Model's own")),
                *((name, name) for name in ("ddim", "dpm++", "euler", "pndm", "unipc", "lcm", "tcd")),
            ),
        )

    def _make_painting_fields(self) -> None:
        self.order = self._combo(
            self.tr("Order"),
            (
                ("given", self.tr("As listed")),
                ("random", self.tr("Random")),
                ("top-down", self.tr("Top to bottom")),
                ("bottom-up", self.tr("Bottom to top")),
                ("large-to-small", self.tr("Large to small")),
                ("small-to-large", self.tr("Small to large")),
            ),
        )
        self.compositing = self._combo(
            self.tr("Compositing"), (("paste", self.tr("Paste the box")), ("repaint", self.tr("Repaint everything")))
        )
        self.pixels = self._combo(
            self.tr("Pixels"), (("exact", self.tr("Exact")), ("reference", self.tr("As published")))
        )
        self.area = self._combo(
            self.tr("Painted area"),
            (
                ("", self.tr("Model's own")),
                ("full", self.tr("Whole picture")),
                ("zoom", self.tr("Window round the box")),
            ),
        )
        self.placement = self._combo(
            self.tr("Memory"),
            (
                ("auto", self.tr("As it fits")),
                ("device", self.tr("Whole model on the device")),
                ("tiled", self.tr("Whole model, picture in tiles")),
                ("model-offload", self.tr("Part by part on the device")),
                ("sequential-offload", self.tr("Layer by layer on the device")),
            ),
        )
        self.quantize = self._combo(
            self.tr("Weights"), (("none", self.tr("As they are")), ("int8", self.tr("One byte each")))
        )
        self.quantize.setToolTip(
            self.tr("One byte each takes less memory, changes pictures a little, and needs torchao")
        )

    def _make_picture_fields(self, icons: Any) -> None:
        self.seed = QLineEdit("0", self)
        self.seed.setAccessibleName(self.tr("Seed"))
        self.seed.editingFinished.connect(self._seed_edited)
        self.dice = QToolButton(self)
        self.dice.setIcon(icons("dice"))
        self.dice.setToolTip(self.tr("Another seed"))
        self.dice.setAccessibleName(self.tr("Another seed"))
        self.dice.clicked.connect(self._roll)
        self.width_box, self.height_box = self._side(self.tr("Width")), self._side(self.tr("Height"))
        self.previews = QCheckBox(self.tr("Show previews while painting"), self)
        self.previews.setChecked(True)
        self.previews.toggled.connect(self.options_changed)

    def _make_detection_fields(self) -> None:
        self.detect = QCheckBox(self.tr("Look for the objects after each step"), self)
        self.detect.setToolTip(self.tr("A detector looks at every step and tells which objects it finds"))
        self.detect.setChecked(True)
        self.detector = self._combo(self.tr("Detector"), (("auto", self.tr("Automatic")),))
        self.detector.setToolTip(
            self.tr("What looks: the built-in detector where it knows any of the objects, or the chosen one")
        )
        self.attempts = QSpinBox(self)
        self.attempts.setRange(1, 50)
        self.attempts.setSpecialValueText(self.tr("paint once"))
        self.attempts.setAccessibleName(self.tr("Attempts per object"))
        self.attempts.setToolTip(self.tr("Paint an object again with other seeds until the detector finds it"))
        self.attempts.valueChanged.connect(self.options_changed)
        self.detect.toggled.connect(self.attempts.setEnabled)
        self.detect.toggled.connect(self.detector.setEnabled)
        self.detect.toggled.connect(self.options_changed)

    def _combo(self, name: str, entries: Sequence[tuple[str, str]]) -> QComboBox:
        combo = QComboBox(self)
        combo.setAccessibleName(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(8)
        combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for value, text in entries:
            combo.addItem(text, value)
        if name != self.tr("Preset"):  # it follows the options
            combo.currentIndexChanged.connect(self.options_changed)
        return combo

    def _side(self, name: str) -> QSpinBox:
        side = QSpinBox(self)
        side.setRange(15, 16384)
        side.setValue(15)
        side.setSpecialValueText(self.tr("auto"))
        side.setAccessibleName(name)
        side.valueChanged.connect(self.options_changed)
        return side

    def _make_buttons(self, icons: Any) -> None:
        self.generate = QPushButton(icons("play!"), self.tr("Generate"), self)
        self.generate.setObjectName("primary")
        self.generate.setAccessibleName(self.tr("Generate"))
        self.generate.clicked.connect(self.generate_requested)
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.cancel.setAccessibleName(self.tr("Cancel the run"))
        self.cancel.clicked.connect(self.cancel_requested)
        self.queue = QPushButton(self.tr("Queue"), self)
        self.queue.setAccessibleName(self.tr("Add to the queue"))
        self.queue.setToolTip(self.tr("Paint this layout when its turn comes (Ctrl+Shift+Return)"))
        self.queue.clicked.connect(self.queue_requested)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the run"))
        self.status = QLabel(self)
        self.status.setObjectName("panelNote")
        self.status.setWordWrap(True)

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Preset"), self.preset)
        form.addRow(self.tr("Model"), self._beside(self.model, self.browse))
        form.addRow(self.tr("LoRA"), self._beside(self.loras, self.browse_loras))
        form.addRow(self.tr("Method"), self.method)
        form.addRow(self.tr("Steps"), self.steps)
        form.addRow(self.tr("Guidance"), self.guidance)
        form.addRow(self.tr("Scheduler"), self.scheduler)
        form.addRow(self.tr("Order"), self.order)
        form.addRow(self.tr("Compositing"), self.compositing)
        form.addRow(self.tr("Pixels"), self.pixels)
        form.addRow(self.tr("Area"), self.area)
        form.addRow(self.tr("Memory"), self.placement)
        form.addRow(self.tr("Weights"), self.quantize)
        form.addRow(self.tr("Checker"), self.safety_checker)
        form.addRow(self.tr("Size"), self._beside(self.width_box, QLabel("×"), self.height_box))
        form.addRow(self.tr("Seed"), self._beside(self.seed, self.dice))
        form.addRow(self.previews)
        form.addRow(self.detect)
        form.addRow(self.tr("Detector"), self.detector)
        form.addRow(self.tr("Attempts"), self.attempts)
        inner = QWidget(self)
        inner.setLayout(form)
        form.setContentsMargins(10, 4, 10, 4)
        scroll = scrolled(inner, self)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumWidth(inner.minimumSizeHint().width() + scroll.verticalScrollBar().sizeHint().width())
        buttons = QHBoxLayout()
        buttons.addWidget(self.generate, 2)
        buttons.addWidget(self.queue, 1)
        buttons.addWidget(self.cancel, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(10, 4, 10, 10)
        foot.setSpacing(6)
        foot.addWidget(self.progress)
        foot.addWidget(self.status)
        foot.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addLayout(foot)

    def _beside(self, *widgets: QWidget) -> QWidget:
        holder = QWidget(self)
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in widgets:
            row.addWidget(widget, 0 if isinstance(widget, (QLabel, QToolButton)) else 1)
        return holder

    # -- models and options

    def set_models(self, choices: Sequence[ModelChoice]) -> None:
        """The models to choose from; the present choice stays if it is among them."""
        present = self.model.currentData()
        self._choices = {choice.name: choice for choice in choices}
        self.model.blockSignals(True)
        self.model.clear()
        for choice in choices:
            self.model.addItem(choice.title, choice.name)
        self.model.setCurrentIndex(max(self.model.findData(present), 0))
        self.model.blockSignals(False)
        self._model_chosen()
        self._show_run()

    def add_methods(self, names: Sequence[str]) -> None:
        """More methods to choose from, after the built-in ones: those that packages add; they have no other title."""
        for name in names:
            if self.method.findData(name) < 0:
                self.method.addItem(name, name)

    def set_detectors(self, names: Sequence[str]) -> None:
        """The detectors to choose from beside the automatic one; the present choice stays if it is among them."""
        present = self.detector.currentData()
        self.detector.blockSignals(True)
        while self.detector.count() > 1:
            self.detector.removeItem(1)
        for name in names:
            self.detector.addItem(name, name)
        self.detector.setCurrentIndex(max(self.detector.findData(present), 0))
        self.detector.blockSignals(False)

    def add_model(self, choice: ModelChoice) -> None:
        """One more model, chosen at once."""
        self.set_models([*(entry for entry in self._choices.values() if entry.name != choice.name), choice])
        self.model.setCurrentIndex(self.model.findData(choice.name))

    def add_lora(self, file: str) -> None:
        """One more LoRA file, beside those that are there."""
        self.loras.setText("; ".join([*self._loras(), file]))
        self.options_changed.emit()

    def _loras(self) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.loras.text().split(";") if part.strip())

    @property
    def choice(self) -> ModelChoice | None:
        """The chosen model."""
        return self._choices.get(self.model.currentData() or "")

    def options(self) -> RunOptions:
        """What the panel is set to."""
        area = self.area.currentData()
        sized = self.width_box.value() >= 16 and self.height_box.value() >= 16
        return RunOptions(
            model=self.model.currentData() or "",
            steps=self.steps.value() or None,
            guidance=self.guidance.value() if self.guidance.value() >= 0 else None,
            scheduler=self.scheduler.currentData(),
            order=self.order.currentData(),
            compositing=self.compositing.currentData(),
            pixels=self.pixels.currentData(),
            area=area or None,
            placement=self.placement.currentData(),
            quantize=self.quantize.currentData(),
            width=self.width_box.value() if sized else None,
            height=self.height_box.value() if sized else None,
            seed=self._seed(),
            previews=self.previews.isChecked(),
            method=self.method.currentData() or None,
            detect=self.detect.isChecked(),
            detector=self.detector.currentData(),
            attempts=self.attempts.value(),
            loras=self._loras(),
            safety_checker=self.safety_checker.currentData() or None,
        )

    def set_options(self, options: RunOptions) -> None:
        """Show these options; a model that is not listed is left as it is."""
        if options.model in self._choices:
            self.model.setCurrentIndex(self.model.findData(options.model))
        self.steps.setValue(options.steps or 0)
        self.guidance.setValue(options.guidance if options.guidance is not None else -0.5)
        for name in ("scheduler", "order", "compositing", "pixels", "placement", "quantize"):
            combo: QComboBox = getattr(self, name)
            combo.setCurrentIndex(max(combo.findData(getattr(options, name)), 0))
        self.area.setCurrentIndex(max(self.area.findData(options.area or ""), 0))
        self.width_box.setValue(options.width or 15)
        self.height_box.setValue(options.height or 15)
        self.seed.setText(str(options.seed))
        self.previews.setChecked(options.previews)
        self.method.setCurrentIndex(max(self.method.findData(options.method or ""), 0))
        self.detect.setChecked(options.detect)
        self.detector.setCurrentIndex(max(self.detector.findData(options.detector), 0))
        self.attempts.setValue(options.attempts)
        self.loras.setText("; ".join(options.loras))
        self.safety_checker.setCurrentIndex(max(self.safety_checker.findData(options.safety_checker or ""), 0))

    def _preset_chosen(self) -> None:
        chosen = next((preset for preset in PRESETS if preset.id == self.preset.currentData()), None)
        if chosen is not None:
            present = self.options()
            usual = {name: getattr(RunOptions(model=present.model), name) for name in PRESET_FIELDS}
            self.set_options(replace(present, **{**usual, **chosen.values}))
            self._show_preset()

    def _show_preset(self) -> None:
        """Name the preset that the fields amount to, if any."""
        present = self.options()
        usual = RunOptions(model=present.model)
        amounts = (
            preset.id
            for preset in PRESETS
            if all(getattr(present, name) == preset.values.get(name, getattr(usual, name)) for name in PRESET_FIELDS)
        )
        self.preset.setCurrentIndex(self.preset.findData(next(amounts, "")))

    def _seed(self) -> int:
        text = self.seed.text().strip()
        return min(int(text), MAX_SEED) if text.isdecimal() else 0

    def _seed_edited(self) -> None:
        self.seed.setText(str(self._seed()))
        self.options_changed.emit()

    def _roll(self) -> None:
        self.seed.setText(str(secrets.randbelow(2**31)))
        self.options_changed.emit()

    def _model_chosen(self) -> None:
        self.options_changed.emit()

    # -- the run

    def set_busy(self, busy: bool) -> None:
        """A run was asked for and has not ended yet."""
        self._busy = busy
        self._show_run()

    def _show_run(self) -> None:
        self.generate.setEnabled(not self._busy and bool(self._choices))
        self.queue.setEnabled(bool(self._choices))
        self.cancel.setEnabled(self._busy)
        loading = self._busy and self._run.state is RunState.LOADING
        self.progress.setRange(0, 0 if loading else 1000)
        if not loading:
            self.progress.setValue(round(self._run.progress * 1000))
        self.status.setText(self._status())
        placed = self._run.placed
        self.placement.setToolTip(
            self.tr("How much of the model is on the device at a time; less of it takes longer")
            if placed is None
            else self.tr("Picked for the shown run: {}, {}, {} ({})").format(
                placed.device,
                placed.precision,
                self.placement.itemText(self.placement.findData(placed.placement)) or placed.placement,
                placed.reason,
            )
        )

    def _status(self) -> str:
        run = self._run
        if not self._choices:
            return self.tr("No model is installed. Choose the folder of an inpainting pipeline.")
        if run.state is RunState.LOADING:
            return self.tr("Loading the model…")
        if run.state is RunState.RUNNING:
            left = run.seconds_left
            ahead = self.tr(", about {} left").format(readable(left)) if left is not None else ""
            return self.tr("Step {} of {}{}").format(min(run.done_steps + 1, len(run.steps)), len(run.steps), ahead)
        if run.state is RunState.FINISHED:
            took = readable(run.seconds) if run.seconds is not None else ""
            return self.tr("{} steps in {}").format(len(run.steps), took)
        if run.steps and run.state in (RunState.CANCELLED, RunState.FAILED):  # else the timeline says: nothing
            word = self.tr("Cancelled") if run.state is RunState.CANCELLED else self.tr("Stopped")
            return self.tr("{} after {} of {} steps").format(word, run.done_steps, len(run.steps))
        return ""


OPTION_NAMES = tuple(entry.name for entry in fields(RunOptions))
"""Names of all options, for keeping them in the settings."""
