"""Two fingers on a touchpad, and every way to give a drag up."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication

from engine.layout import Box, Layout, LayoutObject
from tests.ui.driver import ALT, CTRL, NO_KEYS, SHIFT, Hand, press_key
from ui.canvas.canvas import Canvas, Tool
from ui.completion import Vocabulary
from ui.document import Document

SIZE = (400, 400)
LAYOUT = Layout(
    *SIZE,
    (
        LayoutObject("a", "red metal cube", Box.from_pixels(50, 60, 150, 160, *SIZE)),
        LayoutObject("b", "mug", Box.from_pixels(200, 200, 300, 320, *SIZE)),
    ),
)


@pytest.fixture
def canvas(qtbot) -> Canvas:
    canvas = Canvas(Document(Layout(16, 16)), Vocabulary().suggest)
    qtbot.addWidget(canvas)
    canvas.set_snapping(False)
    canvas.resize(600, 500)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.document.replace(LAYOUT)
    return canvas


@pytest.fixture
def hand(canvas) -> Hand:
    return Hand(canvas)


def swipe(canvas: Canvas, place: QPointF, by: QPoint, keys=NO_KEYS) -> None:
    everywhere = QPointF(canvas.mapToGlobal(place))
    phase = Qt.ScrollPhase.ScrollUpdate
    event = QWheelEvent(place, everywhere, by, by * 2, Qt.MouseButton.NoButton, keys, phase, False)
    QApplication.sendEvent(canvas, event)


def test_two_fingers_pan(canvas, hand):
    before = canvas.viewport
    swipe(canvas, hand.at(100, 100), QPoint(30, -12))
    assert (canvas.viewport.dx, canvas.viewport.dy) == (before.dx + 30, before.dy - 12)
    assert canvas.viewport.scale == before.scale


def test_two_fingers_zoom_while_ctrl_is_held(canvas, hand):
    place, before = hand.at(100, 100), canvas.viewport.scale
    swipe(canvas, place, QPoint(0, 60), CTRL)
    assert canvas.viewport.scale > before
    assert hand.at(100, 100).x() == pytest.approx(place.x())


def test_spreading_two_fingers_zooms_at_their_place(canvas, hand):
    place, before = hand.at(120, 90), canvas.viewport.scale
    QApplication.sendEvent(
        canvas,
        QNativeGestureEvent(
            Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2, place, place,
            QPointF(canvas.mapToGlobal(place)), 0.2, QPointF(),
        ),
    )  # fmt: skip
    assert canvas.viewport.scale == pytest.approx(before * 1.2)
    assert hand.at(120, 90).x() == pytest.approx(place.x())


@pytest.mark.parametrize(
    ("tool", "start", "keys"),
    [
        (Tool.SELECT, (100, 100), NO_KEYS),  # move
        (Tool.SELECT, (100, 100), ALT),  # duplicate
        (Tool.SELECT, (150, 160), NO_KEYS),  # resize
        (Tool.SELECT, (150, 160), SHIFT | ALT),
        (Tool.SELECT, (350, 380), NO_KEYS),  # rubber band
        (Tool.DRAW, (350, 380), NO_KEYS),
        (Tool.DRAW, (220, 220), NO_KEYS),  # inside another box
    ],
)
@pytest.mark.parametrize("way", ["escape", "right button"])
def test_every_drag_can_be_given_up(canvas, hand, tool, start, keys, way):
    canvas.document.select(("a",))
    canvas.set_tool(tool)
    hand.press(*start, keys)
    hand.move(start[0] - 40, start[1] - 30, keys)
    if way == "escape":
        press_key(canvas, Qt.Key.Key_Escape)
    else:
        place = hand.at(*start)
        QApplication.sendEvent(canvas, right_press(canvas, place))
    hand.move(10, 10, keys)
    hand.release(10, 10, keys)
    assert canvas.document.layout == LAYOUT
    assert canvas.document.selection == ("a",)
    assert canvas.document.undo_name is None and not canvas.document.in_gesture


def right_press(canvas: Canvas, place: QPointF):
    both = Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton
    where = QPointF(canvas.mapToGlobal(place))
    return QMouseEvent(QEvent.Type.MouseButtonPress, place, where, Qt.MouseButton.RightButton, both, NO_KEYS)


def test_group_handles_keep_the_shape_and_scale_from_the_centre(canvas, hand):
    canvas.document.select(("a", "b"))  # together 50, 60 … 300, 320: 250 × 260
    hand.drag((300, 320), (350, 330), SHIFT | ALT)
    bounds = canvas.scene.bounds(("a", "b"))
    assert bounds.centre == pytest.approx((175, 190), abs=1)
    assert bounds.width / bounds.height == pytest.approx(250 / 260, abs=0.01)
    assert bounds.width > 250
    assert canvas.document.undo_name == "Resize 2 boxes"
