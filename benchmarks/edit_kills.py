"""The program is killed over and over while a script edits in it, and has to bring the work back.

    python -m benchmarks.edit_kills [--times 200] [--seed 0]

`editing` draws, types, moves, deletes, undoes and saves by mouse and key events in the real program, which runs as a
process of its own, and writes down what the window holds after each event. It is killed by SIGKILL: mostly at a random
moment of the editing, sometimes within milliseconds of a saving, sometimes while it starts. The next start opens the
file, and presses the button that brings work back if the window offers it. Then what it holds is looked up in what was
written down: everything that came later is lost, and its age is told. The file and the preferences are read after
every kill. Exit code 1 if more than two seconds of work are lost, or anything cannot be read.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from desktop_app.settings import Settings
from engine.errors import BoxpaintError
from engine.formats.dataset import Entry
from engine.formats.project import write_project
from engine.formats.registry import read, write
from engine.layout import Box, Layout, LayoutObject
from engine.leftovers import UNFINISHED

MOST_LOST = 2.0
"""Seconds of work."""

LAYOUT = Layout(320, 240, (LayoutObject("a", "red cube", Box(0.1, 0.1, 0.4, 0.4)),))
SAME_FILE = 25
"""Kills with one file; then another one, in turn a layout and a project."""

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Work:
    """What is known of the work in one file, and what became of it.

    Attributes:
        states: What the window held, with the times; the last one is what it should hold now.
        between: Whether an event was under way when the program was killed.
        killed: When it was killed last while it edited.
    """

    states: list[tuple[float, Any]] = field(default_factory=list)
    between: bool = False
    killed: float = 0.0

    def lost(self, found: Any) -> float:
        """Seconds of work that are missing in what was found; ValueError when it was never there."""
        for place in range(len(self.states) - 1, -1, -1):
            if self.states[place][1] == found:
                last = place == len(self.states) - 1
                return 0.0 if last else max(0.0, self.killed - self.states[place + 1][0])
        # An event that was finished and not yet written down has changed one thing.
        if self.between and _differences(self.states[-1][1], found) <= 1:
            return 0.0
        raise ValueError("what is there never was")


def _differences(one: Any, other: Any) -> int:
    """Objects and layouts by which two states differ."""
    first, second = ({name: layout for name, layout in state} for state in (one, other))
    count = len(first.keys() ^ second.keys())
    for name in first.keys() & second.keys():
        old, new = ({item["id"]: item for item in state[name]["objects"]} for state in (first, second))
        count += sum(old.get(key) != new.get(key) for key in old.keys() | new.keys())
    return count


class Trial:
    """One folder with file, preferences and data, and the program that works in it."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self.chance = chance
        self.work = Work()
        self.file = folder / "none"
        self.problems: list[str] = []
        self.lost: list[float] = []
        self.starts: list[float] = []
        self.offers = 0
        self.kinds: dict[str, int] = {}
        self.settings = folder / "settings"
        Settings(self.settings).update({"warm_up": False, "start_page": False})

    def begin(self, number: int) -> None:
        """Another file."""
        place = self.folder / f"files{number}"
        if number // SAME_FILE % 2:
            self.file = place / "mine.boxpaint"
            write_project(self.file, [Entry("one", LAYOUT), Entry("two", LAYOUT)], {})
        else:
            self.file = place / "mine.layout.json"
            write(self.file, [Entry("mine", LAYOUT)], "boxpaint")
        for path in (self.folder / "home").rglob("*.journal*"):
            path.unlink()  # what is not saved in the former file is given up
        self.work = Work()

    def one(self, number: int, kind: str) -> None:
        """Start, edit, kill, and look."""
        log = self.folder / f"{number:04d}.log"
        names = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME")
        home = dict.fromkeys(names, str(self.folder / "home"))
        command = [sys.executable, "-m", "benchmarks.editing", *map(str, (self.file, self.settings, log, number))]
        began = time.time()
        with subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **home}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None and process.stderr is not None
            ready = kind == "start" or process.stdout.readline() == b"now\n"
            if ready and kind == "save":
                ready = process.stdout.readline() == b"save\n"
            time.sleep(self.chance.uniform(0.0, {"start": 2.0, "save": 0.03, "edit": 8.0}[kind]))
            if process.poll() is None and ready:
                os.kill(process.pid, signal.SIGKILL)
                self.kinds[kind] = self.kinds.get(kind, 0) + 1
            else:
                process.kill()
                self.problem(number, f"it ended by itself: {process.stderr.read().decode()[-2000:]}")
        self.look(number, log, began, time.time())

    def look(self, number: int, log: Path, began: float, killed: float) -> None:
        """Compare what was brought back with what there was, and take down what has come since."""
        lines = [json.loads(line) for line in log.read_bytes().split(b"\n")[:-1]] if log.exists() else []
        for line in lines:
            if line["what"] == "now":
                self.starts.append(line["at"] - began)
                self.offers += line["offered"]
                self.compare(number, line["state"])
                self.work = Work([(line["at"], line["state"])])
            elif line["what"] == "state":
                self.work.states.append((line["at"], line["state"]))
        if lines:
            self.work.between, self.work.killed = lines[-1]["what"] == "begin", killed
        for read_whole in (lambda: read(self.file), lambda: _check_settings(self.settings)):
            try:
                read_whole()
            except BoxpaintError as error:
                self.problem(number, str(error))

    def compare(self, number: int, found: Any) -> None:
        """Whether what is there is what there was."""
        if not self.work.states:
            return
        try:
            seconds = self.work.lost(found)
        except ValueError as error:
            self.problem(number, f"{error}: {json.dumps(found)} after {json.dumps(self.work.states[-1][1])}")
            return
        self.lost.append(seconds)
        if seconds > MOST_LOST:
            self.problem(number, f"{seconds:.2f} s of work are lost")

    def problem(self, number: int, text: str) -> None:
        """Remember what went wrong, and say it."""
        self.problems.append(f"{number}: {text}")
        sys.stderr.write(f"\n{self.problems[-1]}\n")


def _check_settings(folder: Path) -> None:
    settings = Settings(folder)
    if settings.problem:
        raise BoxpaintError(settings.problem, "settings")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="of the moments of the kills")
    args = parser.parse_args()
    chance = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as name:
        trial = Trial(Path(name), chance)
        for number in range(args.times):
            if number % SAME_FILE == 0:
                trial.begin(number)
            trial.one(number, chance.choices(["edit", "save", "start"], [0.7, 0.2, 0.1])[0])
            sys.stderr.write(f"\r{number + 1} of {args.times} killed, {len(trial.problems)} problems ")
        left = len(list(Path(name).rglob(UNFINISHED)))
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(trial.kinds.items()))
    print(f"\n{sum(trial.kinds.values())} kills ({kinds}); {len(trial.lost)} comparisons, {trial.offers} offers taken")
    if trial.lost:
        print(f"lost: at most {max(trial.lost):.2f} s, nothing at all {trial.lost.count(0.0)} times")
        print(f"at work again: median {statistics.median(trial.starts):.1f} s, at most {max(trial.starts):.1f} s")
    print(f"half-written files left at the end: {left}; load {os.getloadavg()[0]:.1f}; {len(trial.problems)} problems")
    return 1 if trial.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
