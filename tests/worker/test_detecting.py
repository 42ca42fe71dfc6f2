"""Detections by the engine process: answers, errors, cancelling, and beside a run."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import BoxpaintError
from engine.events import DenoisePreview, Detection, RunCancelled, RunFinished, RunStarted
from engine.inpainting.settings import GenerationSettings
from engine.runs.request import GenerationRequest, new_run_id
from engine.worker.client import EngineClient
from engine.worker.protocol import Cancel, Run, send
from engine.worker.server import Server
from tests.detectors import make_tiny_detector


@pytest.fixture(scope="module")
def engine():
    """A client on an event loop of its own; starting a process takes seconds."""
    runner, client = asyncio.Runner(), EngineClient()
    yield runner, client
    runner.run(client.close())
    runner.close()


@pytest.fixture(scope="module")
def detector(tmp_path_factory) -> str:
    return str(make_tiny_detector(tmp_path_factory.mktemp("detector")))


@pytest.fixture
def pictures(tmp_path) -> list[Path]:
    files = [tmp_path / f"{number}.png" for number in range(6)]
    for number, file in enumerate(files):
        Image.effect_noise((40 + 20 * number, 64), 80).save(file)
    return files


def test_each_picture_gets_its_answer(engine, detector, pictures):
    runner, client = engine
    found = runner.run(client.detect(pictures, detector=detector))
    assert len(found) == len(pictures)
    assert any(found)
    for detections in found:
        assert all(isinstance(detection, Detection) for detection in detections)
        scores = [detection.score for detection in detections]
        assert scores == sorted(scores, reverse=True)
    (alone,) = runner.run(client.detect(pictures[:1], detector=detector))
    assert (alone[0].label, alone[0].score) == (found[0][0].label, pytest.approx(found[0][0].score, abs=1e-4))
    assert runner.run(client.detect([], detector=detector)) == []


def test_what_goes_wrong_is_told_and_the_engine_lives(engine, detector, pictures, tmp_path):
    runner, client = engine
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text("{")
    for asked, kind in (
        (client.detect([tmp_path / "missing.png"], detector=detector), "picture"),
        (client.detect(pictures, detector="no-such-detector"), "model"),
        (client.detect(pictures, detector=str(tmp_path / "broken")), "model"),
    ):
        with pytest.raises(BoxpaintError) as caught:
            runner.run(asked)
        assert caught.value.kind == kind
    assert runner.run(client.detect(pictures[:1], detector=detector))


def test_detections_are_cancelled_with_their_task(engine, detector, pictures):
    runner, client = engine

    async def scenario():
        first = asyncio.ensure_future(client.detect(pictures * 50, detector=detector))
        second = asyncio.ensure_future(client.detect(pictures[:1], detector=detector))
        await asyncio.wait([first], timeout=0)  # both are on their way
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        return await second

    assert len(runner.run(scenario())) == 1


def test_a_detection_does_not_wait_for_the_run(engine, detector, pictures, tiny_pipeline, two_objects, tmp_path):
    runner, client = engine

    def request(name: str, steps: int) -> GenerationRequest:
        settings = GenerationSettings(steps=steps, width=64, height=48)
        return GenerationRequest(new_run_id(), two_objects, settings, str(tiny_pipeline), str(tmp_path / name))

    async def scenario():
        long, events, asked = request("run", 500), [], None
        async for event in client.run(long):
            events.append(event)
            if asked is None and isinstance(event, DenoisePreview):
                asked = asyncio.ensure_future(client.detect(pictures[:1], detector=detector))
                asked.add_done_callback(lambda _: client.cancel(long.run))
        return events, asked

    events, asked = runner.run(scenario())
    assert isinstance(events[-1], RunCancelled), "the answer came while the run was still going"
    assert len(asked.result()) == 1

    async def after():
        return [event async for event in client.run(request("after", 2))]

    events = runner.run(after())
    assert isinstance(events[0], RunStarted) and isinstance(events[-1], RunFinished)


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGKILL")
def test_a_killed_engine_ends_the_detection(engine, detector, pictures):
    runner, client = engine

    async def scenario():
        asked = asyncio.ensure_future(client.detect(pictures * 200, detector=detector))
        await asyncio.wait([asked], timeout=0)
        os.kill(client.pid, signal.SIGKILL)
        await asked

    with pytest.raises(BoxpaintError) as caught:
        runner.run(scenario())
    assert caught.value.kind == "engine"
    assert runner.run(client.detect(pictures[:1], detector=detector))


def test_the_engine_keeps_no_note_of_what_is_cancelled_but_no_run(two_objects, tmp_path):
    class Over(Exception):
        """All orders were read; the engine would leave with its client."""

    class Orders(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(size) or self.over()

        def over(self) -> bytes:
            raise Over

    orders = Orders()
    waiting = GenerationRequest(new_run_id(), two_objects, GenerationSettings(), "no-model", str(tmp_path / "run"))
    send(orders, Run(waiting))
    for one in (waiting.run, "a-run-that-has-ended", "detect-1", "detect-2"):
        send(orders, Cancel(one))
    orders.seek(0)
    server = Server(orders, io.BytesIO(), pulse=60)
    with pytest.raises(Over):
        server._listen()
    assert server._cancelled == {waiting.run}
