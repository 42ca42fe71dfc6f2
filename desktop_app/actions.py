"""The commands of ``desktop_app.menu_table`` as Qt actions, in menus and tool bars."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QToolButton, QWidget

from desktop_app.menu_table import CONTEXT, MENUS, TOOL_BAR, Command, Menu, commands, titles
from desktop_app.shortcuts import Shortcuts, native
from ui.action_buttons import ForgetsChanges


class Actions:
    """The commands as Qt actions, by id."""

    def __init__(
        self, parent: QWidget, icons: Callable[[str], QIcon], slots: Mapping[str, Callable[[], object]]
    ) -> None:
        self._actions: dict[str, QAction] = {}
        groups: dict[str, QActionGroup] = {}
        for command in commands():
            action = QAction(_translated(command.text), parent)
            action.setObjectName(command.id)
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setCheckable(command.checkable)
            if command.icon:
                action.setIcon(icons(command.icon))
            if command.group:
                group = groups.setdefault(command.group, QActionGroup(parent))
                group.addAction(action)
            slot = slots[command.id]
            action.triggered.connect(lambda _checked=False, slot=slot: slot())
            parent.addAction(action)
            self._actions[command.id] = action
        self._titles = titles(_translated)
        self.set_keys(Shortcuts({}))

    @property
    def titles(self) -> Mapping[str, str]:
        """What each command is called, by its id; unlike an action's text it does not change."""
        return self._titles

    def by_title(self) -> dict[str, QAction]:
        """The commands by what they are called."""
        return {self._titles[name]: action for name, action in self._actions.items()}

    def set_keys(self, shortcuts: Shortcuts) -> None:
        """Let these keys give the commands."""
        for name, action in self._actions.items():
            action.setShortcuts([QKeySequence(key) for key in shortcuts[name]])
            keys, title = native(shortcuts[name][:1]), self._titles[name]
            action.setToolTip(f"{title} ({keys})" if keys else title)

    def __getitem__(self, command: str) -> QAction:
        return self._actions[command]

    def enable(self, **states: bool) -> None:
        """Enable or disable commands by id."""
        for command, enabled in states.items():
            self._actions[command].setEnabled(enabled)

    def fill_menus(self, window: QMainWindow) -> dict[str, QMenu]:
        """Put the commands into the window's menu bar; all menus by id."""
        made: dict[str, QMenu] = {}
        for menu in MENUS:
            self._fill(window.menuBar().addMenu(_translated(menu.text)), menu, made)
        return made

    def _fill(self, place: QMenu, menu: Menu, made: dict[str, QMenu]) -> None:
        made[menu.id] = place
        for entry in menu.entries:
            if isinstance(entry, Command):
                place.addAction(self._actions[entry.id])
            elif entry is None:
                place.addSeparator()
            else:
                self._fill(place.addMenu(_translated(entry.text)), entry, made)

    def fill_tool_bar(self, bar: QToolBar) -> None:
        """Put the most used commands into a tool bar."""
        self.fill(bar, TOOL_BAR)
        for action in bar.actions():
            button = bar.widgetForAction(action)
            if isinstance(button, QToolButton):  # else a separator
                ForgetsChanges(button, action)

    def fill(self, place: QMenu | QToolBar, entries: Sequence[str | None]) -> None:
        """Put these commands into a menu or a tool bar; None is a separator."""
        for entry in entries:
            if entry is None:
                place.addSeparator()
            else:
                place.addAction(self._actions[entry])


def _translated(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)
