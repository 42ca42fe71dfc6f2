"""``boxpaint generate``: paint one layout, or every layout in a file, through the engine process."""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop_app.commands.detect import tell_unknown
from desktop_app.commands.options import (
    add_generation_options,
    add_patience_option,
    parse_size,
    settings_from,
    whole_number,
)
from desktop_app.commands.output import add_json_option, emit, note, note_again
from desktop_app.exit_codes import CANCELLED, SOME_FAILED
from engine.detection.fitting import check_fit, prompts_of
from engine.errors import BoxpaintError
from engine.events import (
    AnyEvent,
    DenoisePreview,
    DetectorReady,
    ModelLoading,
    ModelPlaced,
    RunCancelled,
    RunFailed,
    RunStarted,
    StepFinished,
)
from engine.files import make_folder
from engine.formats.registry import Dataset, Entry, read
from engine.inpainting.methods import make_plan
from engine.inpainting.settings import GenerationSettings
from engine.models.card import ModelCard
from engine.models.catalogue import find_model
from engine.models.placement import placed_words
from engine.progress import RunProgress, readable
from engine.runs.contact_sheet import write_contact_sheet
from engine.runs.records import read_record
from engine.runs.request import AUTO_DETECTOR, GenerationRequest, Retry, check_retry, new_run_id
from engine.watchdog import Patience, Stall
from engine.worker.client import EngineClient

_ENDING = (signal.SIGINT, signal.SIGTERM)
"""Signals that ask the command to end."""

_REPLACEMENTS = 2
"""Engines that may hang over one layout before it counts as failed."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser("generate", help="paint one layout, or every layout in a file")
    parser.add_argument("layout", type=Path, metavar="LAYOUT", help="a layout file in any known format")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="where each run gets a folder of its own"
    )
    parser.add_argument("--contact-sheet", action="store_true", help="also write one picture of all steps per run")
    parser.add_argument(
        "--layout-size",
        type=parse_size,
        metavar="WxH",
        help="pixels that the file's boxes are measured in, where the file does not say (--size is the painted size)",
    )
    add_generation_options(parser)
    group = parser.add_argument_group("looking")
    group.add_argument(
        "--detector",
        default=AUTO_DETECTOR,
        metavar="NAME",
        help="what looks at every step: a name from `boxpaint models list`, a folder, none, or auto (default): "
        "the built-in one if it knows any of the prompts",
    )
    group.add_argument(
        "--retry",
        type=whole_number,
        metavar="N",
        help="paint an object up to N times, with other seeds, until the detector finds it; the best one stays",
    )
    parser.add_argument(
        "--previews", action="store_true", help="keep rough pictures of the denoising, to be scrubbed in the window"
    )
    add_patience_option(
        parser,
        "replace an engine that gets nothing done for so long, and go on from the finished steps "
        "(default: say so, and wait)",
    )
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Paint; the exit code. Bad input is told before the engine is started."""
    settings = replace(settings_from(args), previews=args.previews)
    looking = _looking(args, settings)
    card = find_model(args.model)
    dataset = read_layouts(args.layout, args.layout_size)
    for warning in dataset.warnings:
        note(f"{args.layout}: {warning}")
    for entry in dataset.entries:
        _check(entry, settings, card, args.layout)
    if looking["detector"] not in (None, AUTO_DETECTOR):
        tell_unknown(check_fit(looking["detector"], prompts_of(entry.layout for entry in dataset.entries)))
    out = make_folder(args.out)
    return asyncio.run(_Generation(args, settings, looking, out).paint_all(dataset.entries))


def _looking(args: argparse.Namespace, settings: GenerationSettings) -> dict[str, Any]:
    """What the request says of detector and retries; what cannot be is refused before any time is spent."""
    detector: str | None = None if args.detector == "none" else args.detector
    if detector not in (None, AUTO_DETECTOR):
        from engine.detection.loading import find_detector

        find_detector(detector)
    retry = Retry(attempts=args.retry) if args.retry is not None else None
    check_retry(retry, detector, settings)
    return {"detector": detector, "retry": retry}


