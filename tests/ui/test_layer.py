"""The cached layer of the canvas: mended where something changed, it looks as if it were painted anew."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QRect, Qt

from engine.layout import Box, Layout, LayoutObject
from engine.layout.vocabulary import CLEVR_48
from tests.ui.driver import ALT, NO_KEYS, Hand, press_key
from ui.canvas.canvas import Canvas, Tool
from ui.canvas.painting import FEW_OBJECTS
from ui.canvas.renderer import disjoint
from ui.completion import Vocabulary
from ui.document import Document


def many(count: int) -> Layout:
    chance = random.Random(count)
    things = []
    for number in range(count):
        x, y = chance.uniform(0, 0.85), chance.uniform(0, 0.85)
        box = Box(x, y, x + chance.uniform(0.02, 0.15), y + chance.uniform(0.02, 0.15))
        things.append(LayoutObject(f"o{number}", chance.choice(CLEVR_48), box))
    return Layout(512, 512, tuple(things))


@pytest.fixture(params=[8, FEW_OBJECTS * 3])
def canvas(request, qtbot) -> Canvas:
    canvas = Canvas(Document(Layout(16, 16)), Vocabulary().suggest)
    qtbot.addWidget(canvas)
    canvas.set_snapping(False)
    canvas.resize(640, 600)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.document.replace(many(request.param))
    canvas.grab()
    return canvas


def looks_fresh(canvas: Canvas) -> bool:
    """Whether the canvas looks as it does when its layer is painted anew."""
    mended = canvas.grab().toImage()
    canvas._renderer.invalidate()
    return canvas.grab().toImage() == mended


@pytest.mark.parametrize("keys", [NO_KEYS, ALT])
def test_before_in_and_after_a_drag(canvas, keys):
    hand, item = Hand(canvas), canvas.document.layout.objects[-1]
    x, y = (item.box.x0 + item.box.x1) * 256, (item.box.y0 + item.box.y1) * 256
    hand.press(x, y, keys)
    for step in (5, 60, 90):
        hand.move(x - step, y + step / 2, keys)
        assert looks_fresh(canvas)
    hand.release(x - 90, y + 45, keys)
    assert looks_fresh(canvas)
    canvas.document.undo()
    assert looks_fresh(canvas)


def test_drawing_deleting_labelling_hiding_and_reordering(canvas):
    document, hand = canvas.document, Hand(canvas)
    canvas.set_tool(Tool.DRAW)
    hand.drag((100, 100), (220, 180))
    canvas.editor.reject()
    assert looks_fresh(canvas)
    for change in (
        lambda layout: layout.objects[1:],
        lambda layout: (*layout.objects[1:], layout.objects[0]),
        lambda layout: (LayoutObject(layout.objects[0].id, "mug", layout.objects[0].box), *layout.objects[1:]),
        lambda layout: (
            LayoutObject(layout.objects[0].id, "mug", layout.objects[0].box, hidden=True),
            *layout.objects[1:],
        ),
    ):
        document.apply("Change", document.layout.with_objects(change(document.layout)))
        assert looks_fresh(canvas)


def test_an_aborted_drag(canvas):
    hand, item = Hand(canvas), canvas.document.layout.objects[0]
    x, y = (item.box.x0 + item.box.x1) * 256, (item.box.y0 + item.box.y1) * 256
    hand.press(x, y)
    hand.move(x + 40, y + 40)
    canvas.grab()
    press_key(canvas, Qt.Key.Key_Escape)
    hand.release(x + 40, y + 40)
    assert looks_fresh(canvas)


def test_another_size_of_the_picture(canvas):
    layout = canvas.document.layout
    canvas.document.apply("Resize picture", Layout(640, 300, layout.objects))
    assert looks_fresh(canvas)


def test_areas_are_joined_until_none_overlap():
    assert disjoint([]) == []
    assert disjoint([QRect(0, 0, 4, 4), QRect(20, 0, 4, 4), QRect(3, 3, 18, 2)]) == [QRect(0, 0, 24, 5)]
    apart = [QRect(10 * number, 0, 4, 4) for number in range(9)]
    assert disjoint(apart[:3]) == apart[:3]
    assert disjoint(apart) == [QRect(0, 0, 84, 4)]
