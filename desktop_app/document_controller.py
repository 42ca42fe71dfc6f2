"""New, open, save: joins the document, its file and the questions that have to be asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.errors import BoxpaintError
from engine.layout import Layout
from ui.document import Document

NATIVE_FORMAT = "boxpaint"
NATIVE_SUFFIX = ".layout.json"
NEW_SIZE = (512, 512)


class Questions(Protocol):
    """What the controller asks the user; the answers None and "cancel" mean: leave everything as it is."""

    def file_to_open(self, folder: str) -> Path | None: ...

    def folder_to_open(self, folder: str) -> Path | None: ...

    def file_to_save(self, suggestion: Path) -> Path | None: ...

    def save_changes(self, name: str) -> str:
        """``"save"``, ``"discard"`` or ``"cancel"``."""
        ...

    def choose_layout(self, names: list[str]) -> int | None: ...

    def picture_to_open(self, folder: str) -> Path | None: ...


class DialogQuestions:
    """Asks by the usual dialogs."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def file_to_open(self, folder: str) -> Path | None:
        kinds = self._parent.tr("Layouts (*.json *.png);;All files (*)")
        name, _ = QFileDialog.getOpenFileName(self._parent, self._parent.tr("Open layout"), folder, kinds)
        return Path(name) if name else None

    def folder_to_open(self, folder: str) -> Path | None:
        title = self._parent.tr("Folder of LayoutBench or of another dataset")
        name = QFileDialog.getExistingDirectory(self._parent, title, folder)
        return Path(name) if name else None

    def file_to_save(self, suggestion: Path) -> Path | None:
        kinds = self._parent.tr("Boxpaint layout (*.layout.json)")
        name, _ = QFileDialog.getSaveFileName(self._parent, self._parent.tr("Save layout"), str(suggestion), kinds)
        return Path(name) if name else None

    def save_changes(self, name: str) -> str:
        box = QMessageBox(self._parent)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Boxpaint")
        box.setText(self._parent.tr("Save the changes to {}?").format(name))
        box.setInformativeText(self._parent.tr("They are lost otherwise."))
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        return {buttons.Save: "save", buttons.Discard: "discard"}.get(QMessageBox.StandardButton(box.exec()), "cancel")

    def picture_to_open(self, folder: str) -> Path | None:
        kinds = self._parent.tr("Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff)")
        name, _ = QFileDialog.getOpenFileName(self._parent, self._parent.tr("Picture behind the boxes"), folder, kinds)
        return Path(name) if name else None

    def choose_layout(self, names: list[str]) -> int | None:
        from desktop_app.choose_layout import ChooseLayout

        return ChooseLayout(names, self._parent).ask()


class DocumentController(QObject):
    """Knows which file the document belongs to."""

    file_changed = Signal()
    failed = Signal(str)
    """A sentence: what could not be done."""
    noted = Signal(str)
    """A sentence: what was assumed or left out while reading."""
    opened = Signal(object)
    """A layout was opened from this path."""

    def __init__(self, document: Document, questions: Questions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._questions = questions
        self._file: Path | None = None
        self._name = ""
        self.folder = ""

    @property
    def file(self) -> Path | None:
        """The file that Save writes to; None before the first save."""
        return self._file

    @property
    def name(self) -> str:
        """What the title bar shows."""
        return self._name or self.tr("Untitled")

    def new(self) -> bool:
        """Start an empty layout."""
        if not self._may_leave():
            return False
        self._show(Layout(*NEW_SIZE), None, "")
        return True

    def open(self, path: Path | None = None) -> bool:
        """Open a layout from a file; asks for one when none is given."""
        if not self._may_leave():
            return False
        path = path or self._questions.file_to_open(self.folder)
        if path is None:
            return False
        # The formats are imported when a file is first opened: the window's start is measured.
        from engine.formats.registry import read

        try:
            dataset = read(path)
        except BoxpaintError as error:
            self.failed.emit(str(error))
            return False
        entries = dataset.entries
        if not entries:
            self.failed.emit(self.tr("{}: there is no layout in it.").format(path))
            return False
        chosen = 0 if len(entries) == 1 else self._questions.choose_layout([entry.name for entry in entries])
        if chosen is None:
            return False
        own = dataset.format == NATIVE_FORMAT and len(entries) == 1
        self._show(entries[chosen].layout, path if own else None, path.name if own else entries[chosen].name)
        self.folder = str(path.parent)
        self.opened.emit(path)
        if dataset.warnings:
            more = len(dataset.warnings) - 1
            self.noted.emit(dataset.warnings[0] + (self.tr(" And {} more notes.").format(more) if more else ""))
        return True

    def open_folder(self) -> bool:
        """Open a layout from a dataset's folder that is asked for."""
        folder = self._questions.folder_to_open(self.folder)
        return folder is not None and self.open(folder)

    def show_copy(self, layout: Layout, name: str) -> bool:
        """Open a layout that belongs to no file, e.g. a sample; False when the present one is to stay."""
        if not self._may_leave():
            return False
        self._show(layout, None, name)
        return True

    def take_over(self, file: Path | None, name: str) -> None:
        """The document shows a layout that was recovered: it belongs to this file, and is not saved."""
        self._file, self._name = file, name
        self.file_changed.emit()

    def save(self) -> bool:
        """Write the layout to its file; asks for one the first time."""
        return self._write(self._file) if self._file is not None else self.save_as()

    def save_as(self) -> bool:
        """Write the layout to a file that is asked for."""
        stem = self._name.removesuffix(NATIVE_SUFFIX) or self.tr("layout")
        path = self._questions.file_to_save(Path(self.folder) / (stem + NATIVE_SUFFIX))
        if path is None:
            return False
        if not path.name.endswith(".json"):
            path = path.with_name(path.name + NATIVE_SUFFIX)
        return self._write(path)

    def may_close(self) -> bool:
        """Whether the window may go: nothing to save, or saved, or given up by the user."""
        return self._may_leave()

    def _may_leave(self) -> bool:
        if not self._document.modified:
            return True
        answers: dict[str, Callable[[], bool]] = {"save": self.save, "discard": lambda: True}
        return answers.get(self._questions.save_changes(self.name), lambda: False)()

    def _write(self, path: Path) -> bool:
        from engine.formats.dataset import Entry, safe_name
        from engine.formats.registry import write

        layout = self._document.committed_layout
        stem = path.name.removesuffix(".json").removesuffix(".layout")
        try:
            write(path, [Entry(safe_name(stem), layout)], NATIVE_FORMAT)
        except BoxpaintError as error:
            self.failed.emit(self.tr("The layout was not saved: {}").format(error))
            return False
        self._file, self._name, self.folder = path, path.name, str(path.parent)
        self._document.mark_saved(layout)
        self.file_changed.emit()
        self.opened.emit(path)
        return True

    def _show(self, layout: Layout, file: Path | None, name: str) -> None:
        self._file, self._name = file, name
        self._document.replace(layout)
        self.file_changed.emit()
