"""Every family of pipelines from its folder to a run with all its frames, to an export; and what each refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_app.__main__ import main
from engine.errors import BoxpaintError
from engine.events import DenoisePreview, RunFinished, RunStarted, StepStarted
from engine.inpainting.methods import BUILT_IN, find_method, make_plan
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject
from engine.models.card import ModelCard, read_card
from engine.models.families import FAMILIES
from engine.models.loading import LoadedModel, load_pipeline
from engine.runs.execute import RunExecution
from engine.runs.records import read_record
from engine.runs.request import GenerationRequest
from engine.runs.store import read_step
from tests.families import MAKERS

LAYOUT = Layout(
    512,
    512,
    (LayoutObject("a", "cat", Box(0.0, 0.25, 0.5, 0.75)), LayoutObject("b", "tree", Box(0.5, 0.4, 1.0, 1.0))),
    caption="a cat",
)
SETTINGS = GenerationSettings(steps=2, width=64, height=64)


@pytest.fixture(scope="module", params=list(MAKERS))
def folder(request, tmp_path_factory) -> Path:
    """A pipeline of each family in turn."""
    return MAKERS[request.param](tmp_path_factory.mktemp("families") / request.param)


@pytest.fixture(scope="module")
def model(folder) -> LoadedModel:
    return load_pipeline(read_card(folder), device="cpu", precision="fp32")


def execute(model: LoadedModel, folder: Path, **settings) -> list:
    request = GenerationRequest(
        run="run",
        layout=LAYOUT,
        settings=replace(SETTINGS, **settings),
        model=str(model.card.folder),
        folder=str(folder),
        detector=None,
    )
    events: list = []
    RunExecution(request, emit=events.append, load=lambda *_: model, cancelled=lambda: False).run()
    assert isinstance(events[-1], RunFinished), events[-1]
    return events


def test_a_folder_becomes_a_run_with_the_frames_that_its_method_has(model, tmp_path) -> None:
    events = execute(model, tmp_path / "run")
    record = read_record(tmp_path / "run")
    steps = [read_step(tmp_path / "run", entry, (64, 64)) for entry in record["steps"]]
    started = next(event for event in events if isinstance(event, RunStarted))
    assert len(steps) == len(started.steps) == (3 if len(steps) > 1 else 1)
    told = [event for event in events if isinstance(event, DenoisePreview)]
    counts = [event.iterations for event in events if isinstance(event, StepStarted)]
    assert [event.index for event in told] == sorted(event.index for event in told)
    assert all(told_last.iteration == count for told_last, count in zip(_lasts(told), counts, strict=True))
    pictures = [event for event in told if event.rgb]
    assert pictures and {(event.width, event.height) for event in pictures} == {(16, 16)}
    frames = find_method(model.card.method).frames
    assert ("context" in frames) == any(np.asarray(step.context).any() for step in steps)
    for step in steps:
        assert np.ptp(np.asarray(step.composite)) > 0
    if "mask" in frames:
        changed = np.asarray(steps[-1].composite) != np.asarray(steps[-1].context)
        assert not changed[np.asarray(steps[-1].mask) == 0].any()


def _lasts(told: list[DenoisePreview]) -> list[DenoisePreview]:
    return list({event.index: event for event in told}.values())


def test_a_seed_gives_the_same_picture_whatever_came_before(model, tmp_path) -> None:
    import torch

    one = execute(model, tmp_path / "one", previews=False)
    torch.rand(3)
    two = execute(model, tmp_path / "two", previews=False)
    other = execute(model, tmp_path / "other", previews=False, seed=1)
    first, second, third = (Image.open(events[-1].picture).tobytes() for events in (one, two, other))
    assert first == second and first != third


def test_a_folder_is_exported(folder, tmp_path, capsys) -> None:
    boxes = [[item.box.x0, item.box.y0, item.box.x1, item.box.y1] for item in LAYOUT.objects]
    entry = {"id": 7, "caption": LAYOUT.caption, "box_captions": ["cat", "tree"], "boxes_normalized": boxes}
    (tmp_path / "all_layouts.json").write_text(json.dumps([entry]))
    given = ["--model", folder, "--out", tmp_path / "out", "--size", "64", "--steps", "2", "--workers", "0"]
    code = main(["batch", *map(str, (tmp_path / "all_layouts.json", *given)), "--iterations", "--json"])
    data = json.loads(capsys.readouterr().out)
    assert code == 0 and data["failed"] == [] and data["done"] == 1
    (picture,) = [path for path in (tmp_path / "out").rglob("7.png") if "_iter" not in str(path)]
    assert Image.open(picture).size == (64, 64)


# -- what fits what


def card_of(family, **values) -> ModelCard:
    given = {"name": "m", "folder": Path("m"), "pipeline_class": family.pipeline_class, "size": (64, 64)}
    return ModelCard(**{**given, "channels": family.channels, "method": family.methods[0], **values})


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.title)
@pytest.mark.parametrize("method", BUILT_IN, ids=lambda method: method.name)
def test_each_method_takes_the_families_that_name_it_and_says_what_works_for_the_others(family, method) -> None:
    card = card_of(family)
    if method.name in family.methods:
        method.check(card)
        return
    with pytest.raises(BoxpaintError) as caught:
        method.check(card)
    assert family.pipeline_class in str(caught.value) and method.name in str(caught.value)
    assert family.methods[0] in str(caught.value.hint)


def test_a_class_that_nothing_is_known_of_is_refused_with_those_that_are() -> None:
    card = replace(card_of(FAMILIES[0]), pipeline_class="KandinskyInpaintPipeline")
    with pytest.raises(BoxpaintError) as caught:
        make_plan(LAYOUT, SETTINGS, card)
    assert "KandinskyInpaintPipeline" in str(caught.value) and "FluxFillPipeline" in str(caught.value.hint)
    assert not card.inpaints


@pytest.mark.parametrize("scheduler", ["ddim", "dpm++", "unipc"])
def test_flow_matching_models_take_their_own_scheduler_only(scheduler) -> None:
    flux = next(family for family in FAMILIES if family.flow)
    with pytest.raises(BoxpaintError) as caught:
        make_plan(LAYOUT, replace(SETTINGS, scheduler=scheduler), card_of(flux))
    assert caught.value.field == "scheduler" and flux.title in str(caught.value)


@pytest.mark.parametrize("scheduler", ["lcm", "tcd"])
def test_schedulers_of_few_steps_refuse_many(scheduler) -> None:
    with pytest.raises(BoxpaintError) as caught:
        make_plan(LAYOUT, replace(SETTINGS, scheduler=scheduler, steps=51), card_of(FAMILIES[0]))
    assert caught.value.field == "steps" and scheduler in str(caught.value)


def test_a_model_that_leaves_out_its_first_step_needs_two() -> None:
    sdxl = next(family for family in FAMILIES if family.strength not in (None, 1.0))
    with pytest.raises(BoxpaintError) as caught:
        make_plan(LAYOUT, replace(SETTINGS, steps=1), card_of(sdxl))
    assert caught.value.field == "steps"
