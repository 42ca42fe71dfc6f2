"""Colours follow the choice, icons follow the colours and the screen."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPalette

from desktop_app.theme import RESOURCES, IconSet, apply_theme
from ui.canvas.painting import Look
from ui.canvas.ruler import INK as RULER_INK
from ui.colors import contrast
from ui.inks import Ink
from ui.patterns import rgb
from ui.timeline.branch_view import LANES
from ui.timeline.step_card import CHOSEN


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


_ROLE, _GROUP = QPalette.ColorRole, QPalette.ColorGroup
TEXT_ROLES = (_ROLE.WindowText, _ROLE.Text, _ROLE.ButtonText, _ROLE.PlaceholderText)
GROUNDS = (_ROLE.Window, _ROLE.Base, _ROLE.AlternateBase, _ROLE.Button, _ROLE.Midlight)
"""What the style and the sheet put texts on; the last is the ground of what the pointer is over."""
THEMES = ("light", "dark", "contrast")


def ratio_of(one: QColor, other: QColor) -> float:
    return contrast(rgb(one), rgb(other))


def over(top: QColor, ground: QColor) -> QColor:
    """A translucent colour on a ground."""
    share = top.alphaF()
    mixed = (a * share + b * (1 - share) for a, b in zip(rgb(top), rgb(ground), strict=True))
    return QColor(*map(round, mixed))


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("group", [_GROUP.Active, _GROUP.Inactive, _GROUP.Disabled])
def test_every_text_can_be_read_on_every_ground(qapp, theme, name, group):
    """What is disabled and what stands for a missing text count too: they tell something."""
    theme(name)
    palette = qapp.palette()
    pairs = [(text, ground) for text in TEXT_ROLES for ground in GROUNDS]
    pairs += [(_ROLE.HighlightedText, _ROLE.Highlight), (_ROLE.ToolTipText, _ROLE.ToolTipBase)]
    pairs += [(_ROLE.Link, ground) for ground in (_ROLE.Window, _ROLE.Base)]
    found = {pair: ratio_of(palette.color(group, pair[0]), palette.color(group, pair[1])) for pair in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}
    assert all(palette.color(group, text).alpha() == 255 for text in TEXT_ROLES)


@pytest.mark.parametrize("name", THEMES)
def test_inks_can_be_read_as_text(qapp, theme, name):
    theme(name)
    grounds = [qapp.palette().color(role) for role in GROUNDS]
    assert min(ratio_of(ink.color(), ground) for ink in Ink for ground in grounds) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_what_is_marked_is_seen(qapp, theme, name):
    """Lines, bars and marks that say something: the focus, the selection, the ends of bars, branches, rulers."""
    theme(name)
    palette = qapp.palette()
    window, base = palette.color(_ROLE.Window), palette.color(_ROLE.Base)
    look = Look.of(palette)
    pairs = [(palette.color(_ROLE.Highlight), ground) for ground in (window, base, palette.color(_ROLE.AlternateBase))]
    pairs += [(QColor(lane), window) for lane in LANES]
    pairs += [(palette.color(_ROLE.Highlight), look.paper), (look.text, look.backdrop)]
    pairs += [(palette.color(_ROLE.Dark), window)] if name == "contrast" else []
    assert [(one.name(), other.name()) for one, other in pairs if ratio_of(one, other) < 3] == []
    chosen = QColor(palette.color(_ROLE.Highlight))
    chosen.setAlpha(CHOSEN)
    for text in (_ROLE.Text, _ROLE.PlaceholderText):
        assert ratio_of(palette.color(text), over(chosen, base)) >= 4.5, "on the card of the shown step"
    assert ratio_of(look.text, look.paper) >= 4.5, "the words on an empty canvas"
    ink = QColor(palette.color(_ROLE.WindowText))
    ink.setAlpha(RULER_INK)
    assert ratio_of(over(ink, window), window) >= 4.5, "the numbers of a ruler"


def test_the_sheet_names_no_colours_of_its_own():
    sheet = (RESOURCES / "themes" / "base.qss").read_text()
    assert re.findall(r":[^;{}]*#[0-9a-fA-F]{3,8}\b", sheet) == []


def test_high_contrast_is_black_and_white(qapp, theme):
    theme("contrast")
    palette = qapp.palette()
    assert ratio_of(palette.color(_ROLE.WindowText), palette.color(_ROLE.Window)) == pytest.approx(21)
    assert "$" not in qapp.styleSheet()


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_icons_are_as_fine_as_the_screen(qapp, ratio):
    pixmap = IconSet()("open").pixmap(QSize(20, 20), ratio)
    assert pixmap.size() == QSize(20, 20) * ratio
    assert pixmap.devicePixelRatio() == ratio
