"""Sweeps in the window: the dialog that asks for one, the grid that shows it, and the contact sheet at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from desktop_app.errors import logger
from desktop_app.runs.sweeps import AXES, Axis, Sweep, kept_sweeps, plan_sweep, values_of
from engine.errors import BoxpaintError
from ui.side_window import SideWindow
from ui.spoken import name_choice
from ui.tab_order import follow_layout
from ui.timeline.picture_grid import PictureGrid, Tile

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow
    from desktop_app.runs.exporting import Exporting
    from desktop_app.runs.queue import RunQueue
    from engine.runs.request import GenerationRequest


class SweepDialog(QDialog):
    """Asks what to vary, in one or two directions."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("sweepDialog")
        self.setWindowTitle(self.tr("Sweep"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._models = [choice.name for choice in window.generation.form.choices]
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.go = self.buttons.addButton(self.tr("Paint them"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        form = QFormLayout()
        self.across, self.across_values = self._axis(form, self.tr("Across"), self.tr("Values across"), none=False)
        self.along, self.along_values = self._axis(form, self.tr("Down"), self.tr("Values down"), none=True)
        column = QVBoxLayout(self)
        about = self.tr("Paints this layout once for every combination; what is not varied is as the panel says.")
        head = QLabel(about, self)
        head.setWordWrap(True)
        column.addWidget(head)
        column.addLayout(form)
        column.addWidget(self.note)
        column.addWidget(self.buttons)
        follow_layout(self)
        self.setMinimumWidth(460)
        self.along.setCurrentIndex(self.along.findText(QCoreApplication.translate("Sweep", "Order")))
        for choice, values in ((self.across, self.across_values), (self.along, self.along_values)):
            choice.currentIndexChanged.connect(self._count)
            values.textChanged.connect(self._count)
        self._count()

    def _axis(self, form: QFormLayout, title: str, name: str, *, none: bool) -> tuple[QComboBox, QLineEdit]:
        choice, values = QComboBox(self), QLineEdit(self)
        name_choice(choice, title)
        values.setAccessibleName(name)
        if none:
            choice.addItem(self.tr("nothing"), None)
        for axis in AXES:
            choice.addItem(QCoreApplication.translate("Sweep", axis.title), axis)
        choice.currentIndexChanged.connect(partial(self._axis_chosen, choice, values))
        row = QHBoxLayout()
        row.addWidget(choice)
        row.addWidget(values, 1)
        form.addRow(title, row)
        if not none:
            values.setText(AXES[0].usual)
        return choice, values

    def _axis_chosen(self, choice: QComboBox, values: QLineEdit, _index: int) -> None:
        axis: Axis | None = choice.currentData()
        if axis is not None:
            values.setText(axis.usual or ", ".join(str(name) for name in self._models))
        values.setEnabled(axis is not None)

    def axes(self) -> tuple[tuple[Axis, str], tuple[Axis, str] | None]:
        """What is to be varied, and the values as typed."""
        along = self.along.currentData()
        across = (self.across.currentData(), self.across_values.text())
        return across, (along, self.along_values.text()) if along is not None else None

    def _count(self) -> None:
        across, along = self.axes()
        try:
            count = len(values_of(*across)[0]) * (len(values_of(*along)[0]) if along is not None else 1)
        except BoxpaintError as error:
            self.note.setText(str(error))
            self.go.setEnabled(False)
            return
        self.note.setText(self.tr("{} runs").format(count))
        self.go.setEnabled(count > 0)


class SweepWindow(SideWindow):
    """The runs of a sweep as a grid that fills while they are painted."""

    opened = Signal(str)
    """Show the run in this folder."""
    sheet_wanted = Signal(object)
    """The contact sheet of this sweep."""

    def __init__(self, window: MainWindow, sweep: Sweep, runs: Path) -> None:
        super().__init__(window)
        self.setObjectName("sweepWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Sweep"))
        self.sweep = sweep
        self._runs = runs
        self.grid = PictureGrid(window.pictures, self)
        self.grid.setAccessibleName(self.tr("Runs of the sweep"))
        self.grid.set_columns(sweep.columns)
        self.grid.opened.connect(lambda run: self.opened.emit(str(runs / run)))
        self.save = QPushButton(self.tr("Save the contact sheet…"), self)
        self.save.clicked.connect(lambda: self.sheet_wanted.emit(self.sweep))
        column = QVBoxLayout(self)
        column.addWidget(self.grid, 1)
        column.addWidget(self.save)
        follow_layout(self)
        rows = len(sweep.runs) // max(sweep.columns, 1)
        self.resize(self.grid.width() + 24, min(rows, 4) * 230 + 80)
        self.refresh()

    def set_sweep(self, sweep: Sweep) -> None:
        """The same sweep, one of whose runs is done by another."""
        self.sweep = sweep
        self.refresh()

    def refresh(self) -> None:
        """Show what is painted by now."""
        self.grid.set_tiles(
            [Tile(run, self.sweep.title(place), self._picture(run)) for place, run in enumerate(self.sweep.runs)]
        )

    def _picture(self, run: str) -> str:
        path = self._runs / run / "picture.png"
        return str(path) if path.is_file() else ""


class SweepRoom(QObject):
    """Starts sweeps and shows them."""

    def __init__(self, window: MainWindow, queue: RunQueue, exporting: Exporting) -> None:
        super().__init__(window)
        self._window = window
        self._queue = queue
        self._exporting = exporting
        self._sweeps: dict[str, Sweep] = {}
        """Those with runs to come, by id."""
        self._due: dict[str, set[str]] = {}
        """Their runs to come."""
        self.windows: dict[str, SweepWindow] = {}
        """The grids that are open, by their sweep's id."""
        window.runs.ended.connect(self._ended)
        window.runs.replaced.connect(self._replaced)
        queue.replaced.connect(self._replaced)

    def ask(self) -> SweepDialog | None:
        """Ask what to vary, and begin."""
        if not self._window.ready_to_paint():
            return None
        dialog = SweepDialog(self._window)
        dialog.accepted.connect(lambda: self._begin(*dialog.axes()))
        dialog.open()
        return dialog

    def _begin(self, across: tuple[Axis, str], along: tuple[Axis, str] | None) -> None:
        window = self._window
        runs = window.runs.runs_folder
        try:
            layout = window.document.committed_layout
            sweep, requests = plan_sweep(layout, window.generation.form.options(), across, along, runs)
            sweep.save(runs)
        except BoxpaintError as error:
            window.show_error(str(error))
            return
        self._await(sweep, sweep.runs)
        for place, request in enumerate(requests):
            self._queue.add([request], sweep.title(place))
        self.show(sweep)

    def _await(self, sweep: Sweep, runs: Iterable[str]) -> None:
        self._sweeps[sweep.id] = sweep
        self._due[sweep.id] = self._due.get(sweep.id, set()) | set(runs)

    @property
    def shown(self) -> SweepWindow | None:
        """The grid that was opened last."""
        return next(reversed(self.windows.values()), None)

    def restore(self) -> Sequence[tuple[str, Callable[[], object]]]:
        """Go on with the sweeps whose runs wait from the last time; buttons that show them."""
        waiting = {item.request.run for item in self._queue.items}
        for sweep in self._kept() if waiting else ():
            rest = waiting.intersection(sweep.runs)
            if rest:
                self._await(sweep, rest)
        return [(self.tr("Show the sweep"), partial(self._show_by_id, name)) for name in self._sweeps]

    def _show_by_id(self, name: str) -> None:
        if name in self._sweeps:
            self.show(self._sweeps[name])

    def sweep_of(self, run: str) -> Sweep | None:
        """The sweep that this run belongs to."""
        every = (*self._sweeps.values(), *self._kept())
        return next((sweep for sweep in every if run in sweep.runs), None)

    def _kept(self) -> list[Sweep]:
        sweeps, problems = kept_sweeps(self._window.runs.runs_folder)
        for problem in problems:
            logger.warning("A sweep cannot be read: %s", problem)
        return sweeps

    def _replaced(self, former: str, present: str) -> None:
        """A run is done by another one: its place in the grid is that one's."""
        found = self.sweep_of(former)
        if found is None:
            return
        sweep = found.with_run(former, present)
        self._due.get(sweep.id, set()).discard(former)
        self._await(sweep, (present,))
        try:
            sweep.save(self._window.runs.runs_folder)
        except BoxpaintError as error:
            self._window.show_error(str(error))
        if sweep.id in self.windows:
            self.windows[sweep.id].set_sweep(sweep)

    def show(self, sweep: Sweep) -> SweepWindow:
        """Show a sweep's grid."""
        opened = self.windows.get(sweep.id)
        if opened is not None:
            opened.raise_()
            opened.activateWindow()
            return opened
        shown = SweepWindow(self._window, sweep, self._window.runs.runs_folder)
        shown.opened.connect(lambda folder: self._window.room.open_run(Path(folder)))
        shown.sheet_wanted.connect(self._save_sheet)
        shown.destroyed.connect(partial(self._gone, sweep.id))
        self.windows[sweep.id] = shown
        shown.show()
        return shown

    def _gone(self, name: str, _window: object = None) -> None:
        self.windows.pop(name, None)

    def _ended(self, request: GenerationRequest, _last: object) -> None:
        sweep = next((sweep for sweep in self._sweeps.values() if request.run in self._due[sweep.id]), None)
        if sweep is None:
            return
        if sweep.id in self.windows:
            self.windows[sweep.id].refresh()
        self._due[sweep.id].discard(request.run)
        if not self._due[sweep.id]:
            del self._sweeps[sweep.id], self._due[sweep.id]
            target = self._window.runs.runs_folder / "sweeps" / f"{sweep.id}.png"
            self._exporting.write_cells(self._cells(sweep), sweep.columns, target)

    def _save_sheet(self, sweep: Sweep) -> None:
        self._exporting.save_cells(self._cells(sweep), sweep.columns, sweep.id)

    def _cells(self, sweep: Sweep) -> list[tuple[str, str]]:
        runs = self._window.runs.runs_folder
        paths = [runs / run / "picture.png" for run in sweep.runs]
        return [(str(path) if path.is_file() else "", sweep.title(place)) for place, path in enumerate(paths)]
