"""Progress of long commands: a line on stderr every few seconds, with the time that is left."""

from __future__ import annotations

import time

from desktop_app.commands.output import note
from engine.models.hub import Progress
from engine.progress import readable, readable_bytes

_EVERY = 10.0
"""Seconds between two lines."""


class ProgressLines:
    """Tells how far a command is.

    Called with what is being done, how many items are done, and of how many; the first call of each kind starts its
    clock, and short work prints nothing.
    """

    def __init__(self) -> None:
        self._what = ""
        self._started = self._told = 0.0
        self._first = 0

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if what != self._what:
            self._what, self._started, self._told, self._first = what, now, now, done
        elif now - self._told >= _EVERY and done > self._first:
            self._told = now
            left = (now - self._started) / (done - self._first) * (total - done)
            note(f"{what}: {done} of {total}, about {readable(left)} left")


class TransferLines:
    """Tells how far a download is: bytes, and the time that is left."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._started = self._told = time.monotonic()
        self._first: int | None = None

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = progress.done
        if now - self._told < _EVERY:
            return
        self._told = now
        speed = max(progress.done - self._first, 0) / (now - self._started)
        left = f", about {readable((progress.total - progress.done) / speed)} left" if speed else ""
        note(f"{self._what}: {readable_bytes(progress.done)} of {readable_bytes(progress.total)}{left}")
