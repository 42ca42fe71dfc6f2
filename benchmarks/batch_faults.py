"""Lets the worker of an export hang, crash or lose its device, over and over, and looks whether anything is lost.

    python -m benchmarks.batch_faults [--times 5] [--fault NAME …] [--seed 0]

A worker process paints three layouts with a tiny pipeline, whose network fails in a random call of the last picture.
Then the folder has to hold the files of an undisturbed export. Told per fault: how long it took until the last picture
was finished by another worker. Where the worker hangs that counts from the moment when the export says so (after a
second here, after minutes in use), where it ends by itself from the picture before. Exit code 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.batch_kills import files_of
from benchmarks.kills import LAYOUT
from engine.batch.export import Export, Outcome, plan_export
from engine.batch.items import make_items, make_runs
from engine.batch.worker import Job
from engine.formats.dataset import Entry
from engine.inpainting.settings import GenerationSettings
from engine.watchdog import Patience
from tests.faulty_engine import infecting, order
from tests.pipelines import make_tiny_pipeline

NAMES = ("stopped", "waits", "holds the interpreter", "accelerator", "killed", "crashes")

HASTY = Patience(silent=600, idle=1.0, calculating=600, cancelling=1.0, pulse=0.25)

PICTURES = 3
CALLS = len(LAYOUT.objects) + 1
"""Calls of the network that a picture takes: one denoising step for each object, and one for the background."""


class Trials:
    """Exports of the same layouts, each into a folder of its own."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._folder = folder
        self._chance = chance
        self._orders = folder / "orders"
        (folder / "hook").mkdir()
        os.environ.update(infecting(folder / "hook", self._orders))
        self._model = make_tiny_pipeline(folder / "model")
        self._told = 0.0
        order(self._orders, "nothing", 0)
        self._paint("whole")
        self._expected = files_of(folder / "whole")

    def _paint(self, name: str) -> Outcome:
        settings = GenerationSettings(steps=1, width=64, height=64, previews=False)
        runs = make_runs("run", settings, {})
        items = make_items([Entry(f"layout_{number}", LAYOUT) for number in range(PICTURES)], runs)
        job = Job(self._folder / name, str(self._model), tuple(items))
        watching = {"stopped": lambda: False, "on_counts": lambda counts: None, "tell": self._hear}
        with closing(plan_export(job, runs)) as ledger:
            return Export(job, ledger, workers=1, patience=HASTY, **watching).run()

    def _hear(self, _sentence: str) -> None:
        self._told = time.time()

    def one(self, fault: str, number: int) -> tuple[bool, float]:
        """Cause a fault once; whether all is as without it, and the seconds until the last picture."""
        # The worker that takes the place of the first one paints one picture, so it does not come to this call.
        order(self._orders, fault, (PICTURES - 1) * CALLS + self._chance.randint(1, CALLS))
        self._told = 0.0
        name = f"{fault} {number}"
        outcome = self._paint(name)
        *_, before, last = sorted(path.stat().st_mtime for path in (self._folder / name).rglob("*.png"))
        whole = outcome.counts.done == PICTURES and files_of(self._folder / name) == self._expected
        return whole, last - (self._told or before)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--fault", action="append", choices=NAMES, help="only this one; may be repeated")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    lost = 0
    with tempfile.TemporaryDirectory() as name:
        trials = Trials(Path(name), random.Random(args.seed))
        for fault in args.fault or NAMES:
            results = [trials.one(fault, number) for number in range(args.times)]
            seconds = [taken for _, taken in results]
            problems = sum(not whole for whole, _ in results)
            lost += problems
            print(
                f"{fault}: caused {len(results)} times, {problems} problems; the next picture after "
                f"{statistics.median(seconds):.2f} s (most {max(seconds):.2f} s); load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
    return 1 if lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
