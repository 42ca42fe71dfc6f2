"""The paper's main table for any models: AP of every split, with the ground truth above and chance below.

Rows are the dataset's own pictures, the same pictures with the layouts of others (chance), and one run for each model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import BoxpaintError
from engine.evaluation.evaluate import Prepared
from engine.evaluation.protocols import Protocol, skill_of
from engine.evaluation.report import charts
from engine.evaluation.report.tables import Cell, Table
from engine.evaluation.scoring import Figures, Scores, mean_figures, score, shuffled
from engine.formats.layoutbench_root import SKILLS

FIGURES = ("AP", "AP50", "AP75")
"""One table for each."""

GROUND_TRUTH = "ground truth"
MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Variant:
    """A row's model, and what is set otherwise than by the command's options.

    Attributes:
        model: Name or folder of the model.
        settings: Settings by name, with their values as written.
    """

    model: str
    settings: Mapping[str, str]


def parse_variant(text: str) -> Variant:
    """``"clevr-mini"`` or ``"clevr-mini:area=full,order=random"`` as a variant.

    Raises:
        BoxpaintError: What stands behind the colon is no list of settings.
    """
    model, colon, tail = text.rpartition(":")
    if not colon or "=" not in tail:
        return Variant(text, {})
    settings = {}
    for part in tail.split(","):
        name, equals, value = part.partition("=")
        if not name or not equals or not value or name in settings:
            hint = "Write it like clevr-mini:area=full,order=random."
            raise BoxpaintError(f"{text!r} is no model with settings.", "usage", field="--models", hint=hint)
        settings[name] = value
    return Variant(model, settings)


def chance(prepared: Prepared, protocol: Protocol) -> Scores:
    """The scores of the same pictures against the layouts of other pictures of their split."""
    return score(shuffled(prepared.truth), prepared.found, protocol)


def rows_of(
    truth: Prepared | None, runs: Mapping[str, Prepared], protocol: Protocol
) -> dict[str, tuple[dict[str, Figures], int]]:
    """For each row of the table the figures by split, with their mean, and the number of pictures.

    The mean is that of the splits that belong to the benchmark's four skills, or of all where none does: splits that
    only say how a model does on what it was trained on are shown beside it.
    """
    rows = {}
    if truth is not None:
        rows[GROUND_TRUTH] = _row(score(truth.truth, truth.found, protocol), truth)
        rows[f"shuffled {GROUND_TRUTH}"] = _row(chance(truth, protocol), truth)
    for number, (name, prepared) in enumerate(runs.items()):
        rows[name] = _row(score(prepared.truth, prepared.found, protocol), prepared)
        if truth is None and number == 0:
            rows[f"shuffled {name}"] = _row(chance(prepared, protocol), prepared)
    return rows


def _row(scores: Scores, prepared: Prepared) -> tuple[dict[str, Figures], int]:
    of_skills = [values for split, values in scores.splits.items() if skill_of(split) in SKILLS]
    mean = mean_figures(of_skills or scores.splits.values())
    return {**scores.splits, MEAN: mean}, len(prepared.truth.images)


def tables_of(rows: Mapping[str, tuple[Mapping[str, Figures], int]]) -> list[Table]:
    """One table for each figure: a row for each model, a column for each split."""
    splits = list(dict.fromkeys(split for figures, _ in rows.values() for split in figures if split != MEAN))
    made = []
    for name in FIGURES:
        listed: list[tuple[Cell, ...]] = []
        for row, (figures, pictures) in rows.items():
            values = [figures[split][name] if split in figures else None for split in (*splits, MEAN)]
            listed.append((row, pictures, *values))
        title = f"{name} of each split, and the mean of those of the four skills"
        made.append(Table(f"table_{name}", title, ("model", "pictures", *splits, MEAN), tuple(listed)))
    return made


def charts_of(rows: Mapping[str, tuple[Mapping[str, Figures], int]]) -> dict[str, str]:
    """Charts as SVG by name: AP and AP50 of each split, and AP of each skill."""
    made = {}
    for name in FIGURES[:2]:
        bars = {
            split: {row: figures[split][name] for row, (figures, _) in rows.items() if split in figures}
            for split in tables_of(rows)[0].columns[2:]
        }
        made[f"table_{name}"] = charts.bars(bars, title=f"{name} of each split", most=1.0)
    skills = {}
    for skill in SKILLS:
        means = {
            row: mean_figures(values for split, values in figures.items() if skill_of(split) == skill)["AP"]
            for row, (figures, _) in rows.items()
        }
        if any(value >= 0 for value in means.values()):
            skills[skill] = means
    if skills:
        made["table_skills"] = charts.bars(skills, title="AP of each skill: the mean of its splits", most=1.0)
    return made
