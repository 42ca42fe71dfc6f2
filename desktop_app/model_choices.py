"""Which models and detectors the generation panel offers, and what it was set to the last time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from desktop_app.main_window import MainWindow
from desktop_app.settings import Settings
from engine.errors import BoxpaintError
from ui.panels.run_options import ModelChoice, kept_options


class ModelChoices(QObject):
    """Fills the form of the generation panel, and asks for models and LoRA files from elsewhere.

    Args:
        window: Has the form; it becomes the parent.
        settings: What was chosen before.
        keep: Keeps settings for the next start.
    """

    def __init__(self, window: MainWindow, settings: Settings, keep: Callable[..., None]) -> None:
        super().__init__(window)
        self._window = window
        self._form = window.generation.form
        self._settings = settings
        self._keep = keep
        self._form.model_folder_requested.connect(self._choose_model_folder)
        self._form.lora_requested.connect(self._choose_lora)
        window.models.changed.connect(self.refresh)

    def load(self) -> None:
        """List the models and the packages' methods, and set what was set before."""
        from engine.inpainting.plug_ins import plug_ins

        self.refresh()
        self._form.add_methods(tuple(plug_ins()))
        self._form.set_options(kept_options(self._settings.get("run_options")))

    def refresh(self) -> None:
        """Offer the built-in models, the user's own, and the folders that were chosen before."""
        from engine.models.catalogue import list_models

        choices, detectors = [], []
        try:
            for entry in list_models():
                if entry.kind == "detector" and entry.installed:
                    detectors.append(entry.name)
                elif entry.kind == "pipeline" and entry.installed:
                    choices.append(
                        ModelChoice(
                            entry.name, entry.name, entry.default_size, tuple(entry.vocabulary), entry.smallest_box
                        )
                    )
        except BoxpaintError as error:
            self._window.show_error(str(error))
        choices += [folder_choice(folder) for folder in self._settings.get("model_folders")]
        self._form.set_models(choices)
        self._form.set_detectors(detectors)

    def _choose_model_folder(self) -> None:
        title = self.tr("Folder of a diffusers inpainting pipeline")
        folder = QFileDialog.getExistingDirectory(self._window, title, self._settings.get("last_folder"))
        if folder:
            self._form.add_model(folder_choice(folder))
            others = [name for name in self._settings.get("model_folders") if name != folder]
            self._keep(model_folders=[*others, folder])

    def _choose_lora(self) -> None:
        title, kinds = self.tr("LoRA file"), self.tr("LoRA files (*.safetensors)")
        file, _ = QFileDialog.getOpenFileName(self._window, title, self._settings.get("last_folder"), kinds)
        if file:
            self._form.add_lora(file)


def folder_choice(folder: str) -> ModelChoice:
    """A model that is a folder of the user's."""
    return ModelChoice(folder, Path(folder).name or folder)
