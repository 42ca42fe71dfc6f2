"""Writes in a process of its own that dies at one stage after the other.

    python -m tests.reliability.dying NAME FOLDER

Each stage gets a folder of its own, named by its number; the last one is that in which nothing was left to die at.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import traceback
from pathlib import Path

from tests.faults import Happen, faulty
from tests.reliability.writers import WRITERS, Writer


def dying(at: int) -> Happen:
    """The process is killed at this stage."""

    def happen(stage: int, name: str) -> None:
        if stage == at:
            os.kill(os.getpid(), signal.SIGKILL)

    return happen


def write(writer: Writer, folder: Path, stage: int) -> None:
    """The child's life: it ends by the kill, or with an exit code."""
    try:
        with faulty(folder, dying(stage)):
            writer.write(folder)
    except Exception:  # noqa: BLE001  the parent sees the exit code, the test its text
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main(name: str, folder: Path) -> int:
    for stage in itertools.count():
        place = folder / f"{stage:03d}"
        place.mkdir(parents=True)
        writer = WRITERS[name]()
        writer.before(place)
        child = os.fork()
        if not child:
            write(writer, place, stage)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            return os.WEXITSTATUS(status)
    raise AssertionError


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
