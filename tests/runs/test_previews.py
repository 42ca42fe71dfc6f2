"""Denoising previews that stay with a run: the same pictures as were told, bounded, carried over, damaged."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.events import DenoisePreview, KeptPreviews, RunFinished, StepFinished
from engine.inpainting.settings import GenerationSettings
from engine.layout import PixelBox
from engine.models.loading import load_pipeline
from engine.runs.execute import RunExecution
from engine.runs.previews import Reel, read_previews
from engine.runs.records import read_record
from engine.runs.request import GenerationRequest, new_run_id
from engine.runs.saved import read_run

WINDOW = PixelBox(0, 0, 64, 48)


@pytest.fixture
def execute(tiny_pipeline, two_objects, tmp_path):
    from engine.models.card import read_card

    loaded = load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")

    def run(name: str, *, previews: bool = True, **values) -> list:
        settings = GenerationSettings(steps=2, width=64, height=48, seed=3, previews=previews)
        folder, events = str(tmp_path / name), []
        request = GenerationRequest(
            new_run_id(), two_objects, settings, str(tiny_pipeline), folder, detector=None, **values
        )
        RunExecution(request, emit=events.append, load=lambda *_: loaded, cancelled=lambda: False).run()
        assert isinstance(events[-1], RunFinished), events[-1]
        return events

    return run


def steps(events: list) -> list[StepFinished]:
    return [event for event in events if isinstance(event, StepFinished)]


def pictures(kept: KeptPreviews) -> dict[int, bytes]:
    with Image.open(kept.file) as sheet:
        rows = np.asarray(sheet.convert("RGB"))
    return {
        number: part.tobytes()
        for number, part in zip(kept.iterations, np.split(rows, len(kept.iterations)), strict=True)
    }


def test_what_was_told_is_what_is_kept(execute, tmp_path) -> None:
    events = execute("run")
    told: dict[int, dict[int, bytes]] = {}
    for event in events:
        if isinstance(event, DenoisePreview) and event.rgb:
            told.setdefault(event.index, {})[event.iteration] = event.rgb
    kept = {event.index: event.previews for event in events if isinstance(event, StepFinished) and event.previews}
    assert told and {index: pictures(previews) for index, previews in kept.items()} == told
    saved = read_run(tmp_path / "run")
    assert not saved.problems
    assert {e.index: e.previews for e in saved.events if isinstance(e, StepFinished) and e.previews} == kept
    assert all(previews.of == 3 for previews in kept.values())


def test_a_branch_keeps_the_previews_of_the_steps_that_it_takes_over(execute, tmp_path) -> None:
    former = steps(execute("run"))[0].previews
    branch = steps(execute("branch", base=str(tmp_path / "run"), keep=1))
    assert former is not None and branch[0].reused and branch[0].previews is not None
    assert Path(branch[0].previews.file).parent == tmp_path / "branch"
    assert pictures(branch[0].previews) == pictures(former)
    Path(former.file).unlink()
    again = steps(execute("again", base=str(tmp_path / "run"), keep=1))
    assert again[0].reused and again[0].previews is None, "a step is whole without them"


def test_switched_off_nothing_is_kept(execute, tmp_path) -> None:
    execute("run", previews=False)
    assert not list((tmp_path / "run").glob("*previews*"))
    assert all("previews" not in entry for entry in read_record(tmp_path / "run")["steps"])


def test_more_bytes_than_the_limit_are_thinned_out_evenly(tmp_path) -> None:
    noise = np.random.default_rng(0)
    reel = Reel(50)
    for iteration in range(1, 51):
        reel.add(iteration, WINDOW, noise.integers(0, 256, (32, 32, 3), np.uint8))
    entry = reel.write(tmp_path, 7, limit=40_000)
    file = tmp_path / "step_007_previews.png"
    assert entry is not None and file.stat().st_size <= 40_000
    steps = np.diff(entry["iterations"])
    assert entry["iterations"][-1] == 50 and len(entry["iterations"]) > 5 and len(set(steps.tolist())) == 1
    kept, problem = read_previews(tmp_path, {"previews": entry})
    assert problem == "" and kept is not None and len(pictures(kept)) == len(entry["iterations"])
    assert reel.write(tmp_path, 8, limit=100) is None and not (tmp_path / "step_008_previews.png").exists()


def test_pictures_of_another_place_begin_anew(tmp_path) -> None:
    reel = Reel(3)
    reel.add(1, PixelBox(0, 0, 8, 8), np.zeros((4, 4, 3), np.uint8))
    reel.add(2, WINDOW, np.zeros((4, 4, 3), np.uint8))
    assert reel.write(tmp_path, 0)["iterations"] == [2]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda file, entry: file.unlink(), "is missing"),
        (lambda file, entry: file.write_bytes(b""), "is empty"),
        (lambda file, entry: file.write_bytes(file.read_bytes()[:-20]), "is cut off"),
        (lambda file, entry: file.write_bytes(b"hello" * 20), "not a PNG"),
        (lambda file, entry: entry.update(iterations=[*range(1, 8)]), "does not hold 7 pictures"),
        (lambda file, entry: entry.update(iterations=[2, 1]), "record of its previews"),
        (lambda file, entry: entry.update(iterations=[]), "record of its previews"),
        (lambda file, entry: entry.update(iterations=[float("inf")]), "record of its previews"),
        (lambda file, entry: entry.update(window=[1, 2]), "record of its previews"),
        (lambda file, entry: entry.update(window=[5, 5, 5, 5]), "record of its previews"),
        (lambda file, entry: entry.clear(), "record of its previews"),
    ],
)
def test_damaged_previews_are_said_and_the_step_is_there(execute, tmp_path, damage, reason) -> None:
    execute("run")
    folder = tmp_path / "run"
    record = read_record(folder)
    damage(folder / record["steps"][0]["previews"]["file"], record["steps"][0]["previews"])
    (folder / "run.json").write_text(json.dumps(record))
    saved = read_run(folder)
    done = steps(saved.events)
    assert len(done) == 3 and done[0].previews is None
    assert len(saved.problems) == 1 and "Step 1" in saved.problems[0] and reason in saved.problems[0]


def test_a_file_name_that_leads_out_of_the_folder_is_not_followed(execute, tmp_path) -> None:
    execute("run")
    folder = tmp_path / "run"
    record = read_record(folder)
    record["steps"][0]["previews"]["file"] = "../../elsewhere.png"
    (folder / "run.json").write_text(json.dumps(record))
    assert "elsewhere.png is missing" in read_run(folder).problems[0]
