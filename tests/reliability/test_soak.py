"""The program in use, cycle after cycle: a script in ``benchmarks`` looks for an hour whether anything grows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.soak import main
from benchmarks.soak_measures import COLUMNS, growth, read_rows
from benchmarks.soaking import Notes

ROOT = Path(__file__).parents[2]
PARTS = "draw,save_and_open,paint"


def rows(column: str, value, minutes: float = 60) -> list[dict[str, float]]:
    """A hundred cycles in which one column has the values of a function of the hours."""
    times = [place * minutes / 99 for place in range(100)]
    # Every fourth cycle is another one, as those in which the built-in model paints.
    return [{"minutes": time, column: value(time / 60) + (place % 4 == 0)} for place, time in enumerate(times)]


@pytest.mark.parametrize(
    ("column", "value", "grew"),
    [
        ("window_private", lambda hours: 200.0, False),
        ("window_private", lambda hours: 200.0 + 8 * hours, False),
        ("window_private", lambda hours: 200.0 + 14 * hours, True),
        ("window_private", lambda hours: 200.0 + 30 * (hours < 0.1), False),  # it warms up
        ("window_private", lambda hours: 200.0 - 14 * hours, False),
        ("window_handles", lambda hours: 31, False),
        ("window_handles", lambda hours: 31 + (hours > 0.7), True),
        ("engine_sockets", lambda hours: int(5 * hours), True),
    ],
)
def test_what_counts_as_growth(column, value, grew) -> None:
    assert growth(rows(column, value), column).grew is grew


def test_of_a_few_minutes_memory_is_not_judged() -> None:
    assert not growth(rows("engine_private", lambda hours: 200.0 + 100 * hours, minutes=10), "engine_private").grew


def test_two_cycles_of_the_real_program_are_measured_and_can_be_gone_on_from(tmp_path) -> None:
    command = [
        sys.executable,
        "-m",
        "benchmarks.soak",
        "--out",
        str(tmp_path),
        "--long-run",
        "2",
        "--cycles",
        "2",
        "--parts",
        PARTS,
        "--small-caches",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 cycles in 1 starts" in done.stdout
    found = read_rows(tmp_path / "soak.csv")
    assert [(row["start"], row["cycle"]) for row in found] == [(0, 0), (0, 1)]
    for row in found:
        assert set(row) == set(COLUMNS) and row["processes"] == 1
        assert all(
            row[name] > 0
            for name in ("window_private", "engine_private", "window_handles", "engine_threads", "qobjects")
        )
    assert (tmp_path / "soak.svg").read_text().startswith("<svg")
    notes = Notes(tmp_path / "soak.csv")
    assert (notes.start, notes.cycle) == (1, 2) and notes.minutes >= found[-1]["minutes"]


def test_what_is_no_part_of_a_cycle_is_refused(tmp_path, capsys) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["--out", str(tmp_path / "out"), "--parts", "draw,dance"])
    assert refused.value.code == 2 and "no part of a cycle: dance" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
