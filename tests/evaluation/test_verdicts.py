"""Verdicts on targets and detections, case by case, and what mending each kind would give."""

from __future__ import annotations

import numpy as np
import pytest

from engine.evaluation.fixes import KINDS, gains
from engine.evaluation.protocols import PROTOCOLS
from engine.evaluation.scoring import score
from engine.evaluation.truth import Found, Truth, make_found, make_truth
from engine.evaluation.verdicts import SURPLUS_VERDICTS, TARGET_VERDICTS, judge, wrong_attributes
from engine.events import Detection
from engine.formats.dataset import Entry
from engine.layout import Box, Layout, LayoutObject
from engine.layout.matching import match_objects
from engine.layout.vocabulary import CLEVR_48
from tests.evaluation.random_sets import random_found, random_truth

RED, BLUE, GREEN = "red metal cube", "blue rubber sphere", "green metal cylinder"
PLACES = {"left": (0.1, 0.1, 0.3, 0.3), "right": (0.6, 0.6, 0.8, 0.8), "beside": (0.31, 0.1, 0.51, 0.3)}


def box(*edges: float) -> Box:
    return Box(*edges)


def truth_of(*objects: tuple[str, str], split: str = "number_few") -> Truth:
    """One picture with these prompts in these places."""
    items = tuple(LayoutObject(f"o{n}", prompt, Box(*PLACES[place])) for n, (prompt, place) in enumerate(objects))
    return make_truth([Entry("p", Layout(320, 320, items), split)], CLEVR_48, None)


def verdicts(truth: Truth, *found: tuple[str, tuple[float, float, float, float], float], **known):
    """The verdicts on targets and surplus detections, by name."""
    detections = [Detection(Box(*edges), label, sure) for label, edges, sure in found]
    judged = judge(truth, make_found({0: detections}, truth), **known)
    details = [f"{item.verdict}:{item.detail}" if item.detail else item.verdict for item in judged.targets]
    return details, [item.verdict for item in judged.surplus]


def test_each_target_gets_the_verdict_that_fits() -> None:
    left = PLACES["left"]
    one = truth_of((RED, "left"))
    assert verdicts(one, (RED, left, 0.9)) == (["hit"], [])
    assert verdicts(one) == (["missing"], [])
    assert verdicts(one, (RED, left, 0.2)) == (["missing"], []), "unsure detections are passed over"
    assert verdicts(one, (RED, (0.1, 0.2, 0.3, 0.4), 0.9)) == (["misplaced"], [])
    assert verdicts(one, (RED, (0.28, 0.28, 0.48, 0.48), 0.9)) == (["misplaced"], [])
    assert verdicts(one, (RED, (0.15, 0.15, 0.25, 0.25), 0.9)) == (["wrong-size"], [])
    assert verdicts(one, (RED, (0.05, 0.05, 0.42, 0.42), 0.9)) == (["wrong-size"], [])
    assert verdicts(one, (BLUE, left, 0.9)) == (["wrong-attribute:color+material+shape"], [])
    assert verdicts(one, ("red metal sphere", left, 0.9)) == (["wrong-attribute:shape"], [])
    assert verdicts(one, (RED, PLACES["right"], 0.9)) == (["missing"], ["invented"])
    assert verdicts(one, (RED, left, 0.9), (RED, (0.2, 0.12, 0.42, 0.3), 0.8)) == (["duplicated"], ["duplicate"])
    assert verdicts(one, (BLUE, (0.1, 0.2, 0.3, 0.4), 0.9)) == (["missing"], ["confused"])


def test_what_the_timeline_counts_as_hits_the_verdicts_count_too() -> None:
    draw = np.random.default_rng(7)
    hits = 0

    def edges() -> tuple[float, float, float, float]:
        x, y = draw.uniform(0, 0.5, 2)
        width, height = draw.uniform(0.2, 0.5, 2)
        return (x, y, x + width, y + height)

    for _ in range(200):
        items = tuple(LayoutObject(f"o{n}", (RED, BLUE)[draw.integers(2)], Box(*edges())) for n in range(4))
        near = [np.add(np.array([i.box.x0, i.box.y0, i.box.x1, i.box.y1]), draw.normal(0, 0.02)) for i in items]
        boxes = [Box(*np.clip(place, 0, 1).tolist()) for place in [*near, *near, *(edges() for _ in range(4))]]
        found = [Detection(place, (RED, BLUE)[draw.integers(2)], float(draw.uniform(0.1, 1))) for place in boxes]
        truth = make_truth([Entry("p", Layout(320, 320, items), "s")], CLEVR_48, None)
        judged = judge(truth, make_found({0: found}, truth)).targets
        told = {item.object_id for item in judged if item.verdict in ("hit", "duplicated")}
        assert told == {name for name, match in match_objects(items, found).items() if match.hit}
        hits += len(told)
    assert 100 < hits < 700, "some are found, and some are not"


