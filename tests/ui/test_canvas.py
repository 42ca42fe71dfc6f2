"""Every gesture of the canvas, through real mouse and key events."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.layout import Box, Layout, LayoutObject
from tests.ui.driver import ALT, CTRL, MIDDLE, SHIFT, Hand, press_key, type_label
from ui.canvas.canvas import Canvas, Tool
from ui.completion import Vocabulary
from ui.document import Document

SIZE = (512, 512)


def thing(name: str, x0: int, y0: int, x1: int, y1: int, prompt: str = "red metal cube", **more) -> LayoutObject:
    return LayoutObject(name, prompt, Box.from_pixels(x0, y0, x1, y1, *SIZE), **more)


TWO = Layout(*SIZE, (thing("a", 50, 60, 150, 160), thing("b", 300, 300, 400, 420, "blue rubber sphere")))


def pixels(document: Document, name: str) -> tuple[int, int, int, int]:
    return tuple(document.layout.find(name).box.to_pixels(*SIZE))


@pytest.fixture
def document() -> Document:
    return Document(Layout(*SIZE))


@pytest.fixture
def canvas(qtbot, document) -> Canvas:
    canvas = Canvas(document, Vocabulary().suggest)
    qtbot.addWidget(canvas)
    canvas.set_snapping(False)  # has tests of its own
    canvas.resize(800, 700)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.setFocus()
    return canvas


@pytest.fixture
def hand(canvas) -> Hand:
    return Hand(canvas)


@pytest.fixture
def two(document, canvas) -> Document:
    document.replace(TWO)
    return document


class TestDrawing:
    def test_drag_draws_a_box_on_whole_pixels(self, document, canvas, hand):
        hand.drag((100, 120), (220, 260))
        (item,) = document.layout.objects
        assert pixels(document, item.id) == (100, 120, 220, 260)
        assert document.selection == (item.id,)
        assert document.undo_name == "Draw box"

    def test_any_direction(self, document, hand):
        hand.drag((220, 260), (100, 120))
        assert pixels(document, "o1") == (100, 120, 220, 260)

    def test_shift_draws_a_square_and_alt_from_the_centre(self, document, canvas, hand):
        hand.drag((100, 100), (160, 180), SHIFT)
        canvas.editor.reject()
        hand.drag((300, 300), (350, 320), ALT)
        assert pixels(document, "o1") == (100, 100, 180, 180)
        assert pixels(document, "o2") == (250, 280, 350, 320)

    def test_a_box_stays_inside_the_picture(self, document, hand):
        hand.drag((450, 450), (600, 530))
        assert pixels(document, "o1") == (450, 450, 512, 512)

    def test_label_is_asked_right_away_with_completion(self, document, canvas, hand):
        hand.drag((100, 100), (200, 200))
        assert canvas.editor.open
        QTest.keyClicks(canvas.editor, "re me cu")
        assert canvas.editor.completer().model().index(0, 0).data() == "red metal cube"
        canvas.editor.completer().activated.emit("red metal cube")
        assert document.layout.objects[0].prompt == "red metal cube"
        assert not canvas.editor.open

    def test_free_text_is_allowed(self, document, canvas, hand):
        hand.drag((100, 100), (200, 200))
        type_label(canvas, "a marble bust of a corgi")
        assert document.layout.objects[0].prompt == "a marble bust of a corgi"

    def test_escape_while_drawing_leaves_nothing(self, document, canvas, hand):
        hand.press(100, 100)
        hand.move(200, 200)
        assert len(document.layout.objects) == 1
        press_key(canvas, Qt.Key.Key_Escape)
        hand.release(200, 200)
        assert document.layout == Layout(*SIZE)
        assert document.undo_name is None

    def test_a_box_inside_a_box(self, two, canvas, hand):
        canvas.set_tool(Tool.DRAW)
        hand.drag((70, 80), (110, 120))
        assert len(two.layout.objects) == 3

    def test_two_clicks_draw_too(self, document, canvas, hand):
        hand.click(100, 100)
        hand.move(150, 140, held=False)
        assert pixels(document, "o1") == (100, 100, 150, 140)
        hand.move(200, 180, held=False)
        hand.click(200, 180)
        assert pixels(document, "o1") == (100, 100, 200, 180)
        type_label(canvas, "mug")
        assert [entry.name for entry in document.history.entries] == ["Draw box", "Label box"]

    def test_one_click_and_escape_draw_nothing(self, document, canvas, hand):
        hand.click(100, 100)
        hand.move(150, 140, held=False)
        press_key(canvas, Qt.Key.Key_Escape)
        assert document.layout.objects == ()
        assert not document.in_gesture

    def test_two_clicks_on_one_place_draw_nothing(self, document, canvas, hand):
        hand.click(100, 100)
        hand.click(100, 100)
        assert document.layout.objects == ()
        assert not document.in_gesture and not canvas.editor.open


class TestSelecting:
    def test_opened_layout_starts_with_selecting(self, two, canvas):
        assert canvas.tool is Tool.SELECT

    def test_click_and_shift_click(self, two, hand):
        hand.click(100, 100)
        assert two.selection == ("a",)
        hand.click(350, 350, SHIFT)
        assert two.selection == ("a", "b")
        hand.click(100, 100, SHIFT)
        assert two.selection == ("b",)
        hand.click(250, 30)
        assert two.selection == ()

    def test_rubber_band(self, two, hand):
        hand.drag((10, 10), (450, 450))
        assert two.selection == ("a", "b")
        hand.drag((10, 10), (200, 200))
        assert two.selection == ("a",)
        hand.drag((480, 480), (390, 390), SHIFT)
        assert two.selection == ("a", "b")

    def test_escape_gives_the_former_selection_back(self, two, canvas, hand):
        hand.click(100, 100)
        hand.press(480, 480)
        hand.move(290, 290)
        assert two.selection == ("b",)
        press_key(canvas, Qt.Key.Key_Escape)
        hand.release(290, 290)
        assert two.selection == ("a",)

    def test_hidden_objects_cannot_be_hit(self, document, canvas, hand):
        document.replace(Layout(*SIZE, (thing("a", 50, 60, 150, 160, hidden=True),)))
        hand.click(100, 100)
        assert document.selection == ()


class TestMoving:
    def test_drag_moves_by_whole_pixels_as_one_entry(self, two, hand):
        hand.drag((100, 100), (130, 90))
        assert pixels(two, "a") == (80, 50, 180, 150)
        assert two.undo_name == "Move box"
        two.undo()
        assert two.layout == TWO

    def test_group_moves_together_and_stops_at_the_edge(self, two, hand):
        two.select(("a", "b"))
        hand.drag((100, 100), (400, 100))
        assert pixels(two, "b") == (412, 300, 512, 420)
        assert pixels(two, "a") == (162, 60, 262, 160)
        assert two.undo_name == "Move 2 boxes"

    def test_locked_objects_stay(self, document, canvas, hand):
        document.replace(Layout(*SIZE, (thing("a", 50, 60, 150, 160, locked=True),)))
        hand.drag((100, 100), (200, 200))
        assert pixels(document, "a") == (50, 60, 150, 160)
        assert document.undo_name is None

    def test_escape_puts_it_back(self, two, canvas, hand):
        hand.press(100, 100)
        hand.move(200, 200)
        assert two.layout != TWO
        press_key(canvas, Qt.Key.Key_Escape)
        hand.release(200, 200)
        assert two.layout == TWO
        assert two.undo_name is None

    def test_undo_in_the_middle_of_a_drag_ends_it(self, two, hand):
        two.apply("Label", two.layout.with_object(thing("a", 50, 60, 150, 160, "mug")))
        hand.press(100, 100)
        hand.move(200, 200)
        two.undo()
        hand.move(210, 210)
        hand.release(210, 210)
        assert pixels(two, "a") == (50, 60, 150, 160)
        assert two.undo_name == "Label"

    def test_arrows_nudge(self, two, canvas, hand):
        hand.click(100, 100)
        press_key(canvas, Qt.Key.Key_Right)
        press_key(canvas, Qt.Key.Key_Up, SHIFT)
        assert pixels(two, "a") == (51, 50, 151, 150)
        two.undo()
        assert pixels(two, "a") == (51, 60, 151, 160)

    def test_arrows_without_a_selection_are_passed_on(self, two, canvas, qtbot):
        with qtbot.waitSignal(canvas.arrow_unused) as told:
            press_key(canvas, Qt.Key.Key_Left)
        assert told.args == [Qt.Key.Key_Left]


class TestResizing:
    @pytest.mark.parametrize(
        ("start", "end", "expected"),
        [
            ((50, 60), (40, 40), (40, 40, 150, 160)),
            ((100, 60), (100, 30), (50, 30, 150, 160)),
            ((150, 60), (170, 70), (50, 70, 170, 160)),
            ((150, 110), (190, 300), (50, 60, 190, 160)),
            ((150, 160), (160, 200), (50, 60, 160, 200)),
            ((100, 160), (300, 170), (50, 60, 150, 170)),
            ((50, 160), (20, 180), (20, 60, 150, 180)),
            ((50, 110), (70, 110), (70, 60, 150, 160)),
        ],
    )
    def test_eight_handles(self, two, hand, start, end, expected):
        hand.click(100, 100)
        hand.drag(start, end)
        assert pixels(two, "a") == expected
        assert two.undo_name == "Resize box"

    def test_shift_keeps_the_shape(self, two, hand):
        hand.click(350, 350)  # 100 × 120
        hand.drag((400, 420), (450, 430), SHIFT)
        assert pixels(two, "b") == (300, 300, 450, 480)

    def test_alt_resizes_round_the_centre(self, two, hand):
        hand.click(100, 100)
        hand.drag((150, 160), (170, 165), ALT)
        assert pixels(two, "a") == (30, 55, 170, 165)

    def test_dragging_past_the_other_edge_turns_it_over(self, two, hand):
        hand.click(100, 100)
        hand.drag((150, 110), (20, 110))
        assert pixels(two, "a") == (20, 60, 50, 160)

    def test_group_scales(self, two, hand):
        two.select(("a", "b"))
        hand.drag((400, 420), (225, 240))
        assert pixels(two, "a") == (50, 60, 100, 110)
        assert pixels(two, "b") == (175, 180, 225, 240)
        assert two.undo_name == "Resize 2 boxes"


class TestLabels:
    @pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_Return])
    def test_keys_open_the_editor(self, two, canvas, hand, key):
        hand.click(100, 100)
        press_key(canvas, key)
        assert canvas.editor.open and canvas.editor.text() == "red metal cube"
        type_label(canvas, "green metal cube")
        assert two.layout.find("a").prompt == "green metal cube"
        assert two.undo_name == "Label box"

    def test_double_click_opens_it_and_escape_gives_up(self, two, canvas, hand):
        hand.double_click(350, 350)
        QTest.keyClicks(canvas.editor, "nonsense")
        QTest.keyClick(canvas.editor, Qt.Key.Key_Escape)
        assert two.layout == TWO
        assert not canvas.editor.open

    def test_clicking_elsewhere_accepts(self, two, canvas, hand, qtbot):
        canvas.activateWindow()
        hand.double_click(350, 350)
        QTest.keyClicks(canvas.editor, "mug")
        canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        qtbot.waitUntil(lambda: two.layout.find("b").prompt == "mug")


class TestViewing:
    def test_wheel_zooms_at_the_pointer(self, two, canvas, hand):
        place = hand.at(300, 200)
        before = canvas.viewport.scale
        turn = QWheelEvent(
            place, QPointF(canvas.mapToGlobal(place)), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(canvas, turn)
        assert canvas.viewport.scale == pytest.approx(before * 1.25)
        assert hand.at(300, 200).x() == pytest.approx(place.x())

    def test_fit_actual_and_selection(self, two, canvas):
        canvas.zoom_to(1.0)
        assert canvas.viewport.scale == 1.0
        two.select(("a",))
        canvas.zoom_to_selection()
        assert canvas.viewport.scale > 3
        canvas.fit()
        assert canvas.viewport.to_screen(256, 256) == pytest.approx((400, 350))

    def test_middle_button_and_space_pan(self, two, canvas, hand):
        before = canvas.viewport
        start, end = (100, 100), (120, 110)
        hand.drag(start, end, button=MIDDLE)
        assert canvas.viewport.dx > before.dx
        moved = canvas.viewport.dx
        QTest.keyPress(canvas, Qt.Key.Key_Space)
        hand.drag(start, end)
        QTest.keyRelease(canvas, Qt.Key.Key_Space)
        assert canvas.viewport.dx > moved
        assert two.layout == TWO

    def test_boxes_can_be_hidden_to_see_the_picture(self, two, canvas, hand):
        picture = QImage(64, 64, QImage.Format.Format_RGB32)
        picture.fill(0x336699)
        canvas.set_picture(picture)
        canvas.set_boxes_visible(False)
        assert color_at(canvas, hand, 51, 61) == 0x336699
        hand.click(100, 100)
        assert two.selection == ()

    def test_a_missing_picture_is_said(self, two, canvas):
        before = canvas.grab().toImage()
        canvas.set_picture(None, "The picture step_00.png is missing.")
        assert canvas.grab().toImage() != before

    def test_selection_is_told_to_screen_readers(self, two, canvas):
        two.select(("a", "b"))
        assert canvas.describe() == "2 selected: red metal cube, blue rubber sphere"


def test_control_key_is_no_obstacle(two, hand):
    hand.drag((100, 100), (130, 90), CTRL)
    assert pixels(two, "a") == (80, 50, 180, 150)


def color_at(canvas: Canvas, hand: Hand, x: float, y: float) -> int:
    place = hand.at(x, y)
    return canvas.grab().toImage().pixelColor(round(place.x()), round(place.y())).rgb() & 0xFFFFFF
