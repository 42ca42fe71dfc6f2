"""The engine and the window are killed at random moments; scripts in ``benchmarks`` do it over and over."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "benchmarks" / "kills.py"


@pytest.mark.skipif(sys.platform == "win32", reason="the script kills by a signal")
def test_nothing_finished_is_lost_and_no_control_is_frozen(tiny_pipeline) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--times", "2", "--model", str(tiny_pipeline)],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 problems" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="the script kills by a signal")
def test_a_killed_window_brings_the_work_back() -> None:
    command = [sys.executable, "-m", "benchmarks.edit_kills", "--times", "2", "--seed", "172"]  # 1.7 s of editing
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 kills" in done.stdout and "1 comparisons" in done.stdout
