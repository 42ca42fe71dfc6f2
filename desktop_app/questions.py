"""What the window asks the user about files, and the dialogs that ask it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from desktop_app.modal import ask

if TYPE_CHECKING:
    from engine.formats.dataset import Dataset

LAYOUT_SUFFIX = ".layout.json"
PROJECT_SUFFIX = ".boxpaint"


class Questions(Protocol):
    """What the controllers ask the user; the answers None and "cancel" mean: leave everything as it is."""

    def file_to_open(self, folder: str) -> Path | None: ...

    def folder_to_open(self, folder: str) -> Path | None: ...

    def file_to_save(self, suggestion: Path) -> Path | None:
        """Where a layout or a project goes; the suggestion's ending says which of them it is."""
        ...

    def save_changes(self, name: str) -> str:
        """``"save"``, ``"discard"`` or ``"cancel"``."""
        ...

    def overwrite_changed(self, name: str) -> str:
        """What to do with a file that somebody else changed: ``"overwrite"``, ``"save_as"`` or ``"cancel"``."""
        ...

    def picture_to_open(self, folder: str) -> Path | None: ...

    def picture_size(self, name: str) -> tuple[int, int] | None:
        """Width and height in pixels of the pictures that a file's layouts are for."""
        ...

    def accept_reading(self, dataset: Dataset, reread: Callable[[str], Dataset]) -> Dataset | None:
        """The dataset with its boxes read as the user says; ``reread`` reads it in another way
        (one of `guess.READINGS`)."""
        ...

    def path_to_export(self, suggestion: Path, kinds: str, *, folder: bool) -> Path | None: ...

    def model_to_import(self, folder: str, *, file: bool) -> Path | None:
        """A model's folder, or with ``file`` a checkpoint."""
        ...

    def labels_of(self, checkpoint: Path) -> Path | None:
        """The file that names a detector's classes: the COCO file that it was trained on, or a list of names."""
        ...

    def stop_fetching(self, names: Sequence[str]) -> bool:
        """Whether the window may close although these models are on their way."""
        ...

    def choose_folder(self, title: str, folder: str) -> Path | None: ...

    def choose_file(self, title: str, kinds: str, folder: str) -> Path | None: ...

    def stop_export(self) -> bool:
        """Whether an export that is being painted is to be stopped, as the window is to close."""
        ...


class DialogQuestions(QObject):
    """Asks by the usual dialogs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent

    def file_to_open(self, folder: str) -> Path | None:
        kinds = self.tr(
            "Layouts and projects (*.json *.boxpaint *.png *.csv *.txt);;Boxpaint projects (*.boxpaint);;All files (*)"
        )
        name, _ = QFileDialog.getOpenFileName(self._parent, self.tr("Open layout"), folder, kinds)
        return Path(name) if name else None

    def folder_to_open(self, folder: str) -> Path | None:
        title = self.tr("Folder of LayoutBench or of another dataset")
        name = QFileDialog.getExistingDirectory(self._parent, title, folder)
        return Path(name) if name else None

    def file_to_save(self, suggestion: Path) -> Path | None:
        layouts = self.tr("Boxpaint layout (*.layout.json)")
        projects = self.tr("Boxpaint project (*.boxpaint)")
        is_project = suggestion.suffix == PROJECT_SUFFIX
        kinds = projects if is_project else f"{layouts};;{projects}"
        title = self.tr("Save project") if is_project else self.tr("Save layout")
        name, chosen = QFileDialog.getSaveFileName(self._parent, title, str(suggestion), kinds)
        if not name:
            return None
        as_project = chosen == projects and not name.endswith(PROJECT_SUFFIX)
        return Path(name.removesuffix(LAYOUT_SUFFIX) + PROJECT_SUFFIX if as_project else name)

    def save_changes(self, name: str) -> str:
        box = self._box(self.tr("Save the changes to {}?").format(name))
        box.setInformativeText(self.tr("They are lost otherwise."))
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        return {buttons.Save: "save", buttons.Discard: "discard"}.get(QMessageBox.StandardButton(ask(box)), "cancel")

    def overwrite_changed(self, name: str) -> str:
        box = self._box(self.tr("{} was changed by another program since it was opened.").format(name))
        box.setInformativeText(self.tr("Writing over it loses those changes."))
        over = box.addButton(self.tr("Write over it"), QMessageBox.ButtonRole.DestructiveRole)
        other = box.addButton(self.tr("Save as…"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(other)
        ask(box)
        return {id(over): "overwrite", id(other): "save_as"}.get(id(box.clickedButton()), "cancel")

    def picture_to_open(self, folder: str) -> Path | None:
        kinds = self.tr("Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff)")
        name, _ = QFileDialog.getOpenFileName(self._parent, self.tr("Picture behind the boxes"), folder, kinds)
        return Path(name) if name else None

    def picture_size(self, name: str) -> tuple[int, int] | None:
        from desktop_app.reading_dialogs import SizeDialog

        return SizeDialog(name, self._parent).ask()

    def accept_reading(self, dataset: Dataset, reread: Callable[[str], Dataset]) -> Dataset | None:
        from desktop_app.reading_dialogs import ReadingDialog

        return ReadingDialog(dataset, reread, self._parent).ask()

    def path_to_export(self, suggestion: Path, kinds: str, *, folder: bool) -> Path | None:
        title = self.tr("Export layouts to a new folder") if folder else self.tr("Export layouts")
        name, _ = QFileDialog.getSaveFileName(self._parent, title, str(suggestion), kinds)
        return Path(name) if name else None

    def model_to_import(self, folder: str, *, file: bool) -> Path | None:
        if file:
            kinds = self.tr("Checkpoints (*.safetensors *.ckpt *.pt *.pth *.onnx *.whl)")
            name, _ = QFileDialog.getOpenFileName(self._parent, self.tr("Import a checkpoint"), folder, kinds)
        else:
            name = QFileDialog.getExistingDirectory(self._parent, self.tr("Import a model's folder"), folder)
        return Path(name) if name else None

    def labels_of(self, checkpoint: Path) -> Path | None:
        title = self.tr("File that names the classes of {}").format(checkpoint.name)
        kinds = self.tr("Classes (*.json *.txt *.names *.yaml)")
        name, _ = QFileDialog.getOpenFileName(self._parent, title, str(checkpoint.parent), kinds)
        return Path(name) if name else None

    def stop_fetching(self, names: Sequence[str]) -> bool:
        box = self._box(self.tr("Stop fetching {}?").format(", ".join(names)))
        box.setInformativeText(self.tr("What is here of it is kept: fetching goes on from there when you continue it."))
        stop = box.addButton(self.tr("Stop and close"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        ask(box)
        return box.clickedButton() is stop

    def choose_folder(self, title: str, folder: str) -> Path | None:
        name = QFileDialog.getExistingDirectory(self._parent, title, folder)
        return Path(name) if name else None

    def choose_file(self, title: str, kinds: str, folder: str) -> Path | None:
        name, _ = QFileDialog.getOpenFileName(self._parent, title, folder, kinds)
        return Path(name) if name else None

    def stop_export(self) -> bool:
        box = self._box(self.tr("An export is being painted. Stop it and close?"))
        box.setInformativeText(self.tr("What is painted is kept; the next start offers to go on."))
        stop = box.addButton(self.tr("Stop and close"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(stop)
        ask(box)
        return box.clickedButton() is stop

    def _box(self, text: str) -> QMessageBox:
        box = QMessageBox(self._parent)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Boxpaint")
        box.setText(text)
        return box
