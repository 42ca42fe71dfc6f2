"""``boxpaint evaluate``: scores of pictures, or of stored detections, by a published protocol."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.commands import output
from desktop_app.commands.detect import load
from desktop_app.commands.scoring import (
    add_scoring_options,
    distances_of,
    judged,
    look,
    question_of,
    refused,
    tell_findings,
)
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
    parser.add_argument("--detections", type=Path, metavar="RESULTS", help="COCO results, instead of pictures")
    parser.add_argument("--run", dest="run_name", metavar="NAME", help="the run, where the folder holds several")
    parser.add_argument("--why", action="store_true", help="say what became of every target, and what mending gives")
    parser.add_argument("--verdicts", type=Path, metavar="FILE", help="write every verdict as JSON lines")
    add_scoring_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out; what the preflight saw is told in any case."""
    # NumPy and torch load only for the commands that need them.
    from engine.evaluation.evaluate import prepare_results
    from engine.evaluation.preflight import PreflightError
    from engine.evaluation.scoring import score

    question = question_of(args)
    detector = None if args.detections else load(args)
    try:
        if detector is None:
            prepared = prepare_results(question, args.detections)
        else:
            prepared = look(question, args.pictures, detector, args.run_name)
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
    if args.why or args.verdicts:
        why = _explain(args, question, prepared, detector)
        data |= why
        text = f"{text}\n\n{why_table(why)}"
    output.emit(args, data, text)
    return 0


def _explain(
    args: argparse.Namespace, question: Question, prepared: Prepared, detector: Detector | None
) -> dict[str, Any]:
    """The verdicts in numbers, and what mending each kind of mistake would give."""
    from engine.evaluation.fixes import gains

    verdicts, steps = judged(question, prepared, detector)
    if args.verdicts:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in verdicts.rows())
        write_bytes(args.verdicts, "".join(lines).encode())
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
