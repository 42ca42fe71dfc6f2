"""Files that leave something open: how boxes are meant is shown and asked, sizes are asked for."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox

from desktop_app.questions import DialogQuestions
from desktop_app.reading import read_dataset
from desktop_app.reading_dialogs import ReadingDialog, SizeDialog
from engine.formats.source import ReadOptions

BOXES = {"width": 200, "height": 100, "objects": [{"label": "mug", "box": [20, 10, 60, 50]}]}


@pytest.fixture
def open_boxes(tmp_path) -> Path:
    """A file whose boxes may be corners, or a corner and a size."""
    path = tmp_path / "boxes.json"
    path.write_text(json.dumps(BOXES))
    return path


@pytest.fixture
def dialog(qtbot, open_boxes) -> ReadingDialog:
    dataset = read_dataset(open_boxes, ReadOptions())
    dialog = ReadingDialog(dataset, lambda reading: read_dataset(open_boxes, ReadOptions(boxes=reading)))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def edges(layout) -> list[float]:
    box = layout.objects[0].box
    return [round(value, 3) for value in (box.x0, box.y0, box.x1, box.y1)]


def test_the_window_asks_before_it_takes_a_guess(window, answers, open_boxes):
    before = window.document.layout
    answers.reading = None
    assert not window.files.open(open_boxes)
    assert window.document.layout is before and answers.asked[0].startswith("reading ")
    answers.reading = "xyxy"
    assert window.files.open(open_boxes)
    assert edges(window.document.layout) == [0.1, 0.1, 0.3, 0.5]
    answers.reading = "xywh"
    assert window.files.open(open_boxes)
    assert edges(window.document.layout) == [0.1, 0.1, 0.4, 0.6]


def test_the_guess_is_shown_with_its_reason(dialog):
    assert "The best guess" in dialog.told.text()
    rows = [dialog.readings.item(row).text() for row in range(dialog.readings.count())]
    assert len(rows) > 3 and "100 % of the boxes fit the picture" in rows[0]
    assert "left, top, right, bottom in pixels" in "".join(rows)


def test_another_reading_is_drawn_and_taken(dialog, qtbot):
    def drawn() -> QImage:
        return dialog.picture.grab().toImage()

    first = drawn()
    words = [dialog.readings.item(row).data(Qt.ItemDataRole.UserRole) for row in range(dialog.readings.count())]
    other = "xywh" if words[0] != "xywh" else "xyxy"
    dialog.readings.setFocus()
    while dialog.readings.currentItem().data(Qt.ItemDataRole.UserRole) != other:
        QTest.keyClick(dialog.readings, Qt.Key.Key_Down)
    assert drawn() != first
    QTimer.singleShot(0, lambda: QTest.keyClick(dialog.readings, Qt.Key.Key_Return))
    accepted = dialog.ask()
    assert accepted.guess.reading == other and accepted.guess.decided
    assert not any("Boxes were read as" in text for text in accepted.warnings)


def test_a_reading_that_cannot_be_is_not_taken(dialog):
    words = [dialog.readings.item(row).data(Qt.ItemDataRole.UserRole) for row in range(dialog.readings.count())]
    dialog.readings.setCurrentRow(words.index("xyxy-normalised"))
    assert "cannot be read like this" in dialog.told.text()
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Open).isEnabled()
    dialog.readings.setCurrentRow(0)
    assert dialog.buttons.button(QDialogButtonBox.StandardButton.Open).isEnabled()


def test_the_boxes_are_drawn_on_the_picture(qtbot, tmp_path):
    Image.new("RGB", (200, 100), (255, 0, 0)).save(tmp_path / "a.png")
    data = [{"id": "a", "prompt": "p", "obj1": ["mug", [0.1, 0.1, 0.3, 0.3]]}]
    path = tmp_path / "nsr.json"
    path.write_text(json.dumps(data))
    dataset = read_dataset(path, ReadOptions(size=(200, 100)))
    dialog = ReadingDialog(dataset, lambda reading: read_dataset(path, ReadOptions((200, 100), reading)))
    qtbot.addWidget(dialog)
    dialog.show()
    middle = dialog.picture.grab().toImage().pixelColor(dialog.picture.rect().center())
    assert dataset.entries[0].picture == tmp_path / "a.png"
    assert (middle.red(), middle.green(), middle.blue()) == (255, 0, 0)


def test_the_size_is_asked_for(window, answers, tmp_path):
    labels = tmp_path / "labels.txt"
    labels.write_text("0 0.5 0.5 0.2 0.2\n")
    assert not window.files.open(labels)
    assert answers.asked == ["size labels.txt"]
    answers.size = (640, 480)
    assert window.files.open(labels)
    assert window.document.layout.size == (640, 480)


def test_the_real_question_about_the_size(window):
    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, SizeDialog)
        dialog.width_field.setValue(640)
        dialog.height_field.setValue(480)
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    QTimer.singleShot(50, answer)
    assert DialogQuestions(window).picture_size("labels.txt") == (640, 480)
    QTimer.singleShot(50, lambda: QTest.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Escape))
    assert DialogQuestions(window).picture_size("labels.txt") is None


def test_questions_that_were_answered_are_gone(window, open_boxes, qtbot):
    questions = DialogQuestions(window)
    dataset = read_dataset(open_boxes, ReadOptions())
    for ask in (
        lambda: questions.save_changes("mine"),
        lambda: questions.overwrite_changed("mine"),
        lambda: questions.picture_size("mine"),
        lambda: questions.accept_reading(dataset, lambda reading: dataset),
        lambda: questions.stop_fetching(["a-model"]),
        questions.stop_export,
    ):
        QTimer.singleShot(50, lambda: QTest.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Escape))
        ask()
    qtbot.waitUntil(lambda: not window.findChildren(QDialog))


def test_while_a_question_about_a_large_file_waits_tasks_go_on(window, loop, qtbot):
    """The one that follows a run, for example: an event of the engine that finds no ear would be lost."""
    answers: list[object] = []

    def press(key) -> None:
        if isinstance(dialog := QApplication.activeModalWidget(), SizeDialog):
            QTest.keyClick(dialog, key)

    async def other() -> None:
        while not isinstance(QApplication.activeModalWidget(), SizeDialog):
            await asyncio.sleep(0.001)
        press(Qt.Key.Key_Return)

    def ask(_result: object) -> None:
        QTimer.singleShot(5_000, window, lambda: press(Qt.Key.Key_Escape))  # in place of a task that cannot go on
        answers.append(DialogQuestions(window).picture_size("large.txt"))

    task = loop.create_task(other())
    window.files.reader.background.run(lambda: None, ask, pytest.fail)
    qtbot.waitUntil(lambda: bool(answers), timeout=10_000)
    assert answers == [(512, 512)] and task.done()


def test_a_large_file_is_read_in_a_thread_and_the_window_answers(window, answers, qtbot, tmp_path):
    from engine.formats import registry
    from engine.layout import Box, Layout, LayoutObject

    thing = LayoutObject("o1", "mug", Box(0.1, 0.1, 0.5, 0.5), extra={"note": "x" * 800})
    registry.write(tmp_path / "many.json", [Layout(100, 100, (thing,))] * 1500, "coco")
    turns: list[bool] = []
    timer = QTimer(window, interval=1)
    timer.timeout.connect(lambda: turns.append(window.library.datasets.panel.busy.isVisible()))
    assert window.files.open(tmp_path / "many.json")
    assert window.files.reader.background.busy and window.library.datasets.dataset is None
    timer.start()
    qtbot.waitUntil(lambda: not window.files.reader.background.busy, timeout=20_000)
    timer.stop()
    assert any(turns), "timers ran while it was being read, and the browser said so"
    assert len(window.library.datasets.panel.model.items) == 1500


def test_a_file_that_was_asked_for_later_wins(window, qtbot, tmp_path):
    from engine.formats import registry
    from engine.layout import Layout

    for name, count in (("one", 3), ("two", 4)):
        registry.write(tmp_path / name, [Layout(9, 9)] * count, "boxpaint")
    window.files.open(tmp_path / "one")
    window.files.open(tmp_path / "two")
    qtbot.waitUntil(lambda: not window.files.reader.background.busy)
    assert len(window.library.datasets.dataset.entries) == 4
