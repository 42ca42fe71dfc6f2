"""One detection per thing, and the object that it stands for."""

from __future__ import annotations

from engine.events import Detection
from engine.layout import Box, LayoutObject
from engine.layout.matching import distinct, match_objects


def found(label: str, score: float, *box: float) -> Detection:
    return Detection(Box(*box), label, score)


def test_the_likeliest_label_of_one_box_is_kept():
    sure, guess = found("red cube", 0.9, 0.1, 0.1, 0.5, 0.5), found("red sphere", 0.6, 0.1, 0.1, 0.5, 0.49)
    assert distinct([guess, sure], 0.3) == [sure]


def test_the_same_label_twice_on_one_thing_counts_once():
    sure, again = found("red cube", 0.9, 0.1, 0.1, 0.5, 0.5), found("red cube", 0.8, 0.1, 0.15, 0.5, 0.6)
    assert distinct([sure, again], 0.3) == [sure]


def test_things_inside_others_and_in_front_of_them_are_kept():
    large, inside = found("red cube", 0.9, 0.0, 0.0, 0.8, 0.8), found("red cube", 0.8, 0.3, 0.3, 0.5, 0.5)
    front = found("blue sphere", 0.7, 0.1, 0.0, 0.9, 0.7)
    assert distinct([front, large, inside], 0.3) == [large, inside, front]


def test_what_is_unsure_is_left_out():
    assert distinct([found("red cube", 0.29, 0, 0, 1, 1)], 0.3) == []


def test_a_hit_is_a_sure_detection_of_the_label_that_overlaps_enough():
    cube = LayoutObject("a", "Red  cube", Box(0.1, 0.1, 0.5, 0.5))
    assert match_objects([cube], [found("red cube", 0.3, 0.1, 0.1, 0.5, 0.5)])["a"].hit
    assert not match_objects([cube], [found("red cube", 0.29, 0.1, 0.1, 0.5, 0.5)])
    assert not match_objects([cube], [found("red cube", 0.9, 0.3, 0.1, 0.7, 0.5)])["a"].hit


def test_a_guess_that_a_surer_one_of_another_label_covers_stands_for_nothing():
    cube = LayoutObject("a", "red cube", Box(0.1, 0.1, 0.5, 0.5))
    guess, sure = found("red cube", 0.6, 0.1, 0.1, 0.5, 0.5), found("red sphere", 0.9, 0.1, 0.1, 0.5, 0.49)
    assert match_objects([cube], [guess, sure]) == {}
