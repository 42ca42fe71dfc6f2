"""How far a run is and how long it will still take, from its events; for the window and the terminal alike."""

from __future__ import annotations

import time
from collections.abc import Callable

from engine.events import (
    AnyEvent,
    DenoisePreview,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
)


class RunProgress:
    """Follows one run's events.

    The share done counts denoising steps, since those take the time. The rest is estimated from what this run has
    painted so far, so nothing is said before the first denoising step; steps taken over from another run cost nothing
    and do not count.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._within: dict[int, float] = {}
        self._taken_over = 0
        self._begun: float | None = None
        self.steps = 0
        self.finished = 0
        self._ended_at: float | None = None

    def update(self, event: AnyEvent) -> None:
        """Take the next event of the run."""
        if isinstance(event, RunStarted):
            self.steps = len(event.steps)
            self._begun = self._clock()
        elif isinstance(event, StepStarted):
            self._within[event.index] = 0.0
        elif isinstance(event, DenoisePreview):
            self._within[event.index] = event.iteration / max(1, event.iterations)
        elif isinstance(event, StepFinished):
            self.finished += 1
            self._within.pop(event.index, None)
            if event.reused:
                self._taken_over += 1
                self._begun = self._clock()
        elif isinstance(event, RunFinished | RunCancelled | RunFailed):
            self._ended_at = self._clock()

    @property
    def share(self) -> float:
        """Part of the run that is done, 0 … 1."""
        return min(1.0, self._painted / self.steps) if self.steps else 0.0

    @property
    def _painted(self) -> float:
        """Steps that are done, with the parts of those that are being painted together."""
        return self.finished + sum(self._within.values())

    @property
    def pace(self) -> float | None:
        """Seconds that a step of this run takes; None while there is nothing to judge by."""
        painted = self._painted - self._taken_over
        if self._begun is None or painted <= 0:
            return None
        return ((self._ended_at or self._clock()) - self._begun) / painted

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds until the end; None while there is nothing to judge by, and after the end."""
        if self.pace is None or self._ended_at is not None:
            return None
        return self.pace * (self.steps - self._painted)


def readable(seconds: float) -> str:
    """``"0.4 s"``, ``"8 s"``, ``"2 min 5 s"``, ``"1 h 3 min"``."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s" if whole else f"{max(seconds, 0):.1f} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def readable_bytes(count: float) -> str:
    """``"740 MB"``, ``"5.5 GB"``: decimal, as the hub and disks count."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:.1f} {unit}" if count < 10 * size or unit == "GB" else f"{count / size:.0f} {unit}"
    return f"{count:.0f} B"
