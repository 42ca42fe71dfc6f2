"""The start page: what it offers, by mouse and by keyboard, and how it comes and goes."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

from desktop_app.model_choices import folder_choice
from desktop_app.samples import PAINTED, painted_sample, sample_file, samples
from tests.ui.driver import CTRL, SHIFT
from ui.timeline.model import RunState

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def kept_settings():
    return {"warm_up": False}


@pytest.fixture
def page(session, qtbot):
    assert session.start_page.shown
    page = session.start_page.page
    qtbot.waitUntil(lambda: all(card.count.text() for card in page.cards.values()))
    return page


def test_it_stands_in_for_the_empty_canvas(session, page):
    window = session.window
    assert page.isVisible() and not window.canvas.isVisible()
    assert not any(dock.isVisible() for dock in window.docks.all())
    assert set(page.cards) == {sample.name for sample in samples()}
    assert page.cards["eight_objects"].count.text() == "8 objects"


def test_from_the_page_to_a_painted_sample_is_one_click(session, page, qtbot, pipeline):
    window = session.window
    window.generation.form.add_model(folder_choice(str(pipeline)))
    window.generation.form.steps.setValue(1)
    window.generation.form.width_box.setValue(64)
    window.generation.form.height_box.setValue(64)
    qtbot.mouseClick(page.cards["number_few_1"].paint, LEFT)
    assert window.runs.busy
    assert window.canvas.isVisible() and not page.isVisible()
    assert all(window.docks[name].isVisible() for name in ("objects", "generation", "timeline"))
    assert not window.docks["objects"].visibleRegion().isEmpty(), "the first tab is the one in front"
    qtbot.waitUntil(lambda: not window.runs.busy, timeout=60_000)
    assert window.run_model.state is RunState.FINISHED, window.run_model.message
    assert len(window.run_model.steps) == 3


def test_a_sample_is_opened_as_a_copy(session, page, qtbot, answers, tmp_path):
    window = session.window
    before = sample_file("eight_objects").read_bytes()
    card = page.cards["eight_objects"]
    card.picture.setFocus()
    QTest.keyClick(card.picture, Qt.Key.Key_Space)
    assert len(window.document.layout.objects) == 8
    assert not window.document.modified
    assert window.files.file is None
    answers.save = tmp_path / "mine.layout.json"
    assert window.files.save()
    assert answers.asked[-1] == "save eight_objects.layout.json"
    assert sample_file("eight_objects").read_bytes() == before


def test_words_that_the_model_does_not_know_are_not_painted(session, page):
    card = page.cards["coco_combination_1"]
    assert session.window.generation.form.choice.vocabulary
    assert not card.paint.isEnabled() and card.picture.isEnabled()
    assert "another model" in card.paint.toolTip()


def test_other_model_other_samples(session, page, pipeline):
    session.window.generation.form.add_model(folder_choice(str(pipeline)))
    assert page.cards["coco_combination_1"].paint.isEnabled()


def test_recent_files_open_by_keyboard(session, page, qtbot, tmp_path):
    window = session.window
    kept = tmp_path / "kept.layout.json"
    kept.write_text(json.dumps({"schema_version": 1, "width": 64, "height": 64, "objects": []}))
    assert window.files.open(kept)
    assert not session.start_page.shown
    QTest.keyClick(window, Qt.Key.Key_H, CTRL | SHIFT)
    assert session.start_page.shown
    assert page.recent.item(0).text() == kept.name
    assert page.recent.item(0).toolTip() == str(kept)
    page.recent.setFocus()
    page.recent.setCurrentRow(0)
    QTest.keyClick(page.recent, Qt.Key.Key_Return)
    assert window.files.file == kept and window.canvas.isVisible()


def test_a_broken_recent_file_is_one_sentence_on_the_page(session, page, tmp_path):
    page.recent_wanted.emit(tmp_path / "gone.layout.json")
    assert session.start_page.shown
    assert "gone.layout.json" in session.window.messages.text.text()


def test_commands_of_the_page(session, page, answers, tmp_path):
    buttons = {button.defaultAction().objectName(): button for button in page.findChildren(QToolButton, "startCommand")}
    assert list(buttons) == ["new", "open", "open_folder"]
    QTest.mouseClick(buttons["open_folder"], LEFT)
    assert answers.asked == ["folder"]
    assert session.start_page.shown, "nothing was chosen"
    QTest.mouseClick(buttons["new"], LEFT)
    assert session.window.canvas.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_D, Qt.Key.Key_Escape])
def test_keys_that_lead_to_the_canvas(session, page, key):
    QTest.keyClick(page, key)
    assert session.window.canvas.isVisible()


def test_paste_leads_to_the_canvas(session, page):
    QApplication.clipboard().setText('[{"x": 10, "y": 20, "width": 100, "height": 50, "label": "a corgi"}]')
    session.window.actions_by_id["paste"].trigger()
    assert session.window.canvas.isVisible()
    assert len(session.window.document.layout.objects) == 1


def test_the_offer_of_the_tour_goes_for_ever(session, page):
    assert page.offer.isVisible()
    QTest.mouseClick(page.findChild(QPushButton, "tourNever"), LEFT)
    assert not page.offer.isVisible()
    assert session.settings.get("offer_tour") is False
    session.window.files.new()
    session.window.actions_by_id["start_page"].trigger()
    assert not page.offer.isVisible()


def test_it_can_be_switched_off(session, page):
    assert page.at_start.isChecked()
    QTest.mouseClick(page.at_start, LEFT, pos=page.at_start.rect().center() / 8)
    assert session.settings.get("start_page") is False


def test_panels_come_back_although_the_window_was_closed_on_the_page(session, page):
    session.start_page.leave()
    proper = session.window.arrangement()
    session.window.actions_by_id["start_page"].trigger()
    session.start_page.leave()
    assert session.window.arrangement() == proper


def test_screen_readers_are_told_what_a_card_does(page):
    card = page.cards["eight_objects"]
    names = [
        QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        for widget in (card.picture, card.paint, page.recent)
    ]
    assert names == ["Open Two rows", "Paint Two rows", "Recent files"]


def test_samples_are_there():
    assert all(sample_file(sample.name).is_file() for sample in samples())
    pictures = [painted_sample(name) for name in PAINTED]
    assert all(picture is not None and picture.width() == picture.height() for picture in pictures)
    assert painted_sample("coco_combination_1") is None
