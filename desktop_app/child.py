"""A command of Boxpaint in a process of its own: the window follows it and never waits for it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from desktop_app.errors import logger
from desktop_app.exit_codes import CANCELLED, SOME_FAILED
from engine.errors import BoxpaintError

_NOTES = 30
"""Lines of text that are kept, for when the process ends in an unforeseen way."""

_GRACE_SECONDS = 20.0
"""How long a process may take to end by itself when the window closes: a denoising step of a large model is long."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended.

    Attributes:
        code: Its exit code; -1 when it was killed or crashed.
        document: What it printed.
        problem: A sentence about what went wrong; empty when it did its work or was stopped.
    """

    code: int
    document: Mapping[str, Any]
    problem: str = ""

    @property
    def stopped(self) -> bool:
        """Whether it was stopped on request."""
        return self.code == CANCELLED


class Child(QObject):
    """One command at a time.

    Standard input stays open while the window wants the command to go on: it ends, with its state on the disk, when
    that is closed, by ``stop`` or by the end of the window's process however that comes (`commands.attached`).
    """

    progressed = Signal(str, int, int)
    """What is being done, how many are done, and of how many."""
    told = Signal(object)
    """The findings of the preflight, as JSON values."""
    ended = Signal(object)
    """The command ended: `Ended`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._pending = b""
        self._command = ""
        self._notes: deque[str] = deque(maxlen=_NOTES)

    @property
    def busy(self) -> bool:
        """Whether a command is at work."""
        return self._process is not None

    @property
    def pid(self) -> int:
        """Process id of the command at work."""
        return self._process.processId() if self._process is not None else 0

    def start(self, words: Sequence[str], *, folder: str = "") -> None:
        """Carry out ``boxpaint WORDS``; ``folder`` is where relative paths start from."""
        assert self._process is None, "one command at a time"
        process = self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        # As the engine's process: OpenMP's threads sleep while they wait, so that the window keeps its processor.
        environment.insert("OMP_WAIT_POLICY", "PASSIVE")
        environment.insert("PYTHONUTF8", "1")
        process.setProcessEnvironment(environment)
        if folder:
            process.setWorkingDirectory(folder)
        self._pending = b""
        self._command = words[0]
        self._notes.clear()
        process.readyReadStandardError.connect(self._read)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._failed)
        process.start(sys.executable, ["-m", "desktop_app", *words, "--json", "--attached"])

    def stop(self) -> None:
        """Ask the command to end; what it has finished is kept."""
        if self._process is not None:
            self._process.closeWriteChannel()

    async def close(self) -> None:
        """Stop the command and wait for its end."""
        if self._process is None:
            return
        over = asyncio.Event()
        self.ended.connect(over.set)
        self.stop()
        try:
            await asyncio.wait_for(over.wait(), _GRACE_SECONDS)
        except TimeoutError:
            self._process.kill()
            await over.wait()

    # -- what it says

    def _read(self) -> None:
        assert self._process is not None
        *lines, self._pending = (self._pending + bytes(self._process.readAllStandardError().data())).split(b"\n")
        for line in lines:
            self._take(line.decode("utf-8", "replace").rstrip())

    def _take(self, line: str) -> None:
        message = _parsed(line) if line.startswith('{"') else {}
        if message:
            if "progress" in message:
                progress = message["progress"]
                self.progressed.emit(progress["what"], progress["done"], progress["total"])
            elif "preflight" in message:
                self.told.emit(message["preflight"])
        elif line:
            self._notes.append(line)

    def _failed(self, error: QProcess.ProcessError) -> None:
        # Every other error is followed by ``finished``.
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            self._end(
                Ended(-1, {}, self.tr("The process could not be started: {}").format(self._process.errorString()))
            )

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        assert self._process is not None
        self._read()
        printed = bytes(self._process.readAllStandardOutput().data())
        document = _parsed(printed.decode("utf-8", "replace"))
        if status == QProcess.ExitStatus.CrashExit:
            code = -1
        self._end(Ended(code, document, self._problem(code, document)))

    def _problem(self, code: int, document: Mapping[str, Any]) -> str:
        if code in (0, SOME_FAILED, CANCELLED):
            return ""
        if isinstance(error := document.get("error"), dict):
            return str(BoxpaintError(**error))
        last = self._notes[-1] if self._notes else ""
        text = self.tr("The process ended by itself ({0}). {1}").format(code, last)
        return text.strip()

    def _end(self, ended: Ended) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        if ended.problem:
            notes = "\n".join(self._notes)
            logger.warning("boxpaint %s ended with code %d: %s\n%s", self._command, ended.code, ended.problem, notes)
        self.ended.emit(ended)


def _parsed(text: str) -> dict[str, Any]:
    """A JSON object; empty where it is none, as what a process prints that is about to crash."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
