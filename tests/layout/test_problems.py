"""Problems are found in layouts of any size, and mended."""

from __future__ import annotations

import random

import pytest

from engine.layout import Box, Layout, LayoutObject
from engine.layout.problems import COVERED, Model, covered_share, examine, find_problems
from engine.layout.vocabulary import CLEVR_48

MODEL = Model(frozenset(CLEVR_48), 16, (128, 128))


def layout(*objects: tuple[str, tuple[float, float, float, float]]) -> Layout:
    made = (LayoutObject(f"o{n}", prompt, Box(*box)) for n, (prompt, box) in enumerate(objects, start=1))
    return Layout(512, 512, tuple(made))


def kinds(found) -> list[tuple[str, str]]:
    return [(problem.kind, problem.object_id) for problem in found]


def test_a_good_layout_has_none():
    assert find_problems(layout(("red metal cube", (0.1, 0.1, 0.4, 0.4))), MODEL) == []


def test_empty_unknown_small_and_covered():
    found = find_problems(
        layout(
            ("", (0.0, 0.0, 0.2, 0.2)),
            ("red metal cub", (0.3, 0.3, 0.6, 0.6)),
            ("blue metal cube", (0.8, 0.8, 0.85, 0.9)),
            ("cyan metal cube", (0.25, 0.3, 0.61, 0.45)),
            ("cyan metal cube", (0.25, 0.44, 0.61, 0.61)),
        ),
        MODEL,
    )
    assert kinds(found) == [("empty", "o1"), ("unknown", "o2"), ("covered", "o2"), ("small", "o3")]


def test_any_prompt_will_do_for_a_model_without_a_vocabulary():
    assert find_problems(layout(("a marble bust", (0.1, 0.1, 0.4, 0.4))), Model()) == []


@pytest.mark.parametrize("index", [0, 1, 2])
def test_fixes_mend(index):
    broken = layout(
        ("red metal cub", (0.3, 0.3, 0.6, 0.6)),
        ("blue metal cube", (0.95, 0.95, 1.0, 1.0)),
        ("cyan metal cube", (0.25, 0.25, 0.61, 0.61)),
    )
    found = find_problems(broken, MODEL)
    assert kinds(found) == [("unknown", "o1"), ("covered", "o1"), ("small", "o2")]
    mended = found[index].fix(broken)
    left = [entry for place, entry in enumerate(kinds(found)) if place != index]
    assert sorted(kinds(find_problems(mended, MODEL))) == sorted(left)


def test_cover_counts_overlapping_covers_once():
    box = Box(0, 0, 0.5, 0.5)
    assert covered_share(box, [Box(0, 0, 0.25, 0.5), Box(0, 0, 0.25, 0.5)]) == pytest.approx(0.5)
    assert covered_share(box, [Box(0, 0, 0.25, 1), Box(0.25, 0, 1, 0.5)]) == pytest.approx(1.0)


def test_hidden_objects_are_not_looked_at():
    things = (
        LayoutObject("a", "", Box(0, 0, 0.5, 0.5), hidden=True),
        LayoutObject("b", "red metal cube", Box(0, 0, 0.5, 0.5)),
        LayoutObject("c", "red metal cube", Box(0, 0, 0.5, 0.5), hidden=True),
    )
    assert find_problems(Layout(512, 512, things), MODEL) == []
    assert len(list(examine(Layout(512, 512, things), MODEL))) == 1


def test_the_number_is_the_place_in_the_list():
    things = (
        LayoutObject("a", "red metal cube", Box(0, 0, 0.5, 0.5), hidden=True),
        LayoutObject("b", "", Box(0, 0, 0.5, 0.5)),
    )
    (problem,) = find_problems(Layout(512, 512, things), MODEL)
    assert problem.number == 2


def test_among_many_boxes_the_covered_ones_are_those_that_pixels_tell():
    chance = random.Random(4)
    boxes = []
    for _ in range(400):
        x, y = chance.randrange(56), chance.randrange(56)
        boxes.append((x, y, x + chance.randrange(2, 8), y + chance.randrange(2, 8)))
    things = tuple(LayoutObject(f"o{n}", "mug", Box.from_pixels(*box, 64, 64)) for n, box in enumerate(boxes))
    found = {problem.object_id for problem in find_problems(Layout(64, 64, things), Model())}
    expected = set()
    for place, (x0, y0, x1, y1) in enumerate(boxes):
        cells = {(x, y) for x in range(x0, x1) for y in range(y0, y1)}
        over = {
            cell for cell in cells if any(b[0] <= cell[0] < b[2] and b[1] <= cell[1] < b[3] for b in boxes[place + 1 :])
        }
        if len(over) >= COVERED * len(cells) - 1e-9:
            expected.add(f"o{place}")
    assert found == expected and expected


def test_a_box_at_the_edge_is_enlarged_inside_the_picture():
    broken = layout(("red metal cube", (0.99, 0.0, 1.0, 0.01)))
    (problem,) = find_problems(broken, MODEL)
    box = problem.fix(broken).objects[0].box
    assert (box.x1, box.y0) == (1.0, 0.0)
    assert box.width == pytest.approx(16 / 128) and problem.least == (64.0, 64.0)
    assert find_problems(problem.fix(broken), MODEL) == []
