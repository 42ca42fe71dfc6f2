"""Candidates: a step painted with several seeds; one is picked and the run goes on from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout

from desktop_app.runs.branching import Branching
from desktop_app.runs.queue import RunQueue
from engine.errors import BoxpaintError
from engine.events import DetectionsReady, StepFinished
from engine.layout.matching import match_objects
from ui.tab_order import follow_layout
from ui.timeline.picture_grid import PictureGrid, Tile

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow
    from engine.runs.request import GenerationRequest

_USUAL = 4


class CandidatesDialog(QDialog):
    """Paints the shown step with other seeds, shows what came of it, and goes on from the one that is picked."""

    picked = Signal(object)
    """The request of the candidate to go on from."""

    def __init__(self, window: MainWindow, branching: Branching, queue: RunQueue) -> None:
        super().__init__(window)
        self.setObjectName("candidates")
        self.setWindowTitle(self.tr("Candidates"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._branching = branching
        self._queue = queue
        self._item = branching.shown_object()
        self._requests: dict[str, GenerationRequest] = {}
        self._ended: dict[str, Tile] = {}
        self.count = QSpinBox(self)
        self.count.setRange(2, 32)
        self.count.setValue(_USUAL)
        self.count.setAccessibleName(self.tr("Number of candidates"))
        self.paint = QPushButton(self.tr("Paint them"), self)
        self.paint.clicked.connect(self._begin)
        self.grid = PictureGrid(window.pictures, self)
        self.grid.setAccessibleName(self.tr("Candidates"))
        self.grid.set_columns(4)
        self.grid.setMinimumHeight(260)
        self.grid.currentRowChanged.connect(self._enable)
        self.grid.opened.connect(lambda _key: self._pick())
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        name = self._item.prompt if self._item is not None else ""
        self.note.setText(
            self.tr("The step of “{}”, painted with other seeds. Pick one to go on from it.").format(name)
        )
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.take = self.buttons.addButton(self.tr("Go on from it"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.take.clicked.connect(self._pick)
        self.buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.note, 1)
        row.addWidget(self.count)
        row.addWidget(self.paint)
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(self.grid, 1)
        column.addWidget(self.buttons)
        follow_layout(self)
        window.runs.ended.connect(self._one_ended)
        self._enable()

    def _begin(self) -> None:
        requests = self._branching.candidates(self.count.value())
        if not requests:
            self.note.setText(self.tr("This step paints no object of the layout, so there is no seed to change."))
            return
        self._requests.update((request.run, request) for request in requests)
        self._queue.add(requests, self.tr("Candidate for step {}").format(requests[0].until or 0))
        self._show()

    def _one_ended(self, request: GenerationRequest, _last: object) -> None:
        if request.run in self._requests:
            self._ended[request.run] = self._tile(request)
            self._show()

    def _tile(self, request: GenerationRequest) -> Tile:
        """The candidate's picture, its seed and what the detector says of it."""
        from engine.runs.saved import read_run

        index = (request.until or 1) - 1
        try:
            events = read_run(Path(request.folder)).events
        except BoxpaintError as error:
            return Tile(request.run, str(error))
        step = next((e for e in events if isinstance(e, StepFinished) and e.index == index), None)
        if step is None:
            return Tile(request.run, self.tr("not painted"))
        item = next((item for item in request.layout.objects if self._item and item.id == self._item.id), None)
        found = next((e.detections for e in events if isinstance(e, DetectionsReady) and e.index == index), ())
        match = match_objects([item], found).get(item.id) if item is not None else None
        seed = item.seed if item is not None and item.seed is not None else self.tr("first seed")
        said = self.tr("IoU {:.2f}, score {:.2f}").format(match.iou, match.score) if match else self.tr("not found")
        return Tile(request.run, f"{seed}\n{said}", step.frames.composite)

    def _show(self) -> None:
        waiting = self.tr("waiting …")
        self.grid.set_tiles([self._ended.get(run, Tile(run, waiting)) for run in self._requests])
        self._enable()

    def _enable(self) -> None:
        tile = self._ended.get(self.grid.chosen)
        self.take.setEnabled(tile is not None and bool(tile.picture))

    def _pick(self) -> None:
        tile = self._ended.get(self.grid.chosen)
        if tile is not None and tile.picture:
            self._queue.remove([run for run in self._requests if run not in self._ended])
            self.picked.emit(self._requests[self.grid.chosen])
            self.accept()
