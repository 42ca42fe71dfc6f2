"""The asynchronous client of the engine process: what the window, the command line, tests and scripts talk to.

    async with EngineClient() as client:
        async for event in client.run(request):
            print(event)

It imports neither torch nor diffusers; those live in the engine process, which is started when it is first needed and
again when it has died.
"""

from __future__ import annotations

import asyncio
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from engine.errors import BoxpaintError
from engine.events import AnyEvent, Detection, RunCancelled, RunFailed, RunFinished, StepFinished
from engine.models.failures import DEVICE_FAILED
from engine.runs.request import GenerationRequest
from engine.watchdog import Patience, Stall, Watch
from engine.worker.process import EngineProcess
from engine.worker.protocol import (
    DEFAULT_DETECTOR,
    Cancel,
    Command,
    Detect,
    Detected,
    Pulse,
    Run,
    WarmedUp,
    WarmUp,
)

_Answer = TypeVar("_Answer")


@dataclass(slots=True)
class _Following:
    """A run that was asked for: the process that does it, its events, and what is known of it."""

    process: EngineProcess
    events: asyncio.Queue[AnyEvent] = field(default_factory=asyncio.Queue)
    finished: int = 0
    cancelled: bool = False


class EngineClient:
    """Owns at most one engine process. All methods are called on one event loop.

    Args:
        command: Starts the engine process; tests may give another.
        patience: After how long it is told that the engine gets nothing done.
        on_stall: Told when the engine has got nothing done for long, though there is work, and again whenever it has
            lasted twice as long; None when it got on after all. Nothing is ended by itself: whoever does not want to
            wait calls `kill`.
    """

    def __init__(
        self,
        *,
        command: tuple[str, ...] = (sys.executable, "-m", "engine.worker"),
        patience: Patience | None = None,
        on_stall: Callable[[Stall | None], None] = lambda stall: None,
    ) -> None:
        self.patience = patience or Patience()
        self.on_stall = on_stall
        self._command = command
        self._process: EngineProcess | None = None
        self._runs: dict[str, _Following] = {}
        self._warming: dict[str, tuple[EngineProcess, asyncio.Future[WarmedUp]]] = {}
        self._detecting: dict[str, tuple[EngineProcess, asyncio.Future[Detected]]] = {}
        self._watch = Watch(self.patience)
        self._watching: asyncio.TimerHandle | None = None
        self._stalled = False

    @property
    def pid(self) -> int | None:
        """Process id of the engine, or None while there is none."""
        return self._process.pid if self._process and self._process.running else None

    async def run(self, request: GenerationRequest) -> AsyncIterator[AnyEvent]:
        """Carry out a request; ends after the run's one terminal event.

        Several runs may be asked for; the engine does them one after the other. When the engine process dies, the run
        ends with ``RunFailed`` of kind ``"engine"``; the next call starts a new process.
        """
        if request.run in self._runs:
            raise BoxpaintError(f"the run {request.run!r} is under way already.", "run", field="run")
        following = self._runs[request.run] = _Following(self._send(Run(request)))
        ended = False
        try:
            while not ended:
                event = await following.events.get()
                ended = isinstance(event, RunFinished | RunCancelled | RunFailed)
                yield event
        finally:
            del self._runs[request.run]
            if not ended:
                following.process.send(Cancel(request.run))  # nobody listens any more

    def cancel(self, run: str) -> None:
        """Stop a run, waiting, loading or painting; it ends with ``RunCancelled``. No effect on one that has ended."""
        following = self._runs.get(run)
        if following is not None:
            if not following.cancelled:
                self._watch.rest()  # how long it takes to stop is counted from here
            following.cancelled = True
            following.process.send(Cancel(run))

    def kill(self, reason: str = "it got nothing done") -> None:
        """End the engine process at once, as when it died by itself: what it had to do ends with this reason."""
        if self._process is not None:
            self._process.kill(reason)

    async def warm_up(self, model: str, *, device: str = "auto", precision: str = "auto") -> None:
        """Load a model before it is needed.

        Raises:
            BoxpaintError: It cannot be loaded, or the engine process died.
        """
        if model not in self._warming:
            process = self._send(WarmUp(model, device, precision))
            self._warming[model] = process, asyncio.get_running_loop().create_future()
        answer = await asyncio.shield(self._warming[model][1])
        if answer.error:
            raise BoxpaintError(**answer.error)  # type: ignore[arg-type]

    async def detect(
        self,
        pictures: Iterable[Path | str],
        *,
        detector: str = DEFAULT_DETECTOR,
        device: str = "auto",
        labels: Iterable[str] = (),
    ) -> list[tuple[Detection, ...]]:
        """What a detector finds in picture files: for each file its detections, best score first.

        Every guess of the detector is told, however unsure; ``engine.layout.matching.distinct`` picks what counts.
        Detections are answered in the order in which they were asked for, beside a run that is under way. Cancelling
        the task that awaits this stops the detector after a few pictures.

        Args:
            pictures: Files of any picture format and size.
            detector: Name of an installed detector, or its folder.
            device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
            labels: What a detector of an open vocabulary looks for; others have their own.

        Raises:
            BoxpaintError: The detector cannot be loaded, a picture cannot be read, or the engine process died.
        """
        paths = tuple(str(Path(path).absolute()) for path in pictures)
        question = Detect(f"detect-{uuid.uuid4().hex}", paths, detector, device, tuple(labels))
        future: asyncio.Future[Detected] = asyncio.get_running_loop().create_future()
        process = self._send(question)
        self._detecting[question.id] = process, future
        try:
            answer = await future
        except asyncio.CancelledError:
            process.send(Cancel(question.id))
            raise
        finally:
            del self._detecting[question.id]
        if answer.error:
            raise BoxpaintError(**answer.error)  # type: ignore[arg-type]
        return list(answer.detections)

    async def close(self) -> None:
        """End the engine process; runs under way end with ``RunFailed``. The client may be used again."""
        process, self._process = self._process, None
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None
        if process is not None:
            await asyncio.get_running_loop().run_in_executor(None, process.stop)

    async def __aenter__(self) -> EngineClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _send(self, message: Command) -> EngineProcess:
        """Send a command to the engine process, started if there is none; that process."""
        if self._process is None or not self._process.running:
            loop = asyncio.get_running_loop()
            self._process = EngineProcess(
                (*self._command, str(self.patience.pulse)),
                on_message=lambda message: loop.call_soon_threadsafe(self._received, message),
                on_end=lambda process, reason: loop.call_soon_threadsafe(self._ended, process, reason),
            )
            self._watch = Watch(self.patience)
        self._process.send(message)
        if self._watching is None:
            self._watch.rest()
            self._look_later()
        return self._process

    def _received(self, message: Any) -> None:
        if isinstance(message, Pulse):
            self._watch.pulse(message.processor)
            return
        self._got_on()
        if _kind(message) == DEVICE_FAILED:
            self._retire()
        if isinstance(message, WarmedUp):
            _settle(self._warming.pop(message.model, None), message)
        elif isinstance(message, Detected):
            _settle(self._detecting.get(message.id), message)
        elif (following := self._runs.get(message.run)) is not None:
            following.finished += isinstance(message, StepFinished)
            following.events.put_nowait(message)

    def _retire(self) -> None:
        """Nothing works on the device any more in this process: whatever comes next goes to a fresh one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill("its device failed")

    def _ended(self, process: EngineProcess, reason: BoxpaintError) -> None:
        """The process is gone: all that it had to do ends here, finished steps are on the disk."""
        if self._process is process:
            self._process = None
        self._got_on()
        values: dict[str, Any] = reason.as_dict()
        for run, following in self._runs.items():
            if following.process is process:
                # The number continues somewhere past the last one seen; the stream ends with it.
                failed = RunFailed(run=run, sequence=2**31, finished=following.finished, **values)
                following.events.put_nowait(failed)
        for model, warming in list(self._warming.items()):
            if warming[0] is process:
                _settle(self._warming.pop(model), WarmedUp(model, reason.as_dict()))
        for question, asked in self._detecting.items():
            if asked[0] is process:
                _settle(asked, Detected(question, error=reason.as_dict()))

    # -- whether it gets on

    def _look_later(self) -> None:
        now = time.monotonic()
        loop = asyncio.get_running_loop()
        self._watching = loop.call_later(self.patience.pulse, lambda: self._look(time.monotonic() - now))

    def _look(self, elapsed: float) -> None:
        self._watching = None
        if not (self._runs or self._warming or self._detecting) or self._process is None:
            return
        cancelling = any(following.cancelled for following in self._runs.values())
        stall = self._watch.look(elapsed, cancelling=cancelling)
        if stall is not None:
            self._stalled = True
            self.on_stall(stall)
        self._look_later()

    def _got_on(self) -> None:
        self._watch.rest()
        if self._stalled:
            self._stalled = False
            self.on_stall(None)


def _kind(message: Any) -> str | None:
    """The kind of the error that a message tells, if it tells one."""
    if isinstance(message, RunFailed):
        return message.kind
    error = message.error if isinstance(message, WarmedUp | Detected) else None
    return error["kind"] if error else None


def _settle(asked: tuple[EngineProcess, asyncio.Future[_Answer]] | None, answer: _Answer) -> None:
    if asked is not None and not asked[1].done():
        asked[1].set_result(answer)
