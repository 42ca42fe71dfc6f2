"""Windows zoomed onto one box: geometry, masks, and pictures brought to another size without dark lines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.inpainting.windows import (
    Window,
    box_mask,
    crop_picture,
    nearest_size,
    paste_box,
    resize_known,
    resize_mask,
    zoom_window,
)
from engine.layout import PixelBox


@st.composite
def boxes_in_pictures(draw: st.DrawFn) -> tuple[PixelBox, tuple[int, int]]:
    size = draw(st.integers(16, 400)), draw(st.integers(16, 400))
    x0, y0 = (draw(st.integers(0, side - 1)) for side in size)
    return PixelBox(x0, y0, draw(st.integers(x0 + 1, size[0])), draw(st.integers(y0 + 1, size[1]))), size


@given(boxes_in_pictures(), st.floats(1, 3), st.floats(-1, 1), st.floats(-1, 1))
@settings(max_examples=200, deadline=None)
def test_a_window_holds_its_box_and_stays_inside(case, factor, shift_x, shift_y):
    box, size = case
    window = zoom_window(box, size, factor, (shift_x, shift_y))
    edges = window.box
    assert edges.x0 <= box.x0 and edges.y0 <= box.y0 and edges.x1 >= box.x1 and edges.y1 >= box.y1
    if window.side <= min(size):
        assert edges.x0 >= 0 and edges.y0 >= 0 and edges.x1 <= size[0] and edges.y1 <= size[1]
    inside = window.to_working(box, 64)
    assert 0 <= inside.x0 < inside.x1 <= 64 and 0 <= inside.y0 < inside.y1 <= 64


def test_a_box_longer_than_the_pictures_short_side_reaches_beyond_evenly():
    window = zoom_window((10, 4, 290, 60), (320, 64), 1.5)
    assert window == Window(10, -108, 280)
    picture = crop_picture(Image.new("RGB", (320, 64), "white"), window, 70)
    column = np.asarray(picture)[:, 35, 0]
    assert column[0] == 0 and column[-1] == 0 and column[35] == 255


def test_factor_and_shift():
    assert zoom_window((100, 100, 140, 120), (320, 320), 1.5) == Window(90, 80, 60)
    assert zoom_window((100, 100, 140, 120), (320, 320), 1.5, (1, 0)) == Window(100, 80, 60)
    assert zoom_window((0, 0, 40, 40), (320, 320), 1.5) == Window(0, 0, 60)
    assert zoom_window((100, 100, 102, 102), (320, 320)).side == 16
    with pytest.raises(ValueError, match="at least 1"):
        zoom_window((0, 0, 10, 10), (32, 32), 0.5)


def test_a_window_is_brought_to_the_size_that_changes_its_scale_least():
    assert [nearest_size(side, (64, 96)) for side in (16, 64, 78, 79, 96, 300)] == [64, 64, 64, 96, 96, 96]


def test_pasting_changes_the_box_only_and_knows_nothing_of_the_black_round_it():
    box = PixelBox(101, 87, 148, 133)
    window = zoom_window(box, (320, 320))
    mask = np.asarray(box_mask(box, window, 64))
    painted = np.zeros((64, 64, 3), np.uint8)
    painted[mask > 0] = 200
    picture = Image.new("RGB", (320, 320), (10, 20, 30))
    result = np.asarray(paste_box(picture, Image.fromarray(painted), box, window))
    assert (result[87:133, 101:148] == 200).all()
    outside = np.ones((320, 320), bool)
    outside[87:133, 101:148] = False
    assert (result[outside] == (10, 20, 30)).all()


def test_the_dark_rim_of_a_painted_box_is_replaced():
    box = PixelBox(96, 96, 160, 160)
    window = zoom_window(box, (320, 320))
    x0, y0, x1, y1 = window.to_working(box, 64)
    painted = np.full((64, 64, 3), 60, np.uint8)
    painted[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1] = 180
    result = np.asarray(paste_box(Image.new("RGB", (320, 320)), Image.fromarray(painted), box, window))
    assert (result[96:160, 96:160] == 180).all()


def test_a_smaller_mask_keeps_only_what_is_wholly_known():
    mask = np.full((32, 32), 255, np.uint8)
    mask[5:20, 8:24] = 0
    small = np.asarray(resize_mask(Image.fromarray(mask), (8, 8)))
    assert (small[2:5, 2:6] == 0).all() and (small == 0).sum() == 12


def test_known_picture_does_not_darken_at_its_edges():
    pixels = np.zeros((64, 64, 3), np.uint8)
    mask = np.full((64, 64), 255, np.uint8)
    pixels[13:41, 22:50], mask[13:41, 22:50] = 180, 0
    small = np.asarray(resize_known(Image.fromarray(pixels), Image.fromarray(mask), (20, 20)))
    kept = np.asarray(resize_mask(Image.fromarray(mask), (20, 20))) == 0
    assert kept.any() and (abs(small[kept].astype(int) - 180) <= 1).all()
    assert (small[0, 0] == 128).all()
