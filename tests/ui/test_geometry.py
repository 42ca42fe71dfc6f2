"""Editing geometry for every drag there can be: inside the picture, with area, and as asked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.canvas.geometry import (
    HANDLES,
    Edges,
    box_of,
    drawn,
    edges_of,
    inside,
    limited_shift,
    mapped,
    resized,
    shifted,
    union,
)

SIZE = (320, 200)
inner_x, inner_y = st.integers(0, SIZE[0]), st.integers(0, SIZE[1])
points = st.tuples(st.floats(-200, 700, width=32), st.floats(-200, 700, width=32))


@st.composite
def boxes(draw) -> Edges:
    xs = sorted(draw(st.lists(inner_x, min_size=2, max_size=2, unique=True)))
    ys = sorted(draw(st.lists(inner_y, min_size=2, max_size=2, unique=True)))
    return Edges(xs[0], ys[0], xs[1], ys[1])


def sound(edges: Edges) -> bool:
    return 0 <= edges.x0 < edges.x1 <= SIZE[0] and 0 <= edges.y0 < edges.y1 <= SIZE[1]


@settings(max_examples=300, deadline=None)
@given(boxes(), st.sampled_from(sorted(HANDLES)), points, st.booleans(), st.booleans())
def test_resizing_stays_inside(start, handle, point, keep_aspect, centred):
    result = resized(start, handle, point, SIZE, keep_aspect=keep_aspect, centred=centred)
    assert sound(result)
    box_of(result, SIZE)


@settings(max_examples=200, deadline=None)
@given(boxes(), st.sampled_from(sorted(HANDLES)), points)
def test_the_opposite_edge_stays(start, handle, point):
    result = resized(start, handle, point, SIZE)
    for axis, sign in enumerate(HANDLES[handle]):
        fixed = start[axis] if sign > 0 else start[axis + 2]
        assert sign == 0 or fixed in (result[axis], result[axis + 2])
        assert sign != 0 or (result[axis], result[axis + 2]) == (start[axis], start[axis + 2])


@settings(max_examples=200, deadline=None)
@given(points, points, st.booleans(), st.booleans())
def test_drawing_stays_inside(start, end, square, centred):
    result = drawn(start, end, SIZE, square=square, centred=centred)
    assert result is None or sound(result)
    if result is not None and square:
        assert result.width == result.height


@settings(max_examples=200, deadline=None)
@given(st.lists(boxes(), min_size=1, max_size=5), points)
def test_groups_stay_inside_and_together(every, by):
    bounds = union(every)
    dx, dy = limited_shift(bounds, *by, SIZE)
    assert all(sound(shifted(edges, dx, dy)) for edges in every)
    assert dx == int(dx) and dy == int(dy)


@settings(max_examples=200, deadline=None)
@given(st.lists(boxes(), min_size=1, max_size=5), st.sampled_from(sorted(HANDLES)), points, st.booleans())
def test_scaled_groups_stay_inside(every, handle, point, keep_aspect):
    bounds = union(every)
    target = resized(bounds, handle, point, SIZE, keep_aspect=keep_aspect)
    assert all(sound(mapped(edges, bounds, target, SIZE)) for edges in every)


@given(boxes())
def test_pixels_and_back(edges):
    assert edges_of(box_of(edges, SIZE), SIZE) == edges


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        (Edges(-5, 0, 5, 5), Edges(0, 0, 10, 5)),
        (Edges(300, 190, 330, 210), Edges(290, 180, 320, 200)),
        (Edges(-10, -10, 400, 300), Edges(0, 0, 320, 200)),
    ],
)
def test_moved_inside(edges, expected):
    assert inside(edges, SIZE) == expected
