"""The studies that answer the paper's open questions: each is an export, its scores, and one figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean

from engine.batch.items import ExportRun, make_runs
from engine.batch.ledger import Ledger
from engine.detection.protocol import Detector
from engine.errors import BoxpaintError
from engine.evaluation.detecting import detect_files, detect_images
from engine.evaluation.evaluate import Prepared, Question, prepare_pictures
from engine.evaluation.report import charts
from engine.evaluation.report.tables import Cell, Table
from engine.evaluation.scoring import score
from engine.evaluation.steps import is_hit, painted_objects
from engine.inpainting.methods import make_plan
from engine.inpainting.orders import ORDERS
from engine.inpainting.settings import CHOICES, GenerationSettings
from engine.models.card import read_card


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A run of a study.

    Attributes:
        prepared: Its pictures and detections.
        overall: Its overall figures.
        seconds: Mean seconds that a picture took.
        settings: How it was painted.
        model: Folder of its model.
    """

    prepared: Prepared
    overall: Mapping[str, float]
    seconds: float
    settings: GenerationSettings
    model: str


Scored = Mapping[str, ScoredRun]
"""The scored runs by name."""


@dataclass(frozen=True, slots=True)
class Study:
    """A study.

    Attributes:
        name: What ``boxpaint study`` takes.
        about: One line for people.
        setting: The setting that is varied; None = a single run.
        values: Its values by default.
        changes: Where values stand for other settings than that one: what each of them sets.
        keeps_steps: Whether the steps' pictures are needed.
        result: Makes the figure and the table from the scored runs.
    """

    name: str
    about: str
    setting: str | None
    values: tuple[str, ...]
    keeps_steps: bool
    result: Callable[[Scored, Detector, Question], tuple[str, Table]]
    changes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def runs(self, name: str, settings: GenerationSettings, values: Sequence[str]) -> list[ExportRun]:
        """The runs that answer the question.

        Args:
            name: Beginning of the runs' names.
            settings: What all of them share.
            values: The values of the setting.

        Raises:
            BoxpaintError: A value is wrong, or cannot be part of a folder's name.
        """
        if self.setting is None:
            return make_runs(name, settings, {})
        if not self.changes:
            return make_runs(name, settings, {self.setting: values})
        for value in values:
            if value not in self.changes:
                hint = f"There are: {', '.join(self.changes)}."
                raise BoxpaintError(f"it is {value!r}.", "usage", field="--values", hint=hint)
        return [
            ExportRun(f"{name}_{self.setting}-{value}", replace(settings, **self.changes[value]))  # type: ignore[arg-type]
            for value in values
        ]


def score_runs(
    folder: Path,
    runs: Sequence[str],
    question: Question,
    detector: Detector,
    on_progress: Callable[[str, int, int], None],
) -> Scored:
    """Score every run of an export."""
    ledger = Ledger(folder)
    try:
        seconds = {run: [row["seconds"] for row in ledger.finished(run)] for run in runs}
        known = ledger.runs()
        reasons = {failure["run"]: failure["message"] for failure in reversed(ledger.failures())}
    finally:
        ledger.close()
    scored = {}
    for run in runs:
        if not seconds[run]:
            why = reasons.get(run, "none was finished.")
            raise BoxpaintError(f"none of its pictures could be painted: {why}", "output", file=str(folder), item=run)
        prepared = prepare_pictures(question, folder, detector, run=run, on_progress=on_progress)
        scored[run] = ScoredRun(
            prepared,
            score(prepared.truth, prepared.found, question.protocol).overall,
            mean(seconds[run]),
            GenerationSettings.from_dict(known[run]["settings"]),
            known[run]["model"]["folder"],
        )
    return scored


def _value(run: str) -> str:
    """The value of the varied setting in the name of a run: ``"12"`` of ``"clevr-mini_steps-12"``."""
    return run.rsplit("_", 1)[-1].split("-", 1)[-1]


def _steps(scored: Scored, detector: Detector, question: Question) -> tuple[str, Table]:
    rows = [(int(_value(name)), run.seconds, run.overall) for name, run in scored.items()]
    rows.sort(key=lambda row: row[0])
    figure = charts.lines(
        {name: [(seconds, overall[name]) for _, seconds, overall in rows] for name in ("AP", "AP50")},
        title="Quality against time, by the number of denoising steps",
        x_title="seconds per picture",
        y_title="AP",
        marks={"AP": [f"{steps} steps" for steps, _, _ in rows]},
    )
    cells: list[tuple[Cell, ...]] = [
        (steps, round(seconds, 3), overall["AP"], overall["AP50"]) for steps, seconds, overall in rows
    ]
    return figure, Table("steps", "Denoising steps", ("steps", "seconds per picture", "AP", "AP50"), tuple(cells))


