"""The preferences are made from the declared settings, and take hold at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialogButtonBox, QMessageBox, QSpinBox

from desktop_app.preferences import Preferences
from desktop_app.settings import SETTINGS
from tests.ui.driver import CTRL


def opened(window) -> Preferences:
    QTest.keyClick(window, Qt.Key.Key_Comma, CTRL)
    return window.findChild(Preferences)


def press(dialog: Preferences, button: QDialogButtonBox.StandardButton) -> None:
    box = dialog.findChild(QDialogButtonBox)
    QTest.mouseClick(box.button(button), Qt.MouseButton.LeftButton)


def test_every_setting_with_a_title_has_a_line(window):
    dialog = opened(window)
    shown = {name for name, setting in SETTINGS.items() if setting.title}
    assert set(dialog.values()) == shown
    press(dialog, QDialogButtonBox.StandardButton.Cancel)


def test_chosen_values_take_hold_and_are_kept(session, window, qapp):
    dialog = opened(window)
    theme = dialog.findChild(QComboBox, "theme")
    theme.setCurrentIndex(theme.findData("dark"))
    dialog.findChild(QCheckBox, "snap").setChecked(False)
    dialog.findChild(QSpinBox, "grid").setValue(16)
    press(dialog, QDialogButtonBox.StandardButton.Ok)
    assert qapp.palette().color(QPalette.ColorRole.Window).lightness() < 128
    assert not window.canvas.pointer.snapping and window.canvas.pointer.grid == 16
    assert not window.actions_by_id["snap"].isChecked()
    assert session.settings.get("theme") == "dark"
    assert session.settings.get("grid") == 16


def test_cancel_changes_nothing(session, window):
    dialog = opened(window)
    dialog.findChild(QSpinBox, "grid").setValue(16)
    press(dialog, QDialogButtonBox.StandardButton.Cancel)
    assert session.settings.get("grid") == 0
    assert window.canvas.pointer.grid == 0


def test_the_menu_switches_snapping(session, window):
    window.actions_by_id["snap"].trigger()
    assert not window.canvas.pointer.snapping
    assert session.settings.get("snap") is False


def test_another_language_is_kept_and_when_it_holds_is_said(session, window):
    dialog = opened(window)
    language = dialog.findChild(QComboBox, "language")
    assert [language.itemText(row) for row in range(language.count())] == ["As the system is", "English", "Deutsch"]
    language.setCurrentIndex(language.findData("de"))
    press(dialog, QDialogButtonBox.StandardButton.Ok)
    assert session.settings.get("language") == "de"
    assert "next start" in window.messages.text.text()


def test_about_tells_the_versions_without_stopping_the_window(window):
    window.actions_by_id["about"].trigger()
    box = window.findChild(QMessageBox, "about")
    assert box.isVisible()
    assert "PySide6-Essentials" in box.informativeText()
    box.reject()


def test_the_system_changes_its_colours(session, window, qapp, monkeypatch):
    from PySide6.QtGui import QStyleHints

    monkeypatch.setattr(QStyleHints, "colorScheme", lambda _hints: Qt.ColorScheme.Dark)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert qapp.palette().color(QPalette.ColorRole.Window).lightness() < 128
    monkeypatch.setattr(QStyleHints, "colorScheme", lambda _hints: Qt.ColorScheme.Light)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert qapp.palette().color(QPalette.ColorRole.Window).lightness() > 128
