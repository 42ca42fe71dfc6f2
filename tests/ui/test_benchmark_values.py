"""Pictures of an export as plain values, and the charts that lead to them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from ui.benchmarks.chart import BarChart
from ui.benchmarks.table import FiguresTable
from ui.benchmarks.values import LISTED, Facets, ScoredRun, Shot, ShotFilter, Sorting


def shot(name: str, ap: float | None, *, split: str = "few", hits: int = 0, other: Shot | None = None, **verdicts: int):
    labels = ("red cube", "blue cube") if ap is not None else ()
    scored = ap is not None
    return Shot("run", split, name, f"{name}.png", "done", labels, scored, ap, 2, hits, verdicts, other=other)


SHOTS = [
    shot("a", 0.5, hits=1, hit=1, missing=1),
    shot("b", None),
    shot("c", 0.1, split="many", missing=2),
    shot("d", 0.9, hits=2, hit=2),
]


@pytest.mark.parametrize(
    ("key", "down", "order"),
    [
        ("painted", False, "abcd"),
        ("painted", True, "dcba"),
        ("ap", False, "cadb"),
        ("ap", True, "dacb"),
        ("missing", True, "cadb"),
        ("objects", False, "bacd"),
        ("split", True, "cabd"),
        ("label", False, "acdb"),
        ("name", True, "dcba"),
        ("gain", False, "abcd"),
    ],
)
def test_what_has_no_value_comes_last_and_equals_stay_as_they_were(key, down, order) -> None:
    places = Sorting(key, down).sort(SHOTS, range(4))
    assert "".join(SHOTS[place].name for place in places) == order


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (ShotFilter(), "abcd"),
        (ShotFilter(split="many"), "c"),
        (ShotFilter(verdict="missing"), "ac"),
        (ShotFilter(label="red cube"), "acd"),
        (ShotFilter(words="BLUE many"), "c"),
        (ShotFilter(outcome="win"), ""),
    ],
)
def test_filters(wanted, names) -> None:
    assert "".join(one.name for one in SHOTS if wanted.lets(one)) == names


@pytest.mark.parametrize(
    ("hits", "ap", "outcome"), [(2, 0.1, "win"), (1, 0.6, "win"), (1, 0.5, "draw"), (1, 0.4, "loss"), (0, 0.9, "loss")]
)
def test_found_targets_count_before_ap(hits, ap, outcome) -> None:
    assert shot("a", ap, hits=hits, other=SHOTS[0]).outcome == outcome
    assert shot("a", ap, other=SHOTS[1]).outcome == "", "the other one was not scored"


def test_facets_count_pictures() -> None:
    facets = Facets.of(SHOTS)
    assert facets.splits == {"few": 3, "many": 1} and facets.verdicts == {"hit": 2, "missing": 2}
    assert list(facets.labels) == ["blue cube", "red cube"]


def test_there_are_no_more_labels_to_choose_from_than_anybody_reads() -> None:
    others = [Shot("run", "few", str(number), "", "done", ("rare", f"label {number}")) for number in range(LISTED + 9)]
    labels = Facets.of(others).labels
    assert len(labels) == LISTED and labels["rare"] == LISTED + 9


def test_the_skill_of_a_single_split_is_not_shown_twice() -> None:
    figures = {"number_few": {"AP": 0.5, "pictures": 3}, "size_tiny": {"AP": 0.1}, "size_large": {"AP": 0.3}}
    skills = {"number": {"AP": 0.5}, "size": {"AP": 0.2}}
    run = ScoredRun("run", {"splits": figures, "skills": skills, "overall": {"AP": 0.3}})
    assert list(run.rows()) == ["number_few", "size_tiny", "size_large", "size", "overall"]
    assert ScoredRun("run", {}).rows() == {}


@pytest.fixture
def chart(qtbot):
    """A chart of two splits in two runs, shown."""
    chart = BarChart("chart")
    qtbot.addWidget(chart)
    chart.show_rows("AP", {"few": {"one": 0.5, "two": 0.25}, "many": {"one": -1.0, "two": 1.0}}, most=1.0)
    chart.resize(500, chart.sizeHint().height())
    chart.show()
    return chart


def test_bars_are_as_long_as_their_values_and_are_read_out(chart) -> None:
    lengths = [bar.place.width() for bar in chart.bars]
    assert lengths[0] == pytest.approx(2 * lengths[1]) and lengths[2] == 0 and lengths[3] == max(lengths)
    found = QAccessible.queryAccessibleInterface(chart)
    assert found.text(QAccessible.Text.Name) == "AP"
    assert "few, two: 0.250" in found.text(QAccessible.Text.Description)
    assert "many, one: –" in found.text(QAccessible.Text.Description), "what is not defined is not zero"


def test_bars_are_picked_by_mouse_and_keys(chart, qtbot) -> None:
    picked: list[tuple[str, str]] = []
    chart.picked.connect(lambda row, series: picked.append((row, series)))
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.bars[1].place.center().toPoint())
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Up, Qt.Key.Key_Return):
        QTest.keyClick(chart, key)
    assert picked == [("few", "two"), ("many", "two"), ("many", "one")]


def test_stacked_counts_fill_the_row(qtbot) -> None:
    chart = BarChart("chart", stacked=True)
    qtbot.addWidget(chart)
    chart.show_rows("Verdicts", {"few": {"hit": 3, "lost": 1, "merged": 0}, "none": {"hit": 0}})
    assert [(bar.row, bar.series) for bar in chart.bars] == [("few", "hit"), ("few", "lost")]
    assert chart.bars[0].place.width() == pytest.approx(3 * chart.bars[1].place.width())
    chart.show_rows("Verdicts", {"few": {"hit": 0}})
    bare = chart.minimumSizeHint().height()
    chart.show_rows("Verdicts", {"few": {"hit": 3}})
    assert chart.minimumSizeHint().height() > bare, "what the one colour stands for is told"
    chart.show_rows("Verdicts", {})
    assert not chart.bars and chart.minimumSizeHint().height() > 0


def test_figures_that_are_not_defined_are_dashes_and_sort_below_all(qtbot) -> None:
    table = FiguresTable("table", "Figures")
    qtbot.addWidget(table)
    rows = {"a": {"AP": 0.5, "pictures": 3}, "b": {"AP": -1.0}, "c": {"AP": 0.25}}
    table.set_table("split", ("AP", "pictures"), rows)
    model = table.model()

    def column(number: int) -> list[str]:
        return [model.index(row, number).data() for row in range(model.rowCount())]

    assert column(0) == ["a", "b", "c"] and column(1) == ["0.500", "–", "0.250"] and column(2) == ["3", "–", "–"]
    table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert column(0) == ["b", "c", "a"]
