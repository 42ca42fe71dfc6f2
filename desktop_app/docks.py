"""The panels round the canvas."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QScrollArea, QTabWidget, QWidget

from ui.comfort import large_text
from ui.scrolled import scrolled
from ui.tab_order import follow_layout

Area = Qt.DockWidgetArea
_Feature = QDockWidget.DockWidgetFeature


class Docks:
    """Puts panels round the window's middle; those that can be closed get a line in the panels menu.

    Tabs of panels that share a place say their titles, so such panels have no title bar of their own. With large texts
    panels can be scrolled: they would make the window larger than many screens.
    """

    def __init__(self, window: QMainWindow, menu: QMenu) -> None:
        self._window = window
        self._menu = menu
        self._menu.menuAction().setVisible(False)
        self._docks: dict[str, QDockWidget] = {}
        window.setCorner(Qt.Corner.BottomRightCorner, Area.RightDockWidgetArea)
        window.setTabPosition(Area.AllDockWidgetAreas, QTabWidget.TabPosition.North)

    def __getitem__(self, name: str) -> QDockWidget:
        return self._docks[name]

    def all(self) -> list[QDockWidget]:
        """Every panel, in the order in which they were added."""
        return list(self._docks.values())

    def add(self, title: str, panel: QWidget, area: Area, *, beside: str = "", closable: bool = False) -> QDockWidget:
        """Put a panel at a side of the window.

        Args:
            title: What its title bar or tab shows.
            panel: The widget; its object name without ``Panel`` is the dock's name.
            area: The side.
            beside: Name of the panel that it shares its place with, as a tab.
            closable: Whether the panels menu shows and hides it.
        """
        name = panel.objectName().removesuffix("Panel")
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"{name}Dock")
        scrolls = panel.findChild(QScrollArea) is not None  # by itself, around what is not always needed
        dock.setWidget(scrolled(panel, dock) if large_text() and not scrolls else panel)
        follow_layout(panel)  # for when it is a window of its own
        features = _Feature.DockWidgetMovable | _Feature.DockWidgetFloatable
        dock.setFeatures(features | _Feature.DockWidgetClosable if closable else features)
        self._window.addDockWidget(area, dock)
        if beside:
            self._window.tabifyDockWidget(self._docks[beside], dock)
            for tab in (self._docks[beside], dock):
                tab.setTitleBarWidget(QWidget(tab))
        if closable:
            self._menu.addAction(dock.toggleViewAction())
            self._menu.menuAction().setVisible(True)
        self._docks[name] = dock
        return dock

    def show_count(self, name: str, title: str, count: int) -> None:
        """Let a panel's title tell how many entries it has."""
        text = QCoreApplication.translate("Docks", "{0} ({1})").format(title, count) if count else title
        self._docks[name].setWindowTitle(text)
