"""Rulers, minimap and pixel grid: they follow the canvas, and the minimap moves it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QPalette
from PySide6.QtTest import QTest

from engine.layout import Box, Layout, LayoutObject
from tests.ui.driver import NO_KEYS, Hand, press_key
from ui.canvas.canvas import Canvas
from ui.canvas.frame import PARTS, CanvasFrame
from ui.canvas.ticks import ticks
from ui.completion import Vocabulary
from ui.document import Document

SIZE = (512, 512)
LAYOUT = Layout(*SIZE, (LayoutObject("a", "red metal cube", Box.from_pixels(50, 60, 150, 160, *SIZE)),))


@pytest.fixture
def frame(qtbot) -> CanvasFrame:
    document = Document(Layout(16, 16))
    frame = CanvasFrame(Canvas(document, Vocabulary().suggest))
    qtbot.addWidget(frame)
    frame.canvas.set_snapping(False)
    frame.resize(700, 640)
    frame.show()
    qtbot.waitExposed(frame)
    document.replace(LAYOUT)
    return frame


@pytest.mark.parametrize(
    ("scale", "step", "part"), [(64, 1, 1), (8, 10, 1), (1, 100, 10), (0.4, 200, 20), (0.02, 5000, 500), (2, 50, 5)]
)
def test_marks_can_be_read_at_every_zoom(scale, step, part):
    found = ticks(scale)
    assert (found.step, found.part) == (step, part)
    assert found.step * scale >= 56 and (found.part == 1 or found.part * scale >= 5)
    assert found.step % found.part == 0


def test_marks_reach_over_negative_pixels():
    assert list(ticks(1).numbered(-150, 230)) == [-100, 0, 100, 200]


def test_rulers_lie_pixel_on_pixel_beside_the_canvas(frame):
    for axis, ruler in enumerate(frame.rulers):
        corner = ruler.mapTo(frame, QPoint()), frame.canvas.mapTo(frame, QPoint())
        assert (corner[0].x() == corner[1].x()) if axis == 0 else (corner[0].y() == corner[1].y())
        assert (ruler.width() == frame.canvas.width()) if axis == 0 else (ruler.height() == frame.canvas.height())


def test_rulers_mark_pointer_and_selection(frame):
    hand, (across, down) = Hand(frame.canvas), frame.rulers
    hand.click(100, 100)
    hand.move(100, 120, held=False)
    assert (across.pointer, down.pointer) == pytest.approx((100, 120))
    assert across.selection == (50, 150) and down.selection == (60, 160)
    accent = frame.palette().color(QPalette.ColorRole.Highlight)
    picture = across.grab().toImage()
    x, _ = frame.canvas.viewport.to_screen(140, 0)
    assert picture.pixelColor(round(x), 16) == accent
    x, _ = frame.canvas.viewport.to_screen(300, 0)
    assert picture.pixelColor(round(x), 16) != accent
    hand.drag((100, 100), (130, 100))
    assert across.selection == (80, 180)


def test_rulers_follow_the_zoom(frame):
    before = frame.rulers[0].grab().toImage()
    frame.canvas.zoom(2)
    assert frame.rulers[0].grab().toImage() != before


def test_the_minimap_appears_only_when_something_is_out_of_sight(frame):
    assert not frame.minimap.isVisible()
    frame.canvas.zoom_to(3)
    assert frame.minimap.isVisible()
    assert frame.canvas.rect().contains(frame.minimap.geometry())
    frame.canvas.fit()
    assert not frame.minimap.isVisible()


def test_click_and_drag_on_the_minimap_pan(frame):
    canvas, minimap = frame.canvas, frame.minimap
    canvas.zoom_to(4)
    middle = canvas.width() / 2, canvas.height() / 2
    QTest.mousePress(minimap, Qt.MouseButton.LeftButton, NO_KEYS, QPoint(minimap.width() // 4, minimap.height() // 2))
    assert canvas.viewport.to_picture(*middle) == pytest.approx((128, 256), abs=4)
    QTest.mouseMove(minimap, QPoint(minimap.width() * 3 // 4, minimap.height() // 4))
    QTest.mouseRelease(minimap, Qt.MouseButton.LeftButton)
    assert canvas.viewport.to_picture(*middle) == pytest.approx((384, 128), abs=4)
    assert canvas.document.layout == LAYOUT and canvas.document.selection == ()


def test_the_keyboard_pans_through_the_minimap(frame):
    frame.canvas.zoom_to(4)
    frame.minimap.setFocus()
    before = frame.canvas.views.visible
    press_key(frame.minimap, Qt.Key.Key_Right)
    press_key(frame.minimap, Qt.Key.Key_Down)
    after = frame.canvas.views.visible
    assert after.x0 > before.x0 and after.y0 > before.y0


def test_the_minimap_shows_what_was_drawn(frame, qtbot):
    frame.canvas.zoom_to(3)
    before = frame.minimap.grab().toImage()
    frame.canvas.document.apply("Delete", Layout(*SIZE))
    qtbot.waitUntil(lambda: frame.minimap.grab().toImage() != before)


def test_pixels_have_a_grid_when_they_are_large(frame):
    def shows_grid() -> bool:
        before = frame.canvas.grab().toImage()
        frame.show_part("pixel_grid", False)
        changed = frame.canvas.grab().toImage() != before
        frame.show_part("pixel_grid", True)
        return changed

    assert not shows_grid()
    frame.canvas.zoom_to(16)
    assert shows_grid()


def test_every_part_can_be_switched_off(frame, qtbot):
    for part in PARTS:
        with qtbot.waitSignal(frame.part_switched) as told:
            frame.show_part(part, False)
        assert told.args == [part, False] and not frame.shows(part)
    frame.canvas.zoom_to(4)
    assert not frame.minimap.isVisible() and not any(ruler.isVisible() for ruler in frame.rulers)
    frame.show_part("minimap", True)
    assert frame.minimap.isVisible()


def test_screen_readers_find_the_parts(frame):
    frame.canvas.zoom_to(4)
    for widget in (*frame.rulers, frame.minimap):
        found = QAccessible.queryAccessibleInterface(widget)
        assert found.text(QAccessible.Text.Name)


def test_a_picture_of_another_size_is_fitted_again(frame):
    document, canvas = frame.canvas.document, frame.canvas
    document.apply("Resize picture", Layout(2048, 1024, LAYOUT.objects))
    assert canvas.views.visible.x0 < 0 and canvas.views.visible.x1 > 2048
    canvas.zoom(4)
    scale = canvas.viewport.scale
    document.undo()
    assert canvas.viewport.scale == scale, "a view that was chosen stays"
