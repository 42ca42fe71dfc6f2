"""Boxes: what is refused, and that pixels come back as they went in."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import BoxpaintError
from engine.layout import Box

sides = st.integers(1, 4096)


@pytest.mark.parametrize(
    "edges",
    [
        (math.nan, 0, 1, 1),
        (0, math.inf, 1, 1),
        (-0.1, 0, 1, 1),
        (0, 0, 1.1, 1),
        (0.5, 0, 0.5, 1),
        (0.6, 0, 0.5, 1),
        ("0", 0, 1, 1),
        (True, 0, 1, 1),
        (None, 0, 1, 1),
    ],
)
def test_bad_edges_are_refused_with_the_field_named(edges) -> None:
    with pytest.raises(BoxpaintError) as caught:
        Box(*edges)
    assert caught.value.field == "box"


@given(sides, sides, st.data())
def test_whole_pixels_come_back_exactly_in_both_readings(width, height, data) -> None:
    x0 = data.draw(st.integers(0, width - 1))
    y0 = data.draw(st.integers(0, height - 1))
    x1 = data.draw(st.integers(x0 + 1, width))
    y1 = data.draw(st.integers(y0 + 1, height))
    box = Box.from_pixels(x0, y0, x1, y1, width, height)
    assert box.to_pixels(width, height) == (x0, y0, x1, y1)
    assert box.truncated(width, height) == (x0, y0, x1, y1)


@given(st.floats(0, 0.999), st.floats(0, 0.999), st.floats(1e-6, 1), st.floats(1e-6, 1), sides, sides)
def test_pixels_are_never_empty_nor_outside(x, y, w, h, width, height) -> None:
    box = Box(x, y, min(1.0, x + w), min(1.0, y + h))
    pixels = box.to_pixels(width, height)
    assert 0 <= pixels.x0 < pixels.x1 <= width
    assert 0 <= pixels.y0 < pixels.y1 <= height


def test_clipping_keeps_the_part_inside_and_refuses_what_is_wholly_outside() -> None:
    assert Box.clipped(-0.5, 0.25, 0.5, 1.5) == Box(0.0, 0.25, 0.5, 1.0)
    with pytest.raises(BoxpaintError):
        Box.clipped(1.2, 0.1, 1.5, 0.5)
    with pytest.raises(BoxpaintError):
        Box.clipped(math.nan, 0.1, 1.5, 0.5)


def test_intersection_over_union() -> None:
    left, right = Box(0.0, 0.0, 0.5, 1.0), Box(0.25, 0.0, 0.75, 1.0)
    assert left.iou(right) == pytest.approx(1 / 3)
    assert left.iou(left) == 1.0
    assert left.iou(Box(0.5, 0.0, 1.0, 1.0)) == 0.0
