"""Runs that branch off each other, as deep as records tell, and where these go round in a ring."""

from __future__ import annotations

from PySide6.QtGui import QIcon, QStandardItem

from ui.timeline.branch_view import lanes_of
from ui.timeline.pictures import PictureCache
from ui.timeline.runs_panel import RunLine, RunsPanel

DEEP = 3000


def line(run: str, parent: str | None) -> RunLine:
    return RunLine(run, f"/runs/{run}", run, "", parent, 1, (), ())


def titles(item: QStandardItem) -> list[str]:
    return [item.child(row).text().strip() for row in range(item.rowCount())]


def listed(qtbot, lines: list[RunLine]) -> RunsPanel:
    panel = RunsPanel(PictureCache(), lambda _name: QIcon())
    qtbot.addWidget(panel)
    panel.set_runs(lines)
    return panel


def test_branches_stand_below_what_they_leave_older_ones_first(qtbot) -> None:
    lines = [line("new", "root"), line("leaf", "old"), line("old", "root"), line("root", None)]
    lanes = lanes_of(lines, "leaf")
    assert [(lane.line.run, lane.parent_row) for lane in lanes] == [("root", None), ("old", 0), ("leaf", 1), ("new", 0)]
    root = listed(qtbot, lines).model.invisibleRootItem()
    assert titles(root) == ["root"] and titles(root.child(0)) == ["new", "old"]
    assert titles(root.child(0).child(1)) == ["leaf"]


def test_a_ring_of_parents_is_listed_once(qtbot) -> None:
    lines = [line("a", "b"), line("b", "c"), line("c", "a"), line("self", "self")]
    assert [lane.line.run for lane in lanes_of(lines, "a")] == ["c", "b", "a"]
    root = listed(qtbot, lines).model.invisibleRootItem()
    assert titles(root) == ["c", "self"] and titles(root.child(0)) == ["b"] and titles(root.child(0).child(0)) == ["a"]


def test_there_may_be_more_generations_than_python_calls(qtbot) -> None:
    lines = [line(str(number), str(number - 1)) for number in reversed(range(DEEP))]
    assert [lane.row for lane in lanes_of(lines, "7")] == list(range(DEEP))
    assert titles(listed(qtbot, lines).model.invisibleRootItem()) == ["0"]
