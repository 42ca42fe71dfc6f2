"""Exports that another program runs: what it is told, and what an export remembers for whoever resumes it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from desktop_app.__main__ import main
from engine.batch.overview import read_overview

SCENES = Path(__file__).parents[1] / "data" / "clevr" / "scenes.json"


def test_attached_it_ends_with_its_input_and_the_kept_command_goes_on(tiny_pipeline, tmp_path, capsys) -> None:
    words = ["batch", str(SCENES), "--out", "out", "--model", str(tiny_pipeline), "--name", "run", "--first", "6"]
    words += ["--size", "64x48", "--steps", "4", "--workers", "0"]
    child = subprocess.Popen(
        [sys.executable, "-m", "desktop_app", *words, "--json", "--attached"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    line = next(line for line in child.stderr if line.startswith('{"progress"'))
    assert json.loads(line)["progress"] == {"what": "painting", "done": 1, "total": 6}
    printed, _ = child.communicate(timeout=60)
    assert child.returncode == 130 and json.loads(printed)["state"] == "cancelled"

    found = read_overview(tmp_path / "out")
    assert 0 < found.counts().done < 6 and found.counts().claimed == 0
    command = json.loads(found.command)
    assert command["folder"] == str(tmp_path) and command["words"][: len(words)] == words
    again = [word for word in command["words"] if word != "--attached"]
    assert main([*again, "--out", str(tmp_path / "out")]) == 0
    assert json.loads(capsys.readouterr().out)["done"] == 6
