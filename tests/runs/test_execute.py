"""Runs from request to folder, in this process: what lies on the disk after each way of ending."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import BoxpaintError
from engine.events import DenoisePreview, RunCancelled, RunFailed, RunFinished, StepFinished
from engine.formats.registry import read_entry
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout
from engine.models.loading import load_pipeline
from engine.runs.contact_sheet import write_contact_sheet
from engine.runs.execute import RunExecution
from engine.runs.records import read_record, repair_orphans
from engine.runs.request import GenerationRequest, new_run_id
from engine.runs.store import read_step
from tests.faults import faulty

SETTINGS = GenerationSettings(steps=2, width=64, height=48, seed=3)


@pytest.fixture(scope="module")
def loaded(tiny_pipeline):
    from engine.models.card import read_card

    return load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")


@pytest.fixture
def execute(loaded, tmp_path: Path, tiny_pipeline: Path):
    """Carry out a run; its request and its events."""

    def run(layout: Layout, name: str = "run", *, cancel_when=lambda events: False, **values):
        request = GenerationRequest(
            **{
                "run": new_run_id(),
                "layout": layout,
                "settings": SETTINGS,
                "model": str(tiny_pipeline),
                "folder": str(tmp_path / name),
                **values,
            }
        )
        events = []
        RunExecution(request, emit=events.append, load=lambda *_: loaded, cancelled=lambda: cancel_when(events)).run()
        return request, events

    return run


def test_a_finished_run_leaves_every_picture_and_a_record_that_repeats_it(execute, two_objects, tmp_path) -> None:
    request, events = execute(two_objects)
    assert isinstance(events[-1], RunFinished)
    assert [event.sequence for event in events] == list(range(len(events)))
    folder = tmp_path / "run"
    record = read_record(folder)
    assert record["state"] == "finished" and len(record["steps"]) == 3
    repeated = GenerationRequest.from_dict(record["request"], folder=str(tmp_path / "again"))
    assert repeated == replace(request, folder=str(tmp_path / "again"))
    _, again = execute(repeated.layout, "again", settings=repeated.settings)
    assert Image.open(again[-1].picture).tobytes() == Image.open(events[-1].picture).tobytes()
    for entry in record["steps"]:
        step = read_step(folder, entry, (64, 48))
        assert entry["keep_drift"] == 0.0 and step.composite.size == (64, 48)


def test_the_final_picture_carries_its_layout(execute, two_objects) -> None:
    _, events = execute(two_objects)
    assert read_entry(Path(events[-1].picture)).layout == two_objects


def test_previews_come_at_most_four_times_a_second_and_progress_always(execute, two_objects) -> None:
    _, events = execute(two_objects)
    progress = [event for event in events if isinstance(event, DenoisePreview)]
    assert len(progress) == 3 * 3  # PLMS takes one denoising step more than asked for
    pictures = [event for event in progress if event.rgb]
    assert pictures and all(len(event.rgb) == event.width * event.height * 3 for event in pictures)


def test_cancelling_inside_a_step_keeps_the_finished_ones(execute, two_objects, tmp_path) -> None:
    def in_second_step(events) -> bool:
        return bool(events) and isinstance(events[-1], DenoisePreview) and events[-1].index == 1

    # Without a detector, whose news may come between a preview and the look at the cancel button.
    _, events = execute(two_objects, cancel_when=in_second_step, detector=None)
    assert events[-1] == RunCancelled(run=events[0].run, sequence=events[-1].sequence, finished=1)
    assert events[-2].index == 1 and events[-2].iteration == 1, "cancelled within one denoising step"
    record = read_record(tmp_path / "run")
    assert record["state"] == "cancelled" and len(record["steps"]) == 1


def test_a_run_goes_on_from_another_ones_steps_to_the_same_picture(execute, two_objects, tmp_path) -> None:
    _, whole = execute(two_objects, "whole")

    def after_two_steps(events) -> bool:
        return sum(isinstance(event, StepFinished) for event in events) == 2

    _, cut = execute(two_objects, "cut", cancel_when=after_two_steps)
    assert isinstance(cut[-1], RunCancelled)
    _, rest = execute(two_objects, "rest", base=str(tmp_path / "cut"), keep=2)
    assert isinstance(rest[-1], RunFinished)
    assert Image.open(rest[-1].picture).tobytes() == Image.open(whole[-1].picture).tobytes()
    record = read_record(tmp_path / "rest")
    assert [entry["reused_from"] is not None for entry in record["steps"]] == [True, True, False]


def test_steps_that_differ_are_not_taken_over(execute, two_objects, tmp_path) -> None:
    execute(two_objects, "whole")
    _, events = execute(two_objects, "other", base=str(tmp_path / "whole"), keep=1, settings=replace(SETTINGS, seed=4))
    assert isinstance(events[-1], RunFailed) and events[-1].item == "step 0"


def test_a_moved_box_is_not_taken_over(execute, two_objects, tmp_path) -> None:
    from engine.layout import Box, LayoutObject

    execute(two_objects, "whole")
    moved = two_objects.with_object(LayoutObject("a", "red metal cube", Box(0.1, 0.1, 0.3, 0.3)))
    _, events = execute(moved, "other", base=str(tmp_path / "whole"), keep=1)
    assert isinstance(events[-1], RunFailed) and events[-1].item == "step 0"


def test_an_unwritable_folder_fails_with_its_name_and_leaves_nothing(execute, two_objects, unwritable) -> None:
    _, events = execute(two_objects, folder=str(unwritable / "run"))
    assert isinstance(events[-1], RunFailed)
    assert events[-1].kind == "output" and str(unwritable) in events[-1].text


def test_a_full_disk_is_told_and_what_was_written_stays(execute, two_objects, tmp_path) -> None:
    """The disk is full from the second step on."""
    placed = 0

    def filling(stage: int, name: str) -> None:
        nonlocal placed
        placed += name == "replace"
        if name == "write" and placed >= 6:  # the record, four pictures, the record
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with faulty(tmp_path / "run", filling):
        _, events = execute(two_objects, settings=replace(SETTINGS, previews=False))
    assert isinstance(events[-1], RunFailed) and "disk is full" in events[-1].text and events[-1].finished == 1
    folder = tmp_path / "run"
    assert not list(folder.glob(".*")), "a temporary file was left"
    record = read_record(folder)
    assert len(record["steps"]) == 1
    read_step(folder, record["steps"][0], (64, 48))


def test_a_folder_in_use_is_never_overwritten(execute, two_objects, tmp_path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "precious.txt").write_text("mine")
    _, events = execute(two_objects)
    assert isinstance(events[-1], RunFailed) and "not empty" in events[-1].text
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["precious.txt"]


def test_orphans_are_closed_and_live_runs_left_alone(execute, two_objects, tmp_path) -> None:
    import os

    import psutil

    execute(two_objects, "dead")
    execute(two_objects, "live")
    for name, owner in (
        ("dead", {"pid": os.getpid(), "started": 1.0}),
        ("live", {"pid": os.getpid(), "started": psutil.Process().create_time()}),
    ):
        file = tmp_path / name / "run.json"
        record = json.loads(file.read_text())
        file.write_text(json.dumps({**record, "state": "running", "owner": owner}))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    assert repair_orphans(tmp_path) == [tmp_path / "dead"]
    assert (tmp_path / "broken" / "run.json").read_text() == "{"
    assert read_record(tmp_path / "dead")["state"] == "failed"
    assert read_record(tmp_path / "live")["state"] == "running"


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"steps": [], "schema_version": 99}'])
def test_a_broken_record_is_refused_with_its_name(tmp_path, content) -> None:
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(BoxpaintError) as caught:
        read_record(tmp_path)
    assert "run.json" in str(caught.value)


def test_a_truncated_step_picture_is_told(execute, two_objects, tmp_path) -> None:
    execute(two_objects)
    record = read_record(tmp_path / "run")
    file = tmp_path / "run" / record["steps"][1]["raw"]
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(BoxpaintError) as caught:
        read_step(tmp_path / "run", record["steps"][1], (64, 48))
    assert "raw" in caught.value.message


def test_the_contact_sheet_shows_every_step(execute, two_objects, tmp_path) -> None:
    execute(two_objects)
    sheet = write_contact_sheet(tmp_path / "run", tmp_path / "sheet.png", columns=2, side=64)
    picture = np.asarray(Image.open(sheet))
    assert picture.shape == (6 + 2 * (48 + 30 + 6), 6 + 2 * (64 + 6), 3)
    last = Image.open(tmp_path / "run" / "picture.png").convert("RGB")
    assert np.array_equal(picture[6 + 84 : 6 + 84 + 48, 6:70], np.asarray(last))
