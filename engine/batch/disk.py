"""Enough room on the disk: an export waits for it instead of failing picture by picture."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LEAST_FREE = 512 * 2**20
"""Bytes that are left free by default."""

_LOOK_AGAIN = 1.0


def free_bytes(folder: Path) -> int:
    """Free bytes on the folder's disk."""
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True)
class DiskGuard:
    """Tells whether there is room for another picture.

    Attributes:
        folder: A folder on the disk.
        least: Bytes that stay free.
        free: Gives the free bytes.
    """

    folder: Path
    least: int = LEAST_FREE
    free: Callable[[Path], int] = free_bytes

    @property
    def problem(self) -> str | None:
        """What is wrong, in a sentence; None when there is room."""
        free = self.free(self.folder)
        if free >= self.least:
            return None
        return (
            f"paused: {free // 2**20:,} MiB are free on the disk of {self.folder}, {self.least / 2**20:,.0f} are"
            " wanted. It goes on when there is room; Ctrl+C ends it, and nothing is lost."
        )

    def wait(self, stopped: Callable[[], bool]) -> bool:
        """Return when there is room, or when the export is stopped; whether there is room."""
        while self.problem is not None:
            if stopped():
                return False
            time.sleep(_LOOK_AGAIN)
        return True

    def room_for_note(self, stopped: Callable[[], bool]) -> bool:
        """As ``wait``, after the disk refused a note; never at once, for it may refuse what it calls free."""
        time.sleep(_LOOK_AGAIN)
        return self.wait(stopped)


class DiskWatch:
    """Tells people when an export pauses for the disk, and when it goes on.

    Args:
        guard: Tells whether there is room.
        tell: Takes sentences for people.
    """

    def __init__(self, guard: DiskGuard, tell: Callable[[str], None]) -> None:
        self._guard = guard
        self._tell = tell
        self._paused = False

    def look(self) -> bool:
        """Whether there is room; told where that changed."""
        problem = self._guard.problem
        if problem and not self._paused:
            self._tell(problem)
        elif self._paused and not problem:
            self._tell("there is room again: going on.")
        self._paused = problem is not None
        return not self._paused
