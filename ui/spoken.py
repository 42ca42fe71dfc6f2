"""What screen readers are told beside what has the focus: messages, news, and what an unfocused list shows.

Qt's `Alert` reaches nobody on Linux (Qt 6.11 does not pass it on to AT-SPI), so that nothing here relies on it.
"""

from __future__ import annotations

import sys
from functools import cache

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAccessibleWidget,
    QApplication,
    QComboBox,
    QFrame,
    QLabel,
    QWidget,
)

AFTER_TABS = 400
"""Milliseconds in which Orca has dealt with a tab that was switched."""
BY_APPEARANCE = sys.platform == "linux"
"""Whether readers speak what appears with the role of a notification; Orca has always done so, others go by words."""


class Notice(QFrame):
    """A part of the window whose texts are spoken when it appears, and each time `tell` is called."""

    SPOKEN_ROLE = QAccessible.Role.Notification

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        install_roles()

    def tell(self, text: str, *, appeared: bool) -> None:
        """Let screen readers say what is in it.

        Args:
            text: The text.
            appeared: It was not seen before; Qt tells that by itself.
        """
        if not BY_APPEARANCE:
            say(self, text)
        elif not appeared and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.ObjectShow))


def say(widget: QWidget, text: str) -> None:
    """Let screen readers say something that a part of the window has to tell, wherever the focus is.

    Orca does so from version 45 on.
    """
    if text and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def show_news(panel: QWidget, label: QLabel, text: str) -> None:
    """Show a sentence in a label of a panel; where that is seen, screen readers say what was not there before."""
    if text != label.text() and panel.isVisible():
        say(panel, text)
    label.setText(text)


def name_choice(box: QComboBox, name: str) -> None:
    """Name a combo box that has no label. On Linux readers speak its choice as its name, so that it has a tool tip."""
    box.setAccessibleName(name)
    box.setToolTip(name)


def tell_current(view: QAbstractItemView) -> None:
    """Let screen readers say the current row of a list that is steered while something else has the focus."""
    _tell_row(view, QAccessible.Event.Focus)


def tell_changed(view: QAbstractItemView) -> None:
    """Let screen readers say the current row's description, which is another now."""
    _tell_row(view, QAccessible.Event.DescriptionChanged)


def tell_focus_again(window: QWidget) -> None:
    """Let screen readers come back to what has the focus, after tabs beside it in the window were switched.

    Orca takes a switched tab for what the user has gone to, and deals with it after the focus that was told before it.
    """
    QTimer.singleShot(AFTER_TABS, window, _tell_focus)


def _tell_focus() -> None:
    widget = QApplication.focusWidget()
    if widget is None or not QAccessible.isActive():
        return
    told = QAccessible.queryAccessibleInterface(widget)
    if told is not None:
        QAccessible.updateAccessibility(QAccessibleEvent(told.focusChild() or told, QAccessible.Event.Focus))


def _tell_row(view: QAbstractItemView, kind: QAccessible.Event) -> None:
    row = view.currentIndex().row()
    if row >= 0 and QAccessible.isActive():
        event = QAccessibleEvent(view, kind)
        event.setChild(row)
        QAccessible.updateAccessibility(event)


@cache
def install_roles() -> None:
    """Let widgets have the role that their class names as its ``SPOKEN_ROLE``. Qt keeps its factories for ever."""
    QAccessible.installFactory(_described)


def _described(_class_name: str, thing: QObject | None) -> QAccessibleInterface | None:
    role = getattr(type(thing), "SPOKEN_ROLE", None)
    if role is None or not isinstance(thing, QWidget):
        return None
    described = QAccessibleWidget(thing, role)
    # Qt owns what a factory returns; the widget keeps the Python part of it alive for as long.
    thing.described = described  # type: ignore[attr-defined]
    return described
