"""The gauge follows the document and says its figures."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible

from engine.layout import Box, Layout, LayoutObject
from ui.document import Document
from ui.panels.skill_gauge import SkillGauge

USUAL = [(0.45, 0.4, 0.55, 0.5), (0.2, 0.42, 0.3, 0.53), (0.7, 0.5, 0.79, 0.6), (0.5, 0.6, 0.63, 0.74)]


def layout(*boxes: tuple[float, float, float, float]) -> Layout:
    return Layout(320, 320, tuple(LayoutObject(f"o{n}", "red metal cube", Box(*box)) for n, box in enumerate(boxes)))


@pytest.fixture
def gauge(qtbot) -> SkillGauge:
    gauge = SkillGauge(Document(layout(*USUAL)))
    qtbot.addWidget(gauge)
    gauge.show()
    return gauge


def test_a_usual_layout_is_inside(gauge):
    for bar in gauge.bars.values():
        assert not bar.distance.outside and "As in CLEVR" in bar.toolTip()
    assert gauge.bars["number"].toolTip() == "Number: 4 objects, in CLEVR 3 to 10. As in CLEVR."


def test_it_follows_edits_and_names_the_nearest_split(gauge, qtbot):
    before = gauge.grab().toImage()
    gauge._document.apply("Many", layout(*USUAL, *USUAL, *USUAL, *USUAL))
    bar = gauge.bars["number"]
    qtbot.waitUntil(lambda: bar.distance.value == 16)
    assert "16 objects" in bar.toolTip() and "2.7 times" in bar.toolTip() and "number_many" in bar.toolTip()
    assert gauge.grab().toImage() != before
    gauge._document.undo()
    qtbot.waitUntil(lambda: bar.distance.value == 4)


def test_an_empty_layout_has_nothing_to_measure(gauge, qtbot):
    gauge._document.replace(Layout(320, 320))
    qtbot.waitUntil(lambda: gauge.bars["size"].distance is None)
    assert "no object" in gauge.bars["size"].toolTip()


def test_screen_readers_are_told_the_figures(gauge):
    for bar in gauge.bars.values():
        found = QAccessible.queryAccessibleInterface(bar)
        assert found.text(QAccessible.Text.Name)
        assert "CLEVR" in found.text(QAccessible.Text.Description)
