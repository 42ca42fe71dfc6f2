"""Any sequence of gestures, then as many undos: the first document again; redo gives the last."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.formats.boxpaint_layout import layout_file
from engine.formats.dataset import Entry
from engine.layout import Box, Layout, LayoutObject
from tests.ui.driver import ALT, CTRL, NO_KEYS, SHIFT, Hand
from ui.canvas.canvas import Canvas, Tool
from ui.completion import Vocabulary
from ui.document import Document

FIRST = Layout(
    200,
    200,
    (
        LayoutObject("a", "red metal cube", Box(0.1, 0.1, 0.4, 0.4)),
        LayoutObject("b", "mug", Box(0.3, 0.3, 0.9, 0.8), locked=True),
        LayoutObject("c", "blue rubber sphere", Box(0.55, 0.123456, 0.95, 0.3)),
    ),
)

place = st.tuples(st.integers(-10, 210), st.integers(-10, 210))
held = st.sampled_from((NO_KEYS, SHIFT, ALT, CTRL, SHIFT | ALT))


def drag(canvas: Canvas, hand: Hand, start, end, keys) -> None:
    hand.drag(start, end, keys)
    canvas.editor.reject()


def aborted(canvas: Canvas, hand: Hand, start, end, keys) -> None:
    hand.press(*start, keys)
    hand.move(*end, keys)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    hand.release(*end, keys)
    canvas.editor.reject()


def click(canvas: Canvas, hand: Hand, start, end, keys) -> None:
    hand.click(*start, keys)
    if canvas.document.in_gesture:  # the first of two clicks that draw
        hand.move(*end, keys, held=False)
        hand.click(*end, keys)
        canvas.editor.reject()


def label(canvas: Canvas, hand: Hand, start, end, keys) -> None:
    hand.double_click(*start)
    QTest.keyClick(canvas, Qt.Key.Key_F2)
    if canvas.document.in_gesture:
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
    if canvas.editor.open:
        QTest.keyClicks(canvas.editor, f"thing {end[0]}")
        canvas.editor.accept()


def nudge(canvas: Canvas, hand: Hand, start, end, keys) -> None:
    QTest.keyClick(canvas, Qt.Key.Key_Right, keys & SHIFT)


def resize_by_keys(canvas: Canvas, hand: Hand, start, end, keys) -> None:
    QTest.keyClick(canvas, Qt.Key.Key_Down, CTRL | (keys & SHIFT))


def add_by_key(canvas: Canvas, hand: Hand, start, end, keys) -> None:
    QTest.keyClick(canvas, Qt.Key.Key_Insert)
    canvas.editor.reject()


def step(canvas: Canvas, hand: Hand, start, end, keys) -> None:
    QTest.keyClick(canvas, Qt.Key.Key_PageDown, keys & SHIFT)


def undo_and_redo(canvas: Canvas, hand: Hand, start, end, keys) -> None:
    """In the middle of a drag: undo takes only that back."""
    hand.press(*start, keys)
    hand.move(*end, keys)
    if canvas.document.in_gesture:
        canvas.document.undo()
    hand.release(*end, keys)
    canvas.editor.reject()


def switch(canvas: Canvas, hand: Hand, start, end, keys) -> None:
    canvas.set_tool(Tool.DRAW if canvas.tool is Tool.SELECT else Tool.SELECT)


Act = Callable[..., None]
ACTS = (drag, drag, drag, aborted, click, label, nudge, resize_by_keys, add_by_key, step, undo_and_redo, switch)
acts = st.tuples(st.sampled_from(ACTS), place, place, held)


def saved(layout: Layout) -> bytes:
    """The layout as its file holds it."""
    return layout_file(Entry("layout", layout))


@pytest.fixture(scope="module")
def canvas(qapp) -> Canvas:
    canvas = Canvas(Document(FIRST), Vocabulary().suggest)
    canvas.resize(420, 420)
    canvas.show()
    yield canvas
    canvas.close()
    canvas.deleteLater()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(acts, min_size=1, max_size=12))
def test_undo_gives_the_first_document_and_redo_the_last(canvas, done):
    document = canvas.document
    document.replace(FIRST)
    hand = Hand(canvas)
    for act, start, end, keys in done:
        act(canvas, hand, start, end, keys)
        assert not document.in_gesture
    last = document.layout
    entries = len(document.history.entries)
    assert document.modified == (last != FIRST)
    for _ in range(entries):
        assert document.undo()
    assert not document.undo()
    assert document.layout == FIRST
    assert saved(document.layout) == saved(FIRST)
    assert not document.modified
    for _ in range(entries):
        assert document.redo()
    assert document.layout == last
    assert saved(document.layout) == saved(last)
