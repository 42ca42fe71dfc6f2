"""Waves: steps that do not see each other are painted together, and the pictures stay those of painting in turn."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.events import DenoisePreview, RunCancelled, RunFinished, StepFinished, StepStarted
from engine.formats.registry import read_entry
from engine.inpainting.areas import make_area
from engine.inpainting.iterinpaint import StepPictures, UnfinishedPicture
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.sampler import Inputs
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject
from engine.models.card import ModelCard, read_card
from engine.models.catalogue import DEFAULT_MODEL, find_model
from engine.models.loading import LoadedModel, load_pipeline
from engine.runs.execute import RunExecution
from engine.runs.records import read_record
from engine.runs.request import GenerationRequest, Retouch, new_run_id

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "layouts" / "eight_objects.layout.json"
ZOOM = GenerationSettings(steps=2, width=96, height=64, area="zoom", previews=False, seed=5)


def scattered() -> Layout:
    """Two far corners (0, 2), a box that the window of 0 and of 2 reach into (1), and one over 0 (3)."""
    boxes = [(2, 2, 20, 20), (36, 24, 60, 40), (74, 44, 94, 62), (10, 10, 26, 28)]
    colors = ("red", "blue", "green", "gray")
    items = [
        LayoutObject(f"o{number}", f"{colors[number]} metal cube", Box.from_pixels(*box, 96, 64))
        for number, box in enumerate(boxes)
    ]
    return Layout(96, 64, tuple(items))


@pytest.fixture(scope="module")
def model(tiny_pipeline) -> LoadedModel:
    return load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")


def paint(model: LoadedModel, layout: Layout, settings: GenerationSettings) -> list[StepPictures]:
    plan = make_plan(layout, settings, model.card)
    painter = make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=lambda _: None)
    return list(painter.paint())


def psnr(one: Image.Image, other: Image.Image) -> float:
    difference = np.asarray(one, np.float64) - np.asarray(other, np.float64)
    error = float((difference**2).mean())
    return float("inf") if error == 0 else 10 * np.log10(255**2 / error)


def waves_of(layout: Layout, settings: GenerationSettings, card: ModelCard) -> list[int | None]:
    return [step.wave for step in make_plan(layout, settings, card).steps]


def test_steps_wait_for_those_that_they_would_see(model) -> None:
    # 1 is small and far enough from 0; 3 lies on 0; the background sees everything.
    assert waves_of(scattered(), ZOOM, model.card) == [0, 0, 0, 1, 2]


@pytest.mark.parametrize(
    "values",
    [
        {"waves": "sequential"},
        {"area": "full"},
        {"compositing": "repaint"},
        {"pixels": "reference", "area": None},
    ],
)
def test_where_the_picture_would_depend_on_it_every_step_has_its_own_wave(model, values) -> None:
    assert waves_of(scattered(), replace(ZOOM, **values), model.card) == [0, 1, 2, 3, 4]


def reflecting(inputs: Inputs) -> Image.Image:
    """A stand-in for the model's numbers: a picture that depends on every byte that it was given."""
    context, mask = np.asarray(inputs.context, np.uint32), np.asarray(inputs.mask, np.uint32)
    value = int(context.sum() * 31 + mask.sum() * 7 + (inputs.seed or 0)) % 2**32
    noise = np.random.default_rng(value).integers(0, 256, (*mask.shape, 3), np.uint8)
    return Image.fromarray(noise)


def finish(layout: Layout, settings: GenerationSettings, card: ModelCard, shuffle: random.Random) -> list[StepPictures]:
    """Paint a plan without a model, the steps of each wave in any order; each one's input as it was at that time."""
    plan = make_plan(layout, settings, card)
    picture = UnfinishedPicture(plan, settings, make_area(settings, card), first=0, context=None)
    done: list[StepPictures] = []
    while not picture.done:
        ready = picture.ready()
        shuffle.shuffle(ready)
        for step in ready[: shuffle.randint(1, len(ready))]:
            picture.take(step, reflecting(picture.inputs(step)), 0.0)
        done += picture.finished()
    return done


