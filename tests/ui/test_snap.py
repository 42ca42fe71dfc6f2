"""Snapping as pure functions, and as it feels with the mouse."""

from __future__ import annotations

import pytest

from engine.layout import Box, Layout, LayoutObject
from tests.ui.driver import CTRL, SHIFT, Hand
from ui.canvas.canvas import Canvas, Tool
from ui.canvas.geometry import Edges
from ui.canvas.snap import Snapper
from ui.completion import Vocabulary
from ui.document import Document

SIZE = (500, 400)
LAYOUT = Layout(
    *SIZE,
    (
        LayoutObject("a", "mug", Box.from_pixels(100, 100, 200, 180, *SIZE)),
        LayoutObject("b", "cup", Box.from_pixels(300, 250, 360, 300, *SIZE)),
    ),
)


class TestLines:
    snapper = Snapper([Edges(100, 100, 200, 180)], SIZE)

    @pytest.mark.parametrize(
        ("point", "expected"),
        [((103, 50), (100, 50)), ((152, 138), (150, 140)), ((249, 397), (250, 400)), ((60, 60), (60, 60))],
    )
    def test_edges_centres_and_the_picture(self, point, expected):
        assert self.snapper.snap_point(point, 5) == expected

    def test_the_nearest_edge_of_a_group_decides(self):
        assert self.snapper.snap_shift(Edges(0, 0, 50, 50), (153, 60), 5) == (150, 60)
        assert self.snapper.snap_shift(Edges(0, 0, 50, 50), (147, 128), 5) == (150, 130)

    def test_grid(self):
        assert Snapper([], SIZE, grid=16).snap_point((35, 61), 5) == (32, 64)

    def test_guides_reach_from_end_to_end(self):
        (guide,) = self.snapper.guides_of(Edges(30, 300, 100, 330), centres=False)
        assert guide == (0, 100, 100, 330)


@pytest.fixture
def canvas(qtbot) -> Canvas:
    canvas = Canvas(Document(Layout(16, 16)), Vocabulary().suggest)
    qtbot.addWidget(canvas)
    canvas.resize(700, 600)
    canvas.show()
    canvas.document.replace(LAYOUT)
    return canvas


def pixels(canvas, name):
    return tuple(canvas.document.layout.find(name).box.to_pixels(*SIZE))


def test_moving_snaps_to_another_box_and_shows_the_line(canvas):
    hand = Hand(canvas)
    hand.press(330, 275)
    hand.move(300, 275)
    hand.move(133, 275)  # its left edge at 103, near 100
    plain = canvas.grab().toImage()
    assert pixels(canvas, "b") == (100, 250, 160, 300)
    hand.move(133, 275, CTRL)
    assert pixels(canvas, "b") == (103, 250, 163, 300)
    assert canvas.grab().toImage() != plain
    hand.release(133, 275, CTRL)
    assert pixels(canvas, "b") == (103, 250, 163, 300)


def test_resizing_snaps_the_dragged_edge_only(canvas):
    hand = Hand(canvas)
    hand.click(330, 275)
    hand.drag((300, 275), (203, 183))
    assert pixels(canvas, "b") == (200, 250, 360, 300)


def test_drawing_snaps_both_corners(canvas):
    canvas.set_tool(Tool.DRAW)
    Hand(canvas).drag((203, 178), (297, 252))
    assert pixels(canvas, "o1") == (200, 180, 300, 250)


def test_shift_moves_along_one_axis_in_spite_of_lines(canvas):
    hand = Hand(canvas)
    hand.drag((330, 275), (400, 278), SHIFT)
    assert pixels(canvas, "b")[1] == 250


def test_switched_off(canvas):
    canvas.set_snapping(False)
    Hand(canvas).drag((330, 275), (133, 275))
    assert pixels(canvas, "b") == (103, 250, 163, 300)
