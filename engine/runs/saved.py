"""Run folders as they lie on the disk, whole or damaged: what is left of a run is told as the events it once sent.

Light to import: the window reads them too. Nothing here refuses a folder because a part of it is broken; what cannot be
shown is told as ``StepLost`` with the reason, or in ``SavedRun.problems``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.events import (
    AnyEvent,
    DetectionsReady,
    DetectorReady,
    Frames,
    ModelPlaced,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunStarted,
    Step,
    StepFinished,
    StepLost,
    Terminal,
)
from engine.files import read_bytes
from engine.layout import Layout
from engine.runs.previews import png_size, read_previews
from engine.runs.records import PICTURES, RECORD, SCHEMA_VERSION, detections_from
from engine.runs.request import GenerationRequest

_LIMIT = 32 * 2**20
_STEP_FILE = re.compile(r"step_(\d{3,})_(\w+)\.png")
_MOST_STEPS = 12_000
"""A greater number is none of Boxpaint's: a layout has at most ten thousand objects."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as a list of runs shows it.

    Attributes:
        run: Its id; the folder's name where the record does not say.
        title: Its prompts, shortened.
        state: ``running``, ``finished``, ``cancelled``, ``failed`` or ``unknown``.
        created: ISO time, or empty.
        parent, kept: The run that it branches off, and after how many steps.
        seed: The run's seed, where known.
        composites: The finished steps' pictures by index.
        labels: What each planned step paints; empty for the background.
        problem: Why the record cannot be read; empty when it can.
    """

    run: str
    folder: str
    title: str
    state: str
    created: str
    parent: str | None
    kept: int
    seed: int | None
    composites: Mapping[int, str]
    labels: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SavedRun:
    """What a run folder holds.

    Attributes:
        run: The run's id.
        layout: What was painted; None where the record does not say.
        request: What was asked for; None where it cannot be read.
        events: The run's events, as if it were painted again in no time.
        problems: What could not be read, as sentences.
    """

    run: str
    folder: str
    layout: Layout | None
    request: GenerationRequest | None
    events: tuple[AnyEvent, ...]
    problems: tuple[str, ...]


def list_runs(root: Path) -> list[RunSummary]:
    """The runs in the folders right below ``root``, the newest first; folders that are no runs are passed over."""
    try:
        folders = [folder for folder in root.iterdir() if folder.is_dir() and _is_run(folder)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BoxpaintError(f"it cannot be read ({error.strerror or error}).", "run", file=str(root)) from error
    runs = [summary(folder) for folder in folders]
    return sorted(runs, key=lambda run: (run.created, run.run), reverse=True)


def summary(folder: Path) -> RunSummary:
    """A run folder's line in a list."""
    record, problem = _load(folder)
    request = _dict(record.get("request"))
    planned = [entry for entry in _list(record.get("planned")) if isinstance(entry, dict)]
    prompts = {item["id"]: item.get("prompt", "") for item in _objects(request)}
    labels = [
        ""
        if entry.get("kind") == "background"
        else str(prompts.get(str(entry.get("object"))) or entry.get("prompt") or "")
        for entry in planned
    ]
    parent = _dict(record.get("parent"))
    base = request.get("base")
    seed = _dict(request.get("settings")).get("seed")
    composites = {}
    for entry in _list(record.get("steps")):
        if isinstance(entry, dict) and isinstance(entry.get("index"), int):
            composites[entry["index"]] = str(folder / Path(str(entry.get("composite"))).name)
    if not record:
        composites = {index: kinds["composite"] for index, kinds in _files(folder).items() if "composite" in kinds}
    return RunSummary(
        run=str(record.get("id") or folder.name),
        folder=str(folder),
        title=", ".join(str(prompt) for prompt in prompts.values()) or folder.name,
        state=str(record.get("state", "unknown")),
        created=str(record.get("created") or ""),
        parent=parent.get("run") or (Path(base).name if isinstance(base, str) else None),
        kept=int(request["keep"]) if isinstance(request.get("keep"), int) else 0,
        seed=seed if isinstance(seed, int) else None,
        composites=composites,
        labels=tuple(labels),
        problem=problem,
    )


