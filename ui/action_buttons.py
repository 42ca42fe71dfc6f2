"""Buttons that show a command, as those of a tool bar."""

from __future__ import annotations

from PySide6.QtCore import SIGNAL, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton


class ForgetsChanges(QObject):
    """Lets a button keep nothing of its command's former changes.

    Qt (6.11) connects a tool button to ``changed`` of its default action again at each change, and never takes a
    connection away: 144 bytes stay of every change, and each change is answered once more than the one before.

    Args:
        button: Has the action as its default action, and becomes the parent.
        action: The command.
    """

    def __init__(self, button: QToolButton, action: QAction) -> None:
        super().__init__(button)
        self._button, self._action = button, action
        # Later, so that the button has answered this change. Qt connects it anew at the next one, before it is told.
        action.changed.connect(self._forget, Qt.ConnectionType.QueuedConnection)

    def _forget(self) -> None:
        QObject.disconnect(self._action, SIGNAL("changed()"), self._button, None)  # type: ignore[call-overload]
