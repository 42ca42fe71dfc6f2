"""What the window asks of the command line: words that its parser understands, as they are meant."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_app.benchmarks.words import batch_words, evaluate_words, report_words, resume_words
from desktop_app.cli import _parser
from engine.errors import BoxpaintError
from ui.benchmarks.values import ExportWish, ScoreWish
from ui.panels.run_options import RunOptions


def parsed(words: list[str]):
    return _parser().parse_args([*words, "--json", "--attached"])


def test_everything_that_the_form_says_reaches_the_command() -> None:
    wish = ExportWish(
        dataset="data set",
        out="out",
        name="mine",
        splits=("number_few", "size_tiny"),
        labels=("cube",),
        least=2,
        first=5,
        sweep=(("steps", "6,12"),),
        crops=True,
        workers=3,
    )
    options = RunOptions(
        model="m", method="reco", guidance=2.5, area="zoom", width=320, height=240, seed=7, loras=("a:0.5", "b")
    )
    args = parsed(batch_words(wish, options))
    assert (args.dataset, args.out, args.name) == (Path("data set"), Path("out"), "mine")
    assert (args.split, args.label, args.objects, args.first) == (["number_few", "size_tiny"], ["cube"], (2, 10_000), 5)
    assert (args.sweep, args.crops, args.overlays, args.iterations, args.workers) == (
        ["steps=6,12"],
        True,
        False,
        True,
        3,
    )
    assert (args.model, args.method, args.guidance, args.area, args.size, args.seed, args.steps) == (
        *("m", "reco", 2.5, "zoom", (320, 240), 7),
        None,
    )
    assert len(args.lora) == 2 and args.placement == "auto" and args.safety_checker is None
    plain = parsed(batch_words(ExportWish(dataset="d", out="o"), RunOptions(model="m")))
    assert plain.objects is None and plain.sample is None and plain.workers is None and plain.sweep == []


def test_going_on_is_the_same_command_wherever_the_export_lies_now() -> None:
    kept = json.dumps({"words": ["batch", "d", "--out", "old", "--retry-failed", "--json"], "folder": "/where"})
    words, folder = resume_words(kept, Path("/moved/out"), retry=False)
    args = parsed(words)
    assert (args.out, args.retry_failed, folder) == (Path("/moved/out"), False, "/where")
    assert parsed(resume_words(kept, Path("out"), retry=True)[0]).retry_failed


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"words": 3}'])
def test_an_export_that_does_not_know_its_command_is_told(kept) -> None:
    with pytest.raises(BoxpaintError, match="does not say how it was painted"):
        resume_words(kept, Path("out"), retry=False)


@pytest.mark.parametrize(
    "words",
    [
        ["render", "d", "--blender", "./evil"],
        ["convert", "d", "/home"],
        ["batch", "d", "--ray", "ray://evil:1"],
        ["batch", "d", "--ra=ray://evil:1"],
        [],
    ],
)
def test_a_strangers_export_starts_nothing_but_painting_on_this_machine(words) -> None:
    with pytest.raises(BoxpaintError, match="paints it on this machine"):
        resume_words(json.dumps({"words": words, "folder": "/where"}), Path("out"), retry=False)


def test_scoring_by_a_detector_and_from_stored_detections() -> None:
    wish = ScoreWish(runs=("a", "b"), layouts="data", protocol="coco", detector="tiny", allow=True, frechet=True)
    args = parsed(evaluate_words(wish, Path("out"), "a"))
    assert (args.pictures, args.run_name, args.keep, args.detector) == (Path("out"), "a", "", "tiny")
    assert args.allow_missing and args.frechet and not args.shuffled and args.fid is None
    for given in ("", "inception.pt"):
        more = replace(wish, fid=given)
        assert parsed(evaluate_words(more, Path("out"), "a")).fid == given
        assert parsed(report_words(more, Path("out"), Path("report"))).fid == given
    report = parsed(report_words(wish, Path("out"), Path("report")))
    assert (report.pictures, report.runs, report.out) == (Path("out"), ["a", "b"], Path("report"))
    wish = ScoreWish(runs=("a",), layouts="data", protocol="coco", detections="found.json", shuffled=True)
    args = parsed(evaluate_words(wish, Path("out"), "a"))
    assert (args.pictures, args.detections, args.keep) == (None, Path("found.json"), "out") and args.shuffled
