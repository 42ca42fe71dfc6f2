"""The engine process: one thread listens for commands, the main thread loads models and paints, one detects."""

from __future__ import annotations

import faulthandler
import logging
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from typing import IO, Any

from engine.errors import BoxpaintError, Cancelled
from engine.events import AnyEvent, RunCancelled
from engine.models.card import ModelCard
from engine.models.catalogue import find_model
from engine.models.kept import KeptModel, Wanted
from engine.models.loading import LoadedModel
from engine.models.machine import choose_device
from engine.models.placing import give_freed_blocks_back
from engine.parent import end_with_parent
from engine.runs.execute import RunExecution
from engine.runs.request import GenerationRequest
from engine.worker.detecting import Detecting
from engine.worker.protocol import Cancel, Command, Detect, Logged, Pulse, Run, WarmedUp, WarmUp, receive, send

_log = logging.getLogger(__name__)


class Server:
    """Serves one client over two byte streams until the client is gone.

    Args:
        incoming: Commands.
        outgoing: Events and answers.
        pulse: Seconds between two signs of life while there is work.
    """

    def __init__(self, incoming: IO[bytes], outgoing: IO[bytes], *, pulse: float) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._pulse = pulse
        self._sending = threading.Lock()
        self._work: queue.Queue[Run | WarmUp] = queue.Queue()
        self._open: set[str] = set()  # runs that were asked for and have not ended
        self._cancelled: set[str] = set()
        self._told: set[str] = set()  # runs whose end was told while their model was still being loaded
        self._loading: str | None = None  # id of the run for which a model is being loaded
        self._state = threading.Lock()
        self._kept = KeptModel()
        self._reading = threading.Lock()  # weights are read by one thread at a time, and libraries imported
        self._detecting = Detecting(self.send, self._reading)

    def serve(self) -> None:
        """Work until the client closes its end; then the process ends at once."""
        threading.Thread(target=self._listen, name="boxpaint-commands", daemon=True).start()
        threading.Thread(target=self._live, name="boxpaint-pulse", daemon=True).start()
        while True:
            command = self._work.get()
            if isinstance(command, Run):
                self._run(command.request)
            else:
                self._warm_up(command)
            self._work.task_done()

    def _live(self) -> None:
        while True:
            time.sleep(self._pulse)
            if self._work.unfinished_tasks or self._detecting.busy:
                self.send(Pulse(time.process_time()))

    def _listen(self) -> None:
        while True:
            try:
                command: Command = receive(self._incoming)
            except (EOFError, OSError):
                # The client is gone: nobody waits for a result. What was finished is on the disk.
                os._exit(0)
            if isinstance(command, Cancel):
                self._detecting.cancel(command.run)
                self._cancel(command.run)
            elif isinstance(command, Detect):
                self._detecting.ask(command)
            else:
                if isinstance(command, Run):
                    with self._state:
                        self._open.add(command.request.run)
                self._work.put(command)

    def _cancel(self, run: str) -> None:
        with self._state:
            if run not in self._open:
                return  # it has ended meanwhile, or is a detection: nobody would ever take it out again
            self._cancelled.add(run)
            at_once = self._loading == run
            if at_once:
                self._told.add(run)
        if at_once:
            # A library call that reads weights cannot be interrupted. The run ends now all the same; the model is kept
            # when it arrives, for the next run.
            self.send(RunCancelled(run=run, sequence=1, finished=0))

    def _run(self, request: GenerationRequest) -> None:
        def load(card: ModelCard, request: GenerationRequest, announce: Callable[[], None]) -> LoadedModel:
            settings = request.settings
            wanted = Wanted(card, settings.device, settings.precision, settings.placement, settings.quantize)
            return self._model(wanted, settings.size, request.run, announce)

        def emit(event: AnyEvent) -> None:
            if request.run not in self._told:
                self.send(event)

        def cancelled() -> bool:
            return request.run in self._cancelled

        RunExecution(request, emit=emit, load=load, cancelled=cancelled, load_detector=self._detecting.detector).run()
        with self._state:
            self._open.discard(request.run)
            self._cancelled.discard(request.run)
            self._told.discard(request.run)
        give_freed_blocks_back()  # how long this process then rests nobody knows

    def _model(
        self, wanted: Wanted, size: tuple[int, int] | None, run: str | None, announce: Callable[[], None]
    ) -> LoadedModel:
        """The model from memory, or loaded now; ``run`` is cancelled at once while this takes its time."""

        def load() -> LoadedModel:
            if choose_device(wanted.device) == "cpu":
                _lower_priority()
            with self._reading:
                return wanted.load(size)

        if self._kept.has(wanted):
            return self._kept.get(wanted, load)
        announce()
        with self._state:
            if run in self._cancelled:
                raise Cancelled
            self._loading = run
        try:
            return self._kept.get(wanted, load)
        finally:
            with self._state:
                self._loading = None

    def _warm_up(self, command: WarmUp) -> None:
        error: BoxpaintError | None = None
        try:
            wanted = Wanted(find_model(command.model), command.device, command.precision)
            self._model(wanted, None, None, announce=lambda: None)
        except BoxpaintError as reason:
            error = reason
        self.send(WarmedUp(command.model, error.as_dict() if error else None))

    def send(self, message: Any) -> None:
        with self._sending:
            try:
                send(self._outgoing, message)
            except OSError:
                os._exit(0)


def _lower_priority() -> None:
    """Let the window go first on a CPU that both share."""
    import psutil

    process = psutil.Process()
    try:
        process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else 10)
    except psutil.Error as error:
        _log.warning("The engine's priority could not be lowered: %s", error)


class _ToClient(logging.Handler):
    """Sends what is logged to the client as well: its user can read it there."""

    def __init__(self, send: Callable[[Any], object]) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(message)s"))
        self._send_message = send

    def emit(self, record: logging.LogRecord) -> None:
        self._send_message(Logged(record.name, record.levelno, record.created, self.format(record)))


def main(pulse: float = 1.0) -> None:
    """Entry point of the engine process: commands on stdin, events on stdout, log on stderr.

    Args:
        pulse: Seconds between two signs of life while there is work.
    """
    end_with_parent()
    incoming = os.fdopen(os.dup(0), "rb")
    outgoing = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints goes to the log, not between the messages.
    os.dup2(2, 1)
    faulthandler.enable()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    server = Server(incoming, outgoing, pulse=pulse)
    logging.getLogger().addHandler(_ToClient(server.send))
    logging.captureWarnings(True)
    server.serve()
