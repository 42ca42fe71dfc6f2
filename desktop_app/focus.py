"""Where the keyboard's focus goes in the window: from widget to widget by Tab, from part to part by F6."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMenuBar, QTabBar, QToolBar, QWidget

from ui.spoken import tell_focus_again
from ui.tab_order import can_stop, in_sight, stops

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow

_AREAS = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.TopDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)
"""The sides of the window as they are read; the middle is between the second and the third."""
_MIDDLE = 2


def parts(window: MainWindow) -> list[QWidget]:
    """The parts of the window as they are read, wherever panels were put: panels, message, middle, panels."""
    docks: list[QDockWidget] = []
    for dock in sorted(window.docks.all(), key=lambda dock: _place(window, dock)):
        beside = [dock, *window.tabifiedDockWidgets(dock)]
        docks += [one for one in beside if one not in docks and not one.isHidden() and not one.isFloating()]
    before = [dock for dock in docks if _place(window, dock) < _MIDDLE]
    return [*before, window.messages, window.middle, *docks[len(before) :], window.statusBar()]


def _place(window: MainWindow, dock: QDockWidget) -> int:
    return _AREAS.index(window.dockWidgetArea(dock))


def step_by_tab(window: MainWindow, forward: bool) -> bool:
    """What Tab does in the window.

    Qt would go in the order in which the widgets were made, and unseen into panels that lie behind others.
    """
    every = list(stops(_with_what_is_beside(window)))
    focused = window.focusWidget()  # which may have just been disabled: it is left for what comes after it
    here = every.index(focused) if focused in every else (-1 if forward else 0)
    by = 1 if forward else -1
    way = (every[(here + by * distance) % len(every)] for distance in range(1, len(every) + 1))
    stop = next((widget for widget in way if can_stop(widget)), None)
    if stop is None:
        return False
    stop.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    return True


def _with_what_is_beside(window: MainWindow) -> Iterator[QWidget]:
    """The parts, with the tabs of panels that share a place before these, and what lies over the window before all."""
    children = [child for child in window.children() if isinstance(child, QWidget)]
    bars = [child for child in children if isinstance(child, QTabBar)]
    every = parts(window)
    known = (*every, *bars, window.centralWidget())
    yield from (
        child for child in children if child not in known and not isinstance(child, (QDockWidget, QMenuBar, QToolBar))
    )
    for part in every:
        for bar in bars:
            if part.windowTitle() in (bar.tabText(place) for place in range(bar.count())):
                yield bar
                bars.remove(bar)
                break
        yield part


def step_to_part(window: MainWindow, by: int) -> None:
    """Go to the next or the former part of the window; a panel that lies behind others comes to the front."""
    every = parts(window)
    focused = window.focusWidget()
    here = [place for place, part in enumerate(every) if focused is not None and part.isAncestorOf(focused)]
    start = here[0] if here else (-1 if by > 0 else 0)
    for distance in range(1, len(every) + 1):
        part = every[(start + by * distance) % len(every)]
        behind = not in_sight(part)
        part.raise_()
        stop = next((widget for widget in stops([part]) if can_stop(widget)), None)
        if stop is not None:
            stop.setFocus(Qt.FocusReason.ShortcutFocusReason)
            if behind:
                tell_focus_again(window)
            return
