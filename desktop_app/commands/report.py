"""``boxpaint report``: everything about one or several runs as a page, tables and COCO files."""

from __future__ import annotations

import argparse
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.commands import output
from desktop_app.commands.attached import stop_with_input
from desktop_app.commands.detect import load
from desktop_app.commands.scoring import (
    add_scoring_options,
    check_distances,
    distances_of,
    judged,
    look,
    question_of,
    refused,
    tell_findings,
)

if TYPE_CHECKING:
    from engine.detection.protocol import Detector
    from engine.evaluation.evaluate import Prepared, Question
    from engine.evaluation.report.contents import RunReport
    from engine.evaluation.statistics import Difference


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "report",
        help="score one or several runs, and write a page, tables and COCO files",
        description="Scores like evaluate. Several runs, of several seeds or settings, are put side by side, with mean "
        "and deviation, and with a paired bootstrap that says whether one is better than another.",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder of the report")
    parser.add_argument("--detections", type=Path, action="append", default=[], metavar="RESULTS", help="COCO results")
    parser.add_argument(
        "--run", dest="runs", action="append", default=[], metavar="NAME", help="a run; may be repeated"
    )
    parser.add_argument("--title", default="Benchmark report", help="title of the page")
    parser.add_argument("--samples", type=int, default=1000, metavar="N", help="resamplings of the bootstrap (1000)")
    add_scoring_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    from engine.evaluation.preflight import PreflightError
    from engine.evaluation.report.contents import Contents
    from engine.evaluation.report.files import versions, write_report

    stop_with_input(args)
    question = question_of(args)
    detector = None if args.detections else load(args, question.prompts)
    check_distances(args, question, detector)
    reports, findings = [], []
    distances: dict[str, dict[str, float]] = {}
    try:
        for name, prepared in _runs(args, question, detector):
            output.note(f"{name}: {len(prepared.truth.images)} pictures, {len(prepared.truth.image)} targets")
            findings.append({"run": name, "findings": tell_findings(prepared)})
            reports.append(_report(args, name, question, prepared, detector))
            distances[name] = distances_of(args, prepared, detector)
    except PreflightError as error:
        return refused(args, error)
    differences = _differences(reports, question, args.samples)
    facts = {
        "layouts": str(args.input),
        "detector": detector.name if detector else "stored detections",
        **versions(),
    }
    contents = Contents(args.title, question.protocol, reports, differences, distances, facts)
    files = [*write_report(args.out, contents), *_write_duels(args.out, reports)]
    data = {
        "protocol": question.protocol.name,
        "files": [str(path) for path in files],
        "runs": [{"name": item.name, **item.scores.as_dict(), "verdicts": item.verdicts.counts()} for item in reports],
        "differences": [{"runs": list(pair), **difference.as_dict()} for pair, difference in differences.items()],
        "distances": distances,
        "preflight": findings,
    }
    lines = [f"{item.name}: AP {item.scores.overall['AP']:.3f}" for item in reports]
    output.emit(args, data, "\n".join([*lines, str(files[0])]))
    return 0


def _runs(args: argparse.Namespace, question: Question, detector: Detector | None) -> Iterator[tuple[str, Prepared]]:
    from engine.evaluation.evaluate import prepare_results

    if detector is None:
        for path in args.detections:
            yield path.stem, prepare_results(question, path)
        return
    for name in args.runs or [None]:
        yield name or args.pictures.name or "pictures", look(args, question, detector, name)


def _report(
    args: argparse.Namespace, name: str, question: Question, prepared: Prepared, detector: Detector | None
) -> RunReport:
    from engine.evaluation.fixes import gains
    from engine.evaluation.report.contents import RunReport
    from engine.evaluation.scoring import score

    verdicts, _ = judged(args, question, prepared, detector)
    return RunReport(
        name,
        prepared,
        score(prepared.truth, prepared.found, question.protocol, with_shuffled=args.shuffled),
        verdicts,
        gains(prepared.truth, prepared.found, question.protocol),
        _settings(args.pictures).get(name, {}),
    )


def _settings(folder: Path | None) -> dict[str, Any]:
    """The settings of an export's runs, where the pictures are one."""
    from engine.batch.overview import is_export, read_overview

    if folder is None or not is_export(folder):
        return {}
    states = read_overview(folder, scores=False, limited=False).runs
    runs = {name: {"settings": state.settings, "model": state.model} for name, state in states.items()}
    # Pictures of a single run need not be named.
    return {**runs, folder.name: next(iter(runs.values()))} if len(runs) == 1 else runs


def _write_duels(folder: Path, reports: list[RunReport]) -> list[Path]:
    """Picture by picture, where each run wins and loses against the first one, as JSON files; their paths."""
    from engine.evaluation.kept_scores import compare
    from engine.evaluation.per_picture import picture_scores
    from engine.evaluation.scoring import match_all
    from engine.files import write_json

    if len(reports) < 2:
        return []
    scored = []
    for item in reports:
        rows = picture_scores(match_all(item.prepared.truth, item.prepared.found), item.verdicts)
        scored.append({score.key: (score, detail) for score, detail in rows})
    written = []
    for item, rows_of_run in zip(reports[1:], scored[1:], strict=True):
        duels = []
        for duel in compare([score for score, _ in scored[0].values()], [score for score, _ in rows_of_run.values()]):
            first, second = (rows[duel.split, duel.name][1].found for rows in (scored[0], rows_of_run))
            duels.append({**duel.as_dict(), "won": sorted(second - first), "lost": sorted(first - second)})
        counts = Counter(duel["outcome"] for duel in duels)
        written.append(folder / f"pictures_{item.name}_against_{reports[0].name}.json")
        content = {"first": reports[0].name, "second": item.name, "outcomes": dict(counts), "pictures": duels}
        write_json(written[-1], content)
    return written


def _differences(reports: list[RunReport], question: Question, samples: int) -> dict[tuple[str, str], Difference]:
    """Every run against the first one."""
    from engine.evaluation.scoring import match_all
    from engine.evaluation.statistics import paired_bootstrap

    matched = {item.name: match_all(item.prepared.truth, item.prepared.found) for item in reports}
    return {
        (one.name, other.name): paired_bootstrap(
            matched[one.name], matched[other.name], question.protocol, samples=samples
        )
        for one, other in itertools.product(reports[1:], reports[:1])
    }
