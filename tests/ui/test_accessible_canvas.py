"""The canvas for people who do not see it or do not use a mouse: through QAccessible and by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible

from engine.layout import Box, Layout, LayoutObject
from tests.ui.driver import CTRL, SHIFT, press_key, type_label
from ui import edits
from ui.canvas.canvas import Canvas
from ui.completion import Vocabulary
from ui.document import Document

SIZE = (400, 400)
NAME, DESCRIPTION = QAccessible.Text.Name, QAccessible.Text.Description


def thing(name: str, x0: int, y0: int, x1: int, y1: int, prompt: str, **more) -> LayoutObject:
    return LayoutObject(name, prompt, Box.from_pixels(x0, y0, x1, y1, *SIZE), **more)


LAYOUT = Layout(
    *SIZE,
    (
        thing("a", 50, 60, 150, 160, "red metal cube"),
        thing("h", 0, 0, 10, 10, "nothing", hidden=True),
        thing("b", 200, 200, 300, 320, "", locked=True),
    ),
)


@pytest.fixture
def canvas(qtbot) -> Canvas:
    canvas = Canvas(Document(Layout(16, 16)), Vocabulary().suggest)
    qtbot.addWidget(canvas)
    canvas.resize(600, 500)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.document.replace(LAYOUT)
    return canvas


@pytest.fixture
def told(canvas):
    """What a screen reader is given for the canvas."""
    return QAccessible.queryAccessibleInterface(canvas)


def pixels(canvas: Canvas, name: str) -> tuple[int, int, int, int]:
    return tuple(canvas.document.layout.find(name).box.to_pixels(*SIZE))


class TestScreenReader:
    def test_visible_objects_are_children_with_name_and_place(self, told):
        children = [told.child(number) for number in range(told.childCount())]
        assert [child.text(NAME) for child in children] == ["Object 1: red metal cube", "Object 3: no prompt yet"]
        assert children[0].text(DESCRIPTION) == "100 × 100 pixels at 50, 60"
        assert all(child.parent() is told for child in children)
        assert [told.indexOfChild(child) for child in children] == [0, 1]
        assert told.child(2) is None

    def test_an_object_is_where_it_is_painted(self, canvas, told):
        child = told.child(0)
        corner = canvas.mapFromGlobal(child.rect().topLeft())
        x, y = canvas.viewport.to_screen(50, 60)
        assert (corner.x(), corner.y()) == (round(x), round(y))
        middle = child.rect().center()
        assert told.childAt(middle.x(), middle.y()) is child
        outside = canvas.mapToGlobal(QPoint(2, 2))
        assert told.childAt(outside.x(), outside.y()) is None

    def test_states_follow_selection_and_lock(self, canvas, told):
        first, second = told.child(0), told.child(1)
        assert not first.state().selected and first.state().movable
        assert not second.state().movable and second.state().readOnly
        canvas.document.select(("a",))
        assert first.state().selected and not second.state().selected
        assert told.focusChild() is first

    def test_an_object_that_has_gone_is_not_valid(self, canvas, told):
        child = told.child(0)
        canvas.document.apply("Delete", Layout(*SIZE))
        assert not child.isValid() and told.childCount() == 0 and child.text(NAME) == ""
        canvas.document.undo()
        assert child.isValid() and told.child(0) is child

    def test_the_editor_of_a_prompt_is_the_last_child_while_it_is_open(self, canvas, told):
        canvas.document.select(("a",))
        press_key(canvas, Qt.Key.Key_F2)
        assert [told.child(number).text(NAME) for number in range(told.childCount())] == [
            "Object 1: red metal cube",
            "Object 3: no prompt yet",
            "Prompt of the object",
        ]
        editor = told.child(2)
        assert editor.text(QAccessible.Text.Value) == "red metal cube"
        assert told.indexOfChild(editor) == 2 and told.child(3) is None
        middle = editor.rect().center()
        assert told.childAt(middle.x(), middle.y()).object() is canvas.editor
        assert told.focusChild().object() is canvas.editor
        press_key(canvas.editor, Qt.Key.Key_Escape)
        assert told.childCount() == 2 and told.focusChild() is told.child(0)

    def test_the_canvas_tells_what_is_on_it_and_what_of_that_is_selected(self, canvas, told):
        assert told.role() == QAccessible.Role.List
        assert told.text(DESCRIPTION).startswith("Objects: 3. None is selected")
        canvas.document.select(("a",))
        assert told.text(DESCRIPTION) == "1 selected: red metal cube"
        canvas.document.apply("Label", edits.set_prompt(canvas.document.layout, ("a",), "mug"))
        assert told.text(DESCRIPTION) == "1 selected: mug"
        canvas.document.apply("Delete", Layout(*SIZE))
        assert told.text(DESCRIPTION).startswith("No objects yet")

    def test_what_becomes_of_the_current_object_is_news_once(self, canvas, told):
        canvas.document.select(("a",))
        told.changes()
        press_key(canvas, Qt.Key.Key_Right)
        assert told.changes() == (told.child(0), [QAccessible.Event.DescriptionChanged])
        assert told.changes() == (told.child(0), [])
        canvas.document.apply("Label", edits.set_prompt(canvas.document.layout, ("a",), "mug"))
        assert told.changes() == (told.child(0), [QAccessible.Event.NameChanged])
        canvas.document.select(("b",))
        assert told.changes()[1] == [], "another object is no change of this one"


class TestKeysAlone:
    def test_page_keys_walk_through_the_objects(self, canvas):
        for expected in ("a", "b", "a"):
            press_key(canvas, Qt.Key.Key_PageDown)
            assert canvas.document.selection == (expected,)
        press_key(canvas, Qt.Key.Key_PageUp, SHIFT)
        assert canvas.document.selection == ("a", "b")

    def test_f2_labels_what_was_stepped_to(self, canvas, told):
        press_key(canvas, Qt.Key.Key_PageUp)
        press_key(canvas, Qt.Key.Key_F2)
        type_label(canvas, "mug")
        assert told.child(1).text(NAME) == "Object 3: mug"

    def test_insert_adds_a_box_in_the_middle_and_asks_for_its_prompt(self, canvas):
        canvas.zoom_to(4)
        canvas.views.centre_on(100, 120)
        press_key(canvas, Qt.Key.Key_Insert)
        type_label(canvas, "mug")
        item = canvas.document.layout.objects[-1]
        box = item.box.to_pixels(*SIZE)
        assert item.prompt == "mug"
        assert ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2) == pytest.approx((100, 120), abs=2)
        assert [entry.name for entry in canvas.document.history.entries] == ["Draw box", "Label box"]

    def test_ctrl_and_arrows_resize(self, canvas):
        canvas.document.select(("a", "b"))
        press_key(canvas, Qt.Key.Key_Right, CTRL)
        press_key(canvas, Qt.Key.Key_Up, CTRL | SHIFT)
        assert pixels(canvas, "a") == (50, 60, 151, 150)
        assert pixels(canvas, "b") == (200, 200, 300, 320), "it is locked"
        assert canvas.document.undo_name == "Resize box"
        canvas.document.undo()
        canvas.document.undo()
        assert canvas.document.layout == LAYOUT

    def test_resizing_by_keys_stops_at_one_pixel_and_at_the_edge(self, canvas):
        canvas.document.select(("a",))
        for _ in range(12):
            press_key(canvas, Qt.Key.Key_Left, CTRL | SHIFT)
        assert pixels(canvas, "a") == (50, 60, 51, 160)
        for _ in range(40):
            press_key(canvas, Qt.Key.Key_Down, CTRL | SHIFT)
        assert pixels(canvas, "a") == (50, 60, 51, 400)

    def test_what_is_selected_out_of_sight_is_brought_into_view(self, canvas):
        canvas.zoom_to(8)
        canvas.views.centre_on(380, 20)
        press_key(canvas, Qt.Key.Key_PageDown)
        seen = canvas.views.visible
        assert seen.x0 < 100 < seen.x1 and seen.y0 < 110 < seen.y1
        before = canvas.viewport
        canvas.views.pan(5, 5)
        canvas.document.select(())
        canvas.document.select(("a",))
        assert canvas.viewport == before.panned(5, 5), "it is seen already"
