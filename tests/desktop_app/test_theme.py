"""Colours follow the choice, icons follow the colours and the screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPalette

from desktop_app.theme import IconSet, apply_theme


@pytest.fixture
def theme(qapp):
    yield lambda name: apply_theme(qapp, name)
    apply_theme(qapp, "system")


@pytest.mark.parametrize(("name", "dark"), [("light", False), ("dark", True)])
def test_windows_and_icons_are_light_or_dark(qapp, theme, name, dark):
    theme(name)
    assert (qapp.palette().color(QPalette.ColorRole.Window).lightness() < 128) is dark
    image = IconSet()("open").pixmap(QSize(24, 24), 1.0).toImage()
    inks = [image.pixelColor(x, y) for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() > 250]
    assert inks and all((ink.lightness() > 128) is dark for ink in inks)


def test_text_can_be_read(qapp, theme):
    from ui.colors import contrast

    def rgb(color: QColor) -> tuple[int, int, int]:
        return color.red(), color.green(), color.blue()

    for name in ("light", "dark"):
        theme(name)
        palette, role = qapp.palette(), QPalette.ColorRole
        for text, ground in (
            (role.WindowText, role.Window),
            (role.Text, role.Base),
            (role.PlaceholderText, role.Window),
            (role.ToolTipText, role.ToolTipBase),
        ):
            assert contrast(rgb(palette.color(text)), rgb(palette.color(ground))) >= 4.5, (name, text)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_icons_are_as_fine_as_the_screen(qapp, ratio):
    pixmap = IconSet()("open").pixmap(QSize(20, 20), ratio)
    assert pixmap.size() == QSize(20, 20) * ratio
    assert pixmap.devicePixelRatio() == ratio
