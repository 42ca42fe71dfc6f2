"""What can be wrong with widgets for people who use keys alone, hear the window, or need large texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenuBar,
    QScrollArea,
    QStackedWidget,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QToolBar,
    QWidget,
)

from ui.colors import contrast

SLACK = 2
"""Pixels by which a text may be wider than its place, or a widget lie over its neighbour: rounding."""
MOST_STOPS = 200
"""More widgets than Tab goes through anywhere."""
LEAST_CONTRAST = 4.5
OVERLAYS = ("DetectionOverlay", "Minimap", "LabelEditor", "Spotlight", "Bubble")
"""They lie over others on purpose."""


def inside(root: QWidget) -> list[QWidget]:
    """The widget and all that is seen in it, without windows of their own."""
    found = (one for one in root.findChildren(QWidget) if one.window() is root.window() and one.isVisible())
    return [one for one in (root, *found) if in_sight(one)]


def in_sight(widget: QWidget) -> bool:
    """Whether its part of the window is: Qt moves panels that lie behind others out of it, and calls them visible."""
    window, part = widget.window(), widget
    while part is not window and part.parentWidget() is not window:
        part = part.parentWidget()
    return part is window or window.rect().intersects(part.geometry())


def called(widget: QWidget) -> str:
    """A widget in words, for the message of a test."""
    text = widget.text() if isinstance(widget, (QAbstractButton, QLabel)) else widget.accessibleName()
    parent = widget.parentWidget()
    within = parent.objectName() or type(parent).__name__ if parent is not None else ""
    return f"{type(widget).__name__} {widget.objectName()} “{text}” in {within}"


def is_inner(widget: QWidget) -> bool:
    """Whether Qt puts it together itself, as a part of a control."""
    parent = widget.parentWidget()
    if widget.objectName().startswith("qt_") or isinstance(parent, (QComboBox, QAbstractSpinBox, QTabBar)):
        return True
    return isinstance(parent, (QLineEdit, QDockWidget, QToolBar)) and isinstance(widget, QAbstractButton)


def says_something(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


# -- names


def nameless(root: QWidget) -> list[str]:
    """What can have the focus or be pressed, but has no name to be read out; icons alone without a tool tip."""
    found = []
    for widget in inside(root):
        button = isinstance(widget, QAbstractButton)
        if is_inner(widget) or not (reachable(widget) or button):
            continue
        told = QAccessible.queryAccessibleInterface(widget)
        if not says_something(told.text(QAccessible.Text.Name) if told is not None else ""):
            found.append(f"no name: {called(widget)}")
        if button and not says_something(widget.text()) and not widget.toolTip():
            found.append(f"no tool tip: {called(widget)}")
        if isinstance(widget, QComboBox) and not (told.text(QAccessible.Text.Description) or _labels(told)):
            found.append(f"only its choice is told on Linux: {called(widget)}")
    return found


def _labels(told: QAccessibleInterface) -> list[Any]:
    return told.relations(QAccessible.RelationFlag.Label)


# -- the way of the focus


def reachable(widget: QWidget) -> bool:
    """Whether Tab should come here."""
    return bool(
        widget.isEnabled()
        and widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not isinstance(widget.parentWidget(), (QComboBox, QAbstractSpinBox))
    )


@dataclass
class Way:
    """Where the focus goes, and what is wrong with that.

    Attributes:
        visited: The widgets in their order.
        unseen: Those that look the same with the focus as without it.
        caught: Whether the focus could not get away again.
    """

    visited: list[QWidget]
    unseen: list[str]
    caught: bool = False


def way(root: QWidget, key: Qt.Key = Qt.Key.Key_Tab, *, look: bool = True) -> Way:
    """Press the key until the focus has left the widget, or in a window is where it was before."""
    found = Way([], [])
    if root.isWindow():
        press(key)  # it may begin where Tab never leads
    else:
        _begin(root, key)
    while (focused := QApplication.focusWidget()) is not None and focused not in found.visited:
        if not (focused is root or root.isAncestorOf(focused)):
            return found
        found.visited.append(focused)
        QApplication.processEvents()  # what is scrolled into sight, is there
        having = picture_of(focused) if look else None
        press(key)
        alone = focused is QApplication.focusWidget()
        if look and not alone and picture_of(focused) == having:
            found.unseen.append(called(focused))
    found.caught = not root.isWindow()
    return found


def _begin(root: QWidget, key: Qt.Key) -> None:
    """Bring the focus into a part of a window, to where it comes by the key."""
    before = Qt.Key.Key_Backtab if key == Qt.Key.Key_Tab else Qt.Key.Key_Tab
    next(one for one in inside(root) if reachable(one)).setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(MOST_STOPS):
        press(before)
        focused = QApplication.focusWidget()
        if focused is None or not root.isAncestorOf(focused):
            break
    press(key)


def press(key: Qt.Key) -> None:
    focused = QApplication.focusWidget() or QApplication.activeWindow()
    if focused is not None:
        QTest.keyClick(focused, key)


def picture_of(widget: QWidget) -> QImage:
    """How it is seen in its window: what is round it and under it too."""
    return widget.window().grab(place_of(widget).adjusted(-3, -3, 3, 3)).toImage()


def unreached(root: QWidget, visited: list[QWidget]) -> list[str]:
    return [called(one) for one in inside(root) if reachable(one) and not is_inner(one) and one not in visited]


def out_of_order(visited: list[QWidget]) -> list[str]:
    """Neighbours on the way, in one part of the window, whose second lies before the first where both are read.

    Once in each part the way goes back: it is a circle.
    """
    found = []
    for panel in {id(panel_of(one)): panel_of(one) for one in visited}.values():
        back = [
            f"{called(one)} {place_of(one).getRect()} -> {called(other)} {place_of(other).getRect()}"
            for one, other in pairwise([one for one in visited if panel_of(one) is panel])
            if lies_before(*places(other, one), mirrored=_mirrored(one, other))
        ]
        began = panel_of(visited[0]) is panel
        found += back[1:] if began and len(back) == 1 else back
    return found


def scattered(visited: list[QWidget]) -> list[str]:
    """Parts of the window that the way leaves and comes back to."""
    panels = [panel_of(one) for one in visited]
    blocks = [panel for before, panel in pairwise([None, *panels]) if panel is not before]
    if len(blocks) > 1 and blocks[0] is blocks[-1]:
        blocks.pop()  # the way is a circle, and may have begun in the middle of a part
    return [called(panel) for panel, times in Counter(blocks).items() if times > 1]


def panel_of(widget: QWidget) -> QWidget:
    """The part of the window that a widget belongs to: a dock, or what is in the middle."""
    window, part = widget.window(), widget
    if not isinstance(window, QMainWindow):
        return window
    while (parent := part.parentWidget()) not in (window, window.centralWidget(), None):
        part = parent
    return part


def _mirrored(*widgets: QWidget) -> bool:
    """Whether they are read from right to left; one that never is, such as the timeline, decides."""
    return all(widget.layoutDirection() == Qt.LayoutDirection.RightToLeft for widget in widgets)


def places(*widgets: QWidget) -> tuple[QRect, ...]:
    """Where widgets are in their window; of what can be scrolled apart from the others, where its scroll area is."""

    def areas(widget: QWidget) -> list[QWidget]:
        above = [widget]
        while (parent := above[-1].parentWidget()) is not None:
            above.append(parent)
        return [one for one in above[1:] if isinstance(one, QScrollArea)]

    every = [areas(widget) for widget in widgets]
    return tuple(
        place_of(next((area for area in reversed(own) if any(area not in others for others in every)), widget))
        for widget, own in zip(widgets, every, strict=True)
    )


def place_of(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def lies_before(one: QRect, other: QRect, *, mirrored: bool) -> bool:
    """Whether a place is read before another: above it and not in a later column, or beside it on the first side."""
    if mirrored:
        one, other = (QRect(-place.right(), place.y(), place.width(), place.height()) for place in (one, other))
    if one.bottom() <= other.top() + SLACK:
        return one.left() < other.right()
    in_one_row = one.top() < other.bottom() and other.top() < one.bottom()
    return in_one_row and one.right() <= other.left() + SLACK


# -- room for texts


def cut(root: QWidget) -> list[str]:
    """Texts that have less room than they need, and that no tool tip gives whole."""
    found = []
    for widget in inside(root):
        for text, has, needs in room(widget):
            whole = text.replace("&", "") in widget.toolTip()
            if says_something(text) and needs.width() > has.width() + SLACK and not whole:
                found.append(f"“{text}” is {needs.width()} wide and has {has.width()}: {called(widget)}")
            if says_something(text) and needs.height() > has.height() + SLACK:
                found.append(f"“{text}” is {needs.height()} high and has {has.height()}: {called(widget)}")
    return found


Room = tuple[str, QSize, QSize]
"""A text, the room that it has, and the room that it needs."""


def room(widget: QWidget) -> Iterator[Room]:
    """The texts of a widget that can be cut."""
    for kind, find in _ROOM.items():
        if isinstance(widget, kind):
            yield from find(widget)
            return


def wide(widget: QWidget, text: str) -> int:
    return widget.fontMetrics().horizontalAdvance(text.replace("&", ""))


def _of_label(label: QLabel) -> Iterator[Room]:
    if label.pixmap().isNull():
        needs = QSize(0, label.heightForWidth(label.width())) if label.wordWrap() else label.sizeHint()
        yield label.text(), seen_of(label), needs


def _of_button(button: QAbstractButton) -> Iterator[Room]:
    if not is_inner(button):
        yield button.text(), seen_of(button), button.minimumSizeHint().boundedTo(button.sizeHint())


def _of_combo(combo: QComboBox) -> Iterator[Room]:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    field = combo.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, combo)
    yield combo.currentText(), field.size(), QSize(wide(combo, combo.currentText()), 0)


def _of_number(spin: QAbstractSpinBox) -> Iterator[Room]:
    line = spin.findChild(QLineEdit)
    yield line.text(), line.size(), QSize(wide(line, line.text()), line.fontMetrics().height())


def _of_line(line: QLineEdit) -> Iterator[Room]:
    if not is_inner(line):
        yield line.placeholderText(), line.size(), QSize(wide(line, line.placeholderText()), 0)


def _of_tabs(bar: QTabBar) -> Iterator[Room]:
    for place in range(bar.count()):
        if bar.isTabVisible(place) and not bar.tabToolTip(place):
            yield bar.tabText(place), bar.tabRect(place).size(), QSize(wide(bar, bar.tabText(place)), 0)


def _of_menus(bar: QMenuBar) -> Iterator[Room]:
    for action in bar.actions():
        yield action.text(), bar.actionGeometry(action).size(), QSize(wide(bar, action.text()), 1)


def _of_header(header: QHeaderView) -> Iterator[Room]:
    across = Qt.Orientation.Horizontal
    if header.orientation() != across:
        return
    for section in range(header.count()):
        text = header.model().headerData(section, across)
        tip = header.model().headerData(section, across, Qt.ItemDataRole.ToolTipRole)
        if isinstance(text, str) and not header.isSectionHidden(section) and not tip:
            yield text, QSize(header.sectionSize(section), 0), QSize(wide(header, text), 0)


def _of_box(box: QGroupBox) -> Iterator[Room]:
    yield box.title(), box.size(), QSize(wide(box, box.title()), 0)


_ROOM: Mapping[type, Callable[[Any], Iterator[Room]]] = {
    QLabel: _of_label,
    QAbstractButton: _of_button,
    QComboBox: _of_combo,
    QAbstractSpinBox: _of_number,
    QLineEdit: _of_line,
    QTabBar: _of_tabs,
    QMenuBar: _of_menus,
    QHeaderView: _of_header,
    QGroupBox: _of_box,
}


def seen_of(widget: QWidget) -> QSize:
    """What of a widget is seen; where it can be brought into sight by scrolling, all of it."""
    place, part = widget.rect(), widget
    while (parent := part.parentWidget()) is not None and not part.isWindow():
        place.translate(part.pos())
        area = parent.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
            fixed = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            width = min(place.right() + 1, parent.width()) - max(place.left(), 0) if fixed else place.width()
            return QSize(width, place.height())
        place &= parent.rect()
        part = parent
    return place.size()


def overlapping(root: QWidget) -> list[str]:
    """Pairs of widgets in one place."""
    found = []
    for parent in inside(root):
        if isinstance(parent, (QAbstractScrollArea, QStackedWidget, QTabBar, QComboBox, QAbstractSpinBox)):
            continue
        children = [
            child
            for child in parent.children()
            if isinstance(child, QWidget)
            and child.isVisible()
            and not child.isWindow()
            and in_sight(child)
            and type(child).__name__ not in OVERLAYS
            and not child.objectName().startswith("qt_")
        ]
        for one, other in combinations(children, 2):
            common = one.geometry() & other.geometry()
            if common.width() > SLACK and common.height() > SLACK:
                found.append(
                    f"{called(one)} {one.geometry().getRect()} and {called(other)} {other.geometry().getRect()}"
                )
    return found


# -- colours


def pale(root: QWidget) -> list[str]:
    """Texts whose strongest ink is too near to the colour of their ground."""
    found = []
    picture = root.window().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    for widget in inside(root):
        text = widget.text() if isinstance(widget, (QLabel, QAbstractButton, QLineEdit)) else ""
        if isinstance(widget, QComboBox):
            text = widget.currentText()
        if not says_something(text) or is_inner(widget) or widget.visibleRegion().boundingRect() != widget.rect():
            continue
        if isinstance(widget, QLabel) and not widget.pixmap().isNull():
            continue
        ratio = strongest(picture.copy(place_of(widget).adjusted(3, 3, -3, -3)))
        if ratio < LEAST_CONTRAST:
            found.append(f"{ratio:.1f}: {called(widget)}")
    return found


def strongest(image: QImage) -> float:
    """The contrast of the most different colour with the most frequent one."""
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, : image.width()]
    colors, counts = np.unique(pixels & 0xFFFFFF, return_counts=True)
    inks = [(int(color) >> 16, int(color) >> 8 & 255, int(color) & 255) for color in colors]
    ground = inks[int(counts.argmax())]
    return max(contrast(ink, ground) for ink in inks)


# -- mnemonics


def clashing(texts: Iterable[str]) -> list[str]:
    """Texts of one place that are reached by the same letter."""
    marked = Counter(found[1].lower() for text in texts if (found := re.search(r"(?<!&)&([^&\s])", text)))
    return [letter for letter, times in marked.items() if times > 1]


def marked_texts(root: QWidget) -> list[str]:
    """The texts in a window that can have a letter of their own."""
    return [one.text() for one in inside(root) if isinstance(one, (QAbstractButton, QLabel))]
