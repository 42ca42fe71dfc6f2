"""The way of the Tab key: along the layouts, as one reads, and past what is out of sight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDockWidget,
    QGridLayout,
    QKeySequenceEdit,
    QLayout,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QWidget,
)


def follow_layout(*roots: QWidget) -> None:
    """Let Tab go through these widgets one after the other, and through each as its layout is read.

    Left to itself Qt goes in the order in which the widgets were made.
    """
    for one, other in pairwise(stops(roots)):
        QWidget.setTabOrder(one, other)


def stops(roots: Iterable[QWidget]) -> Iterator[QWidget]:
    """Where Tab can stop in these widgets, in the order in which their layouts are read; hidden ones too."""
    for root in roots:
        if _takes_tab(root):
            yield root
        yield from stops(_parts(root))


def enable(states: Mapping[QWidget, bool]) -> None:
    """Enable and disable widgets, in this order: the focus of one that is disabled can go to one that is enabled."""
    for widget in sorted(states, key=lambda widget: not states[widget]):
        widget.setEnabled(states[widget])


def can_stop(widget: QWidget) -> bool:
    """Whether Tab can stop here now."""
    return widget.isVisible() and widget.isEnabled() and _takes_tab(widget) and in_sight(widget)


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def in_sight(widget: QWidget) -> bool:
    """Whether its part of the window is: Qt moves docks that lie behind others out of it, but calls them visible."""
    window, part = widget.window(), widget
    while part is not window and (parent := part.parentWidget()) is not window and parent is not None:
        part = parent
    return part is window or window.rect().intersects(part.geometry())


def _parts(widget: QWidget) -> list[QWidget]:
    """What is in a widget, as it is read."""
    inner: list[QWidget | None] = []
    if isinstance(widget, QTabWidget):
        inner = [widget.tabBar(), *(widget.widget(place) for place in range(widget.count()))]
    elif isinstance(widget, QSplitter):
        inner = [widget.widget(place) for place in range(widget.count())]
    elif isinstance(widget, (QScrollArea, QDockWidget)):
        inner = [widget.widget()]
    elif isinstance(widget, QKeySequenceEdit):
        # Its line gives the focus back to it. PySide would keep both for ever once it was asked for the line's proxy.
        inner = []
    elif (layout := widget.layout()) is not None:
        inner = list(_laid_out(layout))
    return [one for one in inner if one is not None]


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    places = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        # Row, then column; a grid's items are kept in the order in which they were added.
        places.sort(key=lambda place: tuple(layout.getItemPosition(place))[:2])  # type: ignore[arg-type]
    for place in places:
        item = layout.itemAt(place)
        if item is None:
            continue
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            yield from _laid_out(inner)
        elif widget is not None:
            yield widget