def test_two_neighbours_grown_together_are_merged_and_lost_ones_were_painted() -> None:
    two = truth_of((RED, "left"), (BLUE, "beside"))
    both = (RED, (0.1, 0.1, 0.48, 0.3), 0.9)
    assert verdicts(two, both)[0] == ["hit", f"merged:{RED}"]
    assert verdicts(two, (RED, PLACES["left"], 0.9), painted={(0, "o1"): True})[0] == ["hit", "lost"]
    assert verdicts(two, (RED, PLACES["left"], 0.9), painted={(0, "o1"): False})[0] == ["hit", "missing"]


def test_targets_with_the_same_prompt_need_a_detection_each() -> None:
    two = truth_of((RED, "left"), (RED, "right"))
    assert verdicts(two, (RED, PLACES["left"], 0.9))[0] == ["hit", "missing"]
    assert verdicts(two, (RED, PLACES["left"], 0.9), (RED, PLACES["right"], 0.4))[0] == ["hit", "hit"]


def test_a_detection_far_better_for_one_target_is_not_used_for_another() -> None:
    two = truth_of((RED, "left"), (GREEN, "right"))
    found = ((GREEN, PLACES["left"], 0.9), (GREEN, PLACES["right"], 0.8))
    assert verdicts(two, *found)[0] == ["wrong-attribute:color+shape", "hit"]


def test_wrong_attributes_are_named() -> None:
    assert wrong_attributes("Red metal  cube", "red rubber cube") == "material"
    assert wrong_attributes("red metal cube", "blue metal sphere") == "color+shape"
    assert wrong_attributes("dog", "cat") == "class"


def test_every_target_and_every_sure_detection_is_judged_once_and_counted() -> None:
    rng = np.random.default_rng(2)
    truth = random_truth(rng, pictures=20, labels=3)
    found = random_found(rng, truth)
    judged = judge(truth, found)
    assert len(judged.targets) == len(truth.image) and {item.verdict for item in judged.targets} <= set(TARGET_VERDICTS)
    counts = judged.counts()
    assert sum(counts["overall"][name] for name in TARGET_VERDICTS) == len(truth.image)
    assert sum(counts["overall"][name] for name in SURPLUS_VERDICTS) == len(judged.surplus)
    assert sum(counts["splits"][split]["hit"] for split in truth.splits) == counts["overall"]["hit"]
    assert len(list(judged.rows())) == len(judged.targets) + len(judged.surplus)


def test_nothing_to_judge_is_no_error() -> None:
    empty = make_truth([Entry("p", Layout(32, 32))], CLEVR_48, None)
    nothing = make_found({}, empty)
    assert judge(empty, nothing).targets == ()
    assert sum(item["count"] for item in gains(empty, nothing, COCO).values()) == 0


COCO = PROTOCOLS["coco"]


@pytest.mark.parametrize(
    ("kind", "label", "edges"),
    [
        ("misplaced", RED, (0.1, 0.2, 0.3, 0.4)),
        ("wrong-size", RED, (0.15, 0.15, 0.25, 0.25)),
        ("wrong-color", "blue metal cube", PLACES["left"]),
        ("wrong-material", "red rubber cube", PLACES["left"]),
        ("wrong-shape", "red metal sphere", PLACES["left"]),
        ("wrong-class", BLUE, PLACES["left"]),
    ],
)
def test_mending_the_one_mistake_there_is_gives_all_that_is_missing(kind, label, edges) -> None:
    truth = truth_of((RED, "left"))
    found = make_found({0: [Detection(Box(*edges), label, 0.7)]}, truth)
    gained = gains(truth, found, COCO)
    assert gained[kind] == {"AP": pytest.approx(1.0), "AP50": pytest.approx(1.0), "count": 1}
    assert all(values["AP"] == 0 for name, values in gained.items() if name != kind)


def test_taking_away_surplus_detections_and_missed_targets_gains_too() -> None:
    truth = truth_of((RED, "left"), (RED, "right"))
    left = Box(*PLACES["left"])
    found = [Detection(Box(0.4, 0.4, 0.5, 0.5), RED, 0.9), Detection(left, RED, 0.8), Detection(left, RED, 0.7)]
    gained = gains(truth, make_found({0: found}, truth), COCO)
    assert gained["invented"]["count"] == gained["duplicate"]["count"] == gained["missing"]["count"] == 1
    assert gained["invented"]["AP"] > 0 and gained["missing"]["AP"] > 0
    assert set(gained) == set(KINDS)


def test_mending_never_takes_away_on_random_sets() -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        truth = random_truth(rng)
        found: Found = random_found(rng, truth)
        before = score(truth, found, COCO).overall["AP"]
        for values in gains(truth, found, COCO).values():
            assert 0 <= values["AP"] <= 1 - before + 1e-9
