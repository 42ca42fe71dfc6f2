"""What a screen reader finds in the window."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSlider,
)

from desktop_app.gui import SAMPLE

NAMED = (QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QProgressBar, QPushButton, QSlider)


@pytest.mark.parametrize("kind", NAMED)
def test_every_control_has_a_name(window, kind):
    assert nameless_in(window, kind) == []
    for tab in ("export", "scores", "gallery"):
        window.benchmarks.show(tab)
        assert nameless_in(window, kind) == []


def nameless_in(window, kind) -> list[tuple[str, str, str]]:
    """The controls of a kind that are seen and that nobody could read out."""
    nameless = []
    for widget in window.findChildren(kind):
        inner = isinstance(widget.parent(), (QComboBox, QAbstractSpinBox)) or widget.objectName().startswith("qt_")
        popup = widget.window() is not window
        if inner or popup or not widget.isVisibleTo(window):
            continue
        found = QAccessible.queryAccessibleInterface(widget)
        if not found.text(QAccessible.Text.Name):
            nameless.append((widget.objectName(), type(widget).__name__, widget.parent().objectName()))
    return nameless


def test_the_list_tells_objects_with_place_and_size(window):
    window.files.open(SAMPLE)
    view = window.objects.view
    QApplication.processEvents()  # rows are laid out when the event loop is idle
    found = QAccessible.queryAccessibleInterface(view)
    texts = [
        child.text(QAccessible.Text.Name)
        for child in (found.child(number) for number in range(found.childCount()))
        if child is not None
    ]
    assert any(text.startswith("Object 1: blue metal cube, ") and "pixels" in text for text in texts), texts


def test_the_canvas_tells_its_selection(window):
    window.files.open(SAMPLE)
    window.edits.select_all()
    found = QAccessible.queryAccessibleInterface(window.canvas)
    assert found.text(QAccessible.Text.Name) == "Canvas"
    assert found.text(QAccessible.Text.Description).startswith("8 selected: blue metal cube")
