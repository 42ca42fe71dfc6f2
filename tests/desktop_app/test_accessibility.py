"""What a screen reader finds in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
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

from desktop_app.focus import parts
from desktop_app.session import SAMPLE
from desktop_app.translations import install_translations
from tests.desktop_app.walk import clashing
from ui.tab_order import in_sight

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


@pytest.fixture(params=["en", "de"])
def speaking(request, qapp):
    """The program in each of its languages."""
    installed = install_translations(qapp, request.param)
    yield request.param
    for translator in installed:
        qapp.removeTranslator(translator)


def test_menus_have_each_letter_once(speaking, session):
    window = session.window
    assert clashing(action.text() for action in window.menuBar().actions()) == []
    for menu in window.menus.values():
        assert clashing(action.text() for action in menu.actions()) == [], menu.title()


def test_every_command_is_in_a_menu_and_has_keys_of_its_own(window):
    listed = {action.objectName() for menu in window.menus.values() for action in menu.actions()}
    assert set(window.actions_by_id.titles) <= listed
    keys = [key.toString() for action in window.actions() for key in action.shortcuts()]
    assert len(keys) == len(set(keys)) and keys


def test_f6_goes_through_the_parts_and_brings_panels_to_the_front(window):
    window.files.open(SAMPLE)
    window.canvas.setFocus()
    seen = []
    for _ in range(len(parts(window))):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_F6)
        part = next(part for part in parts(window) if part.isAncestorOf(window.focusWidget()))
        assert in_sight(window.focusWidget())
        seen.append(part.objectName() or type(part).__name__)
    panels = [f"{name}Dock" for name in ("objects", "problems", "history", "results", "generation")]
    assert seen[:5] == panels and seen[5:8] == ["timelineDock", "runsDock", "queueDock"]
    assert "Pages" in seen, "and back to the canvas"
    here = window.focusWidget()
    QTest.keyClick(here, Qt.Key.Key_F6)
    assert window.focusWidget() is not here
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert window.focusWidget() is here


def test_the_focus_of_a_button_that_is_disabled_goes_to_the_next_one(window):
    window.benchmarks.show("scores")
    panel = window.benchmarks.page.scores
    panel.score.setEnabled(True)
    panel.score.setFocus()
    panel.set_busy(True)
    assert window.focusWidget() is panel.stop, "not at the begin of the window"


def test_n_adds_a_box_from_a_panel_and_from_the_page_of_benchmarks(window):
    window.objects.view.setFocus()
    window.actions_by_id["new_box"].trigger()
    assert window.focusWidget() is window.canvas.editor
    window.canvas.editor.accept()
    window.benchmarks.show("scores")
    window.actions_by_id["new_box"].trigger()
    assert window.focusWidget() is window.canvas.editor and len(window.document.layout.objects) == 2


def test_a_box_is_added_named_and_the_picture_scrubbed_from_right_to_left(window, qapp):
    """Places in the picture, arrow keys and time are the same as from left to right."""
    window.files.open(SAMPLE)
    before = [window.canvas.viewport.to_screen(x, 100) for x in (0, 500)]
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        after = [window.canvas.viewport.to_screen(x, 100) for x in (0, 500)]
        assert before[0][0] < before[1][0] and after[0][0] < after[1][0]
        window.document.select((window.document.layout.objects[0].id,))
        place = window.document.layout.objects[0].box.x0
        QTest.keyClick(window.canvas, Qt.Key.Key_Right)
        assert window.document.layout.objects[0].box.x0 > place
        assert not window.isLeftToRight()
        timeline = window.timeline
        assert timeline.strip.isLeftToRight() and timeline.slider.isLeftToRight() and not timeline.isLeftToRight()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
