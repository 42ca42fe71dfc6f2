"""An export at a glance: its runs, splits and pictures with their states and scores, read without touching anything.

    overview = read_overview(folder)          # raises BoxpaintError where there is no export
    overview.runs["clevr-mini"].counts.done
    overview.runs["clevr-mini"].summary       # what `boxpaint evaluate --json` printed, or None
    for picture in overview.pictures: ...     # every picture of every run, in the order of painting
    steps_of(folder, picture)                 # the pictures of its steps, read when they are wanted
    read_detail(folder, picture.run, *picture.key)    # its targets and their verdicts, of engine.evaluation.kept_scores

Everything comes from the export's state file and from ``boxpaint-scores`` (see `engine.evaluation.kept_scores`), which
``boxpaint evaluate OUT --layouts DATASET --run RUN --keep`` writes. No picture is opened and no folder is walked: 8,000
pictures take a fraction of a second, while an export is at work too.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NoReturn

from engine.batch.ledger import COMMAND, DATASET, FILE, SCHEMA, Counts, explained
from engine.databases import refuse_foreign
from engine.errors import BoxpaintError
from engine.evaluation.kept_scores import PictureScore, read_picture_scores, read_summary, scored_runs
from engine.evaluation.step_files import read_steps, steps_folder
from engine.formats.checks import bad, mapping, number, placed, sequence, shown, text
from engine.formats.dataset import is_safe_name

MAX_PICTURES, MAX_LABELS, MAX_RUNS = 50_000, 500_000, 1000
"""Most pictures, labels of all their objects, and runs of an export: with so many it is shown in about a second."""

_STATES = tuple(each.name for each in fields(Counts))


@dataclass(frozen=True, slots=True)
class PictureState:
    """One picture of an export.

    Attributes:
        run, split, name: Which one; the name is that of its layout.
        state: ``open``, ``claimed`` (being painted), ``done`` or ``failed``.
        labels: The prompts of its visible objects, in their order; empty too for exports of older versions.
        path: Its file within the export; None until it is painted.
        seconds: Time that painting took.
        error: Why it failed: the fields of a ``BoxpaintError``.
        score: Its AP and how often each verdict was given, where the run was scored.
    """

    run: str
    split: str
    name: str
    state: str
    labels: tuple[str, ...] = ()
    path: str | None = None
    seconds: float | None = None
    error: Mapping[str, Any] | None = None
    score: PictureScore | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Split and name: the same picture has the same key in every run."""
        return self.split, self.name


@dataclass(frozen=True, slots=True)
class RunState:
    """One run of an export.

    Attributes:
        name: Its name.
        settings: The generation settings as JSON values.
        model: ``name``, ``folder`` and ``fingerprint`` of its model.
        counts: Its pictures by state.
        summary: The document that ``boxpaint evaluate --json`` printed; None where it was not scored.
        stale: Number of pictures that were painted and are not among the scored ones.
    """

    name: str
    settings: Mapping[str, Any]
    model: Mapping[str, Any]
    counts: Counts
    summary: Mapping[str, Any] | None = None
    stale: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """An export.

    Attributes:
        folder: Its folder.
        dataset: The path of the layouts that it was last planned from, where that is known.
        command: The command that last painted it, as `engine.batch.ledger.COMMAND` has it, where that is known.
        runs: Its runs by name, in the order in which they were planned.
        pictures: What was asked for last, and what is finished of what was asked for before: run after run, in the
            order of painting.
        problems: What could not be read of the scores, in sentences.
    """

    folder: Path
    dataset: str | None
    runs: Mapping[str, RunState]
    pictures: tuple[PictureState, ...]
    problems: tuple[str, ...] = ()
    command: str | None = None
    splits: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "splits", tuple(dict.fromkeys(picture.split for picture in self.pictures)))

    def counts(self, *, run: str | None = None, split: str | None = None) -> Counts:
        """The pictures by state, of one run or split."""
        states = Counter(
            item.state for item in self.pictures if run in (None, item.run) and split in (None, item.split)
        )
        return Counts(**states)


@dataclass(frozen=True, slots=True)
class StepFiles:
    """A step that was kept: its record (``object``, ``kind``, ``prompt``, ``seconds`` …) and its pictures' paths."""

    record: Mapping[str, Any]
    context: Path
    mask: Path
    generated: Path


def is_export(folder: Path) -> bool:
    """Whether a folder holds an export's state."""
    return (folder / FILE).is_file()


