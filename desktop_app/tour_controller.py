"""The guided tour of the window: draw a box, label it, paint it, look at every step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from ui.canvas.canvas import Tool
from ui.start.tour import Stop, Tour
from ui.timeline.model import FrameKind, Position, StepState

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow


class TourController(QObject):
    """Starts the tour; there is one at a time."""

    ended = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._tour: Tour | None = None

    @property
    def tour(self) -> Tour | None:
        """The tour under way."""
        return self._tour

    def start(self) -> None:
        """Begin at the first stop."""
        if self._tour is not None:
            return
        self._tour = Tour(self._window, self._stops())
        self._tour.ended.connect(self._end)
        self._tour.start()

    def _end(self) -> None:
        self._tour = None
        self.ended.emit()

    def _stops(self) -> list[Stop]:
        return [self._draw(), self._label(), self._paint(), self._scrub(), self._last()]

    def _draw(self) -> Stop:
        window = self._window
        document = window.document
        before = len(document.layout.objects)
        return Stop(
            self.tr("Draw a box"),
            self.tr(
                "Drag with the mouse on the paper, or choose Object › New box. "
                "The box is where something will be painted."
            ),
            (window.canvas,),
            (document.committed,),
            lambda: len(document.layout.objects) > before,
            lambda: window.canvas.set_tool(Tool.DRAW),
        )

    def _label(self) -> Stop:
        window = self._window
        document = window.document

        def labelled() -> bool:
            objects = document.layout.objects
            return bool(objects) and all(item.prompt for item in objects)

        return Stop(
            self.tr("Say what belongs in it"),
            self.tr(
                "Type it and press Enter, e.g. “red metal cube”. The words that the model knows are offered while "
                "you type; F2 changes them later."
            ),
            (window.canvas,),
            (document.committed,),
            labelled,
            self._edit_unlabelled,
        )

    def _edit_unlabelled(self) -> None:
        canvas = self._window.canvas
        unlabelled = [item.id for item in self._window.document.layout.objects if not item.prompt]
        if unlabelled and not canvas.editor.open:
            canvas.edit_label(unlabelled[-1])

    def _paint(self) -> Stop:
        window = self._window
        return Stop(
            self.tr("Paint it"),
            self.tr(
                "Press Generate. The boxes are painted one after the other, then the background round them. The model "
                "that comes with the program needs no network."
            ),
            (window.generation.generate,),
            (window.run_model.state_changed,),
            lambda: window.run_model.active,
        )

    def _scrub(self) -> Stop:
        run = self._window.run_model

        def looked_back() -> bool:
            done = [view.step.index for view in run.steps if view.state is StepState.DONE]
            return bool(done) and run.position not in (None, Position(done[-1], FrameKind.COMPOSITE))

        return Stop(
            self.tr("Look at every step"),
            self.tr(
                "Each finished step appears here. Move the slider, click on a step or use the arrow keys to see what "
                "the model saw and what it painted."
            ),
            (self._window.timeline, self._window.canvas),
            (run.position_changed,),
            looked_back,
        )

    def _last(self) -> Stop:
        palette = self._window.actions_by_id["palette"].shortcut()
        return Stop(
            self.tr("That is all you need"),
            self.tr(
                "{} finds every command by a few letters of its name. The tour can be taken again from the Help menu."
            ).format(palette.toString(QKeySequence.SequenceFormat.NativeText)),
        )
