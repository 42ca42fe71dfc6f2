"""The editing commands through menus and keys of the real window."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu

from engine.layout import Box, Layout, LayoutObject
from tests.ui.driver import ALT, CTRL, Hand, press_key
from ui.panels.objects_model import Column

SIZE = (512, 512)
LAYOUT = Layout(
    *SIZE,
    (
        LayoutObject("a", "red metal cube", Box.from_pixels(50, 60, 150, 160, *SIZE)),
        LayoutObject("b", "mug", Box.from_pixels(100, 100, 300, 300, *SIZE)),
        LayoutObject("c", "cup", Box.from_pixels(350, 380, 400, 420, *SIZE)),
    ),
)


@pytest.fixture
def opened(window):
    window.document.replace(LAYOUT)
    window.canvas.set_snapping(False)
    return window


def pixels(window, name):
    return tuple(window.document.layout.find(name).box.to_pixels(*SIZE))


def prompts(window):
    return [item.prompt for item in window.document.layout.objects]


def test_copy_is_a_layout_file_and_paste_lies_beside_it(opened):
    opened.document.select(("a", "c"))
    QTest.keyClick(opened, Qt.Key.Key_C, CTRL)
    text = json.loads(QGuiApplication.clipboard().text())
    assert text["schema_version"] == 1
    assert [entry["prompt"] for entry in text["objects"]] == ["red metal cube", "cup"]
    QTest.keyClick(opened, Qt.Key.Key_V, CTRL)
    assert prompts(opened) == ["red metal cube", "mug", "cup", "red metal cube", "cup"]
    first, second = opened.document.selection
    assert pixels(opened, first) == (62, 72, 162, 172)
    assert pixels(opened, second) == (362, 392, 412, 432)
    assert opened.document.undo_name == "Paste 2 boxes"


def test_cut_and_paste_into_another_layout(opened):
    opened.document.select(("b",))
    QTest.keyClick(opened, Qt.Key.Key_X, CTRL)
    assert prompts(opened) == ["red metal cube", "cup"]
    opened.document.replace(Layout(256, 256))
    QTest.keyClick(opened, Qt.Key.Key_V, CTRL)
    (item,) = opened.document.layout.objects
    assert item.box == LAYOUT.find("b").box


def test_paste_what_a_chat_wrote(opened):
    QGuiApplication.clipboard().setText(
        'Here it is:\n```json\n[{"x": 10, "y": 20, "width": 100, "height": 50, "label": "a corgi"}]\n```\nEnjoy!'
    )
    QTest.keyClick(opened, Qt.Key.Key_V, CTRL)
    assert prompts(opened)[-1] == "a corgi"


@pytest.mark.parametrize("text", ["", "hello", "[]", "{", '{"objects": 3}'])
def test_paste_of_something_else_is_said(opened, text):
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(opened, Qt.Key.Key_V, CTRL)
    assert opened.document.layout == LAYOUT
    assert "no boxes on the clipboard" in opened.messages.text.text()
    assert "/" not in opened.messages.text.text()


def test_duplicate_and_delete_by_keys(opened):
    opened.document.select(("c",))
    QTest.keyClick(opened, Qt.Key.Key_D, CTRL)
    assert prompts(opened).count("cup") == 2
    QTest.keyClick(opened, Qt.Key.Key_Delete)
    assert prompts(opened).count("cup") == 1
    opened.document.undo()
    opened.document.undo()
    assert opened.document.layout == LAYOUT


def test_alt_drag_moves_a_copy_as_one_entry(opened):
    Hand(opened.canvas).drag((375, 400), (425, 410), ALT)
    assert pixels(opened, "c") == (350, 380, 400, 420)
    (copy,) = opened.document.selection
    assert pixels(opened, copy) == (400, 390, 450, 430)
    assert opened.document.undo_name == "Duplicate box"
    opened.document.undo()
    assert opened.document.layout == LAYOUT


def test_alt_click_reaches_what_lies_below(opened):
    hand = Hand(opened.canvas)
    hand.click(125, 130)
    assert opened.document.selection == ("b",)
    hand.click(125, 130, ALT)
    assert opened.document.selection == ("a",)
    hand.click(125, 130, ALT)
    assert opened.document.selection == ("b",)


def test_the_context_menu_lists_what_lies_below(opened, qtbot):
    place = opened.canvas.viewport.to_screen(125, 130)
    opened.canvas.context_requested.emit(opened.canvas.mapToGlobal(QPoint(*map(round, place))), ["b", "a"])
    menu = opened.findChild(QMenu, "contextMenu")
    entries = {action.text(): action for action in menu.actions()}
    entries["red metal cube"].trigger()
    assert opened.document.selection == ("a",)
    menu.close()


def test_number_keys_label(opened):
    opened.document.select(("a", "c"))
    press_key(opened.canvas, Qt.Key.Key_2)
    assert prompts(opened) == ["mug", "mug", "mug"]
    assert opened.document.undo_name == "Label 2 boxes"


def test_align_distribute_and_same_size(opened):
    opened.edits.select_all()
    opened.actions_by_id["align_left"].trigger()
    assert {pixels(opened, name)[0] for name in "abc"} == {50}
    opened.actions_by_id["distribute_down"].trigger()
    opened.actions_by_id["same_size"].trigger()
    sizes = {(x1 - x0, y1 - y0) for x0, y0, x1, y1 in (pixels(opened, name) for name in "abc")}
    assert sizes == {(50, 40)}
    for _ in range(3):
        opened.document.undo()
    assert opened.document.layout == LAYOUT


def test_lock_and_hide(opened):
    opened.document.select(("a",))
    QTest.keyClick(opened, Qt.Key.Key_L, CTRL)
    assert opened.document.layout.find("a").locked
    QTest.keyClick(opened, Qt.Key.Key_H, CTRL)
    assert opened.document.layout.find("a").hidden
    QTest.keyClick(opened, Qt.Key.Key_H, CTRL)
    assert not opened.document.layout.find("a").hidden


def test_objects_list_edits_reorders_and_selects(opened, qtbot):
    view, model = opened.objects.view, opened.objects.model
    opened.document.select(("c",))
    assert view.currentIndex().row() == 2
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Up, ALT)
    assert prompts(opened) == ["red metal cube", "cup", "mug"]
    QTest.keyClick(view, Qt.Key.Key_Return)
    editor = view.findChild(QLineEdit)
    QTest.keyClicks(editor, "teacup")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: prompts(opened)[1] == "teacup")
    opened.document.undo()
    opened.document.undo()
    assert opened.document.layout == LAYOUT
    dropped = model.mimeData([model.index(0, 0)])
    model.dropMimeData(dropped, Qt.DropAction.MoveAction, 3, 0, model.index(-1, 0))
    assert prompts(opened) == ["mug", "cup", "red metal cube"]


def test_hide_and_lock_by_clicks_in_the_list(opened, qtbot):
    view, model = opened.objects.view, opened.objects.model
    for column in (Column.SHOWN, Column.LOCKED):
        place = view.visualRect(model.index(0, column)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    item = opened.document.layout.objects[0]
    assert item.hidden and item.locked


def test_skill_tools_are_in_the_menu_and_undoable(opened):
    opened.actions_by_id["skill_mirror"].trigger()
    assert pixels(opened, "a") == (362, 60, 462, 160)
    assert opened.document.undo_name == "Mirror"
    opened.document.undo()
    opened.document.select(("c",))
    opened.actions_by_id["skill_number"].trigger()
    assert prompts(opened).count("cup") == 14
    opened.document.undo()
    assert opened.document.layout == LAYOUT
