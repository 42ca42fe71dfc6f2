"""``boxpaint render``: ground-truth pictures of scenes, made by Blender in processes of its own."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.commands import output
from desktop_app.commands.progress import ProgressLines
from desktop_app.exit_codes import SOME_FAILED
from engine.errors import BoxpaintError

if TYPE_CHECKING:
    from engine.batch.ground_truth import Order
    from engine.clevr.blender.pool import Outcome
    from engine.clevr.blender.records import RenderFolder, Shot


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "render",
        help="make ground-truth pictures of scenes with Blender",
        description="Renders scenes with 3D coordinates as CLEVR does, into LayoutBench's folders, and tells what each "
        "picture shows. Give a file of scenes, or --split for new ones. Run it again to continue.",
    )
    parser.add_argument("scenes", nargs="?", type=Path, metavar="SCENES", help="scenes with 3D coordinates")
    parser.add_argument("--out", type=Path, metavar="DIR", help="the folder of the pictures")
    parser.add_argument("--workers", type=int, help="Blenders at once (one per processor core)")
    parser.add_argument("--samples", type=int, help="paths of light per pixel")
    parser.add_argument("--light-jitter", type=float, default=1.0, help="greatest displacement of the lamps (1)")
    parser.add_argument("--timeout", type=float, default=600.0, help="seconds in which a picture must be done (600)")
    parser.add_argument("--blender", type=Path, metavar="PATH", help="Blender's program, or a Python that has bpy")
    new = parser.add_argument_group("new scenes, in which nothing that a picture shows is more hidden than rules allow")
    new.add_argument("--split", help="one of the eight splits, a fine-grained one, or clevr")
    new.add_argument("--count", type=int, default=100, help="number of scenes (100)")
    new.add_argument("--seed", type=int, default=0, help="the same seed gives the same scenes everywhere (0)")
    setup = parser.add_argument_group("setting Blender up, in an environment for Boxpaint alone")
    setup.add_argument("--setup", action="store_true", help="download Blender as a Python package (about 400 MB, GPL)")
    setup.add_argument("--yes", action="store_true", help="do not ask")
    setup.add_argument("--environment", type=Path, metavar="DIR", help="folder of the environment")
    setup.add_argument("--python", type=Path, metavar="PATH", help="the Python 3.11 to make it with")
    setup.add_argument("--index", metavar="URL", help="a package index besides pip's own")
    output.add_json_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    if args.setup:
        return _set_up(args)
    # NumPy and the formats load only for the command that needs them.
    from engine.batch.ground_truth import check_room, write_files
    from engine.clevr.blender.installation import find_blender
    from engine.clevr.blender.look import RenderSettings
    from engine.clevr.blender.records import RenderFolder

    _check(args)
    orders = _orders(args)
    chosen = {} if args.samples is None else {"samples": args.samples}
    folder = RenderFolder(args.out, RenderSettings(light_jitter=args.light_jitter, **chosen))
    check_room(folder.root, orders)
    pending = folder.pending([order.shot for order in orders])
    report = _Report(folder, len(orders), len(orders) - len(pending))
    if pending:
        _render(args, find_blender(args.blender, args.environment), folder, pending, report)
    finished = [order for order in orders if folder.picture(order.shot) not in report.failed]
    files = write_files(folder, finished)
    hidden = _too_hidden(folder, finished)
    data = {"out": str(args.out), **report.as_dict(), "too_hidden": hidden, "files": [str(path) for path in files]}
    output.emit(args, data, f"{args.out}: {len(finished)} of {len(orders)} pictures, {report.made} of them new")
    return SOME_FAILED if report.failed else 0


def _check(args: argparse.Namespace) -> None:
    if (args.scenes is None) == (args.split is None):
        hint = "Give a file of scenes, or --split for new ones."
        raise BoxpaintError("which scenes are to be rendered is not clear.", "usage", field="SCENES", hint=hint)
    if args.out is None:
        raise BoxpaintError("the folder of the pictures is missing.", "usage", field="--out", hint="Add --out DIR.")
    workers = (1, 256)
    limits = {"count": (1, 1_000_000), "timeout": (0.1, 1e6)} | ({} if args.workers is None else {"workers": workers})
    for name, (low, high) in limits.items():
        if not low <= getattr(args, name) <= high:
            hint = f"From {low:g} to {high:g}."
            raise BoxpaintError(f"the value is {getattr(args, name)}.", "usage", field=f"--{name}", hint=hint)


def _orders(args: argparse.Namespace) -> list[Order]:
    from engine.batch.ground_truth import orders_of, read_scenes, sampled_orders
    from engine.clevr.rules import rules_of

    if args.split is not None:
        progress, orders = ProgressLines(), []
        for order in sampled_orders(rules_of(args.split), args.count, args.seed):
            orders.append(order)
            progress("scenes sampled", len(orders), args.count)
        return orders
    dataset = read_scenes(args.scenes)
    for warning in dataset.warnings:
        output.note(f"{args.scenes}: {warning}")
    return orders_of(dataset)


def _render(args: argparse.Namespace, blender: Any, folder: RenderFolder, pending: list[Shot], report: _Report) -> None:
    from engine.clevr.blender.pool import RenderPool

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    workers = min(args.workers or cores, len(pending))
    threads = max(1, cores // workers)
    output.note(f"{len(pending)} pictures with {workers} × {blender.path}, {threads} threads each")
    RenderPool(blender, folder, workers=workers, threads=threads, timeout=args.timeout).render(pending, report.tell)


class _Report:
    """What came of the pictures, and a line about it now and then."""

    def __init__(self, folder: RenderFolder, total: int, before: int) -> None:
        self._folder = folder
        self._total = total
        self._before = before
        self._progress = ProgressLines()
        self._began = time.monotonic()
        self.made = 0
        self.resampled = 0
        self.failed: dict[Path, BoxpaintError] = {}

    def tell(self, outcome: Outcome | None) -> None:
        """Take the next outcome; None says that time went by."""
        from engine.clevr.blender.pool import GivenUp

        if isinstance(outcome, GivenUp):
            self.failed[self._folder.picture(outcome.shot)] = outcome.error
            output.note(f"boxpaint: {outcome.error}")
        elif outcome is not None:
            self.made += 1
            self.resampled += outcome.attempt > 0
        self._progress("pictures", self._before + self.made + len(self.failed), self._total)

    def as_dict(self) -> dict[str, Any]:
        """The counts, for the JSON output."""
        seconds = time.monotonic() - self._began
        return {
            "pictures": self._total - len(self.failed),
            "rendered": self.made,
            "resampled": self.resampled,
            "failed": [{"picture": str(path), "error": error.as_dict()} for path, error in self.failed.items()],
            "seconds": round(seconds, 2),
        }


def _too_hidden(folder: RenderFolder, orders: Sequence[Order]) -> list[dict[str, Any]]:
    """The pictures of given scenes that show less of an object than their split's rules ask for."""
    found = []
    for order in orders:
        if hidden := folder.read(order.shot).get("too_hidden"):
            found.append({"picture": str(folder.picture(order.shot)), "objects": hidden})
    if found:
        some = ", ".join(Path(entry["picture"]).name for entry in found[:5]) + (", …" if len(found) > 5 else "")
        output.note(f"{len(found)} pictures show less of an object than their split's rules ask for: {some}")
    return found


def _set_up(args: argparse.Namespace) -> int:
    from engine.clevr.blender.installation import default_environment, set_up

    environment = args.environment or default_environment()
    question = (
        f"Blender (GPL) will be downloaded as a Python package, about 400 MB, and installed in {environment}, about "
        "1 GB; Boxpaint's own environment stays as it is."
    )
    if not args.yes:
        _ask(question)
    blender = set_up(environment, python=args.python, index=args.index, tell=output.note)
    output.emit(args, {"blender": str(blender.path)}, f"Blender is ready: {blender.path}")
    return 0


def _ask(question: str) -> None:
    if sys.stdin is None or not sys.stdin.isatty():
        raise BoxpaintError("nobody can be asked here.", "usage", field="--setup", hint=f"{question} Agree with --yes.")
    output.note(question)
    sys.stderr.write("Go on? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise BoxpaintError("nothing was set up.", "usage", hint="Answer y to agree.")
