"""``boxpaint evaluate``: scores of pictures, or of stored detections, by a published protocol."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.commands import output
from desktop_app.commands.attached import stop_with_input
from desktop_app.commands.detect import load
from desktop_app.commands.scoring import (
    add_scoring_options,
    check_distances,
    distances_of,
    findings_teller,
    judged,
    look,
    question_of,
    refused,
    tell_findings,
)
from engine.errors import BoxpaintError
from engine.files import write_bytes

if TYPE_CHECKING:
    from engine.evaluation.evaluate import Prepared, Question
    from engine.evaluation.scoring import Scores
    from engine.evaluation.verdicts import Verdicts

SHOWN = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR100")
"""Figures of the printed table; the JSON has all twelve."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "evaluate",
        help="score pictures or stored detections",
        description="Scores the pictures of a folder, found by their names, or the detections of a COCO results file.",
    )
    parser.add_argument("--detections", type=Path, metavar="RESULTS", help="COCO results, instead of pictures")
    parser.add_argument("--run", dest="run_name", metavar="NAME", help="the run, where the folder holds several")
    parser.add_argument("--why", action="store_true", help="say what became of every target, and what mending gives")
    parser.add_argument("--verdicts", type=Path, metavar="FILE", help="write every verdict as JSON lines")
    parser.add_argument(
        "--keep",
        nargs="?",
        const="",
        metavar="EXPORT",
        help="keep scores and verdicts beside the pictures, where the window shows them; with --detections name EXPORT",
    )
    add_scoring_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out; what the preflight saw is told in any case."""
    # NumPy and torch load only for the commands that need them.
    from engine.evaluation.evaluate import prepare_results
    from engine.evaluation.kept_scores import keep_scores
    from engine.evaluation.per_picture import picture_scores
    from engine.evaluation.preflight import PreflightError
    from engine.evaluation.scoring import match_all, score

    stop_with_input(args)
    question = question_of(args)
    keeping = _keeping(args)
    detector = None if args.detections else load(args, question.prompts)
    check_distances(args, question, detector)
    try:
        if detector is None:
            prepared = prepare_results(question, args.detections, on_findings=findings_teller(args))
        else:
            prepared = look(args, question, detector, args.run_name)
    except PreflightError as error:
        return refused(args, error)
    scores = score(prepared.truth, prepared.found, question.protocol, with_shuffled=args.shuffled)
    data = {
        "protocol": question.protocol.name,
        **scores.as_dict(),
        "preflight": tell_findings(prepared),
        "detector": detector.name if detector else None,
        "layouts": str(args.input),
        "pictures": str(args.pictures) if args.pictures else None,
        "detections": str(args.detections) if args.detections else None,
    }
    text = table(scores)
    if distances := distances_of(args, prepared, detector):
        data["distances"] = distances
        text += "\n" + "".join(f"\n{name}: {value:.3f}" for name, value in distances.items())
    if args.why or args.verdicts or keeping:
        verdicts, steps = judged(args, question, prepared, detector)
        data |= why(question, prepared, verdicts, steps)
        text = f"{text}\n\n{why_table(data)}"
        if args.verdicts:
            lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in verdicts.rows())
            write_bytes(args.verdicts, "".join(lines).encode())
        if keeping:
            pictures = list(picture_scores(match_all(prepared.truth, prepared.found), verdicts))
            data["kept"] = [str(path) for path in keep_scores(*keeping, data, pictures)]
    output.emit(args, data, text)
    return 0


def _keeping(args: argparse.Namespace) -> tuple[Path, str] | None:
    """The folder beside whose pictures the scores are kept, and the run that they are of; None where they are not."""
    from engine.batch.overview import is_export, read_overview

    if args.keep is None:
        return None
    folder = Path(args.keep) if args.keep else args.pictures
    if folder is None:
        raise BoxpaintError("it has no folder.", "usage", field="--keep", hint="With --detections, name the export.")
    if not folder.is_dir():
        raise BoxpaintError("there is no such folder.", "usage", file=str(folder), field="--keep")
    runs = list(read_overview(folder, scores=False, limited=False).runs) if is_export(folder) else []
    if args.run_name is None and len(runs) > 1:
        hint = f"Name one with --run: {', '.join(runs)}."
        raise BoxpaintError("the export has several runs.", "usage", file=str(folder), field="--keep", hint=hint)
    if args.run_name is not None and runs and args.run_name not in runs:
        hint = f"There are: {', '.join(runs)}."
        raise BoxpaintError(f"there is no run {args.run_name!r}.", "usage", file=str(folder), field="--run", hint=hint)
    return folder, args.run_name or (runs[0] if runs else folder.absolute().name)


def why(question: Question, prepared: Prepared, verdicts: Verdicts, steps: int) -> dict[str, Any]:
    """The verdicts in numbers, and what mending each kind of mistake would give."""
    from engine.evaluation.fixes import gains

    return {
        "verdicts": verdicts.counts(),
        "wrong_attributes": verdicts.details(),
        "steps_known": steps,
        "gains": gains(prepared.truth, prepared.found, question.protocol),
    }


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
