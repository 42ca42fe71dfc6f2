"""The engine process as its client sees it: its pipes, the threads that serve them, and why it ended."""

from __future__ import annotations

import logging
import os
import queue
import re
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.worker.protocol import Command, Logged, receive, send

_log = logging.getLogger(__name__)

_WAIT_POLICY = "PASSIVE"
"""OpenMP's threads sleep while they wait for each other. When they spin, its default, one other busy program on the
machine makes painting ten times slower and the window stall (docs/performance.md)."""

_GRACE_SECONDS = 5.0
"""How long a process may take to leave after its input was closed, before it is killed."""

_CHATTER = re.compile(r"\S+ \S+ \S+ (INFO|DEBUG) ")
"""Lines of the engine's log that tell of nothing wrong."""

_LOG_END = 2**16
"""Bytes of the log that are looked at when the process has died."""

ENGINE_LOG = "boxpaint.engine"
"""Logger whose handlers get what the engine's process logs; nobody else does."""

_GO_ON = "Finished steps are kept. Run it again, or continue from the last finished step."


class EngineProcess:
    """One engine process.

    Args:
        command: Starts it.
        on_message: Told every message, from another thread.
        on_end: Told once, from another thread, which process ended and why; perhaps before the constructor returns.

    Raises:
        BoxpaintError: It cannot be started.
    """

    def __init__(
        self,
        command: tuple[str, ...],
        *,
        on_message: Callable[[Any], object],
        on_end: Callable[[EngineProcess, BoxpaintError], object],
    ) -> None:
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
        self._killed_for = ""
        self._outgoing: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="boxpaint-events", daemon=True)
        self._writer = threading.Thread(target=self._write, name="boxpaint-orders", daemon=True)
        self._reader.start()
        self._writer.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def send(self, message: Command) -> None:
        """Send a command; never waits. To a process that has just died nothing is sent: its end is told by itself."""
        self._outgoing.put(message)

    def kill(self, reason: str) -> None:
        """End the process at once; ``reason`` is a clause that says why, for people: "it did not answer"."""
        self._killed_for = reason
        self._process.kill()

    def stop(self) -> None:
        """End the process: closing its input makes it leave by itself. Blocks until it and its threads are gone."""
        self._outgoing.put(None)
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._writer.join()
        self._reader.join()

    def _write(self) -> None:
        # A thread of its own: the pipe of an engine that does not read is full after a while, and writing then waits.
        assert self._process.stdin is not None
        try:
            with self._process.stdin as stream:
                while (message := self._outgoing.get()) is not None:
                    send(stream, message)
        except OSError:
            return  # it is gone, which the reader notices as well

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            while True:
                try:
                    message = receive(stream)
                except (EOFError, OSError):
                    break
                if isinstance(message, Logged):
                    _pass_on(message)
                else:
                    self._on_message(message)
        code = self._process.wait()
        self._outgoing.put(None)
        try:
            self._on_end(self, self._reason(code))
        except RuntimeError:
            # The event loop was closed before the engine: nobody is left to be told.
            return
        finally:
            self._log.close()

    def _reason(self, code: int) -> BoxpaintError:
        if self._killed_for:
            return BoxpaintError(f"the engine process was ended: {self._killed_for}.", "engine", hint=_GO_ON)
        self._log.seek(0, os.SEEK_END)
        self._log.seek(max(0, self._log.tell() - _LOG_END))
        log = self._log.read().decode("utf-8", "replace")
        _log.info("The engine's log ends so:\n%s", log)
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        if -code == getattr(signal, "SIGKILL", 0):
            how += ", perhaps by the system because memory ran out"
        return BoxpaintError(f"the engine process {how}.{_last_words(log)}", "engine", hint=_GO_ON)


def _pass_on(message: Logged) -> None:
    values = {"name": message.name, "levelno": message.level, "levelname": logging.getLevelName(message.level)}
    record = logging.makeLogRecord({**values, "created": message.created, "msg": message.text})
    record.msecs = message.created % 1 * 1000
    for handler in logging.getLogger(ENGINE_LOG).handlers:
        handler.handle(record)


def _last_words(log: str) -> str:
    """The line of a process' log that tells why it died, as a sentence; empty when it died without a word."""
    lines = [line.strip() for line in log.splitlines() if line.strip() and not _CHATTER.match(line)]
    # Python's own account of a crash ends with a list of modules; what happened is its first line.
    crash = [line for line in lines if line.startswith("Fatal Python error")]
    return f" Its last words: {(crash or lines)[-1].rstrip('.')}." if lines else ""
