"""The window's process stays lean and the window comes quickly; unexpected errors are shown, not fatal."""

from __future__ import annotations

import json
import subprocess
import sys

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

real_start = gui.Session.start
def start(self, paths, *, generate):
    real_start(self, paths, generate=generate)
    def look():
        if not self.ready:
            QTimer.singleShot(1, look)
            return
        assert len(self.window.document.layout.objects) == 8
        found = {"seconds": time.perf_counter() - began, "modules": sorted(sys.modules)}
        print(json.dumps(found))
        self.window.close()
    QTimer.singleShot(0, look)
gui.Session.start = start
raise SystemExit(gui.run_gui([str(gui.SAMPLE)], settings_folder=Path(sys.argv[1])))
"""


def test_the_window_imports_no_model_library(tmp_path):
    (tmp_path / "settings.json").write_text('{"warm_up": false}')
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.strip().splitlines()[-1])
    heavy = [name for name in found["modules"] if name.partition(".")[0] in HEAVY]
    assert heavy == []
    assert found["seconds"] < 15, "even a machine that is very busy opens the window sooner"


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
    from desktop_app.gui import Session
    from desktop_app.settings import Settings

    (tmp_path / "settings.json").write_text("{")
    session = Session(qapp, Settings(tmp_path), runs_folder=tmp_path, recovery_folder=tmp_path, client=client)
    session.window.show()
    assert "set aside" in session.window.messages.text.text()
    session.window.close()
    session.window.deleteLater()
    QTimer.singleShot(0, lambda: None)


def test_a_run_that_was_cut_off_is_closed_at_the_start(session, qtbot, tmp_path) -> None:
    folder = tmp_path / "runs" / "cut-off"
    folder.mkdir(parents=True)
    record = {"schema_version": 1, "state": "running", "owner": {"pid": 1, "started": 1.0}, "steps": []}
    (folder / "run.json").write_text(json.dumps(record))
    session.window.runs.repair()
    qtbot.waitUntil(lambda: json.loads((folder / "run.json").read_text())["state"] == "failed")
