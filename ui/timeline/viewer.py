"""Shows the timeline's present frame on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ui.canvas.canvas import Canvas
from ui.timeline.model import FrameKind, Position, RunModel, StepState
from ui.timeline.pictures import PictureCache
from ui.timeline.previews import Preview


class FrameViewer(QObject):
    """Joins a run and a canvas: the chosen frame behind the boxes, live previews where they are painted."""

    def __init__(self, run: RunModel, canvas: Canvas, pictures: PictureCache) -> None:
        super().__init__(canvas)
        self._run = run
        self._canvas = canvas
        self._pictures = pictures
        run.position_changed.connect(self._show)
        run.previewed.connect(self._show_live)
        run.reset.connect(self._show)

    def _show(self) -> None:
        position = self._run.position
        if position is None or position.step >= len(self._run.steps):
            self._canvas.set_picture(None)
            self._canvas.set_patch(None)
            return
        self._show_frame(position)

    def _show_frame(self, position: Position) -> None:
        path = self._run.frame_path(position)
        if path is None:
            self._canvas.set_picture(None)
        else:
            picture = self._pictures.get(path)
            self._canvas.set_picture(picture.image, picture.problem)
        preview = self._run.preview_at(position) if position.kind is FrameKind.PREVIEW else None
        self._show_patch(preview)

    def _show_live(self, preview: Preview) -> None:
        if self._run.steps[preview.step].state is StepState.RUNNING:
            self._show_patch(preview)

    def _show_patch(self, preview: Preview | None) -> None:
        if preview is None:
            self._canvas.set_patch(None)
        else:
            self._canvas.set_patch(preview.image(), preview.window, self._run.size)
