"""What the commands that score share: their options, and the way from a command line to targets and detections."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.commands import output
from desktop_app.commands.attached import add_attached_option, progress_of, tell
from desktop_app.commands.convert import add_reading_options, read_dataset
from desktop_app.commands.detect import add_detector_options
from desktop_app.exit_codes import BAD_INPUT
from engine.errors import BoxpaintError

if TYPE_CHECKING:
    from engine.detection.protocol import Detector
    from engine.evaluation.evaluate import Prepared, Question, Told
    from engine.evaluation.preflight import PreflightError
    from engine.evaluation.verdicts import Verdicts


def add_scoring_options(parser: argparse.ArgumentParser) -> None:
    """The options that say what is scored and how."""
    parser.add_argument("pictures", nargs="?", type=Path, metavar="PICTURES", help="the folder of the pictures")
    parser.add_argument("--layouts", dest="input", required=True, metavar="DATASET", help="what should be in them")
    parser.add_argument("--protocol", default="layoutbench", help="layoutbench (default), layoutbench-coco or coco")
    parser.add_argument("--split", action="append", default=[], help="only this split; may be repeated")
    parser.add_argument(
        "--held-out",
        type=float,
        metavar="N",
        help="only the last N layouts of each split, or that share of them: what trainings leave out",
    )
    parser.add_argument("--allow-missing", action="store_true", help="go on in spite of what the preflight refuses")
    parser.add_argument(
        "--frechet", action="store_true", help="also Fréchet distances to the real pictures, on the detector's features"
    )
    parser.add_argument(
        "--fid",
        nargs="?",
        const="",
        metavar="FILE",
        help="also FID and SceneFID; FILE is Inception as TorchScript, where the extra fid is not installed",
    )
    parser.add_argument("--shuffled", action="store_true", help="also score against the layouts of other pictures")
    add_detector_options(parser)
    add_reading_options(parser)
    output.add_json_option(parser)
    add_attached_option(parser)


def question_of(args: argparse.Namespace) -> Question:
    """The question that the command line asks."""
    from engine.evaluation.evaluate import Question
    from engine.evaluation.protocols import find_protocol

    if (args.pictures is None) == (not args.detections):
        raise BoxpaintError(
            "either PICTURES or --detections is scored.", "usage", field="PICTURES", hint="Give one of the two."
        )
    if args.held_out is not None and not args.held_out > 0:
        raise BoxpaintError(f"it is {args.held_out:g}.", "usage", field="--held-out", hint="Give 0.2, or a number.")
    protocol = find_protocol(args.protocol)
    return Question(
        dataset=read_dataset(args),
        protocol=protocol,
        splits=tuple(args.split),
        allow=args.allow_missing,
        held_out=args.held_out,
    )


def look(args: argparse.Namespace, question: Question, detector: Detector, run: str | None) -> Prepared:
    """Targets of the folder's pictures, and what the detector finds in them."""
    from engine.evaluation.evaluate import prepare_pictures

    progress, told = progress_of(args), findings_teller(args)
    return prepare_pictures(question, args.pictures, detector, run=run, on_progress=progress, on_findings=told)


def findings_teller(args: argparse.Namespace) -> Told:
    """Tells the program that runs the command what the preflight saw, before anything is scored."""
    if not args.attached:
        return lambda findings: None
    return lambda findings: tell("preflight", [finding.as_dict() for finding in findings])


def judged(
    args: argparse.Namespace, question: Question, prepared: Prepared, detector: Detector | None
) -> tuple[Verdicts, int]:
    """The verdicts, and the number of objects whose steps could be looked at."""
    from engine.evaluation.steps import found_when_painted
    from engine.evaluation.verdicts import judge

    progress = progress_of(args)
    painted: dict[tuple[int, str], bool] = {}
    if detector is not None:
        painted = found_when_painted(
            prepared.entries,
            prepared.pictures,
            detector,
            question.protocol.size,
            lambda done, total: progress("detecting in steps", done, total),
        )
    return judge(prepared.truth, prepared.found, painted=painted), len(painted)


def check_distances(args: argparse.Namespace, question: Question, detector: Detector | None) -> None:
    """Whether the wanted distances can be told at all: asked before hours are spent on looking for objects.

    Raises:
        BoxpaintError: There are no pictures, no features, no weights of Inception, or no real pictures.
    """
    if not args.frechet and args.fid is None:
        return
    from engine.evaluation.frechet import reference_pictures
    from engine.evaluation.inception import find_weights

    field = "--frechet" if args.frechet else "--fid"
    if detector is None:
        hint = "Name the folder of the pictures instead of --detections."
        raise BoxpaintError("distances need pictures, not detections.", "usage", field=field, hint=hint)
    if args.frechet and getattr(detector, "features", None) is None:
        hint = "The built-in detector does; for others use --fid."
        raise BoxpaintError("this detector gives no features.", "usage", field="--frechet", hint=hint)
    if args.fid is not None:
        find_weights(Path(args.fid) if args.fid else None)
    reference_pictures(question.chosen)


def distances_of(args: argparse.Namespace, prepared: Prepared, detector: Detector | None) -> dict[str, float]:
    """The Fréchet distances that the command line asks for, by name."""
    from engine.evaluation.frechet import distances
    from engine.evaluation.inception import find_weights, load_inception

    progress, found = progress_of(args), {}
    if args.frechet:
        assert detector is not None, "check_distances refuses stored detections"
        whole, crops = distances(
            prepared.entries,
            prepared.pictures,
            detector.features,  # type: ignore[attr-defined]
            lambda done, total: progress("comparing", done, total),
        )
        # Never to be taken for FID: the name says what was compared.
        found[f"Fréchet distance ({detector.name} features, not FID)"] = whole
        found[f"Fréchet distance of crops ({detector.name} features, not SceneFID)"] = crops
    if args.fid is not None:
        inception = load_inception(find_weights(Path(args.fid) if args.fid else None))
        found["FID"], found["SceneFID"] = distances(
            prepared.entries, prepared.pictures, inception, lambda done, total: progress("FID", done, total)
        )
    return found


def tell_findings(prepared: Prepared) -> list[dict[str, Any]]:
    """Tell what the preflight saw; the findings as JSON values."""
    for finding in prepared.findings:
        output.note(f"note: {finding.text}")
    return [finding.as_dict() for finding in prepared.findings]


def refused(args: argparse.Namespace, error: PreflightError) -> int:
    """A refusal is an error like any other, with everything that was seen beside it."""
    for finding in error.findings:
        output.note(f"{'refused' if finding.refuses else 'note'}: {finding.seen}")
    if args.json:
        findings = [finding.as_dict() for finding in error.findings]
        output.print_line(json.dumps({"error": error.as_dict(), "preflight": findings}, ensure_ascii=False))
    output.note(f"boxpaint: {error}")
    return BAD_INPUT