@pytest.mark.parametrize("seed", range(40))
def test_any_layout_in_waves_gives_the_bytes_of_painting_in_turn(tiny_pipeline, seed) -> None:
    """Only a model's rounding is left out here: every input and every join is that of the sequential order."""
    draw = random.Random(seed)
    items = []
    for number in range(draw.randint(1, 9)):
        x0, y0 = draw.uniform(0, 0.85), draw.uniform(0, 0.85)
        box = Box(x0, y0, min(1.0, x0 + draw.uniform(0.02, 0.5)), min(1.0, y0 + draw.uniform(0.02, 0.5)))
        items.append(LayoutObject(f"o{number}", "red metal cube", box))
    layout, card = Layout(96, 64, tuple(items)), read_card(tiny_pipeline)
    together = finish(layout, ZOOM, card, draw)
    in_turn = finish(layout, replace(ZOOM, waves="sequential"), card, draw)
    assert [step.step.index for step in together] == list(range(len(items) + 1))
    for one, other in zip(together, in_turn, strict=True):
        for name in ("context", "mask", "raw", "composite"):
            assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), (one.step, name)


@pytest.mark.parametrize("seed", range(10))
def test_a_step_that_is_painted_again_is_seen_by_all_that_see_it_and_the_others_are_kept(tiny_pipeline, seed) -> None:
    """As when an object is painted until it is found: whatever was painted ahead, the end is that of the other seed."""
    draw = random.Random(seed)
    layout, card = scattered(), read_card(tiny_pipeline)
    changed = draw.randrange(4)
    other = layout.with_object(replace(layout.objects[changed], seed=99))
    wanted = finish(other, replace(ZOOM, waves="sequential"), card, draw)
    plan = make_plan(layout, ZOOM, card)
    picture = UnfinishedPicture(plan, ZOOM, make_area(ZOOM, card), first=0, context=None)
    done: list[StepPictures] = []
    calls = 0
    while not picture.done:
        for step in picture.ready():
            picture.take(step, reflecting(picture.inputs(step)), 0.0)
            calls += 1
        for pictures in picture.finished():
            if pictures.step.index == changed:
                pictures = replace(wanted[changed], step=pictures.step)
                picture.replace(pictures)
            done.append(pictures)
    assert [step.composite.tobytes() for step in done] == [step.composite.tobytes() for step in wanted]
    assert calls <= 5 + 1, "at most what lies on it is painted anew"


def test_a_real_pipeline_paints_the_same_in_waves(model) -> None:
    together = paint(model, scattered(), ZOOM)
    in_turn = paint(model, scattered(), replace(ZOOM, waves="sequential"))
    for one, other in zip(together, in_turn, strict=True):
        assert psnr(one.composite, other.composite) > 45 and psnr(one.raw, other.raw) > 45
        assert one.mask.tobytes() == other.mask.tobytes()


def test_windows_of_a_wave_that_have_several_sizes_are_painted_size_by_size(tiny_pipeline) -> None:
    card = replace(read_card(tiny_pipeline), working_sizes=(24, 32))
    model = load_pipeline(card, device="cpu", precision="fp32")
    picture = UnfinishedPicture(make_plan(scattered(), ZOOM, card), ZOOM, make_area(ZOOM, card), first=0, context=None)
    assert [picture.inputs(step).context.width for step in picture.ready()] == [24, 32, 32]
    together = paint(model, scattered(), ZOOM)
    in_turn = paint(model, scattered(), replace(ZOOM, waves="sequential"))
    for one, other in zip(together, in_turn, strict=True):
        assert one.step.index == other.step.index and psnr(one.composite, other.composite) > 45


def test_the_built_in_model_paints_the_same_in_waves() -> None:
    built_in = load_pipeline(find_model(DEFAULT_MODEL), device="cpu", precision="fp32")
    layout = read_entry(SAMPLE).layout
    settings = GenerationSettings(steps=4, previews=False)
    together = paint(built_in, layout, settings)
    assert len({step.step.wave for step in together}) == 5, "two rows of four whose windows reach into each other"
    in_turn = paint(built_in, layout, replace(settings, waves="sequential"))
    for one, other in zip(together, in_turn, strict=True):
        assert psnr(one.composite, other.composite) > 45


