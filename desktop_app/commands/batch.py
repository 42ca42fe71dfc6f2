"""``boxpaint batch``: every layout of a dataset as a picture, in the published folder structure; resumable."""

from __future__ import annotations

import argparse
import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.commands.attached import add_attached_option, progress_of, stop_with_input
from desktop_app.commands.generate import read_layouts
from desktop_app.commands.options import add_generation_options, add_patience_option, parse_size, settings_from
from desktop_app.commands.output import add_json_option, emit, note
from desktop_app.exit_codes import CANCELLED, SOME_FAILED
from engine.errors import BoxpaintError

if TYPE_CHECKING:
    from engine.batch.export import Outcome
    from engine.batch.items import ExportRun, Item, Selection
    from engine.batch.painting import Extras


_LEAST_FREE = 32
"""MiB; a full disk would otherwise be met by painting again and again what cannot be written."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "batch",
        help="paint a whole benchmark; started again it goes on where it was",
        description="Writes OUT/<split>/<run name>/<picture>. Its state is kept beside the pictures: started again "
        "with the same options it goes on, and paints nothing twice.",
    )
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="layouts in any known format")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the pictures go")
    parser.add_argument("--name", help="name of the run (default: that of the model)")
    add_selection_options(parser)
    add_worker_options(parser)
    _add_work(parser)
    add_generation_options(parser)
    add_json_option(parser)
    add_attached_option(parser)
    parser.set_defaults(run=run)


def add_selection_options(parser: argparse.ArgumentParser) -> None:
    """Which layouts of the dataset."""
    group = parser.add_argument_group("which layouts")
    group.add_argument("--split", action="append", default=[], help="only this split; may be repeated")
    group.add_argument("--objects", type=_span, metavar="MIN-MAX", help="only layouts with so many objects")
    group.add_argument("--label", action="append", default=[], help="only layouts with such an object; may be repeated")
    group.add_argument("--first", type=int, metavar="N", help="only the first N of each split")
    group.add_argument("--sample", type=int, metavar="N", help="only N of each split, drawn at random")
    group.add_argument("--sample-seed", type=int, default=0, metavar="SEED", help="seed of that draw (0)")
    group.add_argument(
        "--layout-size", type=parse_size, metavar="WxH", help="pixels of the file's boxes, where it does not say"
    )


def _add_work(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what it writes")
    group.add_argument(
        "--sweep",
        action="append",
        default=[],
        metavar="SETTING=A,B,…",
        help="one run for each value, e.g. steps=6,12; repeated, one for each combination",
    )
    group.add_argument("--crops", action="store_true", help="also write the boxes' crops (<run>_boxes)")
    group.add_argument("--overlays", action="store_true", help="also write pictures with boxes drawn (<run>_bbox_viz)")
    group.add_argument("--iterations", action="store_true", help="also write every step's pictures (<run>_iter)")


def add_worker_options(parser: argparse.ArgumentParser) -> None:
    """How an export works."""
    group = parser.add_argument_group("how it works")
    group.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="processes (default: one per GPU, or per CPU core; 0: this one, which nothing replaces when it fails)",
    )
    add_patience_option(group, "replace a worker that gets nothing done for so long (default: 60)")
    group.add_argument(
        "--ray", metavar="ADDRESS", help="paint on a Ray cluster: auto (the one on this machine), HOST:6379 or ray://…"
    )
    group.add_argument(
        "--together",
        type=int,
        metavar="N",
        help="pictures, of any layouts, that share a call of the model (default: 16 on a GPU, else 1)",
    )
    group.add_argument("--retry-failed", action="store_true", help="try the failed ones again")
    group.add_argument(
        "--min-free", type=int, default=512, metavar="MIB", help="pause when less is free on the disk (512 MiB)"
    )


def run(args: argparse.Namespace) -> int:
    """Carry the command out: 3 when some items failed, 130 when it was stopped."""
    from engine.batch.items import make_items, make_runs, select
    from engine.batch.painting import Extras
    from engine.models.catalogue import find_model

    settings = settings_from(args)
    card = find_model(args.model)
    runs = make_runs(args.name or card.name, settings, _sweep(args.sweep))
    dataset = read_layouts(args.dataset, args.layout_size)
    for warning in dataset.warnings:
        note(f"{args.dataset}: {warning}")
    items = make_items(select(dataset, selection_of(args)), runs)
    extras = Extras(boxes=args.crops, bbox_viz=args.overlays, iter=args.iterations)
    started = time.perf_counter()
    outcome = paint_all(args, items, runs, extras)
    return _tell(args, outcome, runs, time.perf_counter() - started)


def _command(args: argparse.Namespace) -> str:
    """What was asked for, so that the export can be resumed by whoever has nothing but its folder."""
    return json.dumps({"words": args.words, "folder": str(Path.cwd())})


def paint_all(args: argparse.Namespace, items: list[Item], runs: list[ExportRun], extras: Extras) -> Outcome:
    """Paint what is not there yet, with progress on stderr; Ctrl+C stops it."""
    from engine.batch.cluster import ClusterExport, check_cluster
    from engine.batch.crew import patience_of
    from engine.batch.export import PATIENCE, Export, check_runs, default_together, default_workers, plan_export
    from engine.batch.ledger import COMMAND
    from engine.batch.worker import Job
    from engine.models.catalogue import find_model

    for name, least in (("workers", 0), ("together", 1)):
        value = getattr(args, name)
        if value is not None and value < least:
            raise BoxpaintError(f"it is {value}.", "usage", field=f"--{name}", hint=f"At least {least}.")
    if args.ray is not None and args.workers == 0:
        raise BoxpaintError("it is 0.", "usage", field="--workers", hint="With --ray at least 1.")
    if args.min_free < _LEAST_FREE:
        hint = f"At least {_LEAST_FREE}: less does not hold the files of a picture."
        raise BoxpaintError(f"it is {args.min_free}.", "usage", field="--min-free", hint=hint)
    check_runs(find_model(args.model), items)
    if args.ray is not None:
        if args.together is not None:
            hint = "On a cluster each picture has calls of its own."
            raise BoxpaintError("it does not go with --ray.", "usage", field="--together", hint=hint)
        check_cluster(args.ray)
    together = args.together or default_together(args.device)
    job = Job(args.out, args.model, tuple(items), extras, args.min_free * 2**20, together=together)
    ledger = plan_export(job, runs, dataset=args.dataset, retry_failed=args.retry_failed)
    try:
        ledger.set_fact(COMMAND, _command(args))
        before = ledger.counts()
        if before.done:
            note(f"{before.done} of {before.total} pictures are there already.")
        progress = progress_of(args)
        with _stop_on_interrupt() as (stopped, stop):
            stop_with_input(args, stop)
            watching: dict[str, Any] = {
                "stopped": stopped,
                "on_counts": lambda counts: progress("painting", counts.done + counts.failed, counts.total),
                "tell": lambda text: note(f"boxpaint: {text}"),
            }
            if args.ray is not None:
                return ClusterExport(job, ledger, address=args.ray, workers=args.workers, **watching).run()
            workers = default_workers(args.device) if args.workers is None else args.workers
            patience = patience_of(args.patience or PATIENCE)
            return Export(job, ledger, workers=workers, patience=patience, **watching).run()
    finally:
        ledger.close()


def _tell(args: argparse.Namespace, outcome: Outcome, runs: list[ExportRun], seconds: float) -> int:
    counts = outcome.counts
    for failure in outcome.failures[:10]:
        note(f"failed: {failure['split']}/{failure['run']}/{failure['name']}: {failure['message']}")
    for about in outcome.notes[:10]:
        note(f"{about['split']}/{about['run']}/{about['name']}: {about['text']}")
    data: dict[str, Any] = {
        "out": str(args.out),
        "runs": [{"name": run.name, "settings": run.settings.to_dict()} for run in runs],
        "pictures": counts.total,
        "done": counts.done,
        "open": counts.open + counts.claimed,
        "failed": list(outcome.failures),
        "notes": list(outcome.notes),
        "seconds": round(seconds, 3),
        "state": "cancelled" if outcome.stopped else "finished",
    }
    emit(args, data, f"{args.out}: {counts.done} of {counts.total} pictures, {counts.failed} failed")
    if outcome.stopped:
        note("Stopped. What is finished is kept; the same command goes on.")
        return CANCELLED
    return SOME_FAILED if counts.failed else 0


def selection_of(args: argparse.Namespace) -> Selection:
    """The filters that the command line names."""
    from engine.batch.items import Selection

    for name in ("first", "sample"):
        value = getattr(args, name)
        if value is not None and value < 1:
            raise BoxpaintError(f"it is {value}.", "usage", field=f"--{name}", hint="At least 1.")
    return Selection(
        splits=tuple(args.split),
        objects=args.objects,
        labels=tuple(args.label),
        first=args.first,
        sample=args.sample,
        sample_seed=args.sample_seed,
    )


def _sweep(texts: list[str]) -> dict[str, list[str]]:
    sweep: dict[str, list[str]] = {}
    for text in texts:
        setting, _, values = text.partition("=")
        listed = [value for value in values.split(",") if value]
        if not setting or not listed or setting in sweep:
            raise BoxpaintError(f"{text!r} is no sweep.", "usage", field="--sweep", hint="Write it like steps=6,12.")
        sweep[setting] = listed
    return sweep


def _span(text: str) -> tuple[int, int]:
    low, _, high = text.partition("-")
    if not (low.isdigit() and (high or low).isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no range such as 3-10")
    return int(low), int(high or low)


@contextmanager
def _stop_on_interrupt() -> Iterator[tuple[Callable[[], bool], Callable[[], None]]]:
    """Ctrl+C, or being asked to end, ends the export after the present denoising step; a second time, at once.

    Yields:
        Whether it is to stop, and a function that says so.
    """
    stopping = threading.Event()
    former = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def give_back() -> None:
        for number, handler in former.items():
            signal.signal(number, handler)

    def stop(number: int, frame: Any) -> None:
        stopping.set()
        give_back()

    for number in former:
        signal.signal(number, stop)
    try:
        yield stopping.is_set, stopping.set
    finally:
        give_back()
