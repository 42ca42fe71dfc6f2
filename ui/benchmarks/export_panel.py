"""Exporting a benchmark: the form, the buttons, and how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.progress import readable
from ui.benchmarks.export_form import ExportForm
from ui.benchmarks.values import Failure, RunCount
from ui.scrolled import scrolled
from ui.spoken import show_news
from ui.tab_order import enable

_SHOWN = 500
"""Failures that are listed; their number is told in any case."""


class ExportPanel(QWidget):
    """Asks for an export and follows it. It starts nothing itself."""

    start_wanted = Signal()
    stop_wanted = Signal()
    resume_wanted = Signal(bool)
    """Go on with the open export; whether failed pictures are tried again."""

    def __init__(
        self,
        axes: Sequence[tuple[str, str, str]],
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("exportPanel")
        self._clock = clock
        self._begun: tuple[float, int] | None = None
        self._busy = False
        self._left = self._failed = 0
        self.form = ExportForm(axes, self)
        self.form.changed.connect(self._enable)
        self.start = QPushButton(self.tr("Start"), self)
        self.start.setObjectName("primary")
        self.start.clicked.connect(self.start_wanted)
        self.stop = QPushButton(self.tr("Stop"), self)
        self.stop.setToolTip(self.tr("End after the present denoising step; what is painted is kept"))
        self.stop.clicked.connect(self.stop_wanted)
        self.resume = QPushButton(self.tr("Go on"), self)
        self.resume.setToolTip(self.tr("Paint what the open export still lacks"))
        self.resume.clicked.connect(lambda: self.resume_wanted.emit(False))
        self.retry = QPushButton(self.tr("Retry failed"), self)
        self.retry.setToolTip(self.tr("Go on with the open export, and try the failed pictures again"))
        self.retry.clicked.connect(lambda: self.resume_wanted.emit(True))
        self.state = QLabel(self)
        self.state.setWordWrap(True)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the export"))
        self.runs = self._tree("exportRuns", self.tr("Runs of the export"))
        self.runs.setHeaderLabels([self.tr("Run"), self.tr("Painted"), self.tr("Failed"), self.tr("Of")])
        self.failures = self._tree("exportFailures", self.tr("Pictures that failed"))
        self.failures.setHeaderLabels([self.tr("Failed picture"), self.tr("Why")])
        self.failures.setWordWrap(True)
        head = self.runs.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.failures.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self._arrange()
        self.show_counts((), ())

    def _tree(self, name: str, title: str) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setObjectName(name)
        tree.setAccessibleName(title)
        tree.header().setAccessibleName(title)
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setFrameShape(QTreeWidget.Shape.NoFrame)
        return tree

    def _arrange(self) -> None:
        scroll = scrolled(self.form, self)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(10, 0, 10, 0)
        for button in (self.start, self.stop, self.resume, self.retry):
            buttons.addWidget(button)
        left, right = QWidget(self), QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 8)
        column.addWidget(scroll, 1)
        column.addLayout(buttons)
        follow = QVBoxLayout(right)
        follow.addWidget(self.state)
        follow.addWidget(self.progress)
        follow.addWidget(self.runs, 1)
        follow.addWidget(self.failures, 2)
        halves = QSplitter(Qt.Orientation.Horizontal, self)
        halves.addWidget(left)
        halves.addWidget(right)
        halves.setStretchFactor(0, 1)
        halves.setSizes([self.form.sizeHint().width() + 20, 330])  # in some languages the form is wider
        halves.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(halves)

    # -- what is shown

    def set_busy(self, busy: bool) -> None:
        """Whether an export is being painted."""
        if busy != self._busy:
            self._busy = busy
            self._begun = None
            self.form.setEnabled(not busy)
        self._enable()

    def say(self, text: str) -> None:
        """A sentence about the export."""
        show_news(self, self.state, text)

    def show_progress(self, done: int, total: int) -> None:
        """So many pictures of all runs are painted or failed."""
        now = self._clock()
        if self._begun is None:
            self._begun = (now, done)
        begun, first = self._begun
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        text = self.tr("{0} of {1} pictures").format(done, total)
        if first < done < total:
            left = (now - begun) / (done - first) * (total - done)
            text = self.tr("{0}, about {1} left").format(text, readable(left))
        self.state.setText(text)

    def show_counts(self, runs: Sequence[RunCount], failures: Sequence[Failure]) -> None:
        """How far each run is, and what failed."""
        self.runs.clear()
        for run in runs:
            item = QTreeWidgetItem([run.name, str(run.done), str(run.failed), str(run.total)])
            for place in (1, 2, 3):
                item.setTextAlignment(place, Qt.AlignmentFlag.AlignRight)
            self.runs.addTopLevelItem(item)
        if self.failures.topLevelItemCount() != min(len(failures), _SHOWN):
            self.failures.clear()
            for failure in failures[:_SHOWN]:
                item = QTreeWidgetItem([failure.picture, failure.reason])
                item.setToolTip(1, failure.reason)
                self.failures.addTopLevelItem(item)
        self._failed = sum(run.failed for run in runs)
        self._left = sum(run.total - run.done - run.failed for run in runs)
        done, total = sum(run.done + run.failed for run in runs), sum(run.total for run in runs)
        if not self._busy:
            self.progress.setRange(0, max(total, 1))
            self.progress.setValue(done)
        self.failures.setVisible(bool(failures))
        self._enable()

    def _enable(self) -> None:
        still = not self._busy
        enable(
            {
                self.start: still and bool(self.form.dataset.text and self.form.out.text),
                self.stop: self._busy,
                self.resume: still and self._left > 0,
                self.retry: still and self._failed > 0,
            }
        )
