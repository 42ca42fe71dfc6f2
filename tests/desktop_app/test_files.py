"""Opening and saving through the real menus, and what happens when that fails."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop_app.questions import DialogQuestions
from desktop_app.session import SAMPLE
from tests.ui.driver import Hand, type_label

CTRL = Qt.KeyboardModifier.ControlModifier


def draw(window) -> None:
    QTest.keyClick(window.canvas, Qt.Key.Key_D)
    Hand(window.canvas).drag((40, 60), (200, 260))
    type_label(window.canvas, "red metal cube")


def test_the_example_is_one_click_away(window, qtbot):
    qtbot.mouseClick(window.messages.buttons[0], Qt.MouseButton.LeftButton)
    assert len(window.document.layout.objects) == 8
    assert window.windowTitle().startswith("eight_objects")
    assert not window.document.modified


def test_save_and_open_give_the_same_layout(window, answers, tmp_path):
    draw(window)
    assert window.isWindowModified()
    answers.save = tmp_path / "mine"
    QTest.keyClick(window, Qt.Key.Key_S, CTRL)
    written = tmp_path / "mine.layout.json"
    assert written.is_file()
    assert answers.asked == ["save layout.layout.json"]
    assert not window.isWindowModified()
    layout = window.document.layout
    QTest.keyClick(window, Qt.Key.Key_N, CTRL)
    assert window.document.layout.objects == ()
    assert window.files.open(written)
    assert [(o.prompt, o.box) for o in window.document.layout.objects] == [(o.prompt, o.box) for o in layout.objects]
    assert window.files.file == written


def test_undoing_to_the_saved_state_is_not_modified(window, answers, tmp_path):
    draw(window)
    answers.save = tmp_path / "mine.layout.json"
    window.files.save()
    Hand(window.canvas).drag((300, 300), (400, 400))
    window.canvas.editor.reject()
    assert window.document.modified
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert not window.document.modified


def test_changes_are_asked_about(window, answers, tmp_path):
    draw(window)
    answers.changes = "cancel"
    assert not window.files.new()
    assert not window.close()
    assert window.isVisible()
    answers.changes, answers.save = "save", tmp_path / "kept.layout.json"
    assert window.files.new()
    assert len(json.loads((tmp_path / "kept.layout.json").read_text())["objects"]) == 1
    assert answers.asked[:2] == ["changes Untitled", "changes Untitled"]


def test_a_failed_save_loses_nothing(window, answers, tmp_path):
    draw(window)
    (tmp_path / "file").write_text("in the way")
    answers.save = tmp_path / "file" / "mine.layout.json"
    assert not window.files.save()
    assert window.document.modified and len(window.document.layout.objects) == 1
    assert "not saved" in window.messages.text.text()
    assert "mine.layout.json" in window.messages.text.text()


def test_a_broken_file_is_one_sentence(window, tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text('{"objects": [')
    before = window.document.layout
    assert not window.files.open(broken)
    assert window.document.layout is before
    text = window.messages.text.text()
    assert "broken.json" in text and "Traceback" not in text and "\n" not in text


def test_foreign_files_are_not_written_over(window, answers, tmp_path):
    boxes = tmp_path / "annotations.json"
    boxes.write_text(json.dumps([{"x": 10, "y": 20, "width": 100, "height": 50, "label": "red metal cube"}]))
    content = boxes.read_text()
    assert window.files.open(boxes)
    draw(window)
    answers.save = tmp_path / "annotations.layout.json"
    assert window.files.save()
    assert boxes.read_text() == content
    assert len(answers.asked) == 1


def test_the_real_question_about_changes(window):
    found: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        found.append(box.text())
        QTest.keyClick(box, Qt.Key.Key_Escape)

    QTimer.singleShot(50, answer)
    assert DialogQuestions(window).save_changes("mine.layout.json") == "cancel"
    assert found == ["Save the changes to mine.layout.json?"]


def test_the_sample_is_where_the_window_looks():
    assert Path(SAMPLE).is_file()
