"""The list of problems: it fills while the window goes on, a click goes there, a button mends as one undo entry."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from engine.layout import Box, Layout, LayoutObject
from engine.layout.problems import Model
from engine.layout.vocabulary import CLEVR_48
from ui.document import Document
from ui.panels.problems_panel import ProblemsPanel

MODEL = Model(frozenset(CLEVR_48), 16, (128, 128))
FOUR = Layout(
    512,
    512,
    (
        LayoutObject("o1", "", Box(0.0, 0.0, 0.2, 0.2)),
        LayoutObject("o2", "red metal cub", Box(0.3, 0.3, 0.6, 0.6)),
        LayoutObject("o3", "blue metal cube", Box(0.8, 0.8, 0.85, 0.9)),
        LayoutObject("o4", "cyan metal cube", Box(0.25, 0.25, 0.61, 0.61)),
    ),
)


@pytest.fixture
def panel(qtbot) -> ProblemsPanel:
    panel = ProblemsPanel(Document(FOUR))
    qtbot.addWidget(panel)
    panel.show()
    panel.set_model(MODEL)
    qtbot.waitUntil(lambda: panel.list.count() == 4)
    return panel


def texts(panel: ProblemsPanel) -> list[str]:
    return [panel.list.item(row).text() for row in range(panel.list.count())]


def test_every_kind_is_said(panel):
    assert texts(panel) == [
        "Object 1 has no prompt.",
        "Object 2: the model does not know “red metal cub”.",
        "Object 2 is painted over by what comes after it.",
        "Object 3 is smaller than the model can paint (64 × 64 pixels).",
    ]


@pytest.mark.parametrize(("row", "button"), [(1, "Use “red metal cube”"), (2, "Paint it last"), (3, "Enlarge it")])
def test_a_click_goes_there_and_the_button_mends(panel, qtbot, row, button):
    document, said = panel._document, texts(panel)[row]
    panel.list.setCurrentRow(row)
    assert document.selection == (panel.problems[row].object_id,)
    assert panel.fix.text() == button
    qtbot.mouseClick(panel.fix, Qt.MouseButton.LeftButton)
    assert document.undo_name == button
    qtbot.waitUntil(lambda: panel.list.count() < 4)
    assert said not in texts(panel)
    document.undo()
    qtbot.waitUntil(lambda: panel.list.count() == 4)
    assert document.layout == FOUR


def test_an_empty_prompt_is_typed(panel, qtbot):
    panel.list.setCurrentRow(0)
    with qtbot.waitSignal(panel.label_wanted) as told:
        qtbot.mouseClick(panel.fix, Qt.MouseButton.LeftButton)
    assert told.args == ["o1"]


def test_thousands_of_objects_are_looked_at_in_portions(panel, qtbot):
    side = 60
    things = [
        LayoutObject(
            f"n{n}",
            "red metal cube",
            Box(n % side / side, n // side / side, (n % side + 1) / side, (n // side + 1) / side),
        )
        for n in range(side * side)
    ]
    things[-1] = LayoutObject("last", "", things[-1].box)
    panel.set_model(Model())
    with qtbot.waitSignal(panel.count_changed):
        panel._document.replace(Layout(1024, 1024, tuple(things)))
    assert texts(panel) == [f"Object {side * side} has no prompt."]


def test_a_layout_that_was_closed_leaves_no_problems(panel, qtbot):
    panel._document.replace(Layout(512, 512))
    qtbot.waitUntil(lambda: panel.list.count() == 0)
    assert panel.problems == [] and not panel.fix.isVisible()
