"""``boxpaint evaluate``: scores of pictures, or of stored detections, by a published protocol."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.commands import output
from desktop_app.commands.convert import add_reading_options, read_dataset
from desktop_app.commands.detect import add_detector_options, load
from desktop_app.commands.progress import ProgressLines
from desktop_app.exit_codes import BAD_INPUT
from engine.errors import BoxpaintError
from engine.files import write_bytes

if TYPE_CHECKING:
    from engine.detection.protocol import Detector
    from engine.evaluation.evaluate import Prepared, Question
    from engine.evaluation.scoring import Scores

SHOWN = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR100")
"""Figures of the printed table; the JSON has all twelve."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "evaluate",
        help="score pictures or stored detections",
        description="Scores the pictures of a folder, found by their names, or the detections of a COCO results file.",
    )
    parser.add_argument("pictures", nargs="?", type=Path, metavar="PICTURES", help="the folder of the pictures")
    parser.add_argument("--detections", type=Path, metavar="RESULTS", help="COCO results, instead of pictures")
    parser.add_argument("--layouts", dest="input", required=True, metavar="DATASET", help="what should be in them")
    parser.add_argument("--protocol", default="layoutbench", help="layoutbench (default), layoutbench-coco or coco")
    parser.add_argument("--split", action="append", default=[], help="only this split; may be repeated")
    parser.add_argument(
        "--held-out",
        type=float,
        metavar="N",
        help="only the last N layouts of each split, or that share of them: what trainings leave out",
    )
    parser.add_argument("--run", dest="run_name", metavar="NAME", help="the run, where the folder holds several")
    parser.add_argument("--allow-missing", action="store_true", help="go on in spite of what the preflight refuses")
    parser.add_argument(
        "--why", action="store_true", help="also say what became of every target, and what fixing gives"
    )
    parser.add_argument("--verdicts", type=Path, metavar="FILE", help="write every verdict as JSON lines")
    parser.add_argument("--shuffled", action="store_true", help="also score against the layouts of other pictures")
    add_detector_options(parser)
    add_reading_options(parser)
    output.add_json_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out; what the preflight saw is told in any case."""
    # NumPy and torch load only for the commands that need them.
    from engine.evaluation.preflight import PreflightError
    from engine.evaluation.scoring import score

    try:
        question, prepared, detector = prepare(args)
    except PreflightError as error:
        return _refused(args, error)
    scores = score(prepared.truth, prepared.found, question.protocol, with_shuffled=args.shuffled)
    for finding in prepared.findings:
        output.note(f"note: {finding.text}")
    data = {
        "protocol": question.protocol.name,
        **scores.as_dict(),
        "preflight": [finding.as_dict() for finding in prepared.findings],
        "detector": detector.name if detector else None,
        "layouts": str(args.input),
        "pictures": str(args.pictures) if args.pictures else None,
        "detections": str(args.detections) if args.detections else None,
    }
    text = table(scores)
    if args.why or args.verdicts:
        why = explain(args, question, prepared, detector)
        data |= why
        text = f"{text}\n\n{why_table(why)}"
    output.emit(args, data, text)
    return 0


def prepare(args: argparse.Namespace) -> tuple[Question, Prepared, Detector | None]:
    """The question that the command line asks, what its scores come from, and the detector if one looked."""
    from engine.evaluation.evaluate import Question, prepare_pictures, prepare_results
    from engine.evaluation.protocols import find_protocol

    if (args.pictures is None) == (args.detections is None):
        raise BoxpaintError(
            "either PICTURES or --detections is scored.", "usage", field="PICTURES", hint="Give one of the two."
        )
    protocol = find_protocol(args.protocol)
    if args.held_out is not None and not args.held_out > 0:
        raise BoxpaintError(f"it is {args.held_out:g}.", "usage", field="--held-out", hint="Give 0.2, or a number.")
    question = Question(
        dataset=read_dataset(args),
        protocol=protocol,
        splits=tuple(args.split),
        allow=args.allow_missing,
        held_out=args.held_out,
    )
    if args.detections is not None:
        return question, prepare_results(question, args.detections), None
    detector = load(args)
    prepared = prepare_pictures(question, args.pictures, detector, run=args.run_name, on_progress=ProgressLines())
    return question, prepared, detector


def explain(
    args: argparse.Namespace, question: Question, prepared: Prepared, detector: Detector | None
) -> dict[str, Any]:
    """The verdicts in numbers, and what mending each kind of mistake would give."""
    from engine.evaluation.fixes import gains
    from engine.evaluation.steps import found_when_painted
    from engine.evaluation.verdicts import judge

    size, progress = question.protocol.size, ProgressLines()
    painted = {}
    if detector is not None:
        painted = found_when_painted(
            prepared.entries,
            prepared.pictures,
            detector,
            size,
            lambda done, total: progress("detecting in steps", done, total),
        )
    verdicts = judge(prepared.truth, prepared.found, painted=painted)
    if args.verdicts:
        write_bytes(
            args.verdicts, "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in verdicts.rows()).encode()
        )
    return {
        "verdicts": verdicts.counts(),
        "wrong_attributes": verdicts.details(),
        "steps_known": len(painted),
        "gains": gains(prepared.truth, prepared.found, question.protocol),
    }


def _refused(args: argparse.Namespace, error: Any) -> int:
    """A refusal is an error like any other, with everything that was seen beside it."""
    for finding in error.findings:
        output.note(f"{'refused' if finding.refuses else 'note'}: {finding.text}")
    if args.json:
        findings = [finding.as_dict() for finding in error.findings]
        output.print_line(json.dumps({"error": error.as_dict(), "preflight": findings}, ensure_ascii=False))
    output.note(f"boxpaint: {error}")
    return BAD_INPUT


def table(scores: Scores) -> str:
    """The figures as a table for people."""
    names = [*scores.splits, *scores.skills]
    width = max(map(len, (*names, "overall")))
    lines = [f"{'':{width}}  {'pictures':>8}  " + "  ".join(f"{name:>6}" for name in SHOWN)]
    if scores.shuffled:
        lines[0] += "  shuffled"
    for name, values in scores.splits.items():
        lines.append(_line(name, values, width, scores.counts[name]["pictures"], scores.shuffled.get(name)))
    if len(scores.splits) > 1:
        lines += (_line(name, values, width) for name, values in scores.skills.items() if name not in scores.splits)
    total = sum(count["pictures"] for count in scores.counts.values())
    lines.append(_line("overall", scores.overall, width, total, scores.shuffled.get("overall")))
    return "\n".join(lines)


def why_table(why: dict[str, Any]) -> str:
    """The verdicts of each split, and the gains, as tables for people."""
    counts = why["verdicts"]
    rows = {**counts["splits"], "overall": counts["overall"]}
    width = max(map(len, rows))
    names = list(counts["overall"])
    lines = [f"{'':{width}}  " + "  ".join(names)]
    lines += (
        f"{row:{width}}  " + "  ".join(f"{values[name]:>{len(name)}}" for name in names) for row, values in rows.items()
    )
    if why["wrong_attributes"]:
        lines.append("wrong: " + ", ".join(f"{name} {count}" for name, count in why["wrong_attributes"].items()))
    lines += ("", f"{'mending':16}{'count':>8}{'AP +':>8}{'AP50 +':>8}")
    lines += (
        f"{name:16}{values['count']:>8}{values['AP']:>8.3f}{values['AP50']:>8.3f}"
        for name, values in why["gains"].items()
    )
    return "\n".join(lines)


def _line(
    name: str, values: dict[str, float], width: int, pictures: int | None = None, shuffled: float | None = None
) -> str:
    figures = "  ".join(f"{values[figure]:6.3f}" if values[figure] >= 0 else f"{'–':>6}" for figure in SHOWN)
    tail = "" if shuffled is None else f"  {shuffled:8.3f}"
    return f"{name:{width}}  {'' if pictures is None else pictures:>8}  {figures}{tail}"