def read_overview(folder: Path, *, scores: bool = True, limited: bool = True) -> Overview:
    """Read an export. Nothing is changed; a running export is not disturbed.

    Args:
        folder: The export's folder.
        scores: Whether kept scores are read too; without them, looking again while it paints costs less.
        limited: Whether more than can be shown in a window is refused.

    Raises:
        BoxpaintError: There is no export, or its state is damaged. Damaged scores are told in ``problems`` instead.
    """
    path = folder / FILE
    if not path.is_file():
        raise BoxpaintError(
            "there is no export in this folder.",
            "output",
            file=str(folder),
            hint=f"Name a folder that `boxpaint batch` filled: it holds {FILE}.",
        )
    with explained(path):
        facts, runs, rows, labels = _read(path)
    try:
        known = {text(name, field="facts"): text(value, field="facts") for name, value in facts}
        models, pictures = _runs(runs), _pictures(rows, labels)
        if limited:
            _refuse_too_much(models, pictures)
    except BoxpaintError as error:
        raise placed(error, file=str(path)) from error.__cause__
    problems: list[str] = []
    scored: dict[str, dict[tuple[str, str], PictureScore]] = {}
    summaries: dict[str, Mapping[str, Any]] = {}
    for run in scored_runs(folder) if scores else ():
        try:
            summaries[run] = read_summary(folder, run)
            scored[run] = {score.key: score for score in read_picture_scores(folder, run)}
        except BoxpaintError as error:
            problems.append(str(error))
    if scored:
        pictures = tuple(replace(one, score=scored.get(one.run, {}).get(one.key)) for one in pictures)
    states = _run_states(models, pictures, summaries)
    return Overview(folder, known.get(DATASET), states, pictures, tuple(problems), known.get(COMMAND))


def steps_of(folder: Path, picture: PictureState) -> list[StepFiles]:
    """The kept steps of a picture, in order; empty where steps were not kept (``--iterations``).

    Raises:
        BoxpaintError: The record of the steps is damaged.
    """
    if picture.path is None:
        return []
    steps = steps_folder(folder / picture.path)
    return [
        StepFiles(record, *(steps / f"{number}_{kind}.png" for kind in ("context", "mask", "generated")))
        for number, record in enumerate(read_steps(steps))
    ]


def _read(path: Path) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    # Read-only: looking at an export creates nothing, and takes no lock that a worker would wait for.
    database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=60)
    try:
        refuse_foreign(database, SCHEMA)
        facts = database.execute("SELECT name, value FROM facts").fetchall()
        runs = database.execute("SELECT name, settings, model FROM runs ORDER BY rowid").fetchall()
        rows = database.execute(
            "SELECT run, split, items.name, state, picture, seconds, error FROM items JOIN runs ON runs.name = run"
            " WHERE wanted OR state = 'done' ORDER BY runs.rowid, position"
        ).fetchall()
        known = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'layouts'").fetchone()
        layouts = database.execute("SELECT split, name, labels FROM layouts").fetchall() if known else []
    finally:
        database.close()
    return facts, runs, rows, layouts


def _json(value: object, field: str) -> Any:
    try:
        return json.loads(text(value, field=field))
    except (ValueError, RecursionError) as error:
        raise bad(f"it is no JSON that can be read: {shown(value)}.", field=field) from error


def _runs(rows: list[Any]) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Settings and model of each run."""
    return {
        _name(name, "run"): (
            mapping(_json(settings, "settings"), field="settings"),
            mapping(_json(model, "model"), field="model"),
        )
        for name, settings, model in rows
    }


def _pictures(rows: list[Any], layouts: list[Any]) -> tuple[PictureState, ...]:
    """The pictures without their scores; nothing of them leads out of the export's folder."""
    labels = {
        (split, name): tuple(
            text(prompt, field="labels") for prompt in sequence(_json(prompts, "labels"), field="labels")
        )
        for split, name, prompts in layouts
    }
    return tuple(
        PictureState(
            _name(run, "run"),
            _name(split, "split"),
            _name(name, "name"),
            state if state in _STATES else _no("state", state),
            labels.get((split, name), ()),
            _inside(picture) if picture is not None and state == "done" else None,
            seconds if seconds is None else number(seconds, field="seconds"),
            mapping(_json(error, "error"), field="error") if error and state == "failed" else None,
        )
        for run, split, name, state, picture, seconds, error in rows
    )


def _refuse_too_much(runs: Mapping[str, Any], pictures: tuple[PictureState, ...]) -> None:
    objects = sum(len(picture.labels) for picture in pictures)
    for count, most, what in (
        (len(runs), MAX_RUNS, "runs"),
        (len(pictures), MAX_PICTURES, "pictures"),
        (objects, MAX_LABELS, "objects"),
    ):
        if count > most:
            raise bad(f"it has more than {most} {what}.", hint="Paint fewer into one folder.")


def _name(value: Any, field: str) -> str:
    return value if is_safe_name(value) else _no(field, value)


def _inside(picture: Any) -> str:
    inside = isinstance(picture, str) and all(map(is_safe_name, picture.split("/")))
    return picture if inside else _no("picture", picture)


def _no(field: str, value: object) -> NoReturn:
    raise bad(f"the {field} of a picture is {shown(value)}.", field=field, hint="This export was not made by Boxpaint.")


def _run_states(
    runs: Mapping[str, tuple[dict[str, Any], dict[str, Any]]],
    pictures: tuple[PictureState, ...],
    summaries: Mapping[str, Mapping[str, Any]],
) -> dict[str, RunState]:
    states: dict[str, Counter[str]] = {}
    unscored: Counter[str] = Counter()
    for picture in pictures:
        states.setdefault(picture.run, Counter())[picture.state] += 1
        unscored[picture.run] += picture.state == "done" and picture.score is None
    return {
        name: RunState(
            name,
            settings,
            model,
            Counts(**states[name]),
            summaries.get(name),
            unscored[name] if name in summaries else 0,
        )
        for name, (settings, model) in runs.items()
        if name in states
    }
