"""Notices that a process which has work shows nothing for too long. Decides nothing: slow is not hung.

A process shows three things: that it lives (a pulse, sent by a thread that does nothing else), that it calculates (the
processor time in the pulse), and that it gets on (a message that something is done). A process that was stopped shows
nothing; one that waits for a lock for ever lives; a slow model calculates.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.progress import readable

_AT_WORK = 0.05
"""Share of a processor that tells calculating from waiting; the pulse itself takes far less."""


class Condition(StrEnum):
    """What a process that gets nothing done does instead."""

    SILENT = "silent"
    IDLE = "idle"
    CALCULATING = "calculating"


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many seconds it is told that a process gets nothing done.

    Attributes:
        silent: It shows no sign of life: it was stopped, or hangs where no other thread of it can run.
        idle: It lives, and does nothing.
        calculating: It calculates. A step of a large model may take minutes on a CPU.
        cancelling: It lives, and was asked to stop.
        pulse: Between two signs of life, and between two looks.
    """

    silent: float = 60.0
    idle: float = 180.0
    calculating: float = 300.0
    cancelling: float = 20.0
    pulse: float = 1.0


@dataclass(frozen=True, slots=True)
class Stall:
    """A process that has work has got nothing done for so many seconds.

    Attributes:
        seconds: How long.
        condition: What it does instead.
        cancelling: Whether it was asked to stop.
    """

    seconds: float
    condition: Condition
    cancelling: bool = False

    @property
    def text(self) -> str:
        """A sentence for people; what can be done depends on who reads it."""
        span = readable(self.seconds)
        if self.condition is Condition.SILENT:
            return f"the engine has given no sign of life for {span}: it was stopped, or it hangs."
        if self.condition is Condition.IDLE:
            return f"the engine has done nothing for {span}: it seems to hang."
        if self.cancelling:
            return f"the engine has not stopped after {span}: it has to end what it calculates."
        return f"the engine has calculated for {span} without a result: a large model may take that long."


class Watch:
    """Follows one process.

    Only time that the watcher has witnessed counts: while the machine sleeps, or the watcher is held up, the process
    cannot be expected to have got on.

    Args:
        patience: When to tell.
    """

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._processor = 0.0
        self._heard = False
        self.rest()

    def rest(self) -> None:
        """Count from now on: something was done, or asked for, just now."""
        self._quiet = self._idle = self._still = self._since_pulse = self._told = 0.0

    def pulse(self, processor: float) -> None:
        """A sign of life; ``processor`` is the processor time in seconds that the process has used so far."""
        if processor - self._processor > _AT_WORK * max(self._since_pulse, self._patience.pulse):
            self._idle = 0.0
        self._quiet = self._since_pulse = 0.0
        self._heard = True
        self._processor = processor

    def look(self, elapsed: float, *, cancelling: bool = False) -> Stall | None:
        """What is to be told now, if anything; told again when as much time has passed once more.

        Args:
            elapsed: Seconds since the last look.
            cancelling: Whether the process was asked to stop.
        """
        witnessed = min(elapsed, 2 * self._patience.pulse)
        self._quiet += witnessed
        self._idle += witnessed
        self._still += witnessed
        self._since_pulse += witnessed
        condition, seconds, limit = self._judge(cancelling)
        if seconds < limit or self._still < 2 * self._told:
            return None
        self._told = self._still
        return Stall(seconds, condition, cancelling)

    def _judge(self, cancelling: bool) -> tuple[Condition, float, float]:
        """What the process does instead of getting on, for how long already, and how long it may."""
        patience = self._patience
        most = patience.cancelling if cancelling else float("inf")
        silent, idle = min(patience.silent, most), min(patience.idle, most)
        if not self._heard or self._quiet >= silent:  # what starts has shown nothing yet
            return Condition.SILENT, self._quiet, silent
        if self._idle >= idle:
            return Condition.IDLE, self._idle, idle
        return Condition.CALCULATING, self._still, min(patience.calculating, most)
