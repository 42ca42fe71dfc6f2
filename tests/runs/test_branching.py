"""Branches and retouched pictures: the same as painted whole, and nothing else touched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.events import RunFailed, RunFinished, StepFinished
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject
from engine.models.loading import load_pipeline
from engine.runs.execute import RunExecution
from engine.runs.records import read_record
from engine.runs.request import GenerationRequest, Retouch, new_run_id
from engine.runs.retouching import moved

SETTINGS = GenerationSettings(steps=1, width=64, height=48, seed=3)
PROMPTS = ("red metal cube", "blue rubber sphere", "green metal cylinder")


@pytest.fixture(scope="module")
def loaded(tiny_pipeline):
    from engine.models.card import read_card

    return load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")


@pytest.fixture
def execute(loaded, tmp_path: Path, tiny_pipeline: Path):
    def run(layout: Layout, name: str, **values):
        request = GenerationRequest(
            **{
                "run": new_run_id(),
                "layout": layout,
                "settings": SETTINGS,
                "model": str(tiny_pipeline),
                "folder": str(tmp_path / name),
                "detector": None,
                **values,
            }
        )
        events = []
        RunExecution(request, emit=events.append, load=lambda *_: loaded, cancelled=lambda: False).run()
        return events

    return run


@pytest.fixture
def layout() -> Layout:
    boxes = [(2, 2, 20, 24), (24, 6, 44, 30), (40, 20, 62, 46)]
    return Layout(
        64,
        48,
        tuple(
            LayoutObject(f"o{place}", prompt, Box.from_pixels(*box, 64, 48))
            for place, (prompt, box) in enumerate(zip(PROMPTS, boxes, strict=True))
        ),
    )


def pixels(path: str) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


def edited(layout: Layout, how: str) -> Layout:
    """The layout with one of the edits that leave its first object as it is."""
    first, second, third = layout.objects
    return {
        "move": layout.with_object(replace(second, box=Box(0.4, 0.4, 0.8, 0.9))),
        "relabel": layout.with_object(replace(second, prompt="cyan metal cube")),
        "reseed": layout.with_object(replace(second, seed=77)),
        "reorder": layout.with_objects((first, third, second)),
        "delete": layout.with_objects((first, third)),
        "add": layout.with_objects((*layout.objects, LayoutObject("new", "gray rubber cube", Box(0, 0.6, 0.3, 1)))),
    }[how]


@pytest.mark.parametrize("how", ["move", "relabel", "reseed", "reorder", "delete", "add"])
def test_a_branch_is_byte_for_byte_the_full_run_with_the_same_edit(execute, layout, tmp_path, how) -> None:
    execute(layout, "first")
    changed = edited(layout, how)
    branch = execute(changed, "branch", base=str(tmp_path / "first"), keep=1)
    whole = execute(changed, "whole")
    assert isinstance(branch[-1], RunFinished), branch[-1]
    assert Path(branch[-1].picture).read_bytes() == Path(whole[-1].picture).read_bytes()
    steps = [[event for event in events if isinstance(event, StepFinished)] for events in (branch, whole)]
    assert [event.reused for event in steps[0]] == [True] + [False] * (len(steps[0]) - 1)
    for one, other in zip(*steps, strict=True):
        for kind in ("context", "mask", "raw", "composite"):
            assert Path(getattr(one.frames, kind)).read_bytes() == Path(getattr(other.frames, kind)).read_bytes()
    record = read_record(tmp_path / "branch")
    assert record["parent"] == {
        "run": read_record(tmp_path / "first")["id"],
        "folder": str(tmp_path / "first"),
        "kept": 1,
    }


def test_a_candidate_stops_after_its_step_and_can_be_gone_on_from(execute, layout, tmp_path) -> None:
    execute(layout, "first")
    changed = edited(layout, "reseed")
    candidate = execute(changed, "candidate", base=str(tmp_path / "first"), keep=1, until=2)
    assert isinstance(candidate[-1], RunFinished)
    assert len(read_record(tmp_path / "candidate")["steps"]) == 2
    on = execute(changed, "on", base=str(tmp_path / "candidate"), keep=2)
    whole = execute(changed, "whole")
    assert Path(on[-1].picture).read_bytes() == Path(whole[-1].picture).read_bytes()


def outside(one: np.ndarray, other: np.ndarray, *boxes: Box) -> bool:
    """Whether the pictures are equal outside these boxes."""
    differs = (one != other).any(axis=2)
    for box in boxes:
        x0, y0, x1, y1 = box.to_pixels(64, 48)
        differs[y0:y1, x0:x1] = False
    return not differs.any()


def test_an_object_is_added_to_a_finished_picture(execute, layout, tmp_path) -> None:
    first = execute(layout, "first")
    new = LayoutObject("new", "gray rubber cube", Box(0, 0.6, 0.3, 1))
    touch = Retouch(kind="foreground", box=new.box, object_id=new.id, prompt=new.prompt)
    events = execute(
        layout.with_objects((*layout.objects, new)), "added", base=str(tmp_path / "first"), keep=4, retouch=(touch,)
    )
    assert isinstance(events[-1], RunFinished), events[-1]
    before, after = pixels(first[-1].picture), pixels(events[-1].picture)
    assert outside(before, after, new.box) and not np.array_equal(before, after)
    assert read_record(tmp_path / "added")["steps"][4]["prompt"] == "Add gray rubber cube"


def test_a_removed_objects_box_is_filled_but_what_lies_over_it_stays(execute, layout, tmp_path) -> None:
    first = execute(layout, "first")
    _, second, third = layout.objects
    touch = Retouch(kind="background", box=second.box, object_id=second.id)
    events = execute(
        layout.with_objects((layout.objects[0], third)),
        "removed",
        base=str(tmp_path / "first"),
        keep=4,
        retouch=(touch,),
    )
    assert isinstance(events[-1], RunFinished), events[-1]
    before, after = pixels(first[-1].picture), pixels(events[-1].picture)
    assert outside(before, after, second.box) and not np.array_equal(before, after)
    x0, y0, x1, y1 = third.box.to_pixels(64, 48)
    assert np.array_equal(before[y0:y1, x0:x1], after[y0:y1, x0:x1])


def test_a_moved_object_can_be_moved_again_and_the_run_branched(execute, layout, tmp_path) -> None:
    execute(layout, "first")
    second = layout.objects[1]
    there = replace(second, box=Box(0.05, 0.6, 0.3, 0.95))
    once = layout.with_object(there)
    events = execute(once, "moved", base=str(tmp_path / "first"), keep=4, retouch=moved(second, there))
    assert isinstance(events[-1], RunFinished), events[-1]
    back = layout.with_object(second)
    again = execute(back, "back", base=str(tmp_path / "moved"), keep=6, retouch=moved(there, second))
    assert isinstance(again[-1], RunFinished), again[-1]
    assert len(read_record(tmp_path / "back")["steps"]) == 8
    # The step that painted it where it was first is not taken for one that painted it where it is now.
    refused = execute(once, "refused", base=str(tmp_path / "moved"), keep=2)
    assert isinstance(refused[-1], RunFailed) and refused[-1].item == "step 1"
    fine = execute(layout, "fine", base=str(tmp_path / "moved"), keep=2)
    assert isinstance(fine[-1], RunFinished), fine[-1]


def test_retouching_keeps_all_steps_or_is_refused(execute, layout, tmp_path) -> None:
    execute(layout, "first")
    touch = Retouch(kind="background", box=Box(0, 0, 0.5, 0.5), object_id="o0")
    events = execute(layout, "other", base=str(tmp_path / "first"), keep=2, retouch=(touch,))
    assert isinstance(events[-1], RunFailed) and events[-1].field == "keep"
