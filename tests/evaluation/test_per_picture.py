"""Scores of single pictures: as the benchmark's own rules give them, kept beside the pictures, and compared."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest

from engine.errors import BoxpaintError
from engine.evaluation.average_precision import UNDEFINED
from engine.evaluation.kept_checks import MAX_FIGURES
from engine.evaluation.kept_scores import (
    PictureScore,
    compare,
    keep_scores,
    read_detail,
    read_picture_scores,
    read_summary,
    score_files,
    scored_runs,
)
from engine.evaluation.per_picture import picture_scores
from engine.evaluation.scoring import match_all
from engine.evaluation.truth import Found
from engine.evaluation.verdicts import judge
from tests.evaluation.random_sets import random_found, random_truth, reference

DOCUMENT = {"protocol": "layoutbench", "overall": {"AP": 0.5}, "splits": {}}


@pytest.fixture
def scored():
    rng = np.random.default_rng(5)
    truth = random_truth(rng)
    found = random_found(rng, truth)
    matches = match_all(truth, found)
    return matches, found, list(picture_scores(matches, judge(truth, found)))


def test_a_picture_scores_what_pycocotools_gives_it_alone(scored) -> None:
    matches, found, rows = scored
    for place, (score, detail) in enumerate(rows):
        alone = np.arange(len(rows)) == place
        expected = reference(matches.truth, found, alone).stats[:2]
        assert (score.ap, score.ap50) == pytest.approx(expected, abs=1e-9)
        assert score.targets == len(detail.targets) == int((matches.truth.image == place).sum())
        assert score.hits == len(detail.found)
        assert sum(score.verdicts.values()) == len(detail.targets) + len(detail.surplus)
    assert any(score.ap == UNDEFINED for score, _ in rows) and any(score.ap > 0 for score, _ in rows)


def test_nothing_found_is_zero(scored) -> None:
    matches, *_ = scored
    none = Found(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 4)), np.zeros(0))
    truth = matches.truth
    for score, _ in picture_scores(match_all(truth, none), judge(truth, none)):
        assert (score.ap, score.hits) == ((0.0, 0) if score.targets else (UNDEFINED, 0))


def test_what_is_kept_is_read_again(scored, tmp_path) -> None:
    *_, rows = scored
    assert scored_runs(tmp_path) == []
    keep_scores(tmp_path, "run", DOCUMENT, rows)
    assert scored_runs(tmp_path) == ["run"]
    assert read_summary(tmp_path, "run") == {"run": "run", **DOCUMENT}
    assert read_picture_scores(tmp_path, "run") == [score for score, _ in rows]
    score, detail = max(rows, key=lambda row: len(row[1].surplus))
    assert read_detail(tmp_path, "run", *score.key) == detail
    assert read_detail(tmp_path, "run", score.split, "none") is None
    keep_scores(tmp_path, "run", DOCUMENT, rows[:1])
    assert len(read_picture_scores(tmp_path, "run")) == 1


def test_damaged_and_missing_scores_are_told(scored, tmp_path) -> None:
    with pytest.raises(BoxpaintError, match="no scores"):
        read_picture_scores(tmp_path, "run")
    for path in keep_scores(tmp_path, "run", DOCUMENT, scored[2]):
        path.write_bytes(b'{"splits": ' + b"x" * 5000)
    for reading in (read_summary, read_picture_scores):
        with pytest.raises(BoxpaintError) as told:
            reading(tmp_path, "run")
        assert told.value.file in map(str, score_files(tmp_path, "run"))


@pytest.mark.parametrize(
    "change",
    [
        {"overall": None},
        {"overall": {"AP": "<b>"}},
        {"overall": {"AP": True}},
        {"overall": {"AP": 10**400}},
        {"splits": {"a": 3}},
        {"skills": [1]},
        {"bins": {"objects": {"1": {"AP": 1}}}},
        {"gains": {"lost": {"count": 1}}},
        {"verdicts": {"overall": {"hit": {}}}},
        {"classes": dict.fromkeys(map(str, range(MAX_FIGURES + 1)), 0)},
    ],
)
def test_a_document_with_other_figures_than_are_shown_is_refused(tmp_path, change) -> None:
    summary, _ = keep_scores(tmp_path, "run", DOCUMENT | change, [])
    with pytest.raises(BoxpaintError) as told:
        read_summary(tmp_path, "run")
    assert told.value.file == str(summary)


@pytest.mark.parametrize(
    "change",
    [
        "name = x'ff'",
        "ap = 'much'",
        "ap = 9e999",
        "hits = 0.5",
        "verdicts = '[]'",
        """verdicts = '{"hit": "many"}'""",
        "verdicts = replace(hex(zeroblob(9999)), '00', '[')",
        "detail = '7'",
        "detail = '[[], 7]'",
        "detail = '[[], [{}]]'",
        """detail = '[[], [{"label": "a", "verdict": "x", "found": null}]]'""",
        """detail = '[[{"label": "a", "verdict": "hit", "found": null, "object": "o", "box": [0, 0, 1]}], []]'""",
        """detail = '[[{"label": 1, "verdict": "hit", "found": null, "object": "o", "box": [0, 0, 1, 1]}], []]'""",
    ],
)
def test_rows_with_other_values_than_are_shown_are_refused(scored, tmp_path, change) -> None:
    rows = scored[2]
    _, kept = keep_scores(tmp_path, "run", DOCUMENT, rows)
    with sqlite3.connect(kept) as database:
        database.execute(f"UPDATE pictures SET {change} WHERE position = 0")
    with pytest.raises(BoxpaintError) as told:
        read_picture_scores(tmp_path, "run")
        read_detail(tmp_path, "run", *rows[0][0].key)
    assert told.value.file == str(kept)


def test_two_runs_meet_picture_by_picture() -> None:
    def score(name: str, ap: float, hits: int) -> PictureScore:
        return PictureScore("s", name, ap, ap, 4, hits, {"hit": hits})

    first = [score("a", 0.5, 2), score("b", 0.5, 2), score("c", 0.5, 2), score("only", 1.0, 4)]
    second = [score("c", 0.6, 2), score("b", 0.9, 1), score("a", 0.5, 2)]
    duels = compare(first, second)
    assert [(duel.name, duel.outcome) for duel in duels] == [("b", "loss"), ("a", "draw"), ("c", "win")]
    assert duels[0].as_dict() == {"split": "s", "name": "b", "ap": (0.5, 0.9), "hits": (2, 1), "outcome": "loss"}
