"""Align, distribute, same size; ranking of suggestions; colours that can be told apart."""

from __future__ import annotations

import pytest

from engine.layout.vocabulary import CLEVR_48
from ui.arrange import align, distribute, same_size
from ui.canvas.geometry import Edges
from ui.colors import CLEVR_COLORS, SAFE_PALETTE, contrast, object_color, text_on
from ui.completion import Vocabulary, rank

SIZE = (200, 100)
BOXES = {"a": Edges(10, 10, 30, 20), "b": Edges(50, 40, 90, 80), "c": Edges(150, 20, 160, 50)}


@pytest.mark.parametrize(
    ("how", "place", "expected"),
    [("left", 0, (10, 10, 10)), ("right", 2, (160, 160, 160)), ("top", 1, (10, 10, 10)), ("bottom", 3, (80, 80, 80))],
)
def test_align_edges(how, place, expected):
    assert tuple(edges[place] for edges in align(BOXES, how, SIZE).values()) == expected


def test_align_middles_on_whole_pixels():
    moved = align(BOXES, "centre", SIZE)
    assert [edges.centre[0] for edges in moved.values()] == pytest.approx([85, 85, 85], abs=0.5)
    assert all(edges[0] == int(edges[0]) for edges in moved.values())


def test_a_single_box_is_aligned_with_the_picture():
    assert align({"a": BOXES["a"]}, "right", SIZE)["a"] == Edges(180, 10, 200, 20)


def test_distribute_makes_equal_gaps():
    moved = distribute(BOXES, 0, SIZE)
    assert moved["a"] == BOXES["a"] and moved["c"] == BOXES["c"]
    assert moved["b"].x0 - moved["a"].x1 == moved["c"].x0 - moved["b"].x1 == 40


def test_same_size_keeps_the_middle():
    made = same_size(BOXES, "b", SIZE)
    assert {(edges.width, edges.height) for edges in made.values()} == {(40, 40)}
    assert made["b"] == BOXES["b"]
    assert made["c"].centre == (155, 35)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("red m", "red metal cube"),
        ("me cu", "blue metal cube"),
        ("gr ru sp", "gray rubber sphere"),
        ("rmc", "red metal cube"),
        ("cyl", "blue metal cylinder"),
    ],
)
def test_ranking(typed, first):
    assert rank(typed, CLEVR_48)[0] == first


def test_what_was_used_comes_first_and_each_word_once():
    vocabulary = Vocabulary(used=["corgi"])
    vocabulary.note("red metal cube")
    words = vocabulary.words()
    assert words[:2] == ["red metal cube", "corgi"]
    assert len(words) == len(set(words))
    assert "teddy bear" in words


def test_what_the_model_knows_is_offered_before_other_words():
    vocabulary = Vocabulary(CLEVR_48, used=["cupcake"])
    found = vocabulary.suggest("cu")
    assert found[0] == "cupcake" and found[1] == "blue metal cube"
    assert "cup" not in found  # there is no room left after the cubes
    assert vocabulary.suggest("cup")[:2] == ["cupcake", "cup"]


def test_number_keys_keep_their_meaning():
    vocabulary = Vocabulary()
    for prompt in ("mug", "cup", "mug"):
        vocabulary.note(prompt)
    assert vocabulary.slots[:2] == ("mug", "cup")
    assert len(vocabulary.slots) == 9


def test_labels_are_readable_on_every_colour():
    for color in (*CLEVR_COLORS.values(), *SAFE_PALETTE):
        assert contrast(color, text_on(color)) >= 4.5


def test_colours_are_steady():
    assert object_color("a red metal cube") == CLEVR_COLORS["red"]
    assert object_color("corgi") == object_color("Corgi ")
    assert object_color("corgi") in SAFE_PALETTE
