"""``boxpaint study``: one question about iterative inpainting, one export, one figure."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from desktop_app.commands import output
from desktop_app.commands.batch import add_selection_options, add_worker_options, paint_all, selection_of
from desktop_app.commands.detect import DETECTOR_HELP, load_named, tell_unknown
from desktop_app.commands.generate import read_layouts
from desktop_app.commands.options import add_generation_options, settings_from
from desktop_app.commands.progress import ProgressLines
from desktop_app.commands.study_table import add_table_options, refuse_table_options, run_table
from desktop_app.exit_codes import CANCELLED, SOME_FAILED
from engine.errors import BoxpaintError
from engine.files import write_bytes
from engine.worker.protocol import DEFAULT_DETECTOR

TABLE = "table"
NAMES = ("steps", "waves", "orders", "compositing", "propagation", TABLE)


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "study",
        help="answer one question with one figure",
        description="Paints a dataset in the ways that a question needs, scores them, and draws one figure. steps, "
        "waves: quality against time. orders: painting orders. compositing: paste against repaint. propagation: "
        "objects as they were painted, and at the end. table: several models beside the ground truth, split by split. "
        "Started again it goes on where it was.",
    )
    parser.add_argument("study", choices=NAMES, help="which question")
    parser.add_argument("dataset", type=Path, metavar="DATASET", help="layouts in any known format")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where pictures and figure go")
    parser.add_argument("--values", metavar="A,B,…", help="values of the setting that is varied")
    parser.add_argument("--protocol", default="layoutbench", help="how pictures are scored (layoutbench)")
    parser.add_argument("--detector", default=DEFAULT_DETECTOR, help=DETECTOR_HELP)
    add_table_options(parser)
    add_selection_options(parser)
    add_worker_options(parser)
    add_generation_options(parser)
    output.add_json_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    return run_table(args) if args.study == TABLE else _run_study(args)


def _run_study(args: argparse.Namespace) -> int:
    from engine.batch.items import make_items, select
    from engine.batch.painting import Extras
    from engine.batch.studies import STUDIES, score_runs
    from engine.detection.fitting import check_fit, prompts_of
    from engine.evaluation.evaluate import Question
    from engine.evaluation.protocols import find_protocol
    from engine.models.catalogue import find_model

    study = STUDIES[args.study]
    if args.values and study.setting is None:
        raise BoxpaintError(f"the study {study.name} varies nothing.", "usage", field="--values", hint="Leave it out.")
    values = tuple(args.values.split(",")) if args.values else study.values
    refuse_table_options(args)
    protocol = find_protocol(args.protocol)
    runs = study.runs(f"{find_model(args.model).name}_{study.name}", settings_from(args), values)
    dataset = read_layouts(args.dataset, args.layout_size)
    chosen = select(dataset, selection_of(args))
    prompts = prompts_of(entry.layout for entry in chosen)
    tell_unknown(check_fit(args.detector, prompts))
    detector = load_named(args.detector, args.device, prompts)
    outcome = paint_all(args, make_items(chosen, runs), runs, Extras(iter=study.keeps_steps))
    if outcome.stopped:
        output.note("Stopped. What is finished is kept; the same command goes on.")
        return CANCELLED
    # Failed pictures are told, and left out of the scores like any that are missing.
    question = Question(dataset=replace(dataset, entries=tuple(chosen)), protocol=protocol, allow=True)
    scored = score_runs(args.out, [item.name for item in runs], question, detector, ProgressLines())
    figure, table = study.result(scored, detector, question)
    files = {".svg": figure, **table.files()}
    files = {f"{study.name}{suffix}": text for suffix, text in files.items()}
    for name, text in files.items():
        write_bytes(args.out / name, text.encode())
    data = {
        "study": study.name,
        "pictures": outcome.counts.total,
        "failed": list(outcome.failures),
        "rows": [dict(zip(table.columns, row, strict=True)) for row in table.rows],
        "files": [str(args.out / name) for name in files],
    }
    output.emit(args, data, f"{table.csv()}{args.out / f'{study.name}.svg'}")
    return SOME_FAILED if outcome.failures else 0
