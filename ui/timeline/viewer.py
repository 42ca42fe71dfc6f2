"""Shows the timeline's present frame on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ui.canvas.canvas import Canvas
from ui.timeline.composer import FrameComposer
from ui.timeline.model import RunModel, StepState
from ui.timeline.pictures import PictureCache
from ui.timeline.previews import Preview


class FrameViewer(QObject):
    """Joins a run and a canvas: the chosen frame behind the boxes, live previews where they are painted."""

    def __init__(self, run: RunModel, canvas: Canvas, pictures: PictureCache) -> None:
        super().__init__(canvas)
        self._run = run
        self._canvas = canvas
        self.composer = FrameComposer(run, pictures)
        run.position_changed.connect(self._show)
        run.previewed.connect(self._show_live)
        run.reset.connect(self._show)

    def _show(self) -> None:
        position = self._run.position
        if position is None or position.step >= len(self._run.steps):
            self._canvas.set_picture(None)
            return
        picture = self.composer.picture(position)
        self._canvas.set_picture(picture.image, picture.problem)

    def _show_live(self, preview: Preview) -> None:
        if self._run.steps[preview.step].state is StepState.RUNNING:
            self._canvas.set_picture(self.composer.with_preview(preview, self._run.beside(preview)))