def read_run(folder: Path) -> SavedRun:
    """Everything that is left in a run folder.

    Raises:
        BoxpaintError: There is no such folder, or nothing of a run in it.
    """
    if not folder.is_dir():
        raise BoxpaintError("there is no such folder.", "run", file=str(folder))
    if not _is_run(folder):
        raise BoxpaintError("there is nothing of a run in it.", "run", file=str(folder), hint="Choose a run's folder.")
    record, problem = _load(folder)
    problems = [problem] if problem else []
    run = str(record.get("id") or folder.name)
    request = None
    if record:
        try:
            request = GenerationRequest.from_dict(record["request"], folder=str(folder))
        except (BoxpaintError, KeyError, TypeError, ValueError, AttributeError) as error:
            problems.append(f"{folder / RECORD}: its request cannot be read ({error!s}).")
    telling = _Telling(folder, record, run)
    events = tuple(telling.events())
    if telling.without_previews:
        index, reason = telling.without_previews[0]
        count = len(telling.without_previews)
        others = f" The same goes for {count - 1} more." if count > 1 else ""
        problems.append(f"Step {index + 1} has no denoising previews any more: {reason}.{others}")
    return SavedRun(run, str(folder), request.layout if request else None, request, events, tuple(problems))


class _Telling:
    """Turns a record and the files beside it into events."""

    def __init__(self, folder: Path, record: Mapping[str, Any], run: str) -> None:
        self._folder = folder
        self._record = record
        self._run = run
        self._files = _files(folder)
        self._sequence = -1
        self._size = self._picture_size()
        self.without_previews: list[tuple[int, str]] = []
        """Steps, by index, whose previews are told of but cannot be shown, and why; known after ``events``."""

    def events(self) -> Iterator[AnyEvent]:
        record = self._record
        entries = {
            entry["index"]: entry
            for entry in _list(record.get("steps"))
            if isinstance(entry, dict) and _index(entry.get("index"))
        }
        planned = {
            entry["index"]: entry
            for entry in _list(record.get("planned"))
            if isinstance(entry, dict) and _index(entry.get("index"))
        }
        last = max([*entries, *planned, *self._files], default=-1)
        steps = [self._step(index, entries.get(index) or planned.get(index) or {}) for index in range(last + 1)]
        settings = _dict(_dict(record.get("request")).get("settings"))
        yield RunStarted(
            *self._head(),
            folder=str(self._folder),
            width=self._size[0],
            height=self._size[1],
            steps=tuple(steps),
            compositing=str(settings.get("compositing", "paste")),
            pixels=str(settings.get("pixels", "exact")),
            notes=tuple(str(note) for note in _list(record.get("notes"))),
        )
        model = _dict(record.get("model"))
        if "placement" in model:
            words = (str(model.get(name)) for name in ("device", "precision", "placement", "reason"))
            # Runs from before weights could be quantised do not tell of it.
            yield replace(ModelPlaced(*self._head(), *words), quantize=str(model.get("quantize", "none")))
        detector = _dict(record.get("detector"))
        if detector:
            labels = tuple(str(label) for label in _list(detector.get("labels")))
            yield DetectorReady(
                *self._head(), str(detector.get("name", "")), labels, str(detector.get("problem") or "")
            )
        painted = {*entries, *self._files}
        for index in range(max(painted, default=-1) + 1):
            yield self._finished(index, entries.get(index))
            detections = detections_from(_dict(entries.get(index)).get("detections"))
            if detections is not None:
                yield DetectionsReady(*self._head(), index, detections)
        yield self._terminal(len(entries))

    def _head(self) -> tuple[str, int]:
        self._sequence += 1
        return self._run, self._sequence

    @staticmethod
    def _step(index: int, entry: Mapping[str, Any]) -> Step:
        kind = entry.get("kind")
        name, seed, wave = entry.get("object"), entry.get("seed"), entry.get("wave")
        return Step(
            index,
            kind if kind in ("foreground", "background", "whole") else "foreground",
            name if isinstance(name, str) else None,
            str(entry.get("prompt") or ""),
            seed if isinstance(seed, int) else None,
            wave if isinstance(wave, int) else None,
        )

    def _finished(self, index: int, entry: Mapping[str, Any] | None) -> StepFinished | StepLost:
        files = self._files.get(index, {})
        reasons, found = [], {}
        for kind in PICTURES:
            path = files.get(kind)
            if path is None:
                reasons.append(f"the {kind} is missing")
                continue
            reason = self._unusable(Path(path))
            if reason:
                reasons.append(f"{Path(path).name} {reason}")
            else:
                found[kind] = path
        if entry is None and self._record:
            reasons.insert(0, "the record does not tell of it")
        if reasons:
            text = "all its pictures are missing" if not files else "; ".join(reasons)
            return StepLost(*self._head(), index, found, f"{text}.")
        known = entry or {}
        drift = known.get("keep_drift")
        attempts = known.get("attempts")
        previews, problem = read_previews(self._folder, known)
        if problem:
            self.without_previews.append((index, problem))
        return StepFinished(
            *self._head(),
            index=index,
            seconds=_number(known.get("seconds")) or 0.0,
            frames=Frames(**found),
            drift=_number(drift),
            seed=known.get("seed") if "planned_seed" in known else None,
            attempts=attempts if isinstance(attempts, int) else 1,
            reused=bool(known.get("reused_from")),
            previews=previews,
        )

    def _unusable(self, path: Path) -> str:
        """Why a file is not a whole picture of the run's size; empty when it is. Its pixels are not decoded."""
        try:
            size = png_size(path)
        except BoxpaintError as error:
            return error.message
        return "" if size == self._size else f"is {size[0]} × {size[1]} pixels, not {self._size[0]} × {self._size[1]}"

    def _picture_size(self) -> tuple[int, int]:
        width, height = self._record.get("width"), self._record.get("height")
        if isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0:
            return width, height
        for kinds in self._files.values():
            for path in kinds.values():
                try:
                    return png_size(Path(path))
                except BoxpaintError:
                    continue  # told as a lost step
        return 1, 1

    def _terminal(self, finished: int) -> Terminal:
        state, picture = self._record.get("state"), self._record.get("picture")
        if state == "finished":
            path = str(self._folder / Path(str(picture)).name) if picture else ""
            return RunFinished(*self._head(), path, _number(self._record.get("seconds")) or 0.0)
        if state == "cancelled":
            return RunCancelled(*self._head(), finished)
        error = _dict(self._record.get("error"))
        message = str(error.get("message") or "how it ended is not known.")
        return RunFailed(*self._head(), kind=str(error.get("kind") or "run"), message=message, finished=finished)


