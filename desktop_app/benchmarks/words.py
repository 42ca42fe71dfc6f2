"""From what is wanted to the words of a command line."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import BoxpaintError
from ui.benchmarks.values import ExportWish, ScoreWish

if TYPE_CHECKING:
    from ui.panels.run_options import RunOptions

_SWITCHES = (
    *("method", "steps", "guidance", "scheduler", "order", "compositing", "pixels", "area", "placement", "seed"),
    *("quantize", "safety_checker"),
)
"""Options of the generation panel that are options of the command line too, under the same name."""


def batch_words(wish: ExportWish, options: RunOptions) -> list[str]:
    """The command that paints an export."""
    words = ["batch", wish.dataset, "--out", wish.out, *_painting(options)]
    for name, value in (("name", wish.name), ("first", wish.first), ("sample", wish.sample), ("workers", wish.workers)):
        if value:
            words += [f"--{name}", str(value)]
    words += [word for split in wish.splits for word in ("--split", split)]
    words += [word for label in wish.labels for word in ("--label", label)]
    if wish.least or wish.most:
        words += ["--objects", f"{wish.least}-{wish.most or 10_000}"]
    words += [word for setting, values in wish.sweep for word in ("--sweep", f"{setting}={values}")]
    return words + [f"--{name}" for name in ("crops", "overlays", "iterations") if getattr(wish, name)]


def _painting(options: RunOptions) -> Iterator[str]:
    yield from ("--model", options.model)
    for name in _SWITCHES:
        value = getattr(options, name)
        if value is not None:
            yield from (f"--{name.replace('_', '-')}", str(value))
    for lora in options.loras:
        yield from ("--lora", lora)
    if options.width and options.height:
        yield from ("--size", f"{options.width}x{options.height}")


def resume_words(command: str, folder: Path, *, retry: bool) -> tuple[list[str], str]:
    """The command that goes on with an export, and the folder that it starts from.

    Args:
        command: What the export remembers of its command.
        folder: Where the export lies now; it may have been moved.
        retry: Whether failed pictures are tried again.

    Raises:
        BoxpaintError: It remembers none, or one that is not gone on with here: an export may come from anybody, and
            only painting on this machine is done without being asked.
    """
    try:
        kept = json.loads(command)
        words, start = list(map(str, kept["words"])), str(kept["folder"])
    except (ValueError, KeyError, TypeError) as error:
        raise BoxpaintError(
            "the export does not say how it was painted.",
            "input",
            file=str(folder),
            hint="Fill the form in as it was, and start it again: nothing is painted twice.",
        ) from error
    if words[:1] != ["batch"] or any(word.startswith("--ra") for word in words):  # --ray may be shortened
        raise BoxpaintError(
            "it is gone on with here only where `boxpaint batch` paints it on this machine.",
            "input",
            file=str(folder),
            hint=f"If you trust it, repeat its command in a terminal: {shlex.join(['boxpaint', *words])}",
        )
    words = [word for word in words if word not in ("--json", "--attached", "--retry-failed")]
    return [*words, "--out", str(folder), *(("--retry-failed",) if retry else ())], start


def evaluate_words(wish: ScoreWish, folder: Path, run: str) -> list[str]:
    """The command that scores a run and keeps its scores beside the pictures."""
    if wish.detections:
        words = ["evaluate", "--detections", wish.detections, "--keep", str(folder)]
    else:
        words = ["evaluate", str(folder), "--detector", wish.detector, "--keep"]
        words += _distances(wish)
    return [*words, "--run", run, *_scoring(wish)]


def report_words(wish: ScoreWish, folder: Path, out: Path) -> list[str]:
    """The command that writes a report about the runs."""
    if wish.detections:
        words = ["report", "--detections", wish.detections]
    else:
        words = ["report", str(folder), "--detector", wish.detector]
        words += [word for run in wish.runs for word in ("--run", run)]
        words += _distances(wish)
    return [*words, "--out", str(out), *_scoring(wish)]


def _distances(wish: ScoreWish) -> Iterator[str]:
    if wish.frechet:
        yield "--frechet"
    if wish.fid is not None:
        yield from ("--fid", wish.fid) if wish.fid else ("--fid",)


def _scoring(wish: ScoreWish) -> Iterator[str]:
    yield from ("--layouts", wish.layouts, "--protocol", wish.protocol)
    if wish.allow:
        yield "--allow-missing"
    if wish.shuffled:
        yield "--shuffled"
