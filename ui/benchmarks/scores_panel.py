"""Scores of an export: the form, what the preflight saw, figures and charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ui.benchmarks.chart import BarChart
from ui.benchmarks.names import verdict_name
from ui.benchmarks.score_form import ScoreForm
from ui.benchmarks.table import FiguresTable
from ui.benchmarks.values import SURPLUS_VERDICTS, TARGET_VERDICTS, VERDICT_COLORS, Note, ScoredRun
from ui.comfort import reduced_motion
from ui.scrolled import scrolled
from ui.spoken import name_choice, show_news
from ui.tab_order import enable

FIGURES = ("AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl")
COUNTS = ("pictures", "targets", "detections")


class ScoresPanel(QWidget):
    """Asks for scores and shows them. It computes nothing."""

    score_wanted = Signal(bool)
    """Score; whether to go on in spite of what the preflight refused."""
    stop_wanted = Signal()
    report_wanted = Signal()
    pictures_wanted = Signal(str, str, str)
    """A bar of a chart was picked: run, split (or skill, or ``overall``) and verdict; the latter may be empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scoresPanel")
        self._busy = False
        self._scored: list[ScoredRun] = []
        self.form = ScoreForm(self)
        self.form.changed.connect(self._enable)
        self.score = QPushButton(self.tr("Score"), self)
        self.score.setObjectName("primary")
        self.score.clicked.connect(lambda: self.score_wanted.emit(False))
        self.stop = QPushButton(self.tr("Stop"), self)
        self.stop.setAccessibleName(self.tr("Stop scoring"))
        self.stop.clicked.connect(self.stop_wanted)
        self.report = QPushButton(self.tr("Report…"), self)
        self.report.setToolTip(self.tr("Write a page, tables and COCO files about the chosen runs"))
        self.report.clicked.connect(self.report_wanted)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of scoring"))
        self.state = QLabel(self)
        self.state.setObjectName("panelNote")
        self.state.setMargin(4)
        self.state.setWordWrap(True)
        self.run = QComboBox(self)
        name_choice(self.run, self.tr("Run whose scores are shown"))
        self.run.currentIndexChanged.connect(self._show_run)
        self._make_views()
        self._arrange()
        self.show_scored(())

    def _make_views(self) -> None:
        self.findings = QListWidget(self)
        self.findings.setObjectName("scoreFindings")
        self.findings.setAccessibleName(self.tr("What the preflight saw"))
        self.findings.setWordWrap(True)
        self.go_on = QPushButton(self.tr("Go on all the same"), self)
        self.go_on.setToolTip(self.tr("Score in spite of it; the findings say what is left out"))
        self.go_on.clicked.connect(lambda: self.score_wanted.emit(True))
        self.go_on.hide()
        self.precision = BarChart("precisionChart", self)
        self.precision.picked.connect(lambda row, run: self.pictures_wanted.emit(run, row, ""))
        self.verdicts = BarChart("verdictsChart", self, stacked=True)
        self.verdicts.picked.connect(lambda row, verdict: self.pictures_wanted.emit(self._name(), row, verdict))
        self.figures = FiguresTable("figuresTable", self.tr("Figures of splits and skills"), self)
        self.counts = FiguresTable("verdictsTable", self.tr("Verdicts of splits and skills"), self)
        self.classes = FiguresTable("classesTable", self.tr("Average precision of each class"), self)
        self.bins = FiguresTable("binsTable", self.tr("Fine-grained bins"), self)
        self.gains = FiguresTable("gainsTable", self.tr("What mending each kind of mistake would give"), self)
        self.distances = FiguresTable("distancesTable", self.tr("Distances to the dataset's own pictures"), self)

    def _arrange(self) -> None:
        scroll = scrolled(self.form, self)
        # The last field of the form; in a low window it would appear out of sight. Its place is known after layouting.
        self.form.fid.toggled.connect(
            lambda on: on and QTimer.singleShot(0, scroll, lambda: scroll.ensureWidgetVisible(self.form.inception))
        )
        buttons = QHBoxLayout()
        for button in (self.score, self.stop, self.report):
            buttons.addWidget(button)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 8)
        column.addWidget(scroll, 1)
        below = QVBoxLayout()
        below.setContentsMargins(10, 0, 10, 0)
        below.addWidget(self.progress)
        below.addWidget(self.state)
        below.addLayout(buttons)
        column.addLayout(below)
        charts = QWidget(self)
        drawn = QVBoxLayout(charts)
        drawn.addWidget(self.precision)
        drawn.addSpacing(12)
        drawn.addWidget(self.verdicts)
        drawn.addStretch(1)
        chart_scroll = scrolled(charts, self)
        seen = QWidget(self)
        seen_column = QVBoxLayout(seen)
        seen_column.addWidget(self.findings, 1)
        seen_column.addWidget(self.go_on, 0, Qt.AlignmentFlag.AlignRight)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("scoreTabs")
        self.tabs.setDocumentMode(True)
        for widget, title in (
            (chart_scroll, self.tr("Charts")),
            (self.figures, self.tr("Figures")),
            (self.counts, self.tr("Verdicts")),
            (self.classes, self.tr("Classes")),
            (self.bins, self.tr("Bins")),
            (self.gains, self.tr("Mending")),
            (self.distances, self.tr("Distances")),
            (seen, self.tr("Preflight")),
        ):
            self.tabs.addTab(widget, title)
        self._seen = seen
        right = QWidget(self)
        shown = QVBoxLayout(right)
        shown.addWidget(self.run)
        shown.addWidget(self.tabs, 1)
        halves = QSplitter(Qt.Orientation.Horizontal, self)
        halves.addWidget(left)
        halves.addWidget(right)
        halves.setStretchFactor(1, 1)
        halves.setSizes([290, 700])
        halves.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(halves)

    # -- what is under way

    def set_busy(self, busy: bool) -> None:
        """Whether scores are being computed."""
        self._busy = busy
        self.form.setEnabled(not busy)
        if busy:
            self.progress.setRange(0, 1 if reduced_motion() else 0)  # 0: it moves all the time
            self.go_on.hide()
        else:
            self.progress.setRange(0, 1)
            self.progress.reset()
        self._enable()

    def show_progress(self, text: str, done: int, total: int) -> None:
        """What is being done, and how far it is."""
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        self.state.setText(text)

    def say(self, text: str) -> None:
        """A sentence about the scores."""
        show_news(self, self.state, text)

    def show_findings(self, notes: Sequence[Note], *, refused: bool) -> None:
        """What the preflight saw; where it was refused, going on is offered."""
        self.findings.clear()
        for note in notes:
            item = QListWidgetItem(("✕ " if note.refuses else "• ") + note.text, self.findings)
            item.setToolTip(note.text)
        if not notes:
            self.findings.addItem(self.tr("Nothing to remark."))
        self.go_on.setVisible(refused)
        title = self.tr("Preflight ({})").format(len(notes)) if notes else self.tr("Preflight")
        self.tabs.setTabText(self.tabs.indexOf(self._seen), title)
        if notes:
            self.tabs.setCurrentWidget(self._seen)

    def show_charts(self) -> None:
        """Bring the charts into sight."""
        self.tabs.setCurrentIndex(0)

    def _enable(self) -> None:
        ready = not self._busy and self.form.complete
        enable({self.score: ready, self.stop: self._busy, self.report: ready})

    # -- scores

    def show_scored(self, runs: Sequence[ScoredRun]) -> None:
        """The runs that have scores; the shown one stays if it is among them."""
        former = self._name()
        self._scored = list(runs)
        self.run.blockSignals(True)
        self.run.clear()
        for run in runs:
            self.run.addItem(run.name, run.name)
        self.run.setCurrentIndex(max(self.run.findData(former), 0) if runs else -1)
        self.run.blockSignals(False)
        self.run.setVisible(len(runs) > 1)
        self._show_run()

    def _name(self) -> str:
        return self.run.currentData() or ""

    def _show_run(self) -> None:
        shown = next((run for run in self._scored if run.name == self._name()), ScoredRun("", {}))
        document = shown.document
        self._show_precisions()
        counts = {
            row: {name: values.get(name, 0) for name in TARGET_VERDICTS} for row, values in shown.verdicts().items()
        }
        names = {name: verdict_name(name) for name in VERDICT_COLORS}
        self.verdicts.show_rows(
            self.tr("What became of the objects"), counts, colors=VERDICT_COLORS, names=names, most=None
        )
        rows = shown.rows() if document else {}
        titles = (*FIGURES, self.tr("pictures"), self.tr("targets"), self.tr("detections"))
        cells = [[row, *(values.get(name) for name in (*FIGURES, *COUNTS))] for row, values in rows.items()]
        self.figures.set_rows([self.tr("Split or skill"), *titles], cells)
        verdicts = [
            [row, *(values.get(name, 0) for name in VERDICT_COLORS)] for row, values in shown.verdicts().items()
        ]
        heads = [verdict_name(name) for name in (*TARGET_VERDICTS, *SURPLUS_VERDICTS)]
        self.counts.set_rows([self.tr("Split or skill"), *heads], verdicts)
        classes: Mapping[str, float] = document.get("classes", {})
        self.classes.set_table(self.tr("Class"), ("AP",), {name: {"AP": value} for name, value in classes.items()})
        self._show_bins(document.get("bins", {}))
        self._show_gains(document.get("gains", {}))
        distances: Mapping[str, float] = document.get("distances", {})
        self.distances.set_rows([self.tr("Distance"), self.tr("Value")], [list(row) for row in distances.items()])
        # Most scores have none: a tab that is always empty would only take room.
        self.tabs.setTabVisible(self.tabs.indexOf(self.distances), bool(distances))

    def _show_precisions(self) -> None:
        rows: dict[str, dict[str, float]] = {}
        for run in self._scored:
            for row, values in run.rows().items():
                rows.setdefault(row, {})[run.name] = values.get("AP", -1.0)
        self.precision.show_rows(self.tr("Average precision (AP)"), rows, most=1.0)

    def _show_bins(self, bins: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
        titles = {
            "objects": self.tr("objects"),
            "box_side": self.tr("box side"),
            "aspect": self.tr("width : height"),
            "place": self.tr("distance from the centre"),
        }
        rows = [
            [titles.get(kind, kind), name, values["AP"], int(values["targets"])]
            for kind, entries in bins.items()
            for name, values in entries.items()
        ]
        self.bins.set_rows([self.tr("By"), self.tr("Bin"), "AP", self.tr("Objects")], rows)

    def _show_gains(self, gains: Mapping[str, Mapping[str, Any]]) -> None:
        rows = [
            [verdict_name(kind), int(values["count"]), values["AP"], values["AP50"]] for kind, values in gains.items()
        ]
        self.gains.set_rows([self.tr("Mistake"), self.tr("Count"), "AP +", "AP50 +"], rows)
