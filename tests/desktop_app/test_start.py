"""The window's process stays lean and the window comes quickly; unexpected errors are shown, not fatal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QTimer

from desktop_app.errors import UnexpectedErrors, sentence
from engine.errors import BoxpaintError

HEAVY = ("torch", "diffusers", "transformers", "accelerate", "safetensors", "numpy")

PROBE = """
import json, sys, time
from pathlib import Path
began = time.perf_counter()
from PySide6.QtCore import QTimer
from desktop_app import gui
from desktop_app.session import SAMPLE, Session

real_start = Session.start
def start(self, paths, *, generate):
    real_start(self, paths, generate=generate)
    def look():
        if not self.ready:
            QTimer.singleShot(1, look)
            return
        assert len(self.window.document.layout.objects) == 8
        found = {"seconds": time.perf_counter() - began, "modules": sorted(sys.modules)}
        panel = self.window.generation.form
        found["methods"] = [panel.method.itemData(index) for index in range(panel.method.count())]
        found["method"] = panel.options().method
        print(json.dumps(found))
        self.window.close()
    QTimer.singleShot(0, look)
Session.start = start
raise SystemExit(gui.run_gui([str(SAMPLE)], settings_folder=Path(sys.argv[1])))
"""


def opened(folder, **environment):
    """What the window of a process of its own tells once it is ready; its settings are in ``folder``."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_the_window_imports_no_model_library(tmp_path):
    (tmp_path / "settings.json").write_text('{"warm_up": false}')
    found = opened(tmp_path)
    heavy = [name for name in found["modules"] if name.partition(".")[0] in HEAVY]
    assert heavy == []
    assert found["seconds"] < 15, "even a machine that is very busy opens the window sooner"


def test_methods_of_installed_packages_can_be_chosen_and_are_not_loaded(tmp_path):
    (tmp_path / "settings.json").write_text('{"warm_up": false, "run_options": {"method": "large-first"}}')
    package = tmp_path / "site"
    description = package / "my_lab-1.0.dist-info"
    description.mkdir(parents=True)
    (description / "METADATA").write_text("Metadata-Version: 2.1\nName: my-lab\nVersion: 1.0\n")
    (description / "entry_points.txt").write_text(
        "[boxpaint.methods]\nlarge-first = my_lab_methods:METHOD\nreco = my_lab_methods:METHOD\n"
    )
    (package / "my_lab_methods.py").write_text("import torch\n")
    paths = [str(package), str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    found = opened(tmp_path, PYTHONPATH=os.pathsep.join(filter(None, paths)))
    assert found["method"] == "large-first", "what was set is there again at the next start"
    assert found["methods"][-1] == "large-first" and found["methods"].count("reco") == 1
    assert not {"torch", "my_lab_methods"} & set(found["modules"])


def test_an_unexpected_error_is_shown_and_the_window_lives(window, loop, qtbot, monkeypatch, caplog):
    errors = UnexpectedErrors(window.show_error)
    errors.install(loop)
    try:
        error = RuntimeError("boom")
        sys.excepthook(RuntimeError, error, None)
        assert "boom" in window.messages.text.text() and "Your layout is intact" in window.messages.text.text()
        assert "boom" in caplog.text
        assert window.isVisible()
    finally:
        errors.remove()


def test_known_errors_speak_for_themselves():
    assert sentence(BoxpaintError("it is empty.", file="a.json")) == "a.json: it is empty."


def test_a_broken_settings_file_is_told(qapp, qtbot, loop, tmp_path, client):
    from desktop_app.session import Session
    from desktop_app.settings import Settings

    (tmp_path / "settings.json").write_text("{")
    session = Session(qapp, Settings(tmp_path), runs_folder=tmp_path, recovery_folder=tmp_path, client=client)
    session.window.show()
    assert "set aside" in session.window.messages.text.text()
    session.window.close()
    session.window.deleteLater()
    QTimer.singleShot(0, lambda: None)


def test_the_window_starts_whatever_the_settings_hold(tmp_path):
    kept = {
        "recent_files": [1, None, "/tmp/\ud800", "a\0b", *map(str, range(5000))],
        "model_folders": [1, {}, "\ud800"],
        "used_prompts": [None, "\ud800"],
        "last_folder": "a\0b",
        "painting_export": "\ud800",
        "window_geometry": "\udcff",
        "window_state": "\ud800 é",
        "grid": 10**400,
        "detect_score": 10**400,
        "shortcuts": {"undo": ["\ud800"], "redo": 3, "none": []},
        "vocabularies": {"\ud800": [1, "\ud800"], "b": 3},
        "run_options": {"steps": 10**400, "width": 2**31, "seed": "x", "loras": [1], "scheduler": {}, "method": []},
        "warm_up": False,
    }
    (tmp_path / "settings.json").write_text(json.dumps(kept))
    assert opened(tmp_path)["method"] is None


def test_a_run_that_was_cut_off_is_closed_at_the_start(session, qtbot, tmp_path) -> None:
    folder = tmp_path / "runs" / "cut-off"
    folder.mkdir(parents=True)
    record = {"schema_version": 1, "state": "running", "owner": {"pid": 1, "started": 1.0}, "steps": []}
    (folder / "run.json").write_text(json.dumps(record))
    session.window.runs.repair()
    qtbot.waitUntil(lambda: json.loads((folder / "run.json").read_text())["state"] == "failed")
