"""However the program ends, nothing of it is left: no process, no shared memory, no temporary file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from engine.formats.registry import Entry, write
from engine.layout import Layout

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends processes by Unix signals")


@dataclass
class Program:
    """A process of the program with folders of its own, and all that it has made while it was looked at."""

    folder: Path
    seen: set[psutil.Process] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        (self.folder / "temporary").mkdir()
        names = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME")
        own = {name: str(self.folder / "home") for name in names} | {"TMPDIR": str(self.folder / "temporary")}
        return subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **own},
        )

    def look(self, process: subprocess.Popen[str]) -> list[psutil.Process]:
        """Remember the process, its children and their shared memory; the children."""
        children = psutil.Process(process.pid).children(recursive=True)
        for one in (psutil.Process(process.pid), *children):
            self.seen.add(one)
            if sys.platform == "linux":
                paths = [part.path for part in one.memory_maps()] + [file.path for file in one.open_files()]
                self.shared |= {path for path in paths if path.startswith("/dev/shm/")}
        return children

    def check(self) -> None:
        """Look that all of it is gone."""
        _, alive = psutil.wait_procs(list(self.seen), timeout=60)
        # Orphans are buried by the system's first process, in containers perhaps never.
        assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE or one.ppid() != 1] == []
        # A file of which only the mapping is left is told as deleted.
        assert [path for path in self.shared if Path(path).exists()] == []
        assert list((self.folder / "temporary").iterdir()) == []


@pytest.fixture
def program(tmp_path):
    program = Program(tmp_path)
    yield program
    for process in program.seen:
        if process.is_running():
            process.kill()


@pytest.fixture
def layout_file(two_objects: Layout, tmp_path: Path) -> Path:
    file = tmp_path / "two.layout.json"
    write(file, [Entry("two", two_objects)], "boxpaint")
    return file


def end_by(number: int) -> Callable[[subprocess.Popen[str]], None]:
    return lambda process: os.kill(process.pid, number)


def kill_while_the_children_are_stopped(process: subprocess.Popen[str]) -> None:
    """Those that paint cannot notice that their parent is gone."""
    for child in psutil.Process(process.pid).children():
        if "resource_tracker" not in " ".join(child.cmdline()):
            child.suspend()
    process.kill()


asked_and_killed = pytest.mark.parametrize(
    ("end", "code"),
    [
        (end_by(signal.SIGTERM), 130),
        pytest.param(
            kill_while_the_children_are_stopped,
            -9,
            marks=pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a stopped child outlives its parent"),
        ),
    ],
)


@asked_and_killed
def test_generate(program, layout_file, tiny_pipeline, end, code) -> None:
    out = program.folder / "out"
    arguments = ["-m", "desktop_app", "generate", layout_file, "--model", tiny_pipeline, "--out", out]
    with program.start(*arguments, "--size", "64x48", "--steps", "300") as process:
        for line in process.stdout:
            if "step 1/3" in line:
                assert len(program.look(process)) == 1
                end(process)
    assert process.returncode == code
    program.check()


@asked_and_killed
def test_batch(program, tiny_pipeline, end, code) -> None:
    layout = {"caption": "", "box_captions": ["red metal cube"], "boxes_normalized": [[0.1, 0.1, 0.6, 0.6]]}
    file = program.folder / "all_layouts.json"
    file.write_text(json.dumps([layout | {"id": number} for number in range(200)]))
    arguments = ["-m", "desktop_app", "batch", file, "--model", tiny_pipeline, "--out", program.folder / "out"]
    with program.start(*arguments, "--size", "64x48", "--steps", "50", "--workers", "2", "--attached") as process:
        for line in process.stdout:
            if '"done": 0' not in line and '"progress"' in line and not program.seen:
                assert len(program.look(process)) >= 2
                end(process)
    assert process.returncode == code
    program.check()


@pytest.mark.parametrize(
    ("closed_at", "end", "code"),
    [
        ("StepFinished", lambda process: None, 0),
        ("never", end_by(signal.SIGTERM), 128 + signal.SIGTERM),
        ("never", subprocess.Popen.kill, -9),
    ],
)
def test_window(program, layout_file, tiny_pipeline, closed_at, end, code) -> None:
    settings = {
        "model_folders": [str(tiny_pipeline)],
        "run_options": {"model": str(tiny_pipeline), "steps": 300, "width": 64, "height": 64},
        "warm_up": False,
    }
    (program.folder / "settings.json").write_text(json.dumps(settings))
    with program.start("-m", "tests.window", layout_file, program.folder, closed_at) as process:
        for line in process.stdout:
            if line.strip() == "StepStarted" and not program.seen:
                assert len(program.look(process)) == 1
            if line.strip() == "StepFinished":
                end(process)
    assert process.returncode == code
    program.check()
