"""What goes wrong in a real engine process: a sentence with a remedy each, finished steps kept, and a next run."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine.events import AnyEvent, RunCancelled, RunFailed, RunFinished, RunStarted, StepFinished
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject
from engine.runs.records import read_record, repair_orphans
from engine.runs.request import GenerationRequest, new_run_id
from engine.watchdog import Condition, Patience, Stall
from engine.worker.client import EngineClient
from tests.faulty_engine import order
from tests.worker.listening import listen

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="faults are made by Unix signals and calls")

HASTY = Patience(silent=0.6, idle=0.6, calculating=0.6, cancelling=0.3, pulse=0.05)

SECOND_STEP = 3
"""The network's call that begins the second of three steps of two denoising steps each."""


class Faulty:
    """A client whose engine does what it is ordered to, and its requests."""

    def __init__(self, model: Path, layout: Layout, folder: Path) -> None:
        self.orders = folder / "orders"
        self.stalls: asyncio.Queue[Stall | None] = asyncio.Queue()
        self.runner = asyncio.Runner()
        self.client = EngineClient(
            command=(sys.executable, "-m", "tests.faulty_engine", str(self.orders)),
            patience=HASTY,
            on_stall=self.stalls.put_nowait,
        )
        self.folder = folder
        self._model = model
        self._layout = layout
        order(self.orders, "nothing", 0)

    def request(self, **values: Any) -> GenerationRequest:
        settings = GenerationSettings(steps=2, width=64, height=48, scheduler="ddim")
        run = new_run_id()
        folder = str(self.folder / "runs" / run)
        return GenerationRequest(run, self._layout, settings, str(self._model), folder, detector=None, **values)

    def paint(self, request: GenerationRequest, on_event: Callable[[Any], None] = lambda event: None) -> list[AnyEvent]:
        """All events of a run; ``on_event`` is told each as it comes."""
        return self.runner.run(listen(self.client, request, on_event))

    def failing(self, fault: str, first: int = SECOND_STEP, count: int = 1) -> RunFailed:
        """Paint with this fault, look that the first step is kept, go on from it; how the first attempt ended."""
        order(self.orders, fault, first, count)
        request = self.request()
        failed = self.paint(request)[-1]
        assert isinstance(failed, RunFailed)
        assert failed.finished == 1
        assert "\n" not in failed.text and "Traceback" not in failed.text and failed.hint
        repair_orphans(self.folder / "runs")
        record = read_record(Path(request.folder))
        assert record["state"] == "failed" and record["steps"]
        order(self.orders, "nothing", 0)
        events = self.paint(replace(self.request(), base=request.folder, keep=1))
        assert isinstance(events[-1], RunFinished)
        assert [event.reused for event in events if isinstance(event, StepFinished)] == [True, False, False]
        return failed

    def close(self) -> None:
        self.runner.run(self.client.close())
        self.runner.close()


@pytest.fixture(scope="module")
def overlapping() -> Layout:
    """Two objects that cannot be painted together: three steps, one after the other."""
    objects = (
        LayoutObject("a", "red metal cube", Box(0.1, 0.1, 0.5, 0.7)),
        LayoutObject("b", "blue rubber sphere", Box(0.3, 0.3, 0.9, 0.9)),
    )
    return Layout(64, 48, objects)


@pytest.fixture(scope="module")
def faulty(tiny_pipeline, overlapping, tmp_path_factory):
    faulty = Faulty(tiny_pipeline, overlapping, tmp_path_factory.mktemp("faulty"))
    yield faulty
    faulty.close()


