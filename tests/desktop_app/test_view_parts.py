"""Rulers, minimap and pixel grid from the View menu, kept in the settings; pasting elsewhere; commands' buttons."""

from __future__ import annotations

import pytest
from PySide6.QtCore import SIGNAL
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton

from desktop_app.edit_commands import EditCommands
from desktop_app.settings import Settings
from engine.layout import Layout
from tests.desktop_app.test_editing import LAYOUT
from ui.canvas.canvas import Canvas
from ui.canvas.frame import PARTS
from ui.document import Document
from ui.panels.skill_gauge import SkillGauge


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_switched_off_for_the_next_start_too(session, window, part):
    action = window.actions_by_id[part]
    assert action.isChecked() and window.canvas_frame.shows(part)
    action.trigger()
    assert not window.canvas_frame.shows(part)
    assert Settings(session.settings.file.parent).get(part) is False
    action.trigger()
    assert window.canvas_frame.shows(part)
    assert Settings(session.settings.file.parent).get(part) is True


def test_boxes_go_from_one_window_to_another(window, qtbot):
    window.document.replace(LAYOUT)
    window.document.select(("a", "b"))
    window.actions_by_id["copy"].trigger()
    other = Document(Layout(256, 128))
    canvas = Canvas(other, window.vocabulary.suggest)
    qtbot.addWidget(canvas)
    EditCommands(other, canvas).paste(QGuiApplication.clipboard().text())
    assert [item.prompt for item in other.layout.objects] == [LAYOUT.find(name).prompt for name in ("a", "b")]
    assert [item.box for item in other.layout.objects] == [LAYOUT.find(name).box for name in ("a", "b")]
    assert other.undo_name == "Paste 2 boxes" and window.document.layout == LAYOUT


def test_nothing_stays_of_the_changes_of_a_command(window, qapp):
    """Qt connects a button to its command anew at every change."""
    shown = (button.defaultAction() for button in window.findChildren(QToolButton))
    actions = {action for action in shown if action is not None and action.text()}  # not those within fields of text
    assert window.actions_by_id["undo"] in actions and len(actions) > 10
    connected = []
    for _ in range(3):
        for action in actions:
            for _ in range(2):
                action.setEnabled(not action.isEnabled())
        qapp.processEvents()
        connected.append([action.receivers(SIGNAL("changed()")) for action in actions])
    assert connected[1] == connected[2]


def test_the_gauge_follows_what_is_drawn(window, qtbot):
    gauge = window.statusBar().findChild(SkillGauge)
    assert gauge.isVisible()
    window.document.replace(LAYOUT)
    qtbot.waitUntil(lambda: gauge.bars["number"].distance.value == len(LAYOUT.objects))
