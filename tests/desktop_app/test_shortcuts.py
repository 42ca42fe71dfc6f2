"""Every command's keys can be changed; what belongs to another command is told before it is taken."""

from __future__ import annotations

import gc
import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QKeySequenceEdit
from shiboken6 import isValid

from desktop_app.command_palette import CommandPalette
from desktop_app.menu_table import commands
from desktop_app.shortcuts import Shortcuts, default_keys, reserved_for
from desktop_app.shortcuts_dialog import ShortcutsDialog
from tests.ui.driver import CTRL, SHIFT
from ui.canvas.canvas import Tool

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(window, qtbot):
    QTest.keyClick(window, Qt.Key.Key_Slash, CTRL)
    dialog = window.findChild(ShortcutsDialog)
    qtbot.waitExposed(dialog)
    yield dialog
    if isValid(dialog):
        dialog.reject()


def choose(dialog: ShortcutsDialog, title: str) -> None:
    dialog.search.setFocus()
    dialog.search.clear()
    QTest.keyClicks(dialog.search, title)
    assert dialog.list.currentItem().text(0) == title


def press(dialog: ShortcutsDialog, key: Qt.Key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    dialog.keys.setFocus()
    QTest.keyClick(dialog.keys, key, modifiers)


def accept(dialog: ShortcutsDialog) -> None:
    window = dialog.parentWidget()
    QTest.mouseClick(dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok), LEFT)
    window.activateWindow()  # there is no window manager to do it
    assert QTest.qWaitForWindowActive(window)


def kept(session) -> dict:
    return json.loads(session.settings.file.read_text()).get("shortcuts", {})


def test_no_two_commands_share_a_key_or_a_title(window):
    keys = [key for every in default_keys().values() for key in every]
    assert len(keys) == len(set(keys))
    assert not any(map(reserved_for, keys))
    assert len(window.actions_by_id.by_title()) == len(list(commands()))


def test_new_keys_take_hold_at_once_and_are_kept_sparsely(session, dialog):
    window = session.window
    choose(dialog, "Draw boxes")
    press(dialog, Qt.Key.Key_M)
    assert dialog.note.text() == "M is free."
    QTest.mouseClick(dialog.assign, LEFT)
    accept(dialog)
    assert kept(session) == {"tool_draw": ["M"]}
    QTest.keyClick(window, Qt.Key.Key_V)
    assert window.canvas.tool is Tool.SELECT
    assert window.status_line.hint.text().endswith("M: Draw boxes")
    QTest.keyClick(window, Qt.Key.Key_D)
    assert window.canvas.tool is Tool.SELECT
    QTest.keyClick(window, Qt.Key.Key_M)
    assert window.canvas.tool is Tool.DRAW
    assert "(M)" in window.actions_by_id["tool_draw"].toolTip()


def test_a_taken_key_is_told_and_changes_hands(session, dialog):
    window = session.window
    choose(dialog, "Same size")
    press(dialog, Qt.Key.Key_D, CTRL)
    assert dialog.note.text() == "Ctrl+D belongs to “Duplicate”. Take it over, or press other keys."
    assert dialog.assign.text() == "Take over"
    QTest.mouseClick(dialog.assign, LEFT)
    accept(dialog)
    assert kept(session) == {"same_size": ["Ctrl+D"], "duplicate": []}
    assert window.actions_by_id["duplicate"].shortcuts() == []
    assert window.actions_by_id["same_size"].shortcut().toString() == "Ctrl+D"


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_5, Qt.Key.Key_Space])
def test_keys_of_the_canvas_are_refused(dialog, key):
    choose(dialog, "Same size")
    press(dialog, key)
    assert "choose other keys" in dialog.note.text()
    assert not dialog.assign.isEnabled()


def test_a_second_key_beside_the_first(session, dialog):
    choose(dialog, "Generate")
    press(dialog, Qt.Key.Key_G, CTRL)
    QTest.mouseClick(dialog.add, LEFT)
    accept(dialog)
    keys = [key.toString() for key in session.window.actions_by_id["generate"].shortcuts()]
    assert keys == ["Ctrl+Return", "Ctrl+Enter", "Ctrl+G"]


def test_reset_one_gives_the_key_back(session, dialog):
    choose(dialog, "Same size")
    press(dialog, Qt.Key.Key_D, CTRL)
    QTest.mouseClick(dialog.assign, LEFT)
    choose(dialog, "Duplicate")
    QTest.mouseClick(dialog.reset, LEFT)
    assert dialog.note.text() == "They were taken from “Same size”."
    accept(dialog)
    assert kept(session) == {}


def test_reset_all(session, dialog):
    for title, key in (("Same size", Qt.Key.Key_F7), ("Open", Qt.Key.Key_F8)):
        choose(dialog, title)
        press(dialog, key)
        QTest.mouseClick(dialog.assign, LEFT)
    assert dialog.reset_all.isEnabled()
    QTest.mouseClick(dialog.reset_all, LEFT)
    assert not dialog.reset_all.isEnabled()
    accept(dialog)
    assert kept(session) == {}


def test_cancel_changes_nothing(session, dialog):
    choose(dialog, "Same size")
    QTest.mouseClick(dialog.remove, LEFT)
    press(dialog, Qt.Key.Key_F7)
    QTest.mouseClick(dialog.assign, LEFT)
    dialog.reject()
    assert session.settings.get("shortcuts") == {}
    assert session.window.actions_by_id["same_size"].shortcuts() == []


def test_search_finds_by_key_too(dialog):
    QTest.keyClicks(dialog.search, "ctrl+shift+z")
    shown = [item.text(0) for item in dialog._items() if not item.isHidden()]
    assert shown == ["Redo"]
    QTest.keyClicks(dialog.search, " nothing like it")
    assert dialog.command == ""
    assert dialog.note.text() == "No command is called so."
    assert not dialog.assign.isEnabled()


def test_the_palette_shows_the_present_keys(session, dialog, window):
    choose(dialog, "Sort: Randomly")
    press(dialog, Qt.Key.Key_F9, SHIFT)
    QTest.mouseClick(dialog.assign, LEFT)
    accept(dialog)
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    palette = window.findChild(CommandPalette)
    QTest.keyClicks(palette.search, "randomly")
    assert palette.list.item(0).text() == "Sort: Randomly    Shift+F9"
    palette.close()


@pytest.mark.parametrize(
    "broken", [{"duplicate": "Ctrl+D"}, {"duplicate": [3]}, {"duplicate": None}, {"duplicate": {"a": 1}}]
)
def test_what_is_no_list_of_keys_is_left_aside(broken):
    assert Shortcuts(broken)["duplicate"] == ("Ctrl+D",)


def test_commands_of_another_version_are_kept():
    shortcuts = Shortcuts({"from_the_future": ["F12"]})
    shortcuts.set("duplicate", ["F11"])
    shortcuts.reset_all()
    assert shortcuts.sparse() == {"from_the_future": ["F12"]}


def test_nothing_of_a_closed_dialog_stays(window, qtbot):
    def fields() -> int:
        gc.collect()
        return sum(isinstance(each, QKeySequenceEdit) for each in gc.get_objects())

    before = fields()
    for _ in range(3):
        window.actions_by_id["shortcuts"].trigger()
        dialog = window.findChild(ShortcutsDialog)
        qtbot.waitExposed(dialog)
        dialog.reject()
        qtbot.waitUntil(lambda dialog=dialog: not isValid(dialog))
        del dialog
    assert fields() == before