def read_layouts(file: Path, size: tuple[int, int] | None) -> Dataset:
    """The layouts of a file; ``size`` is that of the file's boxes where it does not say."""
    try:
        return read(file, size=size)
    except BoxpaintError as error:
        # Elsewhere --size is the layout's size; here it is the painted picture's.
        error.hint = error.hint and error.hint.replace("--size", "--layout-size")
        raise


def _check(entry: Entry, settings: GenerationSettings, card: ModelCard, file: Path) -> None:
    try:
        make_plan(entry.layout, settings, card)
    except BoxpaintError as error:
        error.file = error.file or str(file)
        raise


class _Generation:
    """The runs of one call, one after the other."""

    def __init__(
        self, args: argparse.Namespace, settings: GenerationSettings, looking: dict[str, Any], out: Path
    ) -> None:
        self._args = args
        self._settings = settings
        self._looking = looking
        self._out = out
        self._results: list[dict[str, Any]] = []
        self._failed = 0
        self._client = EngineClient(patience=_patience(args), on_stall=self._stalled)
        self._gave_up = False
        self._current: str | None = None
        self._placed = ""
        self._cancelled = False

    async def paint_all(self, entries: tuple[Entry, ...]) -> int:
        async with self._client, self._cancel_on_interrupt():
            for number, entry in enumerate(entries, start=1):
                label = entry.name if len(entries) == 1 else f"[{number}/{len(entries)}] {entry.name}"
                await self._paint(entry, label)
                if self._cancelled:
                    break
        single = len(entries) == 1 and len(self._results) == 1
        if self._results or not self._failed:
            lines = [result["picture"] or result["run"] for result in self._results]
            emit(self._args, self._results[0] if single else self._results, "\n".join(lines))
        if self._cancelled:
            note("Cancelled. Finished steps are kept.")
            return CANCELLED
        return SOME_FAILED if self._failed else 0

    async def _paint(self, entry: Entry, label: str) -> None:
        request = GenerationRequest(
            run=new_run_id(),
            layout=entry.layout,
            settings=self._settings,
            model=self._args.model,
            folder=str(_free_folder(self._out, entry.name)),
            **self._looking,
        )
        last, finished = await self._follow(request, label)
        for _ in range(_REPLACEMENTS):
            if not self._gave_up or self._cancelled:
                break
            kept = finished if request.settings.pixels == "exact" else 0
            request = replace(
                request,
                run=new_run_id(),
                folder=str(_free_folder(self._out, entry.name)),
                base=request.folder if kept else None,
                keep=kept,
            )
            last, finished = await self._follow(request, label)
        self._failed += isinstance(last, RunFailed)
        folder = Path(request.folder)
        if (folder / "run.json").is_file():
            if self._args.contact_sheet:
                note(f"{label}: contact sheet {write_contact_sheet(folder, folder / 'contact_sheet.png')}")
            self._results.append(_result(folder))

    async def _follow(self, request: GenerationRequest, label: str) -> tuple[AnyEvent | None, int]:
        """Paint a request and tell it; its last event, and how many steps were finished."""
        self._current, self._gave_up = request.run, False
        progress = RunProgress()
        last: AnyEvent | None = None
        async for last in self._client.run(request):
            progress.update(last)
            self._tell(last, progress, label)
        return last, progress.finished

    def _stalled(self, stall: Stall | None) -> None:
        """The engine gets nothing done. Without --patience that is only said: it may be a slow model."""
        if stall is None:
            note("The engine has got on.")
        elif self._args.patience is None:
            note(f"{stall.text.capitalize()} Waiting; Ctrl+C cancels, and ends the engine at once when pressed again.")
        else:
            self._gave_up = True
            self._client.kill("it got nothing done within --patience")

    @property
    def _wants_detector(self) -> bool:
        """Whether one was asked for: that the usual one knows none of the prompts is nothing to tell."""
        return self._looking["retry"] is not None or self._looking["detector"] != AUTO_DETECTOR

    def _tell_placing(self, event: ModelPlaced, label: str) -> None:
        placed = placed_words(event)
        if event.problem:
            note(f"{label}: {event.problem} ({placed})")
        elif placed != self._placed:
            note(f"{label}: the model works on {placed}: {event.reason}")
        self._placed = placed

    def _tell(self, event: AnyEvent, progress: RunProgress, label: str) -> None:
        if isinstance(event, ModelLoading):
            note(f"{label}: loading model {event.model} …")
        elif isinstance(event, RunStarted):
            self._prompts = [step.prompt for step in event.steps]
            note(f"{label}: {len(event.steps)} steps, {event.width}×{event.height} pixels, in {event.folder}")
            for sentence in event.notes:
                note(f"{label}: {sentence}")
        elif isinstance(event, ModelPlaced):
            self._tell_placing(event, label)
        elif isinstance(event, StepFinished):
            left = progress.seconds_left
            eta = f", about {readable(left)} left" if left and progress.finished < progress.steps else ""
            prompt = self._prompts[event.index]
            times = f" in {event.attempts} attempts" if event.attempts > 1 else ""
            took = f"took {event.seconds:.2f} s{times}"
            note(f"{label}: step {progress.finished}/{progress.steps} {prompt!r} {took}{eta}")
        elif isinstance(event, DetectorReady) and event.problem and self._wants_detector:
            note(f"{label}: {event.problem}")
        elif isinstance(event, DenoisePreview):
            note_again(f"{label}: {progress.share:4.0%}")
        elif isinstance(event, RunFailed):
            note(f"{label}: {event.text}")
        elif isinstance(event, RunCancelled):
            self._cancelled = True

    @asynccontextmanager
    async def _cancel_on_interrupt(self) -> AsyncIterator[None]:
        """Ctrl+C, or being asked to end, cancels the run under way, which keeps its finished steps; twice, at once."""

        def cancel() -> None:
            if self._cancelled:
                self._client.kill("it was interrupted")
                return
            note("Cancelling after the present denoising step; once more ends it at once.")
            self._cancelled = True
            if self._current is not None:
                self._client.cancel(self._current)

        loop = asyncio.get_running_loop()
        try:
            for number in _ENDING:
                loop.add_signal_handler(number, cancel)
        except NotImplementedError:
            # Windows: asyncio has no signal handlers there; Ctrl+C then ends the call, finished steps are on the disk.
            yield
            return
        try:
            yield
        finally:
            for number in _ENDING:
                loop.remove_signal_handler(number)


def _patience(args: argparse.Namespace) -> Patience:
    """What --patience says holds for every condition of the engine."""
    if args.patience is None:
        return Patience()
    seconds = 60 * args.patience
    return Patience(silent=seconds, idle=seconds, calculating=seconds, pulse=min(1.0, seconds / 4))


def _free_folder(out: Path, name: str) -> Path:
    """A folder for the run that does not exist yet: nothing is ever overwritten."""
    folder = out / name
    number = 2
    while folder.exists():
        folder = out / f"{name}-{number}"
        number += 1
    return folder


def _result(folder: Path) -> dict[str, Any]:
    """A run as the command's JSON output tells it."""
    record = read_record(folder)
    pictures = ("context", "mask", "raw", "composite")
    return {
        "run": str(folder),
        "state": record["state"],
        "picture": str(folder / record["picture"]) if record["picture"] else None,
        "seconds": record["seconds"],
        "steps": [
            {
                **{
                    name: entry[name]
                    for name in ("index", "kind", "object", "prompt", "seed", "wave", "seconds", "attempts")
                },
                "detections": entry["detections"],
                **{name: str(folder / entry[name]) for name in pictures},
            }
            for entry in record["steps"]
        ],
    }
