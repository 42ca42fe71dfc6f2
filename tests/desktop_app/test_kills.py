"""The engine process is killed at random moments; ``benchmarks/kills.py`` does it fifty times over."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "kills.py"


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
