"""Preferences for people who see or move otherwise: high contrast, dashes, large texts, less motion."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo, QImage, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDialogButtonBox

from desktop_app.preferences import Preferences
from desktop_app.session import SAMPLE
from desktop_app.theme import apply_motion, apply_text_size, apply_theme
from ui.comfort import reduced_motion, scaled, text_scale
from ui.compare.view import CompareView, Mode


@pytest.fixture
def usual(qapp):
    """The program looks as usual again afterwards."""
    yield qapp
    apply_text_size(qapp, 100)
    apply_theme(qapp, "system")
    apply_motion(qapp, reduced=False)


def choose(window, **values) -> None:
    """Set preferences by their dialog."""
    window.actions_by_id["preferences"].trigger()
    dialog = next(found for found in window.findChildren(Preferences) if found.isVisible())
    for name, value in values.items():
        editor = dialog.findChild((QComboBox, QCheckBox)[isinstance(value, bool)], name)
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(value))
        else:
            editor.setChecked(value)
    buttons = dialog.findChild(QDialogButtonBox)
    QTest.mouseClick(buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)


def test_high_contrast_takes_hold_at_once(session, window, usual):
    choose(window, theme="contrast")
    assert usual.palette().color(QPalette.ColorRole.Window).name() == "#000000"
    assert session.settings.get("theme") == "contrast"


def test_dashes_are_painted_when_they_are_wanted(window, usual):
    window.files.open(SAMPLE)
    window.document.select(())

    def painted() -> QImage:
        QApplication.processEvents()
        window.canvas.clearFocus()  # there is a line round what has it
        return window.canvas.grab().toImage()

    solid = painted()
    choose(window, dashed=True)
    dashed = painted()
    assert dashed != solid
    choose(window, dashed=False)
    assert painted() == solid


def test_large_texts_are_for_the_next_start(session, window, usual):
    before = QFontInfo(usual.font()).pixelSize()
    choose(window, text_size="200")
    assert "next start" in window.messages.text.text()
    assert QFontInfo(usual.font()).pixelSize() == before
    apply_text_size(usual, int(session.settings.get("text_size")))
    assert QFontInfo(usual.font()).pixelSize() == 2 * before
    assert text_scale() == pytest.approx(2 * before / 12) and scaled(10) == round(10 * text_scale())


def test_less_motion(window, usual, qtbot):
    view = CompareView()
    qtbot.addWidget(view)
    choose(window, reduce_motion=True)
    assert reduced_motion() and usual.cursorFlashTime() == 0
    assert not window.isAnimated()
    view.set_mode(Mode.BLINK)
    assert not view.blinking, "the space bar turns the pictures over"
    before = view.second_shown
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.second_shown != before
    choose(window, reduce_motion=False)
    assert usual.cursorFlashTime() > 0 and window.isAnimated()
    view.set_mode(Mode.SIDE)
    view.set_mode(Mode.BLINK)
    assert view.blinking
    view.set_mode(Mode.SIDE)


def test_a_narrow_window_shortens_the_hint_of_the_tool(window):
    hint, bar = window.status_line.hint, window.statusBar()
    whole = hint.accessibleName()
    assert bar.minimumSizeHint().width() < hint.fontMetrics().horizontalAdvance(whole) + 200
    hint.resize(80, hint.height())
    assert hint.text().endswith("…") and hint.toolTip() == whole