def _load(folder: Path) -> tuple[dict[str, Any], str]:
    """A folder's record as far as it can be read, and why not all of it can."""
    file = folder / RECORD
    try:
        record = json.loads(read_bytes(file, limit=_LIMIT, kind="run"))
    except BoxpaintError as error:
        return {}, f"{error} The pictures are shown without it."
    except (ValueError, RecursionError) as error:
        return {}, f"{file}: it is not valid JSON ({error}). The pictures are shown without it."
    if not isinstance(record, dict):
        return {}, f"{file}: it is not the record of a run. The pictures are shown without it."
    version = record.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        return record, f"{file}: it was written by a newer Boxpaint; what this one understands of it is shown."
    return record, ""


def _is_run(folder: Path) -> bool:
    return (folder / RECORD).is_file() or bool(_files(folder))


def _files(folder: Path) -> dict[int, dict[str, str]]:
    """The step pictures by index and kind."""
    found: dict[int, dict[str, str]] = {}
    for path in sorted(folder.glob("step_*.png")):
        match = _STEP_FILE.fullmatch(path.name)
        if match and match[2] in PICTURES and int(match[1]) < _MOST_STEPS and path.is_file():
            found.setdefault(int(match[1]), {})[match[2]] = str(path)
    return found


def _objects(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    items = _list(_dict(request.get("layout")).get("objects"))
    return [item for item in items if isinstance(item, dict) and isinstance(item.get("id"), str)]


def _index(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST_STEPS


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
