"""From a picture to boxes: asks the engine's detector, and adds what it finds to the layout."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize

from desktop_app.errors import logger, sentence
from engine.events import Detection
from engine.layout import Layout
from engine.layout.layout import MAX_SIDE
from engine.layout.matching import SCORE, distinct
from engine.worker.protocol import DEFAULT_DETECTOR
from ui import edits
from ui.edit_names import edit_name
from ui.message_bar import Severity
from ui.picture_file import PictureFile
from ui.timeline.model import FrameKind

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow


class DetectController(QObject):
    """Carries out "Detect boxes": one detection at a time, one undo entry for all boxes that it leads to."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.threshold = SCORE
        """Smallest score that makes a box, in [0, 1]."""
        self._task: asyncio.Task[None] | None = None
        window.reference.taken.connect(self._offer)
        window.document.replaced.connect(self.cancel)

    @property
    def busy(self) -> bool:
        """Whether a detection is under way."""
        return self._task is not None

    def start(self) -> None:
        """Detect in the picture behind the boxes, else in the run's picture, else in one that is asked for."""
        if self._task is not None:
            return
        window = self._window
        if not window.reference.shown and self._run_picture() is None:
            window.choose_reference()
            if not window.reference.shown:
                return
        window.messages.show_message(self.tr("Looking for objects…"), actions=((self.tr("Cancel"), self.cancel),))
        self._task = asyncio.get_running_loop().create_task(self._detect())
        self._task.add_done_callback(self._ended)

    def cancel(self) -> None:
        """Give the detection under way up; the layout stays as it is."""
        if self._task is not None:
            self._task.cancel()

    async def close(self) -> None:
        """Give up what is under way and wait for it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def _offer(self) -> None:
        self._window.messages.show_message(
            self.tr("The picture lies behind the boxes."), actions=((self.tr("Detect boxes in it"), self.start),)
        )

    def _run_picture(self) -> str | None:
        """The run's picture that the canvas shows."""
        run = self._window.run_model
        if run.position is None or run.position.step >= len(run.steps):
            return None
        return run.steps[run.position.step].frames.get(FrameKind.COMPOSITE)

    # -- the detection

    async def _detect(self) -> None:
        found, size = await self._ask()
        await self._gesture_over()
        self._add(found, size)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._task = None
        messages = self._window.messages
        if task.cancelled():
            messages.show_message(self.tr("The detection was cancelled."))
        elif (error := task.exception()) is not None:
            logger.error("The detection failed", exc_info=error)
            messages.show_message(sentence(error), Severity.ERROR)

    async def _ask(self) -> tuple[Sequence[Detection], QSize]:
        """What is in the picture, best score first, and the picture's size."""
        window = self._window
        if window.reference.shown:
            size = window.reference.size
            if window.reference.file is not None:
                return await self._look_at(window.reference.file), size
            with tempfile.TemporaryDirectory(prefix="boxpaint-") as folder:
                copy = Path(folder) / "picture.bmp"  # quick to write; it lives for a second
                window.reference.save(copy)
                return await self._look_at(copy), size
        picture = self._run_picture()
        assert picture is not None
        return await self._look_at(picture), PictureFile(Path(picture)).size

    async def _look_at(self, picture: Path | str) -> Sequence[Detection]:
        """What the chosen detector finds. One of an open vocabulary is told to look for what the layout asks for."""
        window = self._window
        chosen = window.generation.form.options().detector
        prompts = dict.fromkeys(item.prompt for item in window.document.layout.objects if item.prompt.strip())
        (found,) = await window.runs.engine().detect(
            [picture], detector=DEFAULT_DETECTOR if chosen == "auto" else chosen, labels=prompts
        )
        return found

    async def _gesture_over(self) -> None:
        """Wait until the user lets go of what is being dragged: a change would take the drag back."""
        document = self._window.document
        while document.in_gesture:
            over = asyncio.get_running_loop().create_future()
            connection = document.gesture_ended.connect(lambda over=over: over.done() or over.set_result(None))
            try:
                await over
            finally:
                document.gesture_ended.disconnect(connection)

    def _add(self, found: Sequence[Detection], size: QSize) -> None:
        document, messages = self._window.document, self._window.messages
        layout = self._fitting(size)
        there = [(item.box, item.prompt) for item in layout.objects if not item.hidden]
        good = distinct(found, self.threshold)
        fresh = distinct(found, self.threshold, present=there)
        if not fresh:
            messages.show_message(
                self.tr("Everything that the detector found has a box already.")
                if good
                else self.tr("The detector found nothing in this picture. It looks for objects of CLEVR scenes.")
                if self._window.generation.form.options().detector in ("auto", DEFAULT_DETECTOR)
                else self.tr("The detector found nothing in this picture.")
            )
            return
        # What is nearer to the viewer reaches further down in the picture, and is painted later.
        ordered = sorted(fresh, key=lambda detection: detection.box.y1)
        layout, ids = edits.add_labelled(layout, [(detection.box, detection.label) for detection in ordered])
        document.apply(edit_name("detect", len(ids)), layout)
        document.select(ids)
        for detection in ordered:
            self._window.vocabulary.note(detection.label)
        messages.show_message(
            self.tr("One box was added.") if len(ids) == 1 else self.tr("{} boxes were added.").format(len(ids)),
            actions=((self.tr("Undo"), document.undo),),
        )

    def _fitting(self, size: QSize) -> Layout:
        """The layout; an empty one takes the size of the picture, so that it is not seen stretched."""
        layout = self._window.document.layout
        if layout.objects or not size.isValid() or max(size.width(), size.height()) > MAX_SIDE:
            return layout
        return replace(layout, width=size.width(), height=size.height())
