"""The engine process through its client: events, cancelling, dying and coming back."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from engine.errors import BoxpaintError
from engine.events import (
    DenoisePreview,
    ModelLoading,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunStarted,
    StepFinished,
)
from engine.inpainting.settings import GenerationSettings
from engine.runs.records import read_record, repair_orphans
from engine.runs.request import GenerationRequest, new_run_id
from engine.worker.client import EngineClient
from engine.worker.process import EngineProcess
from tests.worker.listening import listen


class Engine:
    """One client on one event loop for all tests of this file: starting a process takes seconds."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.client = EngineClient()

    def collect(self, request: GenerationRequest, on_event=lambda event: None) -> list:
        """The run's events; ``on_event`` is told each as it comes."""
        return self.runner.run(listen(self.client, request, on_event))

    def close(self) -> None:
        self.runner.run(self.client.close())
        self.runner.close()


@pytest.fixture(scope="module")
def engine():
    before = set(threading.enumerate())
    engine = Engine()
    yield engine
    engine.close()
    assert not [thread for thread in set(threading.enumerate()) - before if thread.name.startswith("boxpaint")]


@pytest.fixture
def request_for(tiny_pipeline, two_objects, tmp_path):
    def make(name: str = "run", *, model: str | None = None, steps: int = 2) -> GenerationRequest:
        return GenerationRequest(
            run=new_run_id(),
            layout=two_objects,
            settings=GenerationSettings(steps=steps, width=64, height=48),
            model=model or str(tiny_pipeline),
            folder=str(tmp_path / name),
        )

    return make


def test_cancel_while_the_model_loads_ends_the_run_before_it_is_loaded(engine, request_for, tmp_path) -> None:
    request = request_for()
    events = engine.collect(
        request, lambda event: engine.client.cancel(request.run) if isinstance(event, ModelLoading) else None
    )
    assert [type(event) for event in events] == [ModelLoading, RunCancelled]
    assert not (tmp_path / "run").exists()
    assert isinstance(engine.collect(request_for("after"))[-1], RunFinished)


def test_two_runs_share_one_process_and_its_model(engine, request_for) -> None:
    first = engine.collect(request_for("one"))
    pid = engine.client.pid
    second = engine.collect(request_for("two"))
    assert engine.client.pid == pid
    for events in (first, second):
        assert isinstance(events[0], RunStarted), "the model stayed in memory"
        assert isinstance(events[-1], RunFinished) and Path(events[-1].picture).is_file()
        assert [event.sequence for event in events] == list(range(len(events)))


def test_cancel_takes_effect_within_one_denoising_step(engine, request_for, tmp_path) -> None:
    request = request_for(steps=500)

    def cancel_at_third(event) -> None:
        if isinstance(event, DenoisePreview) and event.iteration == 3:
            engine.client.cancel(request.run)

    events = engine.collect(request, cancel_at_third)
    assert isinstance(events[-1], RunCancelled)
    assert events[-2].iteration < 100, "far from the five hundredth step; some pass while the message travels"
    assert read_record(tmp_path / "run")["state"] == "cancelled"
    assert isinstance(engine.collect(request_for("after"))[-1], RunFinished)


def test_a_waiting_run_can_be_cancelled(engine, request_for) -> None:
    waiting = request_for("two")

    async def first():
        return [event async for event in engine.client.run(request_for("one"))]

    async def second():
        stream = engine.client.run(waiting)
        task = asyncio.ensure_future(anext(stream))
        await asyncio.wait([task], timeout=0)  # the request is on its way
        engine.client.cancel(waiting.run)
        return [await task, *[event async for event in stream]]

    async def both():
        return await asyncio.gather(first(), second())

    one, two = engine.runner.run(both())
    assert isinstance(one[-1], RunFinished)
    assert [type(event) for event in two] == [RunCancelled]


def test_a_bad_model_fails_the_run_and_not_the_engine(engine, request_for, tmp_path) -> None:
    pid = engine.client.pid
    bad = engine.collect(request_for("bad", model=str(tmp_path / "nothing")))
    assert [type(event) for event in bad] == [RunFailed] and bad[0].kind == "model" and bad[0].hint
    with pytest.raises(BoxpaintError) as caught:
        engine.runner.run(engine.client.warm_up("no-such-model"))
    assert caught.value.kind == "model"
    assert isinstance(engine.collect(request_for("good"))[-1], RunFinished)
    assert engine.client.pid == pid


@pytest.mark.skipif(sys.platform == "win32", reason="reads Unix niceness")
def test_on_the_cpu_the_engine_gives_way_to_the_window(engine, tiny_pipeline) -> None:
    engine.runner.run(engine.client.warm_up(str(tiny_pipeline), device="cpu"))
    assert psutil.Process(engine.client.pid).nice() > psutil.Process().nice()


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGKILL")
def test_a_killed_engine_ends_the_run_keeps_its_steps_and_comes_back(engine, request_for, tmp_path) -> None:
    def kill(event) -> None:
        if isinstance(event, StepFinished):
            os.kill(engine.client.pid, signal.SIGKILL)

    events = engine.collect(request_for("one", steps=30), kill)
    assert isinstance(events[-1], RunFailed)
    assert (events[-1].kind, events[-1].finished) == ("engine", 1)
    assert "signal 9" in events[-1].text
    assert repair_orphans(tmp_path) == [tmp_path / "one"]
    record = read_record(tmp_path / "one")
    assert record["state"] == "failed" and len(record["steps"]) >= 1
    assert isinstance(engine.collect(request_for("two"))[-1], RunFinished)


def test_the_client_imports_neither_torch_nor_qt() -> None:
    code = (
        "import sys, engine.worker.client\n"
        "print([name for name in ('torch', 'diffusers', 'transformers', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGKILL")
def test_the_engine_leaves_when_its_client_is_killed(tiny_pipeline) -> None:
    code = (
        "import asyncio, sys\n"
        "from engine.worker.client import EngineClient\n"
        "async def main():\n"
        "    client = EngineClient()\n"
        f"    await client.warm_up({str(tiny_pipeline)!r})\n"
        "    print(client.pid, flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as owner:
        engine = psutil.Process(int(owner.stdout.readline()))
        owner.kill()
        engine.wait(timeout=30)


@pytest.mark.parametrize("at_once", [False, True])
def test_an_engine_that_cannot_start_is_told(request_for, monkeypatch, at_once) -> None:
    start = EngineProcess.__init__

    def start_and_end(process, *given, **named) -> None:
        start(process, *given, **named)
        process._reader.join()

    if at_once:
        # It has ended, and told so, before the client has it in its hands.
        monkeypatch.setattr(EngineProcess, "__init__", start_and_end)

    async def scenario():
        client = EngineClient(command=(sys.executable, "-c", "import sys; sys.exit('no engine here')"))
        events = [event async for event in client.run(request_for())]
        await client.close()
        return events

    (event,) = asyncio.run(scenario())
    assert event.kind == "engine" and "no engine here" in event.text
