"""Runs whose memory runs out: the step is painted again, the listener and the record are told, the next run works."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine.events import AnyEvent, ModelPlaced, RunFailed, RunFinished, StepFinished
from engine.inpainting.settings import GenerationSettings
from engine.models.card import read_card
from engine.models.loading import LoadedModel, load_pipeline
from engine.runs.execute import RunExecution
from engine.runs.records import read_record
from engine.runs.request import GenerationRequest, new_run_id
from engine.runs.saved import read_run
from engine.worker.client import EngineClient
from tests.hungry import Hungry


@pytest.fixture
def model(tiny_pipeline: Path) -> LoadedModel:
    return load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")


@pytest.fixture
def paint(tiny_pipeline: Path, two_objects, tmp_path: Path):
    def run(model: LoadedModel, name: str) -> list[AnyEvent]:
        settings = GenerationSettings(steps=1, width=64, height=48)
        request = GenerationRequest(new_run_id(), two_objects, settings, str(tiny_pipeline), str(tmp_path / name))
        events: list[AnyEvent] = []
        RunExecution(request, emit=events.append, load=lambda *_: model, cancelled=lambda: False).run()
        return events

    return run


def placings(events: list[AnyEvent]) -> list[ModelPlaced]:
    return [event for event in events if isinstance(event, ModelPlaced)]


def test_what_was_picked_is_told_and_recorded(paint, model: LoadedModel, tmp_path: Path) -> None:
    (placed,) = placings(paint(model, "run"))
    assert (placed.device, placed.precision, placed.placement, placed.problem) == ("cpu", "fp32", "device", "")
    assert "free on" in placed.reason
    record = read_record(tmp_path / "run")
    facts = {name: record["model"][name] for name in ("device", "precision", "placement", "reason")}
    assert facts == {"device": "cpu", "precision": "fp32", "placement": "device", "reason": placed.reason}
    assert record["stepped_down"] == []
    (saved,) = placings(list(read_run(tmp_path / "run").events))
    assert (saved.placement, saved.reason) == (placed.placement, placed.reason)


def test_a_step_whose_memory_ran_out_is_painted_again_and_told(paint, model: LoadedModel, tmp_path: Path) -> None:
    whole = paint(model, "whole")
    vae, hungry = model.pipeline.vae, []

    def in_the_second_step() -> bool:
        hungry.append(1)
        return len(hungry) == 2

    vae.decoder = Hungry(vae.decoder, in_the_second_step)
    events = paint(model, "run")
    assert isinstance(events[-1], RunFinished)
    told = placings(events)[-1]
    assert told.placement == "tiled" and "Memory ran out" in told.problem
    finished = [event.index for event in events[: events.index(told)] if isinstance(event, StepFinished)]
    assert finished == [0], "it is told when it happens: in the second step"
    assert Image.open(events[-1].picture).tobytes() == Image.open(whole[-1].picture).tobytes()
    record = read_record(tmp_path / "run")
    (step_down,) = record["stepped_down"]
    assert {name: step_down[name] for name in ("step", "from", "to")} == {"step": 1, "from": "device", "to": "tiled"}
    assert "can't allocate memory" in step_down["problem"] and record["model"]["placement"] == "tiled"


def test_a_run_without_any_room_fails_with_what_to_do_and_the_next_one_works(paint, model: LoadedModel) -> None:
    vae, room = model.pipeline.vae, []
    vae.decoder = Hungry(vae.decoder, lambda: not room)
    events = paint(model, "run")
    assert isinstance(events[-1], RunFailed) and events[-1].kind == "memory"
    assert "--size" in str(events[-1].hint) and "autoencoder in tiles" in events[-1].message
    room.append(1)
    assert isinstance(paint(model, "next")[-1], RunFinished)


# With one arena for all threads, as the C library would take another 64 MiB of addresses for each.
LITTLE_ROOM = """
import ctypes, resource, psutil, torch, diffusers
from engine.worker.server import main
M_ARENA_MAX = -8
ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
room = psutil.Process().memory_info().vms + 700 * 2**20
resource.setrlimit(resource.RLIMIT_AS, (room, room))
main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="address spaces are limited on Linux only")
def test_an_engine_process_that_ran_out_of_memory_goes_on(tiny_pipeline: Path, two_objects, tmp_path: Path) -> None:
    """The limit is the operating system's, and so is the refusal: a picture of 16384×16384 takes 800 MB alone."""

    async def run(client: EngineClient, side: int) -> Any:
        settings = GenerationSettings(steps=1, width=side, height=side, previews=False)
        folder = tmp_path / str(side)
        request = GenerationRequest(new_run_id(), two_objects, settings, str(tiny_pipeline), str(folder))
        return [event async for event in client.run(request)][-1]

    async def both() -> tuple[Any, Any]:
        async with EngineClient(command=(sys.executable, "-c", LITTLE_ROOM)) as client:
            failed, pid = await run(client, 16384), client.pid
            finished = await run(client, 64)
            assert client.pid == pid, "the same process"
            return failed, finished

    failed, finished = asyncio.run(both())
    assert (failed.kind, isinstance(finished, RunFinished)) == ("memory", True), (failed, finished)
    assert "--size" in failed.hint


def test_an_export_goes_on_at_a_lower_notch(tiny_pipeline: Path, two_objects, caplog) -> None:
    from engine.batch.items import Item
    from engine.batch.painting import Extras
    from engine.batch.worker import ItemPainter

    settings = GenerationSettings(steps=1, width=64, height=48)
    items = [Item("run", "split", name, f"{name}.png", two_objects, settings) for name in ("a", "b", "c")]
    painter = ItemPainter(read_card(tiny_pipeline), Extras(), threads=1)
    model = painter.model_for(items[0])
    calls: list[int] = []

    def in_the_second_item() -> bool:
        calls.append(1)
        return len(calls) == 5

    model.pipeline.vae.decoder = Hungry(model.pipeline.vae.decoder, in_the_second_item)
    painted = [painter.paint(item) for item in items]
    assert painter.model_for(items[0]) is model and model.placing.placement == "tiled"
    assert "Memory ran out" in caplog.text
    # The same layout and seed: the same picture, whatever happened on the way.
    assert len({item.content for item in painted}) == 1
