"""Workers of an export that hang or whose device fails: they are replaced, and their items painted."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import pytest

from engine.batch.crew import patience_of
from engine.batch.export import Export, Outcome, plan_export
from engine.batch.items import make_items, make_runs
from engine.batch.worker import Job
from engine.formats.dataset import Entry
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout
from engine.watchdog import Patience
from tests.faulty_engine import infecting, order

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="faults are made by Unix signals and calls")

HASTY = Patience(silent=600, idle=1.5, calculating=600, cancelling=1.5, pulse=0.25)

SECOND_PICTURE = 4
"""The network's call that begins the second picture of three steps of one denoising step each."""


@pytest.fixture
def orders(tmp_path, monkeypatch) -> Path:
    """Where worker processes read what shall go wrong."""
    hook = tmp_path / "hook"
    hook.mkdir()
    for name, value in infecting(hook, tmp_path / "orders").items():
        monkeypatch.setenv(name, value)
    return tmp_path / "orders"


@pytest.fixture
def export(two_objects: Layout, tiny_pipeline, tmp_path):
    """Paints two pictures with one worker process."""

    def run(tell=lambda text: None, stopped=lambda: False) -> Outcome:
        settings = GenerationSettings(steps=1, width=64, height=48, scheduler="ddim", previews=False)
        runs = make_runs("run", settings, {})
        items = make_items([Entry("first", two_objects), Entry("second", two_objects)], runs)
        job = Job(tmp_path / "out", str(tiny_pipeline), tuple(items))
        with closing(plan_export(job, runs)) as ledger:
            watching = {"stopped": stopped, "on_counts": lambda counts: None, "tell": tell}
            return Export(job, ledger, workers=1, patience=HASTY, **watching).run()

    return run


@pytest.mark.parametrize("fault", ["waits", "stopped"])
def test_a_worker_that_hangs_is_replaced_and_its_item_painted(orders, export, fault) -> None:
    order(orders, fault, SECOND_PICTURE)
    told: list[str] = []

    def tell(text: str) -> None:
        told.append(text)
        order(orders, "nothing", 0)

    outcome = export(tell)
    assert (outcome.counts.done, outcome.counts.failed) == (2, 0)
    (sentence,) = told
    assert "seems to hang" in sentence and "it is ended" in sentence


def test_an_item_over_which_two_workers_hang_fails_and_says_why(orders, export) -> None:
    order(orders, "waits", 2)
    told: list[str] = []

    def tell(text: str) -> None:
        told.append(text)
        if len(told) == 2:
            order(orders, "nothing", 0)

    outcome = export(tell)
    assert (outcome.counts.done, outcome.counts.failed) == (1, 1)
    assert "has done nothing" in outcome.failures[0]["message"]


def test_a_worker_whose_device_has_failed_is_replaced_and_its_item_painted(orders, export) -> None:
    order(orders, "accelerator", SECOND_PICTURE)
    outcome = export()
    assert (outcome.counts.done, outcome.counts.failed) == (2, 0)


def test_a_hung_worker_does_not_hold_up_the_end(orders, export) -> None:
    order(orders, "waits", SECOND_PICTURE)
    asked: list[bool] = []

    def stopped() -> bool:
        asked.append(True)
        return len(asked) > 40  # the export asks a few times a second

    outcome = export(stopped=stopped)
    assert outcome.stopped and outcome.counts.failed == 0
    assert outcome.counts.open + outcome.counts.done == 2


def test_who_is_given_an_hour_gets_five_minutes_for_doing_nothing() -> None:
    patience = patience_of(60)
    assert (patience.silent, patience.calculating, patience.idle) == (3600, 3600, 300)
    assert patience_of(2).idle == 120
