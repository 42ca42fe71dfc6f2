"""How far a run is and how long it will still take, from its events."""

from __future__ import annotations

import time

from engine.events import AnyEvent, DenoisePreview, RunStarted, StepFinished


class RunProgress:
    """Follows one run's events.

    The share done counts denoising steps, since those take the time. The rest is estimated from the steps that this run
    has painted so far, so nothing is said before the first denoising step.
    """

    def __init__(self) -> None:
        self.steps = 0
        self.finished = 0
        self._within = 0.0
        self._taken_over = 0
        self._started: float | None = None

    def update(self, event: AnyEvent) -> None:
        """Take the next event of the run."""
        if isinstance(event, RunStarted):
            self.steps = len(event.steps)
            self._started = time.monotonic()
        elif isinstance(event, DenoisePreview):
            self._within = event.iteration / max(1, event.iterations)
        elif isinstance(event, StepFinished):
            self.finished += 1
            if self._within == 0.0:
                self._taken_over += 1
                self._started = time.monotonic()
            self._within = 0.0

    @property
    def share(self) -> float:
        """Part of the run that is done, 0 … 1."""
        return min(1.0, (self.finished + self._within) / self.steps) if self.steps else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds until the end; None while there is nothing to judge by."""
        painted = self.finished + self._within - self._taken_over
        if self._started is None or painted <= 0:
            return None
        rate = (time.monotonic() - self._started) / painted
        return rate * (self.steps - self.finished - self._within)


def readable(seconds: float) -> str:
    """``"8 s"``, ``"2 min 5 s"``, ``"1 h 3 min"``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
