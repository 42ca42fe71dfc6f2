"""Everything about runs in the window: the timeline's panels, their commands and what joins them to the engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFileDialog, QMenu

from desktop_app.runs.branching import Branching
from desktop_app.runs.candidates import CandidatesDialog
from desktop_app.runs.exporting import Exporting
from desktop_app.runs.library import RunLibrary
from desktop_app.runs.queue_room import QueueRoom
from desktop_app.runs.stalls import Stalls
from desktop_app.runs.sweep_room import SweepRoom
from engine.errors import BoxpaintError
from engine.events import DetectorReady, ModelPlaced, RunStarted
from ui.compare.window import CompareWindow
from ui.message_bar import Severity
from ui.timeline.branch_view import BranchView
from ui.timeline.overlay import DetectionOverlay
from ui.timeline.results_panel import ResultsPanel
from ui.timeline.runs_panel import RunsPanel

if TYPE_CHECKING:
    from desktop_app.docks import Docks
    from desktop_app.main_window import MainWindow
    from engine.runs.request import GenerationRequest

STEP_MENU = ("branch", "reseed_step", "until_found", "candidates", None, "paint_earlier", "paint_later", "drop_step")
"""What a right click on a step offers first."""

_REFRESH_AFTER = 400
"""Milliseconds after the last news when the list of runs is read anew."""


class RunRoom(QObject):
    """Owns the panels of runs and carries out the commands on them."""

    def __init__(self, window: MainWindow, icons: Callable[[str], QIcon]) -> None:
        super().__init__(window)
        self._window = window
        self._model = window.run_model
        self._runs = window.runs
        self.results = window.results
        self.overlay = DetectionOverlay(window.canvas, self._model, self.results)
        self.results_panel = ResultsPanel(self._model, self.results, window)
        self.runs_panel = RunsPanel(window.pictures, icons, window)
        self.branches = BranchView(window.pictures, window)
        self.library = RunLibrary(lambda: self._runs.runs_folder, self)
        self.waiting = QueueRoom(window, icons)
        self.exporting = Exporting(window)
        self.sweeps = SweepRoom(window, self.waiting.queue, self.exporting)
        self.waiting.panel.sweep_wanted.connect(self.sweeps.ask)
        self.stalls = Stalls(window)
        self.comparison: CompareWindow | None = None
        self._said = ""
        """What the bar was last told of a run that was opened."""
        window.timeline.handle.composer = window.viewer.composer
        window.timeline.handle.copy_wanted.connect(self.exporting.copy_frame)
        self.branching = Branching(
            window.document,
            self._model,
            runs_folder=lambda: self._runs.runs_folder,
            start=self.waiting.submit,
            parent=self,
        )
        self._listing = QTimer(self, singleShot=True, interval=_REFRESH_AFTER)
        self._listing.timeout.connect(self.refresh)
        self._connect()

    def _connect(self) -> None:
        window = self._window
        self._runs.started.connect(self._started)
        self._runs.ended.connect(self._ended)
        self._runs.told.connect(self._told)
        self.library.listed.connect(self._listed)
        self.runs_panel.chosen.connect(lambda folder: self.open_run(Path(folder)))
        self.runs_panel.open_wanted.connect(self.choose_run)
        self.runs_panel.branches_wanted.connect(self.show_branches)
        self.runs_panel.menu_wanted.connect(self._runs_menu)
        self.branches.canvas.chosen.connect(self._branch_chosen)
        self.branching.noted.connect(lambda text: window.messages.show_message(text))
        self.results_panel.chosen.connect(self._object_chosen)
        self.results.changed.connect(lambda: window.objects.show_results(self.results.objects()))
        window.timeline.menu_wanted.connect(self._step_menu)
        window.timeline.detections.toggled.connect(self._show_detections)
        self._model.reset.connect(lambda: self.runs_panel.show_run(self._model.run))

    def add_docks(self, docks: Docks) -> None:
        """Put the panels in their places."""
        right, bottom = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea
        docks.add(self.tr("Results"), self.results_panel, right, beside="history")
        docks.add(self.tr("Runs"), self.runs_panel, bottom, beside="timeline")
        docks.add(self.tr("Queue"), self.waiting.panel, bottom, beside="runs")
        docks["timeline"].raise_()

    def slots(self) -> dict[str, Callable[[], object]]:
        """The functions of this room's commands."""
        branching = self.branching
        key = Qt.Key
        return {
            "detections": lambda: self._window.timeline.detections.setChecked(
                self._window.actions_by_id["detections"].isChecked()
            ),
            "branch": branching.branch,
            "reseed_step": branching.reseed,
            "until_found": branching.until_found,
            "drop_step": branching.delete,
            "paint_earlier": lambda: branching.move(-1),
            "paint_later": lambda: branching.move(1),
            "candidates": self.show_candidates,
            "retouch": branching.retouch,
            **self.exporting.slots(),
            "queue": self.waiting.add_layout,
            "open_run": self.choose_run,
            "branches": self.show_branches,
            "compare": self.compare,
            "sweep": self.sweeps.ask,
            **{
                name: partial(self._window.timeline.handle_key, code)
                for name, code in (
                    ("play", key.Key_L),
                    ("play_back", key.Key_J),
                    ("play_stop", key.Key_K),
                    ("first_frame", key.Key_Home),
                    ("last_frame", key.Key_End),
                )
            },
        }

    # -- runs

    def refresh(self) -> None:
        """List the runs anew."""
        request = self._runs.request
        self.library.refresh(request.run if request is not None and self._runs.busy else "")

    def choose_run(self) -> None:
        """Ask for a run's folder and show it."""
        title = self.tr("Folder of a run")
        folder = QFileDialog.getExistingDirectory(self._window, title, str(self._runs.runs_folder))
        if folder:
            self.open_run(Path(folder))

    def open_run(self, folder: Path) -> bool:
        """Show the run in this folder, as far as it can be read; False when there is none."""
        request = self._runs.request
        if self._runs.busy and request is not None and Path(request.folder) == folder:
            self.branching.base = request
            return self._runs.show_active()
        if self._model.active and not self._runs.busy:
            return False
        try:
            saved = self.library.read(folder)
        except BoxpaintError as error:
            self._window.show_error(str(error))
            return False
        window = self._window
        window.middle.setCurrentWidget(window.canvas_frame)
        self._model.show(saved.run, saved.layout, saved.events, saved.problems)
        self.branching.base = saved.request
        self._model.follow()
        self._say_state(saved.problems)
        self._listing.start()
        return True

    def _say_state(self, problems: tuple[str, ...]) -> None:
        """What is missing of the shown run, and a way to its layout."""
        window = self._window
        lost = [view for view in self._model.steps if view.problem]
        sentences = list(problems)
        if lost:
            first = self.tr("Step {}: {}").format(lost[0].step.index + 1, lost[0].problem)
            more = self.tr(" And {} more steps.").format(len(lost) - 1) if len(lost) > 1 else ""
            sentences.append(first + more)
        layout = self._model.layout
        window.messages.withdraw(self._said)  # that was about the run shown before
        if sentences:
            self._said = " ".join(sentences)
            window.messages.show_message(self._said, Severity.WARNING)
        elif layout is not None and layout != window.document.layout:
            self._said = self.tr("This run was painted from another layout than the one on the canvas.")
            window.messages.show_message(self._said, actions=((self.tr("Edit its layout"), self._take_layout),))

    def _take_layout(self) -> None:
        layout = self._model.layout
        if layout is not None:
            self._window.document.apply(self.tr("Take over a run's layout"), layout)

    def show_candidates(self) -> CandidatesDialog | None:
        """Paint the shown step with several seeds and pick one."""
        if not self.branching.can_vary():
            return None
        dialog = CandidatesDialog(self._window, self.branching, self.waiting.queue)
        dialog.picked.connect(self.branching.take_candidate)
        dialog.show()
        return dialog

    def show_branches(self) -> None:
        """Show the family of the shown run as a picture."""
        self.branches.show()
        self.branches.raise_()
        self.branches.activateWindow()
        self._show_family()
        self.branches.fit()
        self.refresh()

    def compare(self) -> CompareWindow:
        """Compare the shown frame with the same step of the run it branches off, else with the step before."""
        if self.comparison is None:
            self.comparison = CompareWindow(self._window.pictures, self._window)
        window = self.comparison
        lines = self.runs_panel.lines
        window.set_runs(lines)
        position = self._model.position
        if position is not None and self._model.folder:
            mine = next((line for line in lines if line.folder == self._model.folder), None)
            parent = next((line for line in lines if mine is not None and line.run == mine.parent), None)
            step, kind = position.step, position.kind
            other = (parent.folder, step) if parent is not None else (self._model.folder, max(step - 1, 0))
            window.compare((self._model.folder, step, kind), (*other, kind))
        window.show()
        window.raise_()
        window.activateWindow()
        return window

    def restore(self) -> None:
        """Take up what waited when the program ended."""
        self.waiting.restore(self.sweeps.restore)

    def _show_branches_of(self, folder: Path) -> None:
        if self._model.folder == str(folder) or self.open_run(folder):
            self.show_branches()

    def _show_family(self) -> None:
        if self.branches.isVisible():
            position = self._model.position
            step = position.step if position is not None else 0
            self.branches.canvas.show_family(self.runs_panel.lines, self._model.run, step)

    # -- news

    def _started(self, request: GenerationRequest) -> None:
        if self._model.run == request.run:
            self.branching.base = request
        self._listing.start()

    def _ended(self, request: GenerationRequest, last: object) -> None:
        del request, last
        self._listing.start()

    def _told(self, event: object) -> None:
        if isinstance(event, RunStarted) and event.notes:
            self._window.messages.show_message(" ".join(event.notes), Severity.NOTE)
        if isinstance(event, DetectorReady) and event.problem and not event.labels:
            text = self.tr("The steps are not looked at: {}").format(event.problem)
            self._window.messages.show_message(text, Severity.WARNING)

        if isinstance(event, ModelPlaced) and event.problem:
            panel = self._window.generation.form.placement
            text = self.tr(
                "Memory ran out. With less of the model on the device ({}) the step is painted again: more slowly, "
                "to the same picture."
            ).format(panel.itemText(panel.findData(event.placement)))
            self._window.messages.show_message(text, Severity.WARNING)

    def _listed(self, lines: object) -> None:
        self.runs_panel.set_runs(lines)  # type: ignore[arg-type]
        self.runs_panel.show_run(self._model.run)
        self._show_family()

    # -- what the panels ask for

    def _branch_chosen(self, folder: str, step: int) -> None:
        if self._model.folder == folder or self.open_run(Path(folder)):
            self._model.go_to_step(step)

    def _object_chosen(self, object_id: str) -> None:
        if any(item.id == object_id for item in self._window.document.layout.objects):
            self._window.document.select((object_id,))

    def _show_detections(self, on: bool) -> None:
        self.overlay.set_shown(on)
        self._window.actions_by_id["detections"].setChecked(on)

    def _step_menu(self, place: QPoint) -> None:
        menu = self._menu("stepMenu")
        self._window.actions_by_id.fill(menu, STEP_MENU)
        menu.popup(place)

    def _runs_menu(self, folder: str, place: QPoint) -> None:
        menu = self._menu("runMenu")
        menu.addAction(self.tr("Show in the timeline"), lambda: self.open_run(Path(folder)))
        menu.addAction(self.tr("Show its branches"), lambda: self._show_branches_of(Path(folder)))
        sweep = self.sweeps.sweep_of(Path(folder).name)
        if sweep is not None:
            menu.addAction(self.tr("Show its sweep"), lambda: self.sweeps.show(sweep))
        menu.popup(place)

    def _menu(self, name: str) -> QMenu:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setObjectName(name)
        return menu

    async def close(self) -> None:
        """End what is under way here."""
        self._listing.stop()
        for window in (self.branches, self.comparison, *self.sweeps.windows.values()):
            if window is not None:
                window.close()
        await self.exporting.close()
        await self.library.close()
