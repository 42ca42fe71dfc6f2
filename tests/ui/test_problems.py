"""Problems are found, said, and mended as one undo entry."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from engine.layout import Box, Layout, LayoutObject
from engine.layout.vocabulary import CLEVR_48
from ui.document import Document
from ui.panels.problems_panel import ProblemsPanel
from ui.problems import Model, covered_share, find_problems

MODEL = Model(frozenset(CLEVR_48), 16, (128, 128))


def layout(*objects: tuple[str, tuple[float, float, float, float]]) -> Layout:
    made = (LayoutObject(f"o{n}", prompt, Box(*box)) for n, (prompt, box) in enumerate(objects, start=1))
    return Layout(512, 512, tuple(made))


def kinds(found) -> list[tuple[str, str]]:
    return [(problem.kind, problem.object_id) for problem in found]


def test_a_good_layout_has_none():
    assert find_problems(layout(("red metal cube", (0.1, 0.1, 0.4, 0.4))), MODEL) == []


def test_empty_unknown_small_and_covered():
    found = find_problems(
        layout(
            ("", (0.0, 0.0, 0.2, 0.2)),
            ("red metal cub", (0.3, 0.3, 0.6, 0.6)),
            ("blue metal cube", (0.8, 0.8, 0.85, 0.9)),
            ("cyan metal cube", (0.25, 0.3, 0.61, 0.45)),
            ("cyan metal cube", (0.25, 0.44, 0.61, 0.61)),
        ),
        MODEL,
    )
    assert kinds(found) == [("empty", "o1"), ("unknown", "o2"), ("covered", "o2"), ("small", "o3")]


def test_any_prompt_will_do_for_a_model_without_a_vocabulary():
    assert find_problems(layout(("a marble bust", (0.1, 0.1, 0.4, 0.4))), Model()) == []


@pytest.mark.parametrize("index", [0, 1, 2])
def test_fixes_mend(index):
    broken = layout(
        ("red metal cub", (0.3, 0.3, 0.6, 0.6)),
        ("blue metal cube", (0.95, 0.95, 1.0, 1.0)),
        ("cyan metal cube", (0.25, 0.25, 0.61, 0.61)),
    )
    found = find_problems(broken, MODEL)
    assert kinds(found) == [("unknown", "o1"), ("covered", "o1"), ("small", "o2")]
    mended = found[index].fix(broken)
    left = [entry for place, entry in enumerate(kinds(found)) if place != index]
    assert sorted(kinds(find_problems(mended, MODEL))) == sorted(left)


def test_cover_counts_overlapping_covers_once():
    box = Box(0, 0, 0.5, 0.5)
    assert covered_share(box, [Box(0, 0, 0.25, 0.5), Box(0, 0, 0.25, 0.5)]) == pytest.approx(0.5)
    assert covered_share(box, [Box(0, 0, 0.25, 1), Box(0.25, 0, 1, 0.5)]) == pytest.approx(1.0)


def test_the_panel_goes_there_and_mends(qtbot):
    document = Document(layout(("red metal cub", (0.3, 0.3, 0.6, 0.6))))
    panel = ProblemsPanel(document)
    qtbot.addWidget(panel)
    panel.show()
    panel.set_model(MODEL)
    qtbot.waitUntil(lambda: panel.list.count() == 1)
    panel.list.setCurrentRow(0)
    assert document.selection == ("o1",)
    assert panel.fix.text() == "Use “red metal cube”"
    qtbot.mouseClick(panel.fix, Qt.MouseButton.LeftButton)
    assert document.layout.objects[0].prompt == "red metal cube"
    qtbot.waitUntil(lambda: panel.list.count() == 0)
    document.undo()
    qtbot.waitUntil(lambda: panel.list.count() == 1)