@pytest.mark.parametrize(
    ("fault", "first", "kind", "words"),
    [
        ("raises", SECOND_STEP, "internal", ("the model failed", "the tensors do not fit each other", "Try again")),
        ("nan", SECOND_STEP, "model", ("overflowed at denoising step 1", "--precision fp32")),
        ("black", 2, "model", ("overflowed when the picture was decoded", "--precision fp32")),
        ("disk full", 8, "output", ("the disk is full", "Free some space", "step_001")),
    ],
)
def test_a_model_or_a_disk_that_fails_ends_the_run_and_not_the_engine(faulty, fault, first, kind, words) -> None:
    faulty.paint(faulty.request())
    pid = faulty.client.pid
    failed = faulty.failing(fault, first)
    assert failed.kind == kind
    assert all(word in failed.text for word in words), failed.text
    assert faulty.client.pid == pid


def test_a_step_whose_record_was_not_written_does_not_count_as_finished(faulty) -> None:
    order(faulty.orders, "disk full", 7, 1000)
    request = faulty.request()
    failed = faulty.paint(request)[-1]
    assert (failed.kind, failed.finished) == ("output", 0) and "run.json" in failed.text
    assert read_record(Path(request.folder))["steps"] == []


@pytest.mark.parametrize("fault", ["memory", "device memory", "allocator"])
def test_memory_that_runs_out_at_the_last_notch_ends_the_run_and_not_the_engine(faulty, fault) -> None:
    faulty.paint(faulty.request())
    pid = faulty.client.pid
    failed = faulty.failing(fault, count=2)
    assert failed.kind == "memory" and "ran out of memory" in failed.text and "smaller --size" in failed.text
    assert faulty.client.pid == pid


@pytest.mark.parametrize(("fault", "words"), [("killed", "memory ran out"), ("crashes", "Segmentation fault")])
def test_a_process_that_dies_is_told_and_another_one_goes_on(faulty, fault, words) -> None:
    failed = faulty.failing(fault)
    assert failed.kind == "engine" and words in failed.text


def test_after_a_device_has_failed_a_fresh_process_goes_on(faulty) -> None:
    faulty.paint(faulty.request())
    process = psutil.Process(faulty.client.pid)
    failed = faulty.failing("accelerator")
    assert failed.kind == "device" and "illegal memory access" in failed.text and "--device cpu" in failed.text
    assert faulty.client.pid not in (None, process.pid)
    assert not process.is_running()


def test_a_model_folder_that_vanishes_leaves_the_run_whole_and_fails_the_next(faulty, tiny_pipeline, tmp_path) -> None:
    copy = shutil.copytree(tiny_pipeline, tmp_path / "copy")

    def vanish(event: AnyEvent) -> None:
        if isinstance(event, RunStarted):
            shutil.rmtree(copy)

    events = faulty.paint(replace(faulty.request(), model=str(copy)), vanish)
    assert isinstance(events[-1], RunFinished), "its weights are in memory"
    (failed,) = faulty.paint(replace(faulty.request(), model=str(copy)))
    assert failed.kind == "model" and str(copy) in failed.text and failed.hint
    assert isinstance(faulty.paint(faulty.request())[-1], RunFinished)


# -- an engine that hangs


async def until_told(faulty: Faulty, condition: Condition) -> Stall:
    async with asyncio.timeout(60):
        while True:
            stall = await faulty.stalls.get()
            if stall is not None and stall.condition is condition:
                return stall


def hang(faulty: Faulty, fault: str, act: Callable[[], None], condition: Condition) -> list[AnyEvent]:
    """The events of a run whose engine hangs in its second step; ``act`` is done when that is told."""
    order(faulty.orders, fault, SECOND_STEP)

    async def scenario() -> list[AnyEvent]:
        events: list[AnyEvent] = []
        request = faulty.request()
        async for event in faulty.client.run(request):
            events.append(event)
            if isinstance(event, StepFinished) and event.index == 0:
                while not faulty.stalls.empty():
                    faulty.stalls.get_nowait()  # it was told of the start, which takes longer than this test waits
                asyncio.ensure_future(until_told(faulty, condition)).add_done_callback(lambda told: act())
        return events

    return faulty.runner.run(scenario())


