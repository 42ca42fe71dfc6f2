"""The dataset browser at work: what it shows, and what its buttons do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QMessageBox

from desktop_app.background import Background
from desktop_app.errors import sentence
from desktop_app.theme import RESOURCES
from ui.browser.panel import BrowserPanel
from ui.message_bar import Severity

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow
    from desktop_app.project import Project
    from engine.formats.dataset import Dataset, Entry

SAMPLES = RESOURCES / "layouts"
NAMED = 3
"""Broken files that the message names; all of them are listed on demand."""


class DatasetController(QObject):
    """Owns the dataset in the browser. While nothing else was opened, that is the samples."""

    def __init__(self, window: MainWindow, panel: BrowserPanel) -> None:
        super().__init__(window)
        self._window = window
        self.panel = panel
        self.writing = Background(self)
        self.dataset: Dataset | None = None
        """What the browser shows; None before it was first seen."""
        self._picture: Path | None = None
        files = window.files
        window.document.replaced.connect(self._left)
        files.dataset_opened.connect(self._opened)
        files.project_changed.connect(self._project_changed)
        files.reader.background.busy_changed.connect(self._busy_changed)
        # After the panel is painted: the window's start is measured.
        panel.seen.connect(lambda: QTimer.singleShot(0, self, self.show_samples))
        panel.open_wanted.connect(self.open_layout)
        panel.add_wanted.connect(self.add_to_project)
        panel.file_wanted.connect(lambda: files.open())
        panel.folder_wanted.connect(files.open_folder)
        panel.broken_wanted.connect(self._show_broken)
        panel.pictures_switched.connect(lambda on: None if on else window.reference.clear())
        panel.statistics_wanted.connect(self.show_statistics)
        panel.export_wanted.connect(self.export)

    # -- showing

    def show_panel(self) -> None:
        """Bring the browser into sight."""
        dock = self._window.docks["browser"]
        dock.show()
        dock.raise_()

    def show_samples(self) -> None:
        """Show the samples, unless there is something else to show."""
        if self.dataset is None and not self._window.files.reader.background.busy:
            from desktop_app.reading import read_dataset
            from engine.formats.source import ReadOptions

            # A few dozen small files: read at once, as a thread would only make the panel flicker.
            self._show(read_dataset(SAMPLES, ReadOptions(skip_broken=True)), self.tr("Samples"))

    def _busy_changed(self, busy: bool) -> None:
        self.panel.set_busy(busy)
        if busy:
            self.show_panel()

    def _opened(self, dataset: Dataset) -> None:
        path = dataset.path
        self._show(dataset, path.name if path is not None else "")
        self.show_panel()
        self.panel.view.setFocus(Qt.FocusReason.OtherFocusReason)
        # Nothing that is not saved is asked about here: the layouts can be opened by a click.
        if self._window.files.project is None and not self._window.files.modified:
            self.open_layout(0)
        else:
            self.panel.view.show_place(0)
        if dataset.broken:
            self._tell_broken(dataset)

    def _show(self, dataset: Dataset, title: str) -> None:
        self.dataset = dataset
        self.panel.show_items(dataset.entries, title, broken=len(dataset.broken))

    def _tell_broken(self, dataset: Dataset) -> None:
        names = [Path(error.file).name if error.file else "?" for error in dataset.broken]
        listed = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
        text = (
            self.tr("1 file could not be read: {1}") if len(names) == 1 else self.tr("{0} files could not be read: {1}")
        )
        actions = ((self.tr("Why?"), self._show_broken),)
        self._window.messages.show_message(text.format(len(names), listed), Severity.WARNING, actions)

    def _show_broken(self) -> None:
        """List the files that could not be read, with the reasons."""
        if self.dataset is None:
            return
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setObjectName("brokenList")
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Files that could not be read"))
        count, every = len(self.dataset.broken), len(self.dataset.entries)
        box.setText(self.tr("{0} files were left out; {1} layouts were read.").format(count, every))
        box.setInformativeText(str(self.dataset.broken[0]))
        box.setDetailedText("\n\n".join(map(str, self.dataset.broken)))
        box.open()

    # -- layouts

    def open_layout(self, place: int) -> bool:
        """Put a copy of a layout on the canvas, its picture behind it if there is one and pictures are wanted."""
        if self.dataset is None:
            return False
        entry = self.dataset.entries[place]
        window = self._window
        if not window.files.show_copy(entry.layout, entry.name):
            return False
        self.panel.model.set_open(place)
        self.panel.view.show_place(place)
        self._show_picture(entry)
        return True

    def step(self, by: int) -> None:
        """Open the layout before or behind the open one, among those that the filter shows."""
        model = self.panel.model
        if model.shown:
            row = model.row_of(model.open_place)
            self.open_layout(model.shown[0 if row is None else (row + by) % len(model.shown)])

    def _show_picture(self, entry: Entry) -> None:
        if entry.picture is not None and self.panel.pictures.isChecked():
            self._window.reference.load(entry.picture, belongs=True)
            self._picture = entry.picture

    def _left(self) -> None:
        """Another layout came on the canvas, from wherever: the mark and the picture belonged to the former one."""
        self.panel.model.set_open(None)
        if self._picture is not None and self._window.reference.file == self._picture:
            self._window.reference.clear()
        self._picture = None

    def add_to_project(self, places: Sequence[int]) -> None:
        """Add copies of layouts to the open project, or start one with them."""
        if self.dataset is None or not places:
            return
        files = self._window.files
        entries = [self.dataset.entries[place] for place in places]
        copies = [(entry.name, entry.layout, entry.split) for entry in entries]
        if files.project is not None:
            files.project.add(copies)
        elif not files.new_project(copies):
            return
        self._show_picture(entries[0])

    def _project_changed(self, project: Project | None) -> None:
        self.panel.set_adding(project is not None)

    # -- looking at and writing all of it

    def chosen(self) -> dict[str, list[Entry]]:
        """The sets of layouts that can be looked at or exported, by name: the project's, selected, filtered, all."""
        sets: dict[str, list[Entry]] = {}
        if self._window.files.project is not None:
            sets["project"] = self._window.files.project.entries()
        if self.dataset is not None:
            entries, model = self.dataset.entries, self.panel.model
            selected = self.panel.view.selected_places()
            if len(selected) > 1:
                sets["selected"] = [entries[place] for place in selected]
            if len(model.shown) < len(entries):
                sets["shown"] = [entries[place] for place in model.shown]
            sets["all"] = list(entries)
        return sets

    def show_statistics(self) -> None:
        """Show the statistics of these sets beside CLEVR's."""
        from desktop_app.statistics_dialog import StatisticsDialog

        self.show_samples()
        dialog = StatisticsDialog(self._title(), self.chosen(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def export(self) -> None:
        """Ask for a set, a format and a path, and write it in a thread."""
        from desktop_app.export_dialog import ExportDialog

        self.show_samples()
        dialog = ExportDialog(self.chosen(), self._format(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.write(dialog.entries(), dialog.format()))
        dialog.open()

    def write(self, entries: Sequence[Entry], format: str) -> bool:
        """Write layouts in a format to a path that is asked for; False when none was given."""
        from engine.formats.registry import default_registry
        from engine.formats.registry import write as write_layouts

        chosen = default_registry().get(format)
        folder = chosen.in_folder and (len(entries) > 1 or not chosen.suffixes)
        stem = self._title().split(".", 1)[0] or self.tr("layouts")
        suffix = "" if folder else chosen.suffixes[0]
        kinds = "" if folder else f"{chosen.title} (*{suffix})"
        path = self._window.files.ask_export(f"{stem}-{format}{suffix}", kinds, folder=folder)
        if path is None:
            return False
        own = self._window.files.project is None and self.dataset is not None and format == self.dataset.format
        extra = self.dataset.extra if own and self.dataset is not None else None

        def done(_: None) -> None:
            text = self.tr("{0} layouts were written to {1}.").format(len(entries), path.name)
            self._window.messages.show_message(text)

        def failed(error: Exception) -> None:
            self._window.show_error(self.tr("Nothing was exported: {}").format(sentence(error)))

        self.writing.run(lambda: write_layouts(path, entries, format, extra=extra), done, failed)
        return True

    def _title(self) -> str:
        files = self._window.files
        return files.name if files.project is not None else self.panel.title.text()

    def _format(self) -> str:
        """The format that is offered first: the dataset's own."""
        return self.dataset.format if self.dataset is not None else "boxpaint"
