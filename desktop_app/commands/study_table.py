"""``boxpaint study table``: the paper's main table for any models, with the ground truth above and chance below."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.commands import output
from desktop_app.commands.batch import paint_all, selection_of
from desktop_app.commands.detect import load_named
from desktop_app.commands.generate import read_layouts
from desktop_app.commands.options import settings_from
from desktop_app.commands.progress import ProgressLines
from desktop_app.exit_codes import CANCELLED, SOME_FAILED
from engine.errors import BoxpaintError
from engine.files import write_bytes

if TYPE_CHECKING:
    from engine.batch.items import ExportRun
    from engine.batch.table import Variant
    from engine.evaluation.evaluate import Question
    from engine.formats.dataset import Dataset

_OPTIONS = ("models", "pictures", "held_out")


def add_table_options(parser: argparse.ArgumentParser) -> None:
    """What the table takes besides the options of all studies."""
    group = parser.add_argument_group("table")
    group.add_argument(
        "--models",
        nargs="+",
        metavar="MODEL",
        help="its rows: names or folders, each with settings of its own if need be, as in clevr-mini:area=full,steps=6",
    )
    group.add_argument(
        "--pictures", type=Path, metavar="DIR", help="the ground truth's pictures (those beside the layouts)"
    )
    group.add_argument(
        "--held-out", type=float, metavar="N", help="only the last N layouts of each split, or that share of them"
    )


def refuse_table_options(args: argparse.Namespace) -> None:
    """BoxpaintError where another study is given one of them."""
    for name in _OPTIONS:
        if getattr(args, name) is not None:
            field = f"--{name.replace('_', '-')}"
            raise BoxpaintError(f"the study {args.study} has no such option.", "usage", field=field)


def run_table(args: argparse.Namespace) -> int:
    """Carry the command out."""
    from engine.batch.table import charts_of, parse_variant, rows_of, tables_of
    from engine.detection.fitting import prompts_of
    from engine.evaluation.evaluate import prepare_own_pictures, prepare_pictures
    from engine.files import make_folder

    variants = [parse_variant(text) for text in args.models or [args.model]]
    runs = _runs(args, variants)
    question = _question(args, read_layouts(args.dataset, args.layout_size))
    entries = question.dataset.entries
    detector = load_named(args.detector, args.device, prompts_of(entry.layout for entry in entries))
    progress = ProgressLines()
    make_folder(args.out)
    if args.pictures is None:
        truth = prepare_own_pictures(question, detector, on_progress=progress)
    else:
        truth = prepare_pictures(question, args.pictures, detector, on_progress=progress)
    failures: list[dict[str, Any]] = []
    painted = {}
    for model, run in runs:
        stopped = _paint(args, model, run, question, failures)
        if stopped:
            output.note("Stopped. What is finished is kept; the same command goes on.")
            return CANCELLED
        output.note(f"{run.name}: painted")
        painted[run.name] = prepare_pictures(question, args.out, detector, run=run.name, on_progress=progress)
    rows = rows_of(truth, painted, question.protocol)
    tables, drawn = tables_of(rows), charts_of(rows)
    files = {f"{table.name}{suffix}": text for table in tables for suffix, text in table.files().items()}
    files |= {f"{name}.svg": text for name, text in drawn.items()}
    for name, text in files.items():
        write_bytes(args.out / name, text.encode())
    data = {
        "study": args.study,
        "ground_truth": truth is not None,
        "rows": {row: {"pictures": pictures, **figures} for row, (figures, pictures) in rows.items()},
        "failed": failures,
        "files": [str(args.out / name) for name in files],
    }
    output.emit(args, data, "\n".join(table.markdown() for table in tables))
    return SOME_FAILED if failures else 0


def _runs(args: argparse.Namespace, variants: list[Variant]) -> list[tuple[str, ExportRun]]:
    """The model and the run of each row."""
    from engine.batch.items import make_runs
    from engine.models.catalogue import find_model

    runs: list[tuple[str, ExportRun]] = []
    for variant in variants:
        sweep = {name: [value] for name, value in variant.settings.items()}
        (run,) = make_runs(_row_name(variant.model, find_model(variant.model).name), settings_from(args), sweep)
        if any(run.name == other.name for _, other in runs):
            hint = "Name each of them once; folders need different names."
            raise BoxpaintError(f"two of them are called {run.name!r}.", "usage", field="--models", hint=hint)
        runs.append((variant.model, run))
    return runs


def _row_name(given: str, card_name: str) -> str:
    """A row's name: the model's, or that of the folder around one that is only called ``model``, as trainings write."""
    folder = Path(given)
    return folder.absolute().parent.name if card_name == "model" and folder.is_dir() else card_name


def _question(args: argparse.Namespace, dataset: Dataset) -> Question:
    from engine.batch.items import select
    from engine.evaluation.evaluate import Question
    from engine.evaluation.protocols import find_protocol

    if args.held_out is not None and not args.held_out > 0:
        raise BoxpaintError(f"it is {args.held_out:g}.", "usage", field="--held-out", hint="Give 0.2, or a number.")
    protocol = find_protocol(args.protocol)
    last = Question(dataset=dataset, protocol=protocol, held_out=args.held_out).chosen
    chosen = select(replace(dataset, entries=tuple(last)), selection_of(args))
    # Failed pictures are told, and left out of the scores like any that are missing.
    return Question(dataset=replace(dataset, entries=tuple(chosen)), protocol=protocol, allow=True)


def _paint(
    args: argparse.Namespace, model: str, run: ExportRun, question: Question, failures: list[dict[str, Any]]
) -> bool:
    """Paint a row's pictures, each model into the same export; whether it was stopped."""
    from engine.batch.items import make_items
    from engine.batch.painting import Extras

    with_model = argparse.Namespace(**{**vars(args), "model": model})
    outcome = paint_all(with_model, make_items(question.dataset.entries, [run]), [run], Extras())
    failures += outcome.failures
    return outcome.stopped