def _waves(scored: Scored, detector: Detector, question: Question) -> tuple[str, Table]:
    """Quality against time, by how many steps are painted together."""
    rows = [(_value(name), _mean_waves(run), run.seconds, run.overall) for name, run in scored.items()]
    rows.sort(key=lambda row: row[1])
    figure = charts.lines(
        {name: [(seconds, overall[name]) for _, _, seconds, overall in rows] for name in ("AP", "AP50")},
        title="Quality against time, by the number of waves",
        x_title="seconds per picture",
        y_title="AP",
        marks={"AP": [f"{value}: {waves:.1f} waves" for value, waves, _, _ in rows]},
    )
    cells: list[tuple[Cell, ...]] = [
        (value, round(waves, 3), round(seconds, 3), overall["AP"], overall["AP50"])
        for value, waves, seconds, overall in rows
    ]
    columns = ("waves", "waves per picture", "seconds per picture", "AP", "AP50")
    return figure, Table("waves", "Steps painted together", columns, tuple(cells))


def _mean_waves(run: ScoredRun) -> float:
    """The mean number of waves of a picture: of calls of the model for each denoising step."""
    card = read_card(Path(run.model))
    plans = [make_plan(entry.layout, run.settings, card) for entry in run.prepared.entries]
    return mean(len({step.index if step.wave is None else step.wave for step in plan.steps}) for plan in plans)


def _compared(title: str, column: str) -> Callable[[Scored, Detector, Question], tuple[str, Table]]:
    def result(scored: Scored, detector: Detector, question: Question) -> tuple[str, Table]:
        rows = {_value(name): run.overall for name, run in scored.items()}
        figure = charts.bars(
            {value: {name: overall[name] for name in ("AP", "AP50")} for value, overall in rows.items()},
            title=title,
            most=1.0,
        )
        cells: list[tuple[Cell, ...]] = [(value, overall["AP"], overall["AP50"]) for value, overall in rows.items()]
        return figure, Table(column, title, (column, "AP", "AP50"), tuple(cells))

    return result


def _propagation(scored: Scored, detector: Detector, question: Question) -> tuple[str, Table]:
    """Share of objects that are found right after they were painted, and in the final picture, by their step."""
    (run,) = scored.values()
    prepared = run.prepared
    painted = list(painted_objects(prepared.entries, prepared.pictures))
    size = question.protocol.size
    then = list(detect_images([item.picture for item in painted], detector, size))
    last = list(detect_files(list(prepared.pictures), detector, size))
    by_step: dict[int, list[tuple[bool, bool]]] = {}
    for item, found in zip(painted, then, strict=True):
        both = is_hit(item.item, found), is_hit(item.item, last[item.image])
        by_step.setdefault(item.step + 1, []).append(both)
    rows: list[tuple[Cell, ...]] = [
        (step, len(pairs), mean(pair[0] for pair in pairs), mean(pair[1] for pair in pairs))
        for step, pairs in sorted(by_step.items())
    ]
    title = "Error propagation: objects found as painted, and at the end"
    steps = sorted(by_step)
    shares = {
        name: [(float(step), mean(pair[place] for pair in by_step[step])) for step in steps]
        for place, name in enumerate(("as painted", "at the end"))
    }
    figure = charts.lines(shares, title=title, x_title="step in which the object was painted", y_title="share found")
    return figure, Table("propagation", title, ("step", "objects", "as painted", "at the end"), tuple(rows))


WAVES: Mapping[str, Mapping[str, str]] = {
    "sequential": {"waves": "sequential"},
    "auto": {"waves": "auto"},
    "parallel": {"method": "iterinpaint-parallel"},
}
"""From as many waves as there are steps to two. All objects at once need a text encoder that reads them all."""

STUDIES: dict[str, Study] = {
    study.name: study
    for study in (
        Study("steps", "quality against time, by denoising steps", "steps", ("3", "6", "12", "25"), False, _steps),
        Study(
            "waves",
            "quality against time, by steps painted together",
            "waves",
            ("sequential", "auto"),
            False,
            _waves,
            WAVES,
        ),
        Study("orders", "quality by painting order", "order", tuple(ORDERS), False, _compared("AP by order", "order")),
        Study(
            "compositing",
            "paste against repaint",
            "compositing",
            CHOICES["compositing"],
            False,
            _compared("AP by compositing", "compositing"),
        ),
        Study("propagation", "objects as painted, and at the end", None, (), True, _propagation),
    )
}
