"""Roles and texts that screen readers go by; tests/end_to_end/test_spoken.py hears what reaches them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from ui.benchmarks.chart import BarChart
from ui.message_bar import MessageBar
from ui.pages import Pages


def told(widget):
    return QAccessible.queryAccessibleInterface(widget)


def test_messages_are_notifications_whose_texts_are_their_children(qtbot):
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_message("Something happened.")
    assert told(bar).role() == QAccessible.Role.Notification
    children = [told(bar).child(number) for number in range(told(bar).childCount())]
    assert "Something happened." in [child.text(QAccessible.Text.Name) for child in children]


def test_pages_are_no_group_of_their_own(qtbot):
    pages = Pages()
    qtbot.addWidget(pages)
    pages.addWidget(QLabel("Page"))
    assert told(pages).role() == QAccessible.Role.Pane
    assert told(pages).text(QAccessible.Text.Name) == ""


def test_a_chart_tells_all_bars_and_then_the_one_that_keys_come_to(qtbot):
    chart = BarChart("chart")
    qtbot.addWidget(chart)
    chart.show_rows("AP", {"few": {"first": 0.25}, "many": {"first": 0.5}})
    chart.show()
    chart.setFocus()
    qtbot.waitUntil(chart.hasFocus)
    every = [bar.text for bar in chart.bars]
    assert told(chart).text(QAccessible.Text.Description) == "; ".join(every)
    for expected in (every[0], every[1], every[1]):
        QTest.keyClick(chart, Qt.Key.Key_Down)
        assert told(chart).text(QAccessible.Text.Description) == expected
    chart.clearFocus()
    assert told(chart).text(QAccessible.Text.Description) == "; ".join(every)
