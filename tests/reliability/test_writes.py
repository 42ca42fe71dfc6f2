"""Every stage of every write meets a disk that refuses, and a process that dies."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import BoxpaintError
from engine.leftovers import UNFINISHED
from tests.faults import faulty, refusing
from tests.reliability.writers import WRITERS, Writer

ROOT = Path(__file__).parents[2]
FAULTS = {
    "full": (errno.ENOSPC, True),
    "read-only": (errno.EROFS, True),
    "broken for once": (errno.EIO, False),
    "gone": (errno.ENODEV, True),
}
"""What the system says, and whether it says so from then on."""
TELLING = sorted(set(WRITERS) - {"journal"})
"""The kinds that refuse by an error; the journal goes on (tests/desktop_app/test_recovery.py)."""


def begun(writer: Writer, folder: Path) -> Path:
    folder.mkdir(parents=True)
    writer.before(folder)
    return folder


def states(name: str, folder: Path) -> tuple[list[object], int]:
    """What may be found after a disturbed write, and the number of stages of an undisturbed one."""
    writer = WRITERS[name]()
    begun(writer, folder)
    before = writer.look(folder)
    with faulty(folder) as disk:
        writer.write(folder)
    after = writer.look(folder)
    assert before != after
    assert {"write", "fsync", "replace"} <= set(disk.stages) or name in ("journal", "model"), disk.stages
    return [before, *writer.between, after], len(disk.stages)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", TELLING)
def test_a_disk_that_refuses_at_any_stage_costs_nothing(name, fault, tmp_path) -> None:
    allowed, stages = states(name, tmp_path / "whole")
    code, lasting = FAULTS[fault]
    for stage in range(stages):
        writer = WRITERS[name]()
        folder = begun(writer, tmp_path / f"{stage:03d}")
        with faulty(folder, refusing(code, stage, lasting=lasting)) as disk:
            try:
                writer.write(folder)
                error = None
            except BoxpaintError as refusal:
                error = refusal
        where = f"stage {stage}, {disk.stages[stage]}"
        if error is not None:
            assert error.file and error.hint, f"{where}: {error}"
        elif not (name == "export" and fault == "full"):  # an export waits for room
            assert writer.look(folder) == allowed[-1], f"{where}: nobody was told"
        assert writer.look(folder) in allowed, where
        # Nothing can be removed from a drive that is gone; when it is back, the next process does it.
        assert fault == "gone" or not list(folder.rglob(UNFINISHED)), where


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")
@pytest.mark.parametrize("name", WRITERS)
def test_a_process_that_dies_at_any_stage_leaves_nothing_half(name, tmp_path) -> None:
    allowed, stages = states(name, tmp_path / "whole")
    command = [sys.executable, "-m", "tests.reliability.dying", name, str(tmp_path / "died")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    died = sorted((tmp_path / "died").iterdir())
    assert len(died) > stages, "the last one was not killed"
    left = 0
    for folder in died:
        writer = WRITERS[name]()
        assert writer.look(folder) in allowed, folder.name
        left += len(list(folder.rglob(UNFINISHED)))
        writer.again(folder)
        assert writer.look(folder) in [*allowed, *writer.mended], folder.name
        assert not list(folder.rglob(UNFINISHED)), folder.name
    assert left or name == "journal", "no process died while it was writing"
