"""An engine that hangs or fails, as the command line meets it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import psutil
import pytest

from desktop_app.__main__ import main
from desktop_app.commands import generate
from engine.watchdog import Patience
from engine.worker.client import EngineClient
from tests.faulty_engine import order

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="faults are made by Unix signals and calls")

SECOND_STEP, LAST_STEP = 3, 5
"""The network's calls that begin the second and the last of three steps of two denoising steps each."""


@pytest.fixture
def faulty(monkeypatch, tmp_path) -> Path:
    """Let the command start an engine that fails when it is told to, and be impatient only with an idle one."""
    orders = tmp_path / "orders"
    command = (sys.executable, "-m", "tests.faulty_engine", str(orders))
    monkeypatch.setattr(generate, "EngineClient", partial(EngineClient, command=command))
    hasty = Patience(silent=600, idle=2.5, calculating=600, pulse=0.05)
    monkeypatch.setattr(generate, "_patience", lambda args: hasty)
    return orders


def arguments(layout_file: Path, pipeline: Path, out: Path, *more: object) -> list[str]:
    common = ["generate", layout_file, "--model", pipeline, "--out", out, "--size", "64x48", "--steps", "2"]
    return [*map(str, (*common, "--scheduler", "ddim", "--detector", "none", *more)), "--json"]


def test_a_hung_engine_is_replaced_when_patience_ends(faulty, layout_file, tiny_pipeline, tmp_path, capsys) -> None:
    order(faulty, "waits", LAST_STEP)
    code = main(arguments(layout_file, tiny_pipeline, tmp_path / "out", "--patience", "5"))
    printed = capsys.readouterr()
    assert code == 0
    assert printed.err.count("it got nothing done within --patience") == 1
    result = json.loads(printed.out)
    assert Path(result["run"]).name == "two-2" and Path(result["picture"]).is_file()
    steps = json.loads((Path(result["run"]) / "run.json").read_text())["steps"]
    assert [step["reused_from"] is not None for step in steps] == [True, True, False]


def test_a_layout_over_which_every_engine_hangs_fails(
    faulty, layout_file, tiny_pipeline, tmp_path, capsys, monkeypatch
) -> None:
    monkeypatch.setattr(generate, "_REPLACEMENTS", 1)
    order(faulty, "waits", 1)
    assert main(arguments(layout_file, tiny_pipeline, tmp_path / "out", "--patience", "5")) == 3
    assert capsys.readouterr().err.count("it got nothing done within --patience") == 2


def test_without_patience_a_hung_engine_is_told_and_waited_for(faulty, layout_file, tiny_pipeline, tmp_path) -> None:
    order(faulty, "slow", SECOND_STEP)
    notes: list[str] = []

    def note(text: str) -> None:
        notes.append(text)
        if "without a result" in text:
            order(faulty, "nothing", 0)

    patience = Patience(silent=600, idle=600, calculating=0.6, pulse=0.05)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generate, "note", note)
        patch.setattr(generate, "_patience", lambda args: patience)
        assert main(arguments(layout_file, tiny_pipeline, tmp_path / "out")) == 0
    assert any("Waiting; Ctrl+C" in text for text in notes)
    assert any("has got on" in text for text in notes)


def test_ctrl_c_pressed_twice_ends_an_engine_that_does_not_hear(layout_file, tiny_pipeline, tmp_path) -> None:
    command = [sys.executable, "-m", "desktop_app", *arguments(layout_file, tiny_pipeline, tmp_path / "out")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        engine = None
        for line in process.stderr:
            if "step 1/3" in line:
                (engine,) = psutil.Process(process.pid).children()
                engine.suspend()
                os.kill(process.pid, signal.SIGINT)
            elif "Cancelling" in line:
                os.kill(process.pid, signal.SIGINT)
        result = json.loads(process.stdout.read())
    assert process.returncode == 130
    assert len(result["steps"]) >= 1
    assert not engine.is_running()


@pytest.mark.parametrize("patience", ["0", "-1", "nan", "soon"])
def test_a_patience_that_is_none_is_refused(layout_file, tiny_pipeline, tmp_path, capsys, patience) -> None:
    assert main(arguments(layout_file, tiny_pipeline, tmp_path / "out", f"--patience={patience}")) == 2
    assert "--patience" in json.loads(capsys.readouterr().out)["error"]["message"]
