"""The asynchronous client of the engine process: what the window, the command line, tests and scripts talk to.

    async with EngineClient() as client:
        async for event in client.run(request):
            print(event)

It imports neither torch nor diffusers; those live in the engine process, which is started when it is first needed and
again when it has died.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from engine.errors import BoxpaintError
from engine.events import AnyEvent, Detection, RunCancelled, RunFailed, RunFinished, StepFinished
from engine.runs.request import GenerationRequest
from engine.worker.protocol import (
    DEFAULT_DETECTOR,
    Cancel,
    Command,
    Detect,
    Detected,
    Run,
    WarmedUp,
    WarmUp,
    receive,
    send,
)

_WAIT_POLICY = "PASSIVE"
"""OpenMP's threads sleep while they wait for each other. When they spin, its default, one other busy program on the
machine makes painting ten times slower and the window stall (docs/performance.md)."""

_GRACE_SECONDS = 5.0
"""How long a process may take to leave after its input was closed, before it is killed."""


class EngineClient:
    """Owns at most one engine process. All methods are called on one event loop.

    Args:
        command: Starts the engine process; tests may give another.
    """

    def __init__(self, *, command: tuple[str, ...] = (sys.executable, "-m", "engine.worker")) -> None:
        self._command = command
        self._process: _EngineProcess | None = None
        self._runs: dict[str, asyncio.Queue[AnyEvent]] = {}
        self._finished_steps: dict[str, int] = {}
        self._warming: dict[str, asyncio.Future[WarmedUp]] = {}
        self._detecting: dict[str, asyncio.Future[Detected]] = {}

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
        events: asyncio.Queue[AnyEvent] = asyncio.Queue()
        self._runs[request.run] = events
        self._finished_steps[request.run] = 0
        ended = False
        try:
            self._send(Run(request))
            while not ended:
                event = await events.get()
                ended = isinstance(event, RunFinished | RunCancelled | RunFailed)
                yield event
        finally:
            del self._runs[request.run], self._finished_steps[request.run]
            if not ended:
                self.cancel(request.run)  # nobody listens any more

    def cancel(self, run: str) -> None:
        """Stop a run, waiting, loading or painting; it ends with ``RunCancelled``. No effect on one that has ended."""
        if self._process and self._process.running:
            self._process.send(Cancel(run))

    async def warm_up(self, model: str, *, device: str = "auto", precision: str = "auto") -> None:
        """Load a model before it is needed.

        Raises:
            BoxpaintError: It cannot be loaded, or the engine process died.
        """
        future = self._warming.get(model)
        if future is None:
            future = asyncio.get_running_loop().create_future()
            self._warming[model] = future
            self._send(WarmUp(model, device, precision))
        answer = await asyncio.shield(future)
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

        Every guess of the detector is told, however unsure; ``engine.detection.distinct`` picks those worth a box.
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
        self._detecting[question.id] = future
        try:
            self._send(question)
            answer = await future
        except asyncio.CancelledError:
            self.cancel(question.id)
            raise
        finally:
            del self._detecting[question.id]
        if answer.error:
            raise BoxpaintError(**answer.error)  # type: ignore[arg-type]
        return list(answer.detections)

    async def close(self) -> None:
        """End the engine process; runs under way end with ``RunFailed``. The client may be used again."""
        process, self._process = self._process, None
        if process is not None:
            await asyncio.get_running_loop().run_in_executor(None, process.stop)

    async def __aenter__(self) -> EngineClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _send(self, message: Command) -> None:
        if self._process is None or not self._process.running:
            loop = asyncio.get_running_loop()
            process: _EngineProcess = _EngineProcess(
                self._command,
                on_message=lambda message: loop.call_soon_threadsafe(self._received, message),
                on_end=lambda reason: loop.call_soon_threadsafe(self._ended, process, reason),
            )
            self._process = process
        self._process.send(message)

    def _received(self, message: Any) -> None:
        if isinstance(message, WarmedUp):
            future = self._warming.pop(message.model, None)
            if future is not None and not future.done():
                future.set_result(message)
            return
        if isinstance(message, Detected):
            asked = self._detecting.get(message.id)
            if asked is not None and not asked.done():
                asked.set_result(message)
            return
        if isinstance(message, StepFinished) and message.run in self._finished_steps:
            self._finished_steps[message.run] += 1
        events = self._runs.get(message.run)
        if events is not None:
            events.put_nowait(message)

    def _ended(self, process: _EngineProcess, reason: BoxpaintError) -> None:
        """The process is gone: every run that it had ends here, finished steps are on the disk."""
        if self._process is process:
            self._process = None
        elif self._process is not None:
            return  # a newer process serves the runs that are left
        for run, events in self._runs.items():
            values: dict[str, Any] = reason.as_dict()
            # The number continues somewhere past the last one seen; the stream ends with it.
            events.put_nowait(RunFailed(run=run, sequence=2**31, finished=self._finished_steps[run], **values))
        for model, future in self._warming.items():
            if not future.done():
                future.set_result(WarmedUp(model, reason.as_dict()))
        self._warming.clear()
        for question, asked in self._detecting.items():
            if not asked.done():
                asked.set_result(Detected(question, error=reason.as_dict()))


class _EngineProcess:
    """One engine process, its pipes, and the thread that reads its messages."""

    def __init__(self, command: tuple[str, ...], *, on_message: Any, on_end: Any) -> None:
        # The log of the process; its end tells why it died. A file, so that a full pipe can never block the engine.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  closed by the reader
        root = str(Path(__file__).resolve().parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                env={"OMP_WAIT_POLICY": _WAIT_POLICY, **os.environ, "PYTHONPATH": os.pathsep.join(paths)},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                # Ctrl+C in a terminal is for the client, which cancels the run; the engine must live to do so.
                start_new_session=True,
            )
        except OSError as error:
            self._log.close()
            raise BoxpaintError(f"the engine process cannot be started ({error.strerror}).", "engine") from error
        self._on_message = on_message
        self._on_end = on_end
        self._reader = threading.Thread(target=self._read, name="boxpaint-events", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def send(self, message: Any) -> None:
        """Send a command. To a process that has just died nothing is sent: its end is told by ``on_end``."""
        assert self._process.stdin is not None
        try:
            send(self._process.stdin, message)
        except OSError:
            self._process.wait()

    def stop(self) -> None:
        """End the process: closing its input makes it leave by itself. Blocks until it and the reader are gone."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
        except OSError:
            self._process.kill()  # what was still to be sent could not be; it is of no use now
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reader.join()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            while True:
                try:
                    message = receive(stream)
                except (EOFError, OSError):
                    break
                self._on_message(message)
        code = self._process.wait()
        try:
            self._on_end(self._reason(code))
        except RuntimeError:
            # The event loop was closed before the engine: nobody is left to be told.
            return
        finally:
            self._log.close()

    def _reason(self, code: int) -> BoxpaintError:
        self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, self._log.tell() - 4000))
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        last = f" Its last words: {lines[-1].strip()}" if lines else ""
        return BoxpaintError(
            f"the engine process {how}.{last}",
            "engine",
            hint="Finished steps are kept. Run it again, or continue from the last finished step.",
        )
