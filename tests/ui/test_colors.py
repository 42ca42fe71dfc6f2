"""Colours that carry a meaning can be told apart by people with a colour vision deficiency, and are not alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from tests.ui.vision import VISIONS, closest, distance
from ui.benchmarks.chart import COLORS
from ui.benchmarks.values import VERDICT_COLORS
from ui.canvas.painting import Look
from ui.colors import CLEVR_COLORS, EMPTY, SAFE_PALETTE, contrast, text_on
from ui.inks import Ink
from ui.patterns import DASHES, HATCHES, dashes_of, fill_hatched, rgb
from ui.verdict_mark import paint_verdict

LEAST = 0.07
"""Distance in OKLab; a just noticeable difference is about 0.02."""


def of(names) -> list[tuple[int, int, int]]:
    return [rgb(QColor(name)) for name in names]


def test_the_simulation_is_right_for_known_colours():
    grey = (128, 128, 128)
    assert distance((0, 0, 0), (255, 255, 255)) == pytest.approx(1, abs=1e-3)
    assert all(distance(grey, grey, vision) == 0 for vision in VISIONS)
    assert distance((201, 59, 56), (96, 113, 30), "deuteranopia") < 0.1 < distance((201, 59, 56), (96, 113, 30))


@pytest.mark.parametrize(
    "colors",
    [list(CLEVR_COLORS.values()), list(SAFE_PALETTE), of(COLORS), of(VERDICT_COLORS.values())],
    ids=["clevr", "others", "series", "verdicts"],
)
def test_colours_of_one_kind_differ_for_everybody(colors):
    least, vision, one, other = closest(colors)
    assert least >= LEAST, (vision, one, other)


@pytest.mark.parametrize("theme", [0, 1])
def test_found_and_missed_differ_for_everybody(theme):
    least, vision, *_ = closest(of((Ink.GOOD.value[theme], Ink.BAD.value[theme])))
    assert least >= LEAST, vision


@pytest.mark.parametrize("color", [*CLEVR_COLORS.values(), *SAFE_PALETTE, EMPTY])
def test_boxes_are_seen_on_every_paper(qapp, color):
    """By their line or by the darker one round it."""
    dark = qapp.palette()
    dark.setColor(dark.ColorRole.Window, QColor("black"))
    for look in (Look.of(qapp.palette()), Look.of(dark)):
        lines = (color, rgb(QColor(*color).darker(165)))
        assert max(contrast(line, rgb(look.paper)) for line in lines) >= 3, look.paper.name()


def test_any_colour_leaves_its_text_readable():
    for value in range(0, 256, 5):
        for color in ((value, value, value), (value, 0, 0), (0, value, 0), (value, value, 0), (0, value, value)):
            assert contrast(color, text_on(color)) >= 4.5, color


def test_colours_that_look_alike_to_some_have_other_dashes():
    for colors in (list(CLEVR_COLORS.values()), list(SAFE_PALETTE)):
        for vision in VISIONS:
            pairs = [(a, b) for place, a in enumerate(colors) for b in colors[place + 1 :]]
            for one, other in sorted(pairs, key=lambda pair: distance(*pair, vision))[:1]:
                assert dashes_of(one) != dashes_of(other), (vision, one, other)
    assert len(set(DASHES)) == len(DASHES)


def grey(paint) -> QImage:
    """What a painter leaves to somebody who sees no colours at all."""
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return image.convertToFormat(QImage.Format.Format_Grayscale8)


def test_hatching_tells_series_apart_without_colours(qapp):
    color, line = QColor(128, 128, 128), QColor("black")
    images = [
        grey(lambda painter, number=number: fill_hatched(painter, QRectF(4, 4, 50, 30), color, number, line))
        for number in range(len(HATCHES))
    ]
    assert all(one != other for place, one in enumerate(images) for other in images[place + 1 :])


def test_a_tick_and_a_cross_differ_without_colours(qapp):
    hit, miss = (
        grey(lambda painter, hit=hit: paint_verdict(painter, QRectF(10, 5, 30, 30), hit=hit)) for hit in (True, False)
    )
    differing = sum(
        abs(QColor(hit.pixel(x, y)).lightness() - QColor(miss.pixel(x, y)).lightness()) > 60
        for x in range(60)
        for y in range(40)
    )
    assert differing > 40
