"""Layouts as values: what is refused, and that changes make new values."""

from __future__ import annotations

import pytest

from engine.errors import BoxpaintError
from engine.layout import Box, Layout, LayoutObject, object_ids
from engine.layout.vocabulary import CLEVR_48, COCO_80

BOX = Box(0.1, 0.1, 0.5, 0.5)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"id": ""}, "id"),
        ({"id": 3}, "id"),
        ({"prompt": None}, "prompt"),
        ({"prompt": "x" * 10_001}, "prompt"),
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"seed": 2**63}, "seed"),
    ],
)
def test_a_bad_object_is_refused_with_the_field_named(values, field) -> None:
    with pytest.raises(BoxpaintError) as caught:
        LayoutObject(**{"id": "a", "prompt": "cube", "box": BOX, **values})
    assert caught.value.field == field


@pytest.mark.parametrize("size", [(0, 10), (10, -1), (10, 20_000), (10.0, 10), (True, 10)])
def test_a_bad_size_is_refused(size) -> None:
    with pytest.raises(BoxpaintError):
        Layout(*size)


def test_one_id_for_two_objects_is_refused_and_both_prompts_may_be_the_same() -> None:
    twins = (LayoutObject("a", "cube", BOX), LayoutObject("b", "cube", BOX))
    assert Layout(10, 10, twins).objects == twins
    with pytest.raises(BoxpaintError) as caught:
        Layout(10, 10, (twins[0], twins[0]))
    assert (caught.value.item, caught.value.field) == ("object 1", "id")


def test_changing_an_object_leaves_the_first_layout_alone() -> None:
    layout = Layout(10, 10, (LayoutObject("a", "cube", BOX), LayoutObject("b", "cube", BOX)))
    changed = layout.with_object(LayoutObject("b", "sphere", BOX))
    assert [item.prompt for item in layout.objects] == ["cube", "cube"]
    assert [item.prompt for item in changed.objects] == ["cube", "sphere"]
    with pytest.raises(KeyError):
        layout.with_object(LayoutObject("c", "sphere", BOX))


def test_fresh_ids_avoid_those_taken() -> None:
    assert object_ids(2, ["o1", "o3"]) == ["o2", "o4"]


def test_vocabularies_match_their_sources() -> None:
    assert len(CLEVR_48) == 48
    assert (CLEVR_48[0], CLEVR_48[47]) == ("blue metal cube", "yellow rubber sphere")
    assert len(COCO_80) == 80
    assert (COCO_80["person"], COCO_80["toothbrush"]) == (1, 90)
