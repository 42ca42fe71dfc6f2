"""Joins the project panel and the open project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop_app.project import Project, Sheet
from engine.layout import Layout
from ui.browser.project_panel import ProjectPanel

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow


class ProjectController(QObject):
    """Shows the project's layouts while there is a project, and does what the panel asks for."""

    def __init__(self, window: MainWindow, panel: ProjectPanel) -> None:
        super().__init__(window)
        self._window = window
        self.panel = panel
        window.files.project_changed.connect(self._take)
        window.files.file_changed.connect(self._show)
        panel.open_wanted.connect(self._on_project(lambda project, place: project.switch(place)))
        panel.add_wanted.connect(self.add)
        panel.duplicate_wanted.connect(self._on_project(lambda project, places: project.duplicate(places)))
        panel.rename_wanted.connect(self._on_project(lambda project, place, name: project.rename(place, name)))
        panel.move_wanted.connect(self._on_project(self._move))
        panel.delete_wanted.connect(self.delete)

    @property
    def project(self) -> Project | None:
        return self._window.files.project

    def add(self) -> None:
        """Add an empty layout of the present one's size behind it."""
        project = self.project
        if project is not None:
            layout = Layout(*project.current.layout.size)
            project.add([(self.tr("layout"), layout, None)], at=project.place + 1)
            self._window.canvas.setFocus()

    def delete(self, places: Sequence[int]) -> None:
        """Delete layouts; a message offers to bring them back."""
        project = self.project
        if project is None:
            return
        removed = project.remove(places)
        if len(removed) == 1:
            text = self.tr("{} was deleted from the project.").format(removed[0][1].name)
        else:
            text = self.tr("{} layouts were deleted from the project.").format(len(removed))
        actions = ((self.tr("Bring back"), lambda: self._bring_back(project, removed)),)
        self._window.messages.show_message(text, actions=actions)

    def _bring_back(self, project: Project, removed: Sequence[tuple[int, Sheet]]) -> None:
        if project is self.project:
            project.bring_back(removed)
            project.switch(project.sheets.index(removed[0][1]))

    def _move(self, project: Project, places: Sequence[int], to: int) -> None:
        chosen = [project.sheets[place] for place in places]
        project.move(places, to)
        self.panel.select([project.sheets.index(sheet) for sheet in chosen])

    def _on_project(self, act: Callable[..., object]) -> Callable[..., None]:
        """A slot that acts on the open project, if there is one."""

        def slot(*values: object) -> None:
            if self.project is not None:
                act(self.project, *values)

        return slot

    def _take(self, project: Project | None) -> None:
        self.panel.view.thumbnails.clear()  # of the project before
        dock = self._window.docks["project"]
        # Without a project there is nothing to show, and nothing to open the panel for.
        dock.toggleViewAction().setEnabled(project is not None)
        dock.setVisible(project is not None)
        if project is not None:
            dock.raise_()
            project.changed.connect(self._show)
            project.sheet_changed.connect(self.panel.model.refresh)
            self._show()

    def _show(self) -> None:
        project = self.project
        if project is not None:
            self.panel.show_items(project.sheets, self._window.files.name, open_place=project.place)