@pytest.mark.parametrize(
    ("fault", "condition"),
    [
        ("stopped", Condition.SILENT),
        ("holds the interpreter", Condition.SILENT),
        ("waits", Condition.IDLE),
    ],
)
def test_a_hung_engine_is_noticed_and_can_be_ended(faulty, fault, condition) -> None:
    events = hang(faulty, fault, faulty.client.kill, condition)
    failed = events[-1]
    assert isinstance(failed, RunFailed) and (failed.kind, failed.finished) == ("engine", 1)
    assert "was ended: it got nothing done" in failed.text
    order(faulty.orders, "nothing", 0)
    assert isinstance(faulty.paint(faulty.request())[-1], RunFinished)


def test_a_slow_model_is_told_of_and_left_alone(faulty) -> None:
    events = hang(faulty, "slow", lambda: order(faulty.orders, "nothing", 0), Condition.CALCULATING)
    assert isinstance(events[-1], RunFinished)
    told = [faulty.stalls.get_nowait() for _ in range(faulty.stalls.qsize())]
    assert None in told, "that it got on is told as well"


def test_an_engine_that_was_stopped_goes_on_where_it_was(faulty) -> None:
    events = hang(faulty, "stopped", lambda: os.kill(faulty.client.pid, signal.SIGCONT), Condition.SILENT)
    assert isinstance(events[-1], RunFinished)


def test_a_cancelled_run_whose_engine_does_not_stop_is_told_sooner(faulty) -> None:
    order(faulty.orders, "waits", SECOND_STEP)
    request = faulty.request()

    async def end() -> None:
        await until_told(faulty, Condition.IDLE)
        faulty.client.cancel(request.run)
        while not (await until_told(faulty, Condition.IDLE)).cancelling:
            pass
        faulty.client.kill("it did not stop")

    async def scenario() -> list[AnyEvent]:
        events = []
        async for event in faulty.client.run(request):
            events.append(event)
            if isinstance(event, StepFinished):
                ending = asyncio.ensure_future(end())
        await ending
        return events

    events = faulty.runner.run(scenario())
    assert not any(isinstance(event, RunCancelled) for event in events)
    assert "it did not stop" in events[-1].text


def test_commands_to_an_engine_that_does_not_read_hold_nobody_up(faulty, overlapping) -> None:
    """The pipe is full after 64 KiB; a window that waited for room in it would be frozen."""
    order(faulty.orders, "nothing", 0)
    faulty.paint(faulty.request())
    pid = faulty.client.pid
    os.kill(pid, signal.SIGSTOP)
    rescue = threading.Timer(60, os.kill, (pid, signal.SIGKILL))
    rescue.start()
    many = tuple(replace(overlapping.objects[0], id=f"o{number}") for number in range(5000))
    large = replace(faulty.request(), layout=replace(overlapping, objects=many))

    async def scenario() -> list[AnyEvent]:
        stream = faulty.client.run(large)
        first = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0)
        assert psutil.Process(pid).status() == psutil.STATUS_STOPPED
        faulty.client.kill()
        return [await first, *[event async for event in stream]]

    (failed,) = faulty.runner.run(scenario())
    rescue.cancel()
    assert isinstance(failed, RunFailed) and failed.kind == "engine"


def test_a_run_of_a_dead_process_ends_though_another_one_is_there_already(faulty) -> None:
    order(faulty.orders, "waits", SECOND_STEP)
    request = faulty.request()

    async def scenario() -> AnyEvent:
        event: Any = None
        warming = None
        async for event in faulty.client.run(request):
            if isinstance(event, StepFinished) and warming is None:
                os.kill(faulty.client.pid, signal.SIGKILL)
                while faulty.client.pid is not None:
                    pass  # its end is not told before this task lets the loop go on
                warming = asyncio.ensure_future(faulty.client.warm_up(request.model))
                await asyncio.wait([warming], timeout=0)
        await warming
        return event

    failed = faulty.runner.run(asyncio.wait_for(scenario(), 60))
    assert isinstance(failed, RunFailed) and failed.kind == "engine"
