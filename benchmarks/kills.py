"""Kills the engine process at random moments, over and over, and looks whether anything is lost.

    python benchmarks/kills.py [--times 50] [--model FOLDER_OR_NAME] [--seed 0]

After each kill: every step that was told as finished lies whole in its folder; the window's controls are free again;
the run is continued from its finished steps. At the end one more run goes through undisturbed. Exit code 1 if one of
these fails.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image
from qasync import QEventLoop

from desktop_app.gui import make_application
from desktop_app.model_choices import folder_choice
from desktop_app.session import Session
from desktop_app.settings import Settings
from engine.events import StepFinished
from engine.layout import Box, Layout, LayoutObject
from engine.runs.records import PICTURES, RECORD, read_record
from ui.timeline.model import RunState

LAYOUT = Layout(
    320,
    320,
    tuple(
        LayoutObject(f"o{place}", prompt, Box(0.1 + 0.25 * place, 0.3, 0.3 + 0.25 * place, 0.6))
        for place, prompt in enumerate(("red metal cube", "blue rubber sphere", "green metal cylinder"))
    ),
)


_WHILE_PAINTING = 0.7
"""So many of the kills wait until the model is loaded; the others may meet the engine while it starts."""


class Trial:
    """The real window, whose engine is killed."""

    def __init__(self, session: Session, chance: random.Random) -> None:
        self.window = session.window
        self.session = session
        self.chance = chance
        self.problems: list[str] = []
        self.told: dict[str, set[int]] = {}
        self.killed = 0
        self.finished = 0
        self.longest = 5.0
        """Seconds within which the engine is killed."""
        self.window.runs.told.connect(self._note)

    def _note(self, event: object) -> None:
        if isinstance(event, StepFinished):
            self.told.setdefault(event.run, set()).add(event.index)

    def note(self, problem: str) -> None:
        """Remember what went wrong, and say it."""
        self.problems.append(problem)
        sys.stderr.write(f"\n{problem}\n")

    async def one(self, number: int) -> None:
        """Paint, kill at a random moment, check, and go on from what is left."""
        window, runs = self.window, self.window.runs
        if not runs.busy and not window.generation.generate.isEnabled():
            self.note(f"{number}: the Generate button is dead")
        window.generate()
        if self.chance.random() < _WHILE_PAINTING:
            while runs.busy and not window.run_model.steps:
                await asyncio.sleep(0.01)
        await asyncio.sleep(self.chance.uniform(0.0, self.longest))
        pid = runs.engine_pid
        if runs.busy and pid is not None:
            os.kill(pid, signal.SIGKILL)
            self.killed += 1
        await self.idle(number)
        self.check(number)
        if window.run_model.state is RunState.FAILED and runs.progress.finished:
            runs.resume()
            await self.idle(number)
            if window.run_model.state is not RunState.FINISHED:
                self.note(f"{number}: it did not go on: {window.run_model.message}")
            self.finished += 1

    async def idle(self, number: int) -> None:
        """Wait for the end of the run under way."""
        for _ in range(2400):
            if not self.window.runs.busy:
                return
            await asyncio.sleep(0.05)
        self.note(f"{number}: the run did not end")

    def check(self, number: int) -> None:
        """Whether every step that was told is whole on the disk."""
        request = self.window.runs.request
        if request is None or not (Path(request.folder) / RECORD).is_file():
            if self.told.get(request.run if request else ""):
                self.note(f"{number}: the record is gone")
            return
        kept = {entry["index"]: entry for entry in read_record(Path(request.folder))["steps"]}
        for index in self.told.get(request.run, ()):
            if index not in kept:
                self.note(f"{number}: step {index} is not in the record")
                continue
            for kind in PICTURES:
                with Image.open(Path(request.folder) / kept[index][kind]) as picture:
                    picture.load()


async def trial(session: Session, args: argparse.Namespace) -> Trial:
    """All kills and the run at the end."""
    session.start((), generate=False)
    while not session.ready:
        await asyncio.sleep(0.02)
    window = session.window
    if Path(args.model).is_dir():
        window.generation.form.add_model(folder_choice(args.model))
    window.document.replace(LAYOUT)
    work = Trial(session, random.Random(args.seed))
    for _ in range(2):  # how long an undisturbed run takes tells in which span to kill; the first one loads the model
        window.generate()
        await work.idle(-1)
    work.longest = 0.9 * (window.run_model.seconds or 5.0)
    number = 0
    while work.killed < args.times and number < 4 * args.times:
        await work.one(number)
        number += 1
        sys.stderr.write(f"\r{number} runs, {work.killed} of {args.times} killed, {len(work.problems)} problems ")
    window.generate()
    await work.idle(args.times)
    if window.run_model.state is not RunState.FINISHED:
        work.note("the run at the end did not finish")
    await session.close()
    return work


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--model", default="clevr-mini", help="a model's name or folder")
    parser.add_argument("--seed", type=int, default=0, help="of the moments of the kills")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = make_application()
        settings = Settings(folder / "settings")
        settings.set("warm_up", False)
        session = Session(app, settings, runs_folder=folder / "runs", recovery_folder=folder / "recovery")
        loop = QEventLoop(app)
        asyncio.set_event_loop(loop)
        with loop:
            work = loop.run_until_complete(trial(session, args))
    print(f"\n{work.killed} kills, {work.finished} runs continued, {len(work.problems)} problems")
    for problem in work.problems:
        print(problem)
    return 1 if work.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
