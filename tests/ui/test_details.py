"""Colour, seed and notes of what is selected: by mouse and keyboard, one undo entry each."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor, QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QColorDialog

from engine.layout import Box, Layout, LayoutObject
from engine.layout.notes import notes_of, own_color
from tests.ui.driver import CTRL, Hand, press_key
from ui.canvas.canvas import Canvas
from ui.colors import CLEVR_COLORS, color_of
from ui.completion import Vocabulary
from ui.document import Document
from ui.panels.objects_panel import ObjectsPanel

LAYOUT = Layout(
    200,
    200,
    (
        LayoutObject("a", "red metal cube", Box(0.1, 0.1, 0.4, 0.4)),
        LayoutObject("b", "mug", Box(0.5, 0.5, 0.9, 0.9), seed=7, extra={"notes": "chipped"}),
    ),
)


@pytest.fixture
def document() -> Document:
    return Document(LAYOUT)


@pytest.fixture
def panel(qtbot, document) -> ObjectsPanel:
    panel = ObjectsPanel(document, Vocabulary().suggest, lambda name: QIcon())
    qtbot.addWidget(panel)
    panel.resize(310, 420)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def choose_color(panel: ObjectsPanel, text: str) -> None:
    action = next(action for action in panel.details.color.menu().actions() if action.text() == text)
    action.trigger()


def enter(field, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text) if text else QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_nothing_can_be_edited_without_a_selection(panel, document):
    assert not panel.details.isEnabled()
    document.select(("b",))
    assert panel.details.isEnabled() and panel.details.seed.text() == "7"
    document.select(())
    assert not panel.details.isEnabled()
    assert panel.details.seed.text() == "" and panel.details.notes.toPlainText() == ""


def test_a_colour_from_the_menu_and_back(panel, document):
    document.select(("a", "b"))
    choose_color(panel, "Green")
    assert [own_color(item) for item in document.layout.objects] == [CLEVR_COLORS["green"]] * 2
    assert document.undo_name == "Colour 2 boxes"
    icon = panel.model.index(1, 0).data(Qt.ItemDataRole.DecorationRole)
    assert icon.pixmap(12, 12).toImage().pixelColor(6, 6) == QColor(*CLEVR_COLORS["green"])
    choose_color(panel, "By the prompt")
    assert document.layout == LAYOUT
    document.undo()
    document.undo()
    assert document.layout == LAYOUT and document.undo_name is None


def test_any_colour_by_the_dialog(panel, document, qtbot):
    document.select(("a",))
    choose_color(panel, "Other…")
    dialog = panel.findChild(QColorDialog)
    dialog.setCurrentColor(QColor(9, 99, 199))
    dialog.accept()
    assert own_color(document.layout.find("a")) == (9, 99, 199)
    qtbot.waitUntil(lambda: panel.findChild(QColorDialog) is None)


def test_the_canvas_paints_the_own_colour(qtbot, document):
    canvas = Canvas(document, Vocabulary().suggest)
    qtbot.addWidget(canvas)
    canvas.resize(500, 500)
    canvas.show()
    canvas.fit()
    own = (9, 99, 199)
    item = document.layout.find("a")
    extra = {"display_color": "#0963c7"}
    document.apply("Colour", document.layout.with_object(LayoutObject("a", item.prompt, item.box, extra=extra)))
    place = Hand(canvas).at(30, 20)
    picture = canvas.grab().toImage()
    assert picture.pixelColor(round(place.x()), round(place.y())) == QColor(*own)


def test_a_seed_by_keyboard(panel, document):
    document.select(("a",))
    assert panel.details.seed.text() == ""
    enter(panel.details.seed, "12345")
    assert document.layout.find("a").seed == 12345
    assert document.undo_name == "Seed of box"
    enter(panel.details.seed, "")
    assert document.layout.find("a").seed is None


def test_a_seed_that_is_too_large_is_not_taken(panel, document):
    document.select(("b",))
    enter(panel.details.seed, "9999999999999999999")
    assert document.layout == LAYOUT
    assert panel.details.seed.text() == "7"


def test_letters_cannot_be_typed_into_the_seed(panel, document):
    document.select(("b",))
    enter(panel.details.seed, "x1y2")
    assert document.layout.find("b").seed == 12


def test_notes_are_taken_by_leaving_or_by_ctrl_enter(panel, document, qtbot):
    notes = panel.details.notes
    document.select(("a",))
    notes.setFocus()
    QTest.keyClicks(notes, "the left one")
    press_key(notes, Qt.Key.Key_Return, CTRL)
    assert notes_of(document.layout.find("a")) == "the left one"
    assert document.undo_name == "Notes on box"
    QTest.keyClicks(notes, " of two")
    QTest.keyClick(notes, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: "of two" in notes_of(document.layout.find("a")))


def test_escape_gives_typed_notes_up(panel, document):
    notes = panel.details.notes
    document.select(("b",))
    assert notes.toPlainText() == "chipped"
    notes.setFocus()
    QTest.keyClicks(notes, "x")
    press_key(notes, Qt.Key.Key_Escape)
    assert notes.toPlainText() == "chipped"
    press_key(notes, Qt.Key.Key_Return, CTRL)
    assert document.layout == LAYOUT


def test_several_objects_with_different_values(panel, document):
    document.select(("a", "b"))
    assert panel.details.seed.text() == "" and panel.details.seed.placeholderText() == "several"
    assert panel.details.notes.toPlainText() == ""
    panel.details.seed.setFocus()
    QTest.keyClick(panel.details.seed, Qt.Key.Key_Return)
    assert document.layout == LAYOUT, "looking at them changes nothing"
    enter(panel.details.seed, "3")
    assert [item.seed for item in document.layout.objects] == [3, 3]
    assert document.undo_name == "Seed of 2 boxes"


def test_screen_readers_are_told(panel, document):
    document.select(("b",))
    for widget in (panel.details.color, panel.details.seed, panel.details.notes):
        assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    told = panel.model.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told.startswith("Object 2: mug, ") and "seed 7" in told and "chipped" in told


def test_colours_follow_the_prompt_until_one_is_chosen():
    item = LAYOUT.find("a")
    assert color_of(item) == CLEVR_COLORS["red"]
