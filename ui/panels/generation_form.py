"""The fields of the generation panel: how to paint, as `RunOptions` that are shown and changed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QWidget,
)

from engine.events import ModelPlaced
from ui.panels.run_options import PRESETS, ModelChoice, RunOptions, preset_of, with_preset

MAX_SEED = 2**63 - 1


class GenerationForm(QWidget):
    """A field for each of the options of a run, and presets of them."""

    options_changed = Signal()
    model_folder_requested = Signal()
    lora_requested = Signal()

    def __init__(self, icons: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: dict[str, ModelChoice] = {}
        self._make_model_fields(icons)
        self._make_change_fields(icons)
        self._make_sampling_fields()
        self._make_painting_fields()
        self._make_picture_fields(icons)
        self._make_detection_fields()
        for field in (self.steps, self.guidance, self.seed, self.width_box, self.height_box, self.attempts):
            field.setMinimumHeight(self.order.sizeHint().height())
        self._arrange()

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
        self.model.setToolTip(self.tr("Model"))
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

    def _arrange(self) -> None:
        form = QFormLayout(self)
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
        form.setContentsMargins(10, 4, 10, 4)

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
        self.options_changed.emit()

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

    def show_placed(self, placed: ModelPlaced | None) -> None:
        """Tell at the field for memory what was picked for the shown run."""
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

    @property
    def choices(self) -> Sequence[ModelChoice]:
        """The models to choose from."""
        return tuple(self._choices.values())

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
            self.set_options(with_preset(self.options(), chosen))
            self._show_preset()

    def _show_preset(self) -> None:
        preset = preset_of(self.options())
        self.preset.setCurrentIndex(self.preset.findData(preset.id if preset else ""))

    def _seed(self) -> int:
        text = self.seed.text().strip()
        return min(int(text), MAX_SEED) if text.isdecimal() else 0

    def _seed_edited(self) -> None:
        self.seed.setText(str(self._seed()))
        self.options_changed.emit()

    def _roll(self) -> None:
        self.seed.setText(str(secrets.randbelow(2**31)))
        self.options_changed.emit()
