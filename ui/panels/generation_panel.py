"""The generation panel: how to paint, the Generate and Cancel buttons, progress."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from engine.progress import readable
from ui.panels.generation_form import GenerationForm
from ui.scrolled import scrolled
from ui.spoken import say
from ui.timeline.model import RunModel, RunState


class GenerationPanel(QWidget):
    """Has the form of the options; says when a run is wanted or no longer wanted, and how far it is."""

    generate_requested = Signal()
    queue_requested = Signal()
    """The layout as it is now is to be painted when its turn comes."""
    cancel_requested = Signal()

    def __init__(self, run: RunModel, icons: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("generationPanel")
        self._run = run
        self._busy = False
        self._told = run.state
        self.form = GenerationForm(icons, self)
        self._make_buttons(icons)
        self._arrange()
        self.form.options_changed.connect(self._show_run)
        run.state_changed.connect(self._show_run)
        run.progress_changed.connect(self._show_run)
        self._show_run()

    def _make_buttons(self, icons: Any) -> None:
        self.generate = QPushButton(icons("play!"), self.tr("Generate"), self)
        self.generate.setObjectName("primary")
        self.generate.setAccessibleName(self.tr("Generate"))
        self.generate.clicked.connect(self.generate_requested)
        self.cancel = QPushButton(self.tr("Cancel"), self)
        self.cancel.setAccessibleName(self.tr("Cancel the run"))
        self.cancel.clicked.connect(self.cancel_requested)
        self.queue = QPushButton(self.tr("Queue"), self)
        self.queue.setAccessibleName(self.tr("Add to the queue"))
        self.queue.setToolTip(self.tr("Paint this layout when its turn comes (Ctrl+Shift+Return)"))
        self.queue.clicked.connect(self.queue_requested)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of the run"))
        self.status = QLabel(self)
        self.status.setObjectName("panelNote")
        self.status.setWordWrap(True)

    def _arrange(self) -> None:
        scroll = scrolled(self.form, self)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumWidth(self.form.minimumSizeHint().width() + scroll.verticalScrollBar().sizeHint().width())
        buttons = QHBoxLayout()
        buttons.addWidget(self.generate, 2)
        buttons.addWidget(self.queue, 1)
        buttons.addWidget(self.cancel, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(10, 4, 10, 10)
        foot.setSpacing(6)
        foot.addWidget(self.progress)
        foot.addWidget(self.status)
        foot.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addLayout(foot)

    # -- the run

    def set_busy(self, busy: bool) -> None:
        """A run was asked for and has not ended yet."""
        self._busy = busy
        self._show_run()

    def _show_run(self) -> None:
        self.generate.setEnabled(not self._busy and bool(self.form.choices))
        self.queue.setEnabled(bool(self.form.choices))
        self.cancel.setEnabled(self._busy)
        loading = self._busy and self._run.state is RunState.LOADING
        self.progress.setRange(0, 0 if loading else 1000)
        if not loading:
            self.progress.setValue(round(self._run.progress * 1000))
        self.status.setText(self._status())
        self._tell_end()
        self.form.show_placed(self._run.placed)

    def _tell_end(self) -> None:
        """Let screen readers say that the run has ended: its progress is spoken, that it goes no further is not."""
        before, self._told = self._told, self._run.state
        if before in (RunState.LOADING, RunState.RUNNING) and not self._run.active:
            text = self.status.text()
            say(self, self.tr("Painted: {}").format(text) if self._run.state is RunState.FINISHED else text)

    def _status(self) -> str:
        run = self._run
        if not self.form.choices:
            return self.tr("No model is installed. Choose the folder of an inpainting pipeline.")
        if run.state is RunState.LOADING:
            return self.tr("Loading the model…")
        if run.state is RunState.RUNNING:
            left = run.seconds_left
            ahead = self.tr(", about {} left").format(readable(left)) if left is not None else ""
            return self.tr("Step {} of {}{}").format(min(run.done_steps + 1, len(run.steps)), len(run.steps), ahead)
        if run.state is RunState.FINISHED:
            took = readable(run.seconds) if run.seconds is not None else ""
            return self.tr("{} steps in {}").format(len(run.steps), took)
        if run.steps and run.state in (RunState.CANCELLED, RunState.FAILED):  # else the timeline says: nothing
            word = self.tr("Cancelled") if run.state is RunState.CANCELLED else self.tr("Stopped")
            return self.tr("{} after {} of {} steps").format(word, run.done_steps, len(run.steps))
        return ""
