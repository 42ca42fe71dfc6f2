"""Everything that a person can read in a window."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QSpinBox,
    QTabBar,
    QTextEdit,
    QWidget,
)

OPEN, CLOSE = "⟦", "⟧"


class Marking(QTranslator):
    """A language in which every text is the source between brackets: what has none bypassed translation."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"{OPEN}{source}{CLOSE}"


def all_texts(root: QWidget) -> Iterator[tuple[str, str]]:
    """Every text of a widget and of what is inside it, each with a word about where it is."""
    for widget in (root, *root.findChildren(QWidget)):
        if isinstance(widget.window(), QFrame) and isinstance(widget.window().parent(), QComboBox):
            continue  # the list that a combo box drops: its items are told by the box
        where = f"{type(widget).__name__} {widget.objectName()}"
        for kind, text in _of_widget(widget):
            if text:
                yield f"{where} {kind}", text
    for action in root.findChildren(QAction):
        for kind, text in (("text", action.text()), ("tool tip", action.toolTip())):
            if text:
                yield f"QAction {action.objectName()} {kind}", text


def _of_widget(widget: QWidget) -> Iterator[tuple[str, str]]:
    yield "tool tip", widget.toolTip()
    yield "accessible name", widget.accessibleName()
    yield "accessible description", widget.accessibleDescription()
    if widget.isWindow() or widget.objectName().endswith("Dock"):
        yield "window title", widget.windowTitle()
    if isinstance(widget, (QLabel, QAbstractButton)):
        yield "text", widget.text()
    elif isinstance(widget, (QMenu, QGroupBox)):
        yield "title", widget.title()
    elif isinstance(widget, (QLineEdit, QTextEdit)):
        yield "placeholder", widget.placeholderText()
    elif isinstance(widget, (QSpinBox, QDoubleSpinBox)):
        yield from (("special value", widget.specialValueText()), ("suffix", widget.suffix()))
    elif isinstance(widget, QComboBox):
        yield from (("item", widget.itemText(row)) for row in range(widget.count()))
    elif isinstance(widget, QTabBar):
        yield from (("tab", widget.tabText(place)) for place in range(widget.count()))
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from _of_model(widget.model())


def _of_model(model: QAbstractItemModel) -> Iterator[tuple[str, str]]:
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for column in range(columns):
        header = model.headerData(column, Qt.Orientation.Horizontal)
        if isinstance(header, str) and not header.isdigit():
            yield "header", header
        for row in range(min(model.rowCount(), 20)):
            index = model.index(row, column, QModelIndex())
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                text = index.data(role)
                if isinstance(text, str):
                    yield "item", text
