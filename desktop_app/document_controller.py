"""New, open, save: joins the document, its file or project, and the questions that have to be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop_app.errors import sentence
from desktop_app.file_watch import DiskState, FileWatch
from desktop_app.project import Project, Sheet
from desktop_app.questions import LAYOUT_SUFFIX, PROJECT_SUFFIX, Questions
from desktop_app.reading import Reader, is_large, read_dataset
from engine.errors import BoxpaintError
from engine.files import check_folder_of
from engine.layout import Layout
from ui.document import Document

if TYPE_CHECKING:
    from desktop_app.journal import Recovered
    from engine.formats.dataset import Dataset, Entry

NATIVE_FORMAT = "boxpaint"
PROJECT_FORMAT = "boxpaint-project"
NEW_SIZE = (512, 512)


class DocumentController(QObject):
    """Knows which file the document belongs to: a layout's, or that of a project of which it shows one layout."""

    file_changed = Signal()
    project_changed = Signal(object)
    """Another `Project` is open, or None."""
    modified_changed = Signal()
    failed = Signal(str)
    """A sentence: what could not be done."""
    noted = Signal(str)
    """A sentence: what was assumed or left out while reading."""
    opened = Signal(object)
    """A layout, a project or a dataset was opened from this path."""
    dataset_opened = Signal(object)
    """A `Dataset` of several layouts was read; the document is as it was."""

    def __init__(self, document: Document, questions: Questions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._questions = questions
        self._file: Path | None = None
        self._name = ""
        self.folder = ""
        self.project: Project | None = None
        """The open project, if the document belongs to one."""
        self.reader = Reader(questions, self)
        self.watch = FileWatch(self)
        document.modified_changed.connect(lambda: self.modified_changed.emit())

    @property
    def file(self) -> Path | None:
        """The file that Save writes to; None before the first save."""
        return self._file

    @property
    def name(self) -> str:
        """What the title bar shows."""
        return self._name or (self.tr("Untitled project") if self.project is not None else self.tr("Untitled"))

    @property
    def modified(self) -> bool:
        """Whether there is anything that no file holds."""
        return self.project.modified if self.project is not None else self._document.modified

    # -- new and open

    def new(self) -> bool:
        """Start an empty layout."""
        return self.show_copy(Layout(*NEW_SIZE), "")

    def new_project(self, layouts: Sequence[tuple[str, Layout, str | None]] = ()) -> bool:
        """Start a project with copies of layouts (name, layout, split), or with one empty layout."""
        if not self._may_leave():
            return False
        sheets = [Sheet("", name, layout, split, modified=True) for name, layout, split in layouts]
        empty = Layout(*NEW_SIZE)
        self._show_project(sheets or [Sheet("", self.tr("layout"), empty, saved=empty)], None, unsaved=bool(sheets))
        return True

    def open(self, path: Path | None = None) -> bool:
        """Open a file or folder; asks for one when none is given.

        Returns:
            False when it was not opened; True when it was, or when it is still being read.
        """
        path = path or self._questions.file_to_open(self.folder)
        return path is not None and self.reader.read(path, self._take, self.failed.emit)

    def open_folder(self) -> bool:
        """Open a dataset's folder that is asked for."""
        folder = self._questions.folder_to_open(self.folder)
        return folder is not None and self.open(folder)

    def show_copy(self, layout: Layout, name: str) -> bool:
        """Open a layout that belongs to no file, e.g. a sample; False when the present one is to stay."""
        if not self._may_leave():
            return False
        self._show(layout, None, name)
        return True

    def bring_back(self, found: Recovered) -> None:
        """The document shows what was recovered, which is not saved."""
        file = Path(found.file) if found.file else None
        if found.listing is None:
            self._close_project()
            self._set_file(file, found.name)
            self._document.restore(found.history, found.layout)
            return
        from desktop_app.recovered_project import sheets_of

        sheets, missing = sheets_of(found)
        places = [place for place, row in enumerate(found.listing) if row.id == found.current]
        self._show_project(sheets, file, current=places[0] if places else 0, unsaved=True)
        if missing:
            self.failed.emit(
                self.tr("Layouts that had no changes could not be found in the project file: {}.").format(
                    ", ".join(missing)
                )
            )

    # -- save

    def save(self) -> bool:
        """Write the layout or project to its file; asks for one the first time, and about a file that has changed."""
        if self._file is None:
            return self.save_as()
        if self.watch.look() is DiskState.CHANGED:
            answers: dict[str, Callable[[], bool]] = {"overwrite": self._write_again, "save_as": self.save_as}
            return answers.get(self._questions.overwrite_changed(self.name), lambda: False)()
        return self._write_again()

    def save_as(self) -> bool:
        """Write the layout or project to a file that is asked for; a layout may become a project of one."""
        suffix = PROJECT_SUFFIX if self.project is not None else LAYOUT_SUFFIX
        stem = self._name.removesuffix(LAYOUT_SUFFIX).removesuffix(PROJECT_SUFFIX)
        stem = stem or (self.tr("project") if self.project is not None else self.tr("layout"))
        path = self._questions.file_to_save(Path(self.folder) / (stem + suffix))
        if path is None:
            return False
        if self.project is not None:
            return self._write_project(path if path.suffix == PROJECT_SUFFIX else Path(f"{path}{PROJECT_SUFFIX}"))
        if path.suffix == PROJECT_SUFFIX:
            return self._become_project(path)
        return self._write_layout(path if path.name.endswith(".json") else Path(f"{path}{LAYOUT_SUFFIX}"))

    def ask_export(self, name: str, kinds: str, *, folder: bool) -> Path | None:
        """Where layouts are to be exported; ``kinds`` as file dialogs want them."""
        return self._questions.path_to_export(Path(self.folder) / name, kinds, folder=folder)

    def may_close(self) -> bool:
        """Whether the window may go: nothing to save, or saved, or given up by the user."""
        return self._may_leave()

    # -- a file that somebody else changed

    def reload(self) -> bool:
        """Take over what the file holds now; the layouts as they were can be brought back by undo."""
        path = self._file
        if path is None:
            return False
        from engine.formats.source import ReadOptions

        if is_large(path):
            self.reader.background.run(
                lambda: read_dataset(path, ReadOptions()),
                lambda dataset: self._reloaded(path, dataset),
                lambda error: self.failed.emit(sentence(error)),
            )
            return True
        try:
            return self._reloaded(path, read_dataset(path, ReadOptions()))
        except BoxpaintError as error:
            self.failed.emit(str(error))
            return False

    def _reloaded(self, path: Path, dataset: Dataset) -> bool:
        if path != self._file:
            return False  # another one was opened meanwhile
        if dataset.format != (PROJECT_FORMAT if self.project is not None else NATIVE_FORMAT):
            self.failed.emit(str(BoxpaintError(self.tr("it holds something else now."), file=str(path))))
            return False
        if self.project is not None:
            self.project.reload(dataset.entries)
        else:
            layout = dataset.entries[0].layout
            self._document.apply(self.tr("Reload"), layout)
            self._document.mark_saved(layout)
        self.watch.follow(path)
        return True

    def keep_mine(self) -> None:
        """Let the file be what it is: what is here is not saved, and saving writes over it."""
        self.watch.follow(self._file)
        if self.project is not None:
            self.project.mark_unsaved()
        else:
            self._document.mark_saved(None)

    # -- inner workings

    def _take(self, dataset: Dataset) -> bool:
        path = dataset.path
        assert path is not None
        self._note(dataset.warnings)
        if dataset.format == PROJECT_FORMAT:
            if not self._may_leave():
                return False
            sheets = [Sheet("", each.name, each.layout, each.split, each.name, each.layout) for each in dataset.entries]
            self._show_project(sheets, path, extra=dataset.extra)
        elif len(dataset.entries) == 1 and not path.is_dir():
            if not self._may_leave():
                return False
            own = dataset.format == NATIVE_FORMAT
            entry = dataset.entries[0]
            self._show(entry.layout, path if own else None, path.name if own else entry.name)
        else:
            self.dataset_opened.emit(dataset)
        self.folder = str(path.parent)
        self.opened.emit(path)
        return True

    def _note(self, warnings: Sequence[str]) -> None:
        if warnings:
            more = len(warnings) - 1
            self.noted.emit(warnings[0] + (self.tr(" And {} more notes.").format(more) if more else ""))

    def _may_leave(self) -> bool:
        if not self.modified:
            return True
        answers: dict[str, Callable[[], bool]] = {"save": self.save, "discard": lambda: True}
        return answers.get(self._questions.save_changes(self.name), lambda: False)()

    def _write_again(self) -> bool:
        assert self._file is not None
        return self._write_project(self._file) if self.project is not None else self._write_layout(self._file)

    def _write_layout(self, path: Path) -> bool:
        from engine.formats.dataset import Entry, safe_name
        from engine.formats.registry import write

        layout = self._document.committed_layout
        stem = path.name.removesuffix(".json").removesuffix(".layout")
        try:
            check_folder_of(path)
            write(path, [Entry(safe_name(stem), layout)], NATIVE_FORMAT)
        except BoxpaintError as error:
            self.failed.emit(self.tr("The layout was not saved: {}").format(error))
            return False
        self._document.mark_saved(layout)
        self._written(path)
        return True

    def _write_project(self, path: Path) -> bool:
        project = self.project
        assert project is not None
        entries = project.entries()
        if not self._write_project_file(path, entries):
            return False
        project.mark_saved(path, entries)
        self._written(path)
        return True

    def _write_project_file(self, path: Path, entries: Sequence[Entry]) -> bool:
        from engine.formats.project import write_project

        former = self.project
        settings, extra, file = (former.settings, former.extra, former.file) if former is not None else ({}, {}, None)
        try:
            check_folder_of(path)
            write_project(path, entries, settings, extra=extra, keep_from=file)
        except BoxpaintError as error:
            self.failed.emit(self.tr("The project was not saved: {}").format(error))
            return False
        return True

    def _become_project(self, path: Path) -> bool:
        """Save the single layout as the first of a new project, its history with it."""
        from engine.formats.dataset import Entry, safe_name

        layout, history = self._document.committed_layout, self._document.history
        entry = Entry(safe_name(self._name.removesuffix(LAYOUT_SUFFIX), default=self.tr("layout")), layout)
        if not self._write_project_file(path, [entry]):
            return False
        self._show_project([Sheet("", entry.name, layout, None, entry.name, layout, history)], path)
        self.folder = str(path.parent)
        self.opened.emit(path)
        return True

    def _written(self, path: Path) -> None:
        self.folder = str(path.parent)
        self._set_file(path, path.name)
        self.opened.emit(path)

    def _show(self, layout: Layout, file: Path | None, name: str) -> None:
        self._close_project()
        self._set_file(file, name)
        self._document.replace(layout)
        self.file_changed.emit()

    def _show_project(
        self,
        sheets: Sequence[Sheet],
        file: Path | None,
        *,
        extra: Mapping[str, Any] | None = None,
        current: int = 0,
        unsaved: bool = False,
    ) -> None:
        self._close_project()
        self._file, self._name = file, file.name if file is not None else ""
        self.watch.follow(file)
        fields = dict(extra or {})
        settings = fields.pop("settings", {})
        project = Project(
            self._document,
            sheets,
            file=file,
            settings=settings,
            extra=fields,
            current=current,
            unsaved=unsaved,
            parent=self,
        )
        self.project = project
        project.modified_changed.connect(self.modified_changed)
        self.project_changed.emit(project)
        self.file_changed.emit()
        self.modified_changed.emit()

    def _close_project(self) -> None:
        if self.project is not None:
            self.project.close()
            self.project = None
            self.project_changed.emit(None)

    def _set_file(self, file: Path | None, name: str) -> None:
        self._file, self._name = file, name
        self.watch.follow(file)
        self.file_changed.emit()
