"""The panels beside the canvas: numbers, search, sort, history, recent files."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from desktop_app.runs.requests import new_request
from desktop_app.session import SAMPLE
from engine.inpainting.methods import BUILT_IN
from engine.models.lora import Lora
from tests.desktop_app.test_editing import LAYOUT, pixels, prompts
from ui.panels.run_options import RunOptions


@pytest.fixture
def opened(window):
    window.document.replace(LAYOUT)
    return window


def enter(field, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_numbers_in_pixels(opened):
    opened.document.select(("a",))
    x, y, width, height = opened.objects.box.fields
    assert [field.text() for field in (x, y, width, height)] == ["50", "60", "100", "100"]
    enter(x, "10")
    assert pixels(opened, "a") == (10, 60, 110, 160)
    enter(height, "50")
    assert pixels(opened, "a") == (10, 60, 110, 110)
    enter(x, "500")
    assert pixels(opened, "a") == (412, 60, 512, 110)
    assert opened.document.undo_name == "Move box"


def test_numbers_in_percent(opened):
    opened.document.select(("a",))
    opened.objects.box.unit.setCurrentText("%")
    enter(opened.objects.box.fields[2], "50")
    assert pixels(opened, "a") == (50, 60, 306, 160)


def test_numbers_of_a_group(opened):
    opened.document.select(("a", "b"))
    enter(opened.objects.box.fields[2], "125")
    assert pixels(opened, "a") == (50, 60, 100, 160)
    assert pixels(opened, "b") == (75, 100, 175, 300)


def test_looking_at_numbers_changes_nothing(opened):
    opened.document.select(("a",))
    opened.objects.box.unit.setCurrentText("%")
    opened.document.select(("b",))
    opened.objects.box.unit.setCurrentText("px")
    assert opened.document.layout is LAYOUT
    assert not opened.objects.box.fields[0].isEnabled() or opened.document.selection


def test_search(opened):
    panel = opened.objects
    panel.search.setText("me cu")
    hidden = [panel.view.isRowHidden(row, QModelIndex()) for row in range(3)]
    assert hidden == [False, True, True]
    panel.search.setText("3")
    assert not panel.view.isRowHidden(2, QModelIndex())


def test_sort_is_one_entry(opened):
    opened.actions_by_id["sort_small-to-large"].trigger()
    assert prompts(opened) == ["cup", "red metal cube", "mug"]
    opened.document.undo()
    assert prompts(opened) == ["red metal cube", "mug", "cup"]


def test_history_goes_back_and_forth(opened):
    opened.document.select(("a",))
    opened.edits.delete()
    opened.edits.select_all()
    opened.edits.duplicate()
    model = opened.history.model
    names = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert names == ["Opened", "Delete box", "Duplicate 2 boxes"]
    opened.history.list.clicked.emit(model.index(0, 0))
    assert opened.document.layout == LAYOUT
    opened.history.list.clicked.emit(model.index(2, 0))
    assert len(opened.document.layout.objects) == 4
    assert opened.history.list.currentIndex().row() == 2


def test_recent_files(session, window):
    assert not window.menus["recent"].isEnabled()
    window.files.open(SAMPLE)
    assert [action.text() for action in window.menus["recent"].actions()] == [SAMPLE.name]
    window.document.replace(LAYOUT)
    window.menus["recent"].actions()[0].trigger()
    assert len(window.document.layout.objects) == 8
    assert session.settings.get("recent_files") == [str(SAMPLE)]


def test_lora_files_and_the_safety_checker_go_into_the_request(opened, tmp_path, monkeypatch):
    panel = opened.generation.form
    enter(panel.loras, f"{tmp_path / 'one.safetensors'}:0.5")
    chosen = str(tmp_path / "two.safetensors")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (chosen, ""))
    QTest.mouseClick(panel.browse_loras, Qt.MouseButton.LeftButton)
    panel.safety_checker.setFocus()
    QTest.keyClick(panel.safety_checker, Qt.Key.Key_End)
    request = new_request(LAYOUT, panel.options(), tmp_path)
    assert request.settings.loras == (Lora(str(tmp_path / "one.safetensors"), 0.5), Lora(chosen))
    assert request.settings.safety_checker == "off"
    shown = panel.options()
    panel.set_options(RunOptions(model=shown.model))
    assert panel.options().loras == () and panel.options().safety_checker is None
    panel.set_options(RunOptions(**json.loads(json.dumps(asdict(shown)))))
    assert panel.options() == shown, "what was set is there again at the next start"


@pytest.mark.parametrize("method", [method.name for method in BUILT_IN])
def test_every_built_in_method_can_be_chosen(opened, method):
    assert opened.generation.form.method.findData(method) >= 0
