"""The program uses no network unless it is asked to fetch something: not in Python, and not in any library below it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from engine.formats.registry import Entry, write
from engine.layout import Layout
from tests.onnx_models import save_constant

HERE = Path(__file__).parent
CLEVR = HERE / "data" / "clevr"

HOOK = """
import os, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        if arguments[0].family.name == "AF_UNIX":
            return
    elif event not in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"):
        return
    with open(os.environ["ATTEMPTS"], "a") as file:
        file.write(f"{event} {arguments} by {sys.argv}\\n")
    raise PermissionError("this process may use no network")

sys.addaudithook(refuse)
"""
"""A ``sitecustomize`` that refuses every use of a network in Python, and writes it down."""

ONE_AFTER_THE_OTHER = """
import json, sys
from desktop_app.__main__ import main

sys.exit(max(main(line) for line in json.loads(sys.argv[1])))
"""
"""Carries out command lines in one process, which loads the libraries once."""

NAMESPACE = ("unshare", "--user", "--map-root-user", "--net")


def has_namespaces() -> bool:
    """Whether this system lets us have a network of our own."""
    if sys.platform != "linux" or shutil.which(NAMESPACE[0]) is None:
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


@dataclass
class Watched:
    """What came of some commands.

    Attributes:
        codes: Their exit codes.
        attempts: Every attempt of Python code to use a network.
        used: What the kernel has counted; empty where it cannot count for one program.
        told: What they printed.
    """

    codes: list[int]
    attempts: list[str]
    used: dict[str, int]
    told: str


@pytest.fixture
def watched(tmp_path):
    """Carries commands out without any network, in folders of their own."""

    def carry_out(*commands: Sequence[object]) -> Watched:
        (tmp_path / "hook").mkdir()
        (tmp_path / "hook" / "sitecustomize.py").write_text(HOOK)
        lines = [[sys.executable, *map(str, command)] for command in commands]
        home = {name: str(tmp_path / "home") for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME")}
        path = os.pathsep.join([str(tmp_path / "hook"), str(HERE.parent)])
        # What the tests set for themselves, and what tells libraries that they are being tested, nobody has at home.
        left_out = ("HF_HUB_OFFLINE", "CI", "GITHUB_ACTIONS", "ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY")
        env = {name: value for name, value in os.environ.items() if name not in left_out}
        env |= {**home, "PYTHONPATH": path, "ATTEMPTS": str(tmp_path / "attempts")}
        counts = tmp_path / "counts.json"
        if has_namespaces():
            (tmp_path / "commands.json").write_text(json.dumps(lines))
            script = [sys.executable, HERE / "watched_network.py", counts, tmp_path / "commands.json"]
            line = [*NAMESPACE, *map(str, script)]
            done = [subprocess.run(line, env=env, capture_output=True, text=True, check=True)]
            found = json.loads(counts.read_text())
        else:
            done = [subprocess.run(line, env=env, capture_output=True, text=True, check=False) for line in lines]
            found = {"codes": [each.returncode for each in done], "used": {}}
        attempts = tmp_path / "attempts"
        return Watched(
            found["codes"],
            attempts.read_text().splitlines() if attempts.exists() else [],
            found["used"],
            "".join(each.stdout + each.stderr for each in done),
        )

    return carry_out


def test_a_use_of_the_network_is_seen(watched) -> None:
    """Python code is refused; what is not Python code (here: a loopback route, asked by ctypes) is counted."""
    python = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    native = (
        "import ctypes, socket\n"
        "libc = ctypes.CDLL(None)\n"
        "address = socket.AF_INET.to_bytes(2, 'little') + bytes([0, 9, 192, 0, 2, 1]) + bytes(8)\n"
        "libc.sendto(libc.socket(2, 2, 0), b'x', 1, 0, address, 16)\n"
    )
    seen = watched(["-c", python], ["-c", native])
    assert seen.codes == [1, 0] and len(seen.attempts) == 1 and "192.0.2.1" in seen.attempts[0]
    assert "this process may use no network" in seen.told
    if seen.used:
        assert seen.used == {"Udp:OutDatagrams": 1, "Tcp:ActiveOpens": 0, "Ip:OutNoRoutes": 0}


def test_the_window_and_every_command_that_fetches_nothing_use_no_network(
    watched, two_objects: Layout, tiny_pipeline, tmp_path
) -> None:
    layout, out = tmp_path / "two.layout.json", tmp_path / "out"
    write(layout, [Entry("two", two_objects)], "boxpaint")
    # A detector that onnxruntime runs: one box of class 0.
    found = np.array([[[32.0, 32.0, 20.0, 20.0, 0.9]]], np.float32).transpose(0, 2, 1)
    detector = save_constant(tmp_path / "yolo.onnx", [found], metadata={"names": "{0: 'cube'}", "task": "detect"})
    settings = {
        "model_folders": [str(tiny_pipeline)],
        "run_options": {"model": str(tiny_pipeline), "steps": 1, "width": 64, "height": 64},
    }
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    painting = ["--model", tiny_pipeline, "--size", "64x48", "--steps", "1"]
    scores = ["--layouts", CLEVR / "scenes.json"]
    lines = (
        ["generate", layout, *painting, "--out", out / "run"],
        ["batch", CLEVR / "scenes.json", *painting, "--out", out / "batch", "--workers", "1", "--first", "1"],
        ["detect", CLEVR / "images", "--detector", detector, "--out", out / "found.json"],
        ["evaluate", CLEVR / "images", *scores, "--protocol", "layoutbench"],
        ["report", CLEVR / "images", *scores, "--out", out / "report"],
        ["models", "list"],
    )
    seen = watched(
        ["-m", "tests.window", layout, tmp_path, "RunFinished"],
        ["-c", ONE_AFTER_THE_OTHER, json.dumps(lines, default=str)],
    )
    assert seen.attempts == []
    assert set(seen.used.values()) <= {0}, seen.used
    # A library that reports to its maker gives the machine a name first.
    assert [path for path in (tmp_path / "home").rglob("*") if "deviceid" in path.name] == []
    assert seen.codes == [0, 0], seen.told[-4000:]
