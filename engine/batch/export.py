"""An export from its items to finished pictures: planning, workers, progress, resuming."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.batch.crew import LOOK, WorkerProcess, patience_of
from engine.batch.disk import DiskGuard, DiskWatch
from engine.batch.items import ExportRun, Item
from engine.batch.ledger import DATASET, Counts, Ledger
from engine.batch.losses import Losses
from engine.batch.worker import Job, make_worker
from engine.errors import BoxpaintError
from engine.files import make_folder
from engine.inpainting.methods import make_plan
from engine.leftovers import UNFINISHED, clear_leftovers
from engine.models.card import ModelCard
from engine.models.catalogue import find_model, fingerprint
from engine.models.machine import choose_device
from engine.watchdog import Patience

PATIENCE = 60.0
"""Minutes within which a worker has to get something done, unless it is told otherwise."""

_DEATHS = 2
"""Worker processes that an item may take with it before it counts as failed."""

_HINT = "It may have run out of memory: use fewer --workers."

_FULL_CALL = 16
"""Pictures in a call that keeps a data-centre GPU busy; where it does not fit in memory, half as many are tried."""

_WAIT = 20.0
"""Seconds that the workers of a killed export get to notice it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an export ended: the items by state, what failed, whether it was stopped, and notes on painted items."""

    counts: Counts
    failures: tuple[dict[str, Any], ...]
    stopped: bool
    notes: tuple[dict[str, str], ...] = ()


def default_workers(device: str) -> int:
    """One worker per GPU; on the CPU one per core."""
    if choose_device(device) == "cuda":
        import torch

        return max(1, torch.cuda.device_count())
    return os.cpu_count() or 1


def default_together(device: str) -> int:
    """How many pictures share a call: a full call on a GPU.

    On the CPU each layout is painted by itself: a larger call rounds differently, and pictures there are to be the same
    to the byte however often an export was interrupted.
    """
    return _FULL_CALL if choose_device(device) == "cuda" else 1


def check_runs(card: ModelCard, items: Sequence[Item]) -> None:
    """Refuse runs whose settings do not go with the model, without loading anything.

    Raises:
        BoxpaintError: They do not. A layout's own fault is none: it fails that item alone, when its turn comes.
    """
    first = {item.run: item for item in reversed(items)}
    for item in first.values():
        try:
            make_plan(item.layout, item.settings, card)
        except BoxpaintError as error:
            if error.kind != "layout":
                raise


def plan_export(job: Job, runs: list[ExportRun], *, dataset: Path | None = None, retry_failed: bool = False) -> Ledger:
    """Check everything that can be checked before painting, and note what is to be done.

    Args:
        job: What is painted.
        runs: The runs that its items belong to.
        dataset: Where the layouts come from; noted, so that the pictures can be scored without asking for it.
        retry_failed: Whether failed items are tried again.

    Raises:
        BoxpaintError: The settings do not go with the model, the folder cannot be written, another export works in it,
            or it holds pictures that were painted otherwise.
    """
    card = find_model(job.model)
    check_runs(card, job.items)
    ledger = Ledger(make_folder(job.folder))
    try:
        _wait_for_others(ledger)
        _clear_leftovers(job)
        model = {"name": card.name, "folder": str(card.folder), "fingerprint": fingerprint(card.folder)}
        ledger.plan(job.items, {run.name: run.settings.to_dict() for run in runs}, model, retry=retry_failed)
        if dataset is not None:
            ledger.set_fact(DATASET, str(dataset.absolute()))
    except BaseException:
        ledger.close()
        raise
    return ledger


def _wait_for_others(ledger: Ledger) -> None:
    """Settle the states; workers of an export that was just killed get a moment to end."""
    ends = time.monotonic() + _WAIT
    while processes := ledger.settle():
        if time.monotonic() > ends:
            raise BoxpaintError(
                f"another export is painting in this folder (process {processes[0]}).",
                "output",
                file=str(ledger.folder),
                hint="Wait for it, or choose another --out.",
            )
        time.sleep(LOOK)


def _clear_leftovers(job: Job) -> None:
    """Remove what writers that were killed left half-written, also in folders where nothing is painted any more."""
    for folder in {path.parent for path in job.folder.rglob(UNFINISHED)}:
        clear_leftovers(folder)


class Export:
    """Runs the workers of a planned export.

    Args:
        job: What is painted.
        ledger: Its planned state.
        workers: Number of worker processes; with 0 this process paints, and nothing replaces it when it dies or hangs.
        stopped: Whether to stop.
        on_counts: Told how far it is, about four times a second or after every item.
        tell: Takes sentences for people, such as that it is paused.
        patience: After how long without any progress a worker is replaced.
    """

    def __init__(
        self,
        job: Job,
        ledger: Ledger,
        *,
        workers: int,
        patience: Patience | None = None,
        stopped: Callable[[], bool],
        on_counts: Callable[[Counts], None],
        tell: Callable[[str], None],
    ) -> None:
        self._job = job
        self._ledger = ledger
        self._workers = workers
        self._stopped = stopped
        self._on_counts = on_counts
        self._patience = patience or patience_of(PATIENCE)
        self._tell = tell
        self._disk = DiskWatch(DiskGuard(job.folder, job.least_free), tell)
        self._a_worker_died = False
        self._idle_deaths = self._finished = 0
        self._losses = Losses(ledger, most=_DEATHS, hint=_HINT)

    def run(self) -> Outcome:
        """Paint until nothing is open, or it is stopped.

        Raises:
            BoxpaintError: No item can be painted; what is finished is kept.
        """
        if self._ledger.counts().open:
            if self._workers == 0:
                make_worker(self._job, self._stopped_or_paused, self._report).run()
            else:
                self._run_processes()
        counts = self._ledger.counts()
        return Outcome(counts, tuple(self._ledger.failures()), self._stopped(), tuple(self._ledger.notes()))

    def _stopped_or_paused(self) -> bool:
        self._disk.look()
        return self._stopped()

    def _report(self) -> None:
        self._on_counts(self._ledger.counts())

    def _run_processes(self) -> None:
        crew: dict[int, WorkerProcess] = {}
        stopping = False
        try:
            for number in range(min(self._workers, self._ledger.counts().open)):
                crew[number] = self._start(number, self._job.together)
            while crew:
                self._disk.look()
                self._report()
                if self._stopped() and not stopping:
                    stopping = True
                    for worker in crew.values():
                        worker.stop()
                next(iter(crew.values())).wait()
                self._look(crew, stopping=stopping)
        finally:
            for worker in crew.values():
                worker.kill()
                self._reopen(worker)
        if self._a_worker_died:
            _clear_leftovers(self._job)
        self._report()

    def _start(self, number: int, together: int) -> WorkerProcess:
        job = replace(self._job, environment=self._environment(number), together=together)
        return WorkerProcess(job, self._patience, self._tell)

    def _look(self, crew: dict[int, WorkerProcess], *, stopping: bool) -> None:
        """Take those out of the crew that have ended; who ended before its time is replaced."""
        for number, worker in list(crew.items()):
            worker.look(stopping=stopping)
            if worker.running:
                continue
            del crew[number]
            if self._died(worker) and not stopping:
                # One at a time from here on: the next death shows whose fault it was.
                crew[number] = self._start(number, 1)

    def _died(self, worker: WorkerProcess) -> bool:
        """Whether a worker ended before its time; items that it held are open again, or failed the second time."""
        if worker.done:
            return False
        if worker.fatal is not None:
            raise worker.fatal
        self._a_worker_died = True
        if self._stopped():
            self._reopen(worker)
            return True
        held = self._ledger.claimed_by(worker.pid)
        for identity, key in held:
            self._losses.lost(identity, key, worker.how)
        counts = self._ledger.counts()
        if not held and counts.open and self._none_gets_on(counts):
            raise BoxpaintError(f"a worker process ended by itself ({worker.how}).", "engine", hint=_HINT)
        return True

    def _none_gets_on(self, counts: Counts) -> bool:
        """Whether workers end with no item in their hands again and again, with nothing painted in between."""
        finished = counts.done + counts.failed
        self._idle_deaths = 1 if finished != self._finished else self._idle_deaths + 1
        self._finished = finished
        return self._idle_deaths >= _DEATHS

    def _reopen(self, worker: WorkerProcess) -> None:
        """What a worker held that was ended on purpose is open again, and counts for nobody's fault."""
        for identity, _ in self._ledger.claimed_by(worker.pid):
            self._ledger.release(identity)

    def _environment(self, number: int) -> dict[str, str]:
        """Each worker sees one GPU; workers that share the CPU do not each start a thread per core."""
        import torch

        if torch.cuda.is_available():
            return {"CUDA_VISIBLE_DEVICES": str(number % torch.cuda.device_count())}
        return {"OMP_NUM_THREADS": str(self._job.threads)}
