"""All about many layouts in one place: the browser and the project with their docks, and the open file's watch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QTabWidget

from desktop_app.dataset_controller import DatasetController
from desktop_app.disk_changes import DiskChanges
from desktop_app.project_controller import ProjectController
from ui.browser.panel import BrowserPanel
from ui.browser.project_panel import ProjectPanel

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow


class Library(QObject):
    """Joins panels and controllers to a window that has its docks already."""

    def __init__(self, window: MainWindow, icons: Callable[[str], QIcon]) -> None:
        super().__init__(window)
        self._window = window
        left = Qt.DockWidgetArea.LeftDockWidgetArea
        window.setCorner(Qt.Corner.BottomLeftCorner, left)
        project, browser = ProjectPanel(icons, window), BrowserPanel(icons, window)
        docks = [
            window.docks.add(self.tr("Project"), project, left, closable=True),
            window.docks.add(self.tr("Browser"), browser, left, closable=True),
        ]
        # Tabs, as each wants the whole height; with their title bars, which stay when only one of them is open.
        window.setTabPosition(left, QTabWidget.TabPosition.North)
        window.tabifyDockWidget(*docks)
        for dock in docks:
            dock.hide()
        docks[0].toggleViewAction().setEnabled(False)
        window.resizeDocks(docks, [270, 270], Qt.Orientation.Horizontal)
        self.project = ProjectController(window, project)
        self.datasets = DatasetController(window, browser)
        self._disk = DiskChanges(window.files, window.messages, self)

    def settle(self) -> None:
        """After the docks were arranged as the last time: the project's is only there when there is a project."""
        self._window.docks["project"].setVisible(self._window.files.project is not None)

    def browse(self) -> None:
        """Show the browser, ready to search."""
        self.datasets.show_panel()
        self.datasets.panel.filters.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def step(self, by: int) -> None:
        """Go to the next or previous layout: of the project, else of those that the browser shows."""
        project = self._window.files.project
        if project is not None:
            project.switch((project.place + by) % len(project.sheets))
        else:
            self.datasets.step(by)

    async def close(self) -> None:
        """Wait for what is still being read or written."""
        await self._window.files.reader.background.close()
        await self.datasets.writing.close()
