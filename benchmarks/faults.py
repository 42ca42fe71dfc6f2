"""Lets the engine fail in every way that can be caused on purpose, over and over, and looks whether anything is lost.

    python -m benchmarks.faults [--times 20] [--fault NAME …] [--seed 0]

The real window paints with a tiny pipeline in a real engine process, whose network fails in a random call. An engine
that hangs is ended by the button that the window then offers. After each fault: every step that was told as finished
lies whole in its folder, and the run goes on from there to its end. Told per fault: how often it was caused, how often
something was lost, and how long it took from the moment when it was told until the next run painted. Exit code 1 if
anything was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qasync import QEventLoop

from benchmarks.kills import LAYOUT, Trial
from desktop_app.gui import make_application
from desktop_app.model_choices import folder_choice
from desktop_app.session import Session
from desktop_app.settings import Settings
from engine.events import ModelLoading, RunFailed, RunStarted, StepStarted
from engine.watchdog import Patience, Stall
from engine.worker.client import EngineClient
from tests.faulty_engine import FAULTS, order
from tests.pipelines import make_tiny_pipeline
from ui.timeline.model import RunState

NAMES = (*FAULTS, "nan", "black", "disk full")
CALLS = 8
"""The network's calls of which one fails: as many as an undisturbed run has, with four denoising steps a step."""

HASTY = Patience(silent=1.0, idle=1.0, calculating=1.0, cancelling=1.0, pulse=0.1)


class Faults:
    """One window and its faults."""

    def __init__(self, session: Session, orders: Path, chance: random.Random) -> None:
        self.window = session.window
        self.trial = Trial(session, chance)
        self.orders = orders
        self.chance = chance
        self.told_at: float | None = None
        self.seconds: list[float] = []
        self.painting = False
        self.window.runs.told.connect(self._hear)
        self.window.runs.stalled.connect(self._stalled)

    def _hear(self, event: object) -> None:
        if isinstance(event, ModelLoading | StepStarted):
            self.painting = isinstance(event, StepStarted)
        if isinstance(event, RunFailed) and self.told_at is None:
            self.told_at = time.perf_counter()
        elif isinstance(event, RunStarted) and self.told_at is not None:
            self.seconds.append(time.perf_counter() - self.told_at)
            self.told_at = None

    def _stalled(self, stall: Stall | None) -> None:
        if stall is None or not self.painting:
            return  # it reads the model, which takes longer than this watchdog waits
        if self.told_at is None:
            self.told_at = time.perf_counter()
        order(self.orders, "nothing", 0)
        asyncio.get_running_loop().call_soon(self.window.messages.buttons[-1].click)

    async def one(self, fault: str, number: int) -> bool:
        """Cause a fault once and go on from what is left; whether it came to it."""
        window, runs = self.window, self.window.runs
        before = len(self.seconds)
        first = self.chance.randint(1, CALLS)
        order(self.orders, fault, first, 2 if "memory" in fault or fault == "allocator" else 1)
        window.generate()
        await self.trial.idle(number)
        order(self.orders, "nothing", 0)
        self.trial.check(number)
        if window.run_model.state is RunState.FAILED:
            if not window.generation.generate.isEnabled() or not window.messages.isVisible():
                self.trial.note(f"{fault} {number}: no way on is offered")
            runs.resume()
            await self.trial.idle(number)
        if window.run_model.state is not RunState.FINISHED:
            self.trial.note(f"{fault} {number}: it did not go on: {window.run_model.message}")
        return len(self.seconds) > before


async def all_of(session: Session, work: Faults, model: Path, args: argparse.Namespace) -> None:
    """Every fault as often as asked for, and its line."""
    session.start((), generate=False)
    while not session.ready:
        await asyncio.sleep(0.02)
    form = session.window.generation.form
    form.add_model(folder_choice(str(model)))
    form.steps.setValue(4)
    form.width_box.setValue(64)
    form.height_box.setValue(64)
    form.detect.setChecked(False)
    session.window.document.replace(LAYOUT)
    for fault in args.fault or NAMES:
        work.seconds.clear()
        problems, caused, number = len(work.trial.problems), 0, 0
        while caused < args.times and number < 6 * args.times:
            caused += await work.one(fault, number)
            number += 1
        line = f"{fault}: caused {caused} times, {len(work.trial.problems) - problems} problems"
        if work.seconds:
            line += f"; painting again after {statistics.median(work.seconds):.2f} s (most {max(work.seconds):.2f} s)"
        print(line, flush=True)
    await session.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--fault", action="append", choices=NAMES, help="only this one; may be repeated")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        order(folder / "orders", "nothing", 0)
        model = make_tiny_pipeline(folder / "model")
        app = make_application()
        settings = Settings(folder / "settings")
        settings.update({"warm_up": False, "start_page": False})
        loop = QEventLoop(app)
        asyncio.set_event_loop(loop)
        with loop:
            command = (sys.executable, "-m", "tests.faulty_engine", str(folder / "orders"))
            client = EngineClient(command=command, patience=HASTY)
            session = Session(
                app, settings, runs_folder=folder / "runs", recovery_folder=folder / "recovery", client=client
            )
            work = Faults(session, folder / "orders", random.Random(args.seed))
            loop.run_until_complete(all_of(session, work, model, args))
            loop.run_until_complete(client.close())
    for problem in work.trial.problems:
        print(problem)
    return 1 if work.trial.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
