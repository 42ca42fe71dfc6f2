"""The guided tour goes on when the user does what it asks for, by Next, and ends for ever when it is skipped."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop_app.model_choices import folder_choice
from tests.ui.driver import ALT, Hand, press_key, type_label
from ui.canvas.canvas import Tool
from ui.start.tour import GAP, Bubble, Spotlight, bubble_place

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def kept_settings():
    return {"warm_up": False}


@pytest.fixture
def tour(session, qtbot):
    QTest.mouseClick(session.start_page.page.offer.findChild(QPushButton, "primary"), LEFT)
    assert session.window.canvas.isVisible()
    qtbot.waitExposed(session.window)
    return session.tour.tour


def gone(session) -> bool:
    window = session.window
    return session.tour.tour is None and not any(
        widget.isVisible() for kind in (Bubble, Spotlight) for widget in window.findChildren(kind)
    )


def test_it_follows_what_the_user_does(session, tour, qtbot, pipeline):
    window, bubble = session.window, tour.bubble
    window.generation.form.add_model(folder_choice(str(pipeline)))
    window.generation.form.steps.setValue(1)
    window.generation.form.width_box.setValue(64)
    window.generation.form.height_box.setValue(64)
    assert bubble.title.text() == "Draw a box" and bubble.place.text() == "1 of 5"
    assert window.canvas.tool is Tool.DRAW
    Hand(window.canvas).drag((40, 60), (200, 260))
    assert bubble.title.text() == "Say what belongs in it"
    type_label(window.canvas, "red metal cube")
    assert bubble.title.text() == "Paint it"
    qtbot.mouseClick(window.generation.generate, LEFT)
    assert bubble.title.text() == "Look at every step"
    qtbot.waitUntil(lambda: not window.runs.busy, timeout=60_000)
    assert bubble.title.text() == "Look at every step", "only the user's own looking counts"
    window.timeline.slider.setFocus()
    press_key(window.timeline.slider, Qt.Key.Key_Left)
    assert bubble.title.text() == "That is all you need"
    assert "Ctrl+K" in bubble.text.text()
    assert not bubble.skip.isVisible()
    QTest.mouseClick(bubble.next, LEFT)
    assert gone(session)
    assert session.settings.get("offer_tour") is False


def test_next_by_keyboard_through_all_of_it(session, tour):
    bubble, titles = tour.bubble, []
    assert bubble.next.hasFocus()
    for _ in range(5):
        titles.append(bubble.title.text())
        QTest.keyClick(bubble.next, Qt.Key.Key_Space)
    assert len(set(titles)) == 5
    assert gone(session)
    assert session.window.document.layout.objects == ()


def test_the_button_has_a_key_while_the_canvas_has_the_focus(session, tour, qtbot):
    session.window.canvas.setFocus()
    QTest.keyClick(session.window.canvas, Qt.Key.Key_N, ALT)
    qtbot.waitUntil(lambda: tour.bubble.place.text() == "2 of 5")


@pytest.mark.parametrize("by_key", [True, False])
def test_skipping_is_for_ever_and_help_brings_it_back(session, tour, by_key):
    if by_key:
        QTest.keyClick(tour.bubble.next, Qt.Key.Key_Escape)
    else:
        QTest.mouseClick(tour.bubble.skip, LEFT)
    assert gone(session)
    assert session.settings.get("offer_tour") is False
    session.window.actions_by_id["start_page"].trigger()
    assert not session.start_page.page.offer.isVisible()
    session.window.actions_by_id["tour"].trigger()
    assert session.tour.tour is not None and not session.start_page.shown
    session.window.actions_by_id["tour"].trigger()
    assert len([bubble for bubble in session.window.findChildren(Bubble) if bubble.isVisible()]) == 1
    session.tour.tour.end()


def test_the_layer_lets_clicks_through_and_follows_the_window(session, tour, qtbot):
    window = session.window
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: tour.spotlight.size() == window.size())
    place = window.canvas.mapTo(window, window.canvas.rect().center())
    assert window.childAt(place) is window.canvas
    assert window.rect().contains(tour.bubble.geometry())


def test_closing_the_window_amid_the_tour(session, tour):
    session.window.document.mark_saved(session.window.document.layout)
    assert session.window.close()


@pytest.mark.parametrize(
    "hole",
    [QRect(0, 100, 600, 500), QRect(700, 100, 280, 40), QRect(20, 500, 900, 180), QRect(400, 0, 40, 20), QRect()],
)
def test_the_bubble_is_beside_what_it_points_at(hole):
    area = QRect(0, 0, 1000, 700)
    bubble = QRect(bubble_place(hole, 330, 150, area), bubble_size := QRect(0, 0, 330, 150).size())
    assert bubble.size() == bubble_size
    assert not bubble.intersects(hole)
    assert area.contains(bubble)


def test_the_bubble_is_inside_what_fills_the_window():
    area = QRect(0, 0, 1000, 700)
    assert bubble_place(area, 330, 150, area) == QPoint(999 - 330 - GAP, 699 - 150 - GAP)
