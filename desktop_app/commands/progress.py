"""Progress of long commands: a line on stderr every few seconds, with the time that is left."""

from __future__ import annotations

import json
import time
from dataclasses import asdict

from desktop_app.commands.output import note
from engine.models.hub import Progress
from engine.progress import readable, readable_bytes

_EVERY = 10.0
"""Seconds between two lines."""
_EVERY_JSON = 0.2


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
    """Tells how far a download is: lines for people every few seconds, or JSON lines for a program that watches it."""

    def __init__(self, what: str, *, as_json: bool = False) -> None:
        self._what = what
        self._as_json = as_json
        self._started = self._told = time.monotonic()
        self._first: int | None = None

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = progress.done
        finished = progress.done >= progress.total
        if now - self._told < (_EVERY_JSON if self._as_json else _EVERY) and not (self._as_json and finished):
            return
        self._told = now
        speed = max(progress.done - self._first, 0) / max(now - self._started, 1e-3)
        if self._as_json:
            note(json.dumps({"progress": {**asdict(progress), "bytes_per_second": round(speed)}}))
        else:
            left = f", about {readable((progress.total - progress.done) / speed)} left" if speed else ""
            note(f"{self._what}: {readable_bytes(progress.done)} of {readable_bytes(progress.total)}{left}")
