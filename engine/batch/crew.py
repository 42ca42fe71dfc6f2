"""A worker of an export in a process of its own: started, asked to stop, and ended when it hangs."""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections.abc import Callable

import psutil

from engine.batch.worker import FATAL, Job, work_in_process
from engine.errors import BoxpaintError
from engine.watchdog import Patience, Watch

LOOK = 0.25
"""Seconds between two looks at the workers."""


def patience_of(minutes: float) -> Patience:
    """For so long a worker may calculate without ending a denoising step, or load its model.

    One that has begun to paint and then does nothing at all hangs for certain: it gets five minutes at most.
    """
    most = 60 * minutes
    return Patience(silent=most, idle=min(300.0, most), calculating=most, cancelling=min(60.0, most), pulse=LOOK)


class WorkerProcess:
    """A worker at work.

    Args:
        job: What it paints.
        patience: After how long without any progress it is ended.
        tell: Takes sentences for people.
    """

    def __init__(self, job: Job, patience: Patience, tell: Callable[[str], None]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=work_in_process, args=(job, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._tell = tell
        self._watch = Watch(patience)
        self._painting = False
        self._looked = time.monotonic()
        self._problem: BoxpaintError | None = None
        self._stalled = ""

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.exitcode is None

    @property
    def done(self) -> bool:
        """Whether it has ended because nothing was left to do."""
        return self._process.exitcode == 0

    @property
    def fatal(self) -> BoxpaintError | None:
        """Why no worker can go on, if it has told so."""
        return self._problem if self._process.exitcode == FATAL else None

    @property
    def how(self) -> str:
        """How it ended, in a few words."""
        if self._stalled:
            return self._stalled
        return self._problem.message.rstrip(".") if self._problem else f"exit code {self._process.exitcode}"

    def stop(self) -> None:
        """Ask it to end after the present denoising step."""
        with contextlib.suppress(OSError):  # it has ended
            self._pipe.send(None)

    def kill(self) -> None:
        """End it at once; returns when it is gone."""
        self._process.kill()
        self._process.join()

    def wait(self) -> None:
        """Until it ends, or it is time for the next look."""
        self._process.join(LOOK)

    def look(self, *, stopping: bool) -> None:
        """Hear what it tells, and end it if it has got nothing done for too long."""
        self._hear()
        now = time.monotonic()
        stall = self._watch.look(now - self._looked, cancelling=stopping)
        self._looked = now
        if stall is not None and self.running:
            self._stalled = stall.text.removeprefix("the engine ").rstrip(".")
            self._tell(f"a worker {self._stalled}; it is ended.")
            self.kill()

    def _hear(self) -> None:
        try:
            while self._pipe.poll():
                told = self._pipe.recv()
                if isinstance(told, BoxpaintError):
                    self._problem = told
                else:
                    self._painting = told
                self._watch.rest()
            if self._painting:
                times = psutil.Process(self.pid).cpu_times()
                self._watch.pulse(times.user + times.system)
        except (EOFError, OSError, psutil.Error):
            return  # it has ended; its exit code tells how
