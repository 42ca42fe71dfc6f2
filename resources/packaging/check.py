"""``python check.py FOLDER``: uses a Linux bundle as a person would; `make bundle-check` calls it.

The command line tells its version, paints, and exports with two processes. The window is opened on a display of its
own, painted in by a key, photographed and closed by a key. Needs Xvfb, openbox, xdotool and ImageMagick.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

TOOLS = ("Xvfb", "openbox", "xdotool", "import")
PATIENCE = 120.0
"""Seconds in which the window must have painted, and each command must have ended."""


def check(bundle: Path, home: Path, picture: Path) -> None:
    """Raise for what does not work; the window's photograph goes to ``picture``."""
    program, sample = bundle / "boxpaint", bundle / "_internal/resources/layouts/number_few_2.layout.json"
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ} | {"HOME": str(home)}

    def boxpaint(*words: str | Path) -> str:
        command = [program, *words]
        return subprocess.run(
            command, env=environment, cwd=home, check=True, stdout=subprocess.PIPE, text=True, timeout=PATIENCE
        ).stdout

    told = boxpaint("--version")
    _demand("(bundle)" in told and "Device: " in told, told)
    painted = json.loads(boxpaint("generate", sample, "--out", "out", "--json"))
    _demand(Path(home, painted["picture"]).is_file(), painted["picture"])
    boxpaint("batch", sample, "--out", "export", "--workers", "2", "--steps", "2")
    _demand(len([*home.glob("export/**/*.png")]) == 1, sorted(home.rglob("export/*")))
    with display() as name:
        use_window([str(program), str(sample)], environment | {"DISPLAY": name}, home, picture)
    size = sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file() and not path.is_symlink())
    _say(f"The bundle works; it has {size / 2**30:.2f} GiB. Its window: {picture}")


@contextmanager
def display() -> Iterator[str]:
    """An X display with a window manager, for as long as it is needed; its name."""
    read, write = os.pipe()
    screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24"]
    with subprocess.Popen(screen, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        try:
            with os.fdopen(read) as told:
                name = f":{told.readline().strip()}"
            with subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": name}) as manager:
                try:
                    yield name
                finally:
                    manager.terminate()
        finally:
            server.terminate()


def use_window(command: list[str], environment: dict[str, str], home: Path, picture: Path) -> None:
    """Open the window, paint by Ctrl+Return, take a picture, close it by Ctrl+Q."""

    def tool(*words: str) -> str:
        return subprocess.run(words, env=environment, check=False, stdout=subprocess.PIPE, text=True).stdout

    def finished() -> bool:
        records = [json.loads(path.read_text("utf-8")) for path in home.rglob("boxpaint/runs/*/run.json")]
        return [record["state"] for record in records] == ["finished"]

    with subprocess.Popen(command, env=environment, cwd=home) as window:
        try:
            _wait(lambda: bool(tool("xdotool", "search", "--onlyvisible", "--name", "layout.json.*Boxpaint")), "opened")
            time.sleep(2)  # for the window manager to give it the keyboard
            tool("xdotool", "key", "ctrl+Return")
            _wait(finished, "painted")
            tool("import", "-window", "root", str(picture))
            tool("xdotool", "key", "ctrl+q")
            _demand(window.wait(PATIENCE) == 0, f"the window ended with code {window.returncode}")
        finally:
            window.kill()


def _wait(happened: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        _demand(time.monotonic() < end, f"within {PATIENCE:g} seconds the window has not {what}")
        time.sleep(0.5)


def _demand(true: bool, otherwise: object) -> None:
    if not true:
        raise SystemExit(f"The bundle does not work: {otherwise}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        raise SystemExit(f"Install {', '.join(missing)}: the window is checked by them.")
    folder = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="boxpaint-") as place:
        check(folder, Path(place), folder.with_name("window.png"))