def test_a_call_that_does_not_fit_in_memory_is_halved_and_that_is_remembered(model, monkeypatch) -> None:
    import torch

    fresh = load_pipeline(model.card, device="cpu", precision="fp32")
    whole = paint(fresh, scattered(), ZOOM)
    inside = type(fresh.pipeline).prepare_latents
    sizes: list[int] = []

    def narrow(self, batch_size, *args, **kwargs):
        sizes.append(batch_size)
        if batch_size > 1:
            raise torch.OutOfMemoryError("as a device with little memory would")
        return inside(self, batch_size, *args, **kwargs)

    monkeypatch.setattr(type(fresh.pipeline), "prepare_latents", narrow)
    halved = paint(fresh, scattered(), ZOOM)
    assert sizes == [3, 1, 1, 1, 1, 1]
    assert psnr(halved[-1].composite, whole[-1].composite) > 45


@pytest.fixture
def execute(model, tmp_path: Path, tiny_pipeline: Path):
    """Carry out a run of the scattered layout; its request and its events."""

    def run(name: str, *, cancel_when=lambda events: False, **values):
        request = GenerationRequest(
            **{
                "run": new_run_id(),
                "layout": scattered(),
                "settings": ZOOM,
                "model": str(tiny_pipeline),
                "folder": str(tmp_path / name),
                "detector": None,
                **values,
            }
        )
        events: list = []
        RunExecution(request, emit=events.append, load=lambda *_: model, cancelled=lambda: cancel_when(events)).run()
        return request, events

    return run


def test_steps_of_a_wave_begin_together_and_finish_in_order(execute, tmp_path) -> None:
    _, events = execute("run")
    assert isinstance(events[-1], RunFinished), events[-1]
    told = [
        (type(event).__name__[4:], event.index) for event in events if isinstance(event, StepStarted | StepFinished)
    ]
    begin, end = "Started", "Finished"
    assert told == [
        *((begin, index) for index in (0, 1, 2)),
        *((end, index) for index in (0, 1, 2)),
        *((begin, 3), (end, 3), (begin, 4), (end, 4)),
    ]
    record = read_record(tmp_path / "run")
    assert (
        [entry["wave"] for entry in record["steps"]]
        == [entry["wave"] for entry in record["planned"]]
        == [0, 0, 0, 1, 2]
    )


def test_cancelling_takes_effect_within_one_denoising_step_of_a_wave(execute) -> None:
    def in_first_wave(events) -> bool:
        return bool(events) and isinstance(events[-1], DenoisePreview) and events[-1].iteration == 1

    _, events = execute("run", cancel_when=in_first_wave)
    assert isinstance(events[-1], RunCancelled) and events[-1].finished == 0
    assert max(event.iteration for event in events if isinstance(event, DenoisePreview)) == 1


def test_a_run_goes_on_inside_a_wave_and_may_be_sequential_then(execute, tmp_path) -> None:
    _, whole = execute("whole")
    settings = replace(ZOOM, waves="sequential")
    _, rest = execute("rest", base=str(tmp_path / "whole"), keep=2, settings=settings)
    assert isinstance(rest[-1], RunFinished), rest[-1]
    assert psnr(Image.open(rest[-1].picture), Image.open(whole[-1].picture)) > 45


def test_nothing_is_painted_after_the_last_step_asked_for(execute) -> None:
    _, events = execute("run", until=1)
    assert isinstance(events[-1], RunFinished)
    assert {event.index for event in events if isinstance(event, StepStarted)} == {0}


def test_retouching_steps_know_their_waves(execute, tmp_path) -> None:
    execute("whole")
    boxes = [Box(0.05, 0.7, 0.15, 0.85), Box(0.8, 0.1, 0.9, 0.25)]
    more = tuple(
        Retouch(kind="foreground", box=box, object_id=f"n{number}", prompt="blue metal cube")
        for number, box in enumerate(boxes)
    )
    layout = scattered()
    layout = layout.with_objects(
        (*layout.objects, *(LayoutObject(item.object_id, item.prompt, item.box) for item in more))
    )
    _, events = execute("more", base=str(tmp_path / "whole"), keep=5, retouch=more, layout=layout)
    assert isinstance(events[-1], RunFinished), events[-1]
    assert [entry["wave"] for entry in read_record(tmp_path / "more")["planned"]] == [0, 0, 0, 1, 2, 5, 5]
