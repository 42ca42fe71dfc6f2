"""What a report is made of: runs with their scores and verdicts, and the tables and charts that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.evaluation.average_precision import FIGURES
from engine.evaluation.evaluate import Prepared
from engine.evaluation.fixes import KINDS
from engine.evaluation.protocols import Protocol
from engine.evaluation.report import charts
from engine.evaluation.report.tables import Cell, Table, figures_table
from engine.evaluation.scoring import Scores
from engine.evaluation.statistics import Difference, spread
from engine.evaluation.verdicts import SURPLUS_VERDICTS, TARGET_VERDICTS, Verdicts

SHOWN = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR100")


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run of a report.

    Attributes:
        name: Its name.
        prepared: Targets, detections, pictures and what the preflight saw.
        scores, verdicts, gains: What was computed from them.
        settings: How it was painted, where that is known.
    """

    name: str
    prepared: Prepared
    scores: Scores
    verdicts: Verdicts
    gains: Mapping[str, Mapping[str, float]]
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contents:
    """A report's content.

    Attributes:
        title: Its title.
        protocol: The protocol.
        runs: One or several runs on the same layouts.
        differences: For pairs of runs whether one is better.
        distances: Names and values of Fréchet distances, by run.
        facts: What else belongs in it: the detector, the dataset, versions.
    """

    title: str
    protocol: Protocol
    runs: Sequence[RunReport]
    differences: Mapping[tuple[str, str], Difference] = field(default_factory=dict)
    distances: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def tables(self) -> list[Table]:
        """Every table, those of several runs side by side first."""
        tables = [self._overview()]
        if len(self.runs) > 1:
            tables.append(self._spread())
        if self.differences:
            tables.append(self._differences())
        if any(self.distances.values()):
            columns = tuple(dict.fromkeys(name for values in self.distances.values() for name in values))
            title = "Fréchet distances to the dataset's own pictures (smaller is nearer)"
            tables.append(figures_table("distances", title, self.distances, columns, "run"))
        for run in self.runs:
            tables += self._of_run(run)
        return tables

    def charts(self) -> list[str]:
        """Every chart as SVG."""
        splits = self.runs[0].scores.splits
        aps = {split: {run.name: run.scores.splits[split]["AP"] for run in self.runs} for split in splits}
        aps["overall"] = {run.name: run.scores.overall["AP"] for run in self.runs}
        drawn = [charts.bars(aps, title="AP of each split", most=1.0)]
        for run in self.runs:
            tail = f" ({run.name})" if len(self.runs) > 1 else ""
            counts = run.verdicts.counts()
            rows = {**counts["splits"], "overall": counts["overall"]}
            targets = {row: {name: values[name] for name in TARGET_VERDICTS} for row, values in rows.items()}
            drawn.append(charts.stacked(targets, title=f"What became of the targets{tail}"))
            gained = {kind: {"AP": run.gains[kind]["AP"], "AP50": run.gains[kind]["AP50"]} for kind in KINDS}
            drawn.append(charts.bars(gained, title=f"What mending each kind of mistake would give{tail}"))
            for name, bins in run.scores.bins.items():
                values = {key: {"AP": entry["AP"]} for key, entry in bins.items()}
                drawn.append(charts.bars(values, title=f"AP by {name.replace('_', ' ')}{tail}", most=1.0))
        return drawn

    def _overview(self) -> Table:
        splits = list(self.runs[0].scores.splits)
        columns = ("run", *splits, "overall", *(("shuffled",) if any(run.scores.shuffled for run in self.runs) else ()))
        rows: list[tuple[Cell, ...]] = []
        for run in self.runs:
            row: list[Cell] = [run.name, *(run.scores.splits[split]["AP"] for split in splits)]
            row.append(run.scores.overall["AP"])
            if "shuffled" in columns:
                row.append(run.scores.shuffled.get("overall"))
            rows.append(tuple(row))
        return Table("overview", f"AP by split ({self.protocol.title})", columns, tuple(rows))

    def _spread(self) -> Table:
        splits = list(self.runs[0].scores.splits)
        rows: list[tuple[Cell, ...]] = []
        for split in (*splits, "overall"):
            values = [run.scores.splits[split] if split in splits else run.scores.overall for run in self.runs]
            spreads = spread(values)
            rows.append((split, *(str(spreads[name]) if spreads[name].runs else None for name in SHOWN)))
        return Table("spread", "Mean ± standard deviation over the runs", ("split", *SHOWN), tuple(rows))

    def _differences(self) -> Table:
        rows = tuple(
            (
                f"{one} − {other}",
                f"{item.value:+.3f}",
                f"{item.low:+.3f} … {item.high:+.3f}",
                f"{item.p:.3f}",
                _said(item),
            )
            for (one, other), item in self.differences.items()
        )
        columns = ("runs", "difference in AP", "95 % interval", "p", "real")
        return Table("differences", "Paired bootstrap over pictures", columns, rows)

    def _of_run(self, run: RunReport) -> list[Table]:
        scores, counts = run.scores, run.verdicts.counts()
        rows = {**scores.splits, **{f"skill {name}": values for name, values in scores.skills.items()}}
        verdicts = {**counts["splits"], "overall": counts["overall"]}
        classes = {label: {"AP": value} for label, value in scores.classes.items()}
        bins = {
            f"{name} {key}": {"AP": values["AP"], "targets": int(values["targets"])}
            for name, entries in scores.bins.items()
            for key, values in entries.items()
        }
        tail, name = (f" – {run.name}", f"_{run.name}") if len(self.runs) > 1 else ("", "")
        gains = {kind: {**values, "count": int(values["count"])} for kind, values in run.gains.items()}
        return [
            figures_table(f"splits{name}", f"All figures{tail}", {**rows, "overall": scores.overall}, FIGURES, "split"),
            figures_table(
                f"verdicts{name}", f"Verdicts{tail}", verdicts, (*TARGET_VERDICTS, *SURPLUS_VERDICTS), "split"
            ),
            figures_table(f"gains{name}", f"What mending gives{tail}", gains, ("count", "AP", "AP50"), "mistake"),
            figures_table(f"bins{name}", f"Fine-grained bins{tail}", bins, ("AP", "targets"), "bin"),
            figures_table(f"classes{name}", f"AP of each class{tail}", classes, ("AP",), "class"),
        ]


def _said(item: Difference) -> str:
    return "yes" if item.is_real else "no: it may be chance"
