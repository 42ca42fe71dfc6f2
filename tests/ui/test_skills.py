"""The skill tools stay inside the picture, leave locked objects alone, and do what they say."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.layout import Box, Layout, LayoutObject
from ui.skills import MANY, TOOLS

LAYOUT = Layout(
    320,
    200,
    (
        LayoutObject("a", "mug", Box.from_pixels(20, 30, 80, 90, 320, 200), extra={"note": 1}),
        LayoutObject("b", "cup", Box.from_pixels(200, 100, 300, 190, 320, 200)),
        LayoutObject("c", "pot", Box.from_pixels(120, 10, 160, 40, 320, 200), locked=True),
    ),
)
ALL = frozenset("abc")


def used(name: str, layout: Layout = LAYOUT, ids=ALL, seed: int = 0) -> Layout:
    return TOOLS[name][1](layout, ids, random.Random(seed))


def pixels(layout: Layout, name: str):
    return tuple(layout.find(name).box.to_pixels(320, 200))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(sorted(TOOLS)), min_size=1, max_size=8), st.integers(0, 99))
def test_any_sequence_gives_a_sound_layout_and_leaves_locked_objects(names, seed):
    layout = LAYOUT
    for name in names:
        layout = used(name, layout, seed=seed)
    assert layout.find("c") == LAYOUT.find("c")
    assert all(0 <= item.box.x0 < item.box.x1 <= 1 for item in layout.objects)


def test_number():
    layout = used("number", ids=frozenset("a"))
    assert len(layout.objects) == MANY
    assert {item.prompt for item in layout.objects[3:]} == {"mug"}
    assert layout.objects[3].extra == {"note": 1}
    assert used("number", layout) == layout


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("boundary", (0, 30, 60, 90)),
        ("centre", (75, 50, 135, 110)),
        ("enlarge", (8, 18, 92, 102)),
        ("wide", (0, 30, 120, 90)),
        ("tall", (20, 0, 80, 120)),
        ("mirror", (240, 30, 300, 90)),
    ],
)
def test_places_and_sizes(name, expected):
    layout = used(name)
    assert pixels(layout, "a") == expected
    assert layout.find("b") != LAYOUT.find("b")


def test_only_the_chosen_ones():
    assert used("mirror", ids=frozenset("a")).find("b") is LAYOUT.find("b")


def test_labels_are_dealt_out():
    prompts = {tuple(item.prompt for item in used("labels", seed=seed).objects) for seed in range(20)}
    assert prompts == {("mug", "cup", "pot"), ("cup", "mug", "pot")}
