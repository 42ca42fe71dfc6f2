"""Going on from a step in another way: branches, other seeds, retouching. It makes requests; the engine paints."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.layout import LayoutObject
from ui import edits
from ui.document import Document
from ui.timeline.model import RunModel, StepState, StepView

if TYPE_CHECKING:
    from pathlib import Path

    from engine.runs.request import GenerationRequest

ATTEMPTS = 6
"""Most paintings of an object by "paint again until it is found"."""


class Branching(QObject):
    """Makes branches of the shown run.

    Args:
        start: Carries a request out, now or when its turn comes.
    """

    noted = Signal(str)
    """A sentence: why something cannot be done, or what was done instead."""

    def __init__(
        self,
        document: Document,
        run: RunModel,
        *,
        runs_folder: Callable[[], Path],
        start: Callable[[GenerationRequest], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._run = run
        self._runs_folder = runs_folder
        self._start = start
        self.base: GenerationRequest | None = None
        """The shown run's request; None when there is none, or it cannot be read."""

    # -- what can be done

    def shown_object(self) -> LayoutObject | None:
        """The document's object that the shown step paints."""
        view = self._run.shown
        if view is None or view.step.object_id is None or view.step.kind != "foreground":
            return None
        return next((item for item in self._document.layout.objects if item.id == view.step.object_id), None)

    def can_vary(self) -> bool:
        """Whether the shown step paints an object whose seed can be changed; otherwise it is said."""
        return self._object() is not None

    def _ready(self) -> tuple[GenerationRequest, StepView] | None:
        view = self._run.shown
        if self.base is None or view is None or self.base.run != self._run.run:
            self.noted.emit(self.tr("Show a step of a run first: a branch goes on from there."))
            return None
        if self.base.settings.pixels == "reference":
            self.noted.emit(
                self.tr("A run in pixel mode “as published” has one noise stream through all its steps: no branches.")
            )
            return None
        return self.base, view

    def _painted(self) -> list[str | None]:
        return [view.step.object_id if view.step.kind == "foreground" else None for view in self._run.steps]

    # -- branches

    def branch(self) -> bool:
        """Run on from the shown step with the document as it is: the steps before it are taken over."""
        ready = self._ready()
        return ready is not None and self._go_on(keep=ready[1].step.index)

    def reseed(self) -> bool:
        """Paint the shown step with another seed and go on."""
        ready = self._ready()
        if ready is not None and ready[1].step.kind == "background" and ready[1].step.object_id is None:
            return self._go_on(keep=self._index(), background_seed=secrets.randbelow(2**31))
        item = self._object()
        if item is None:
            return False
        keep = self._index()
        changed = replace(item, seed=secrets.randbelow(2**31))
        self._document.apply(self.tr("Another seed"), self._document.layout.with_object(changed))
        return self._go_on(keep=keep)

    def delete(self) -> bool:
        """Go on without the shown step's object."""
        item = self._object()
        if item is None:
            return False
        keep = self._index()
        self._document.apply(self.tr("Delete object"), edits.delete(self._document.layout, (item.id,)))
        return self._go_on(keep=keep)

    def move(self, by: int) -> bool:
        """Paint the shown step's object earlier (-1) or later (1) and go on from the first step that differs."""
        item = self._object()
        if item is None:
            return False
        layout = self._document.layout
        keep = self._index()
        place = layout.objects.index(item)
        other = place + by
        if not 0 <= other < len(layout.objects):
            self.noted.emit(
                self.tr("It is the first one already.") if by < 0 else self.tr("It is the last one already.")
            )
            return False
        order = list(layout.objects)
        order[place], order[other] = order[other], order[place]
        self._document.apply(self.tr("Reorder object"), layout.with_objects(order))
        return self._go_on(keep=min(keep, keep + by))

    def until_found(self, attempts: int = ATTEMPTS) -> bool:
        """Paint the shown step again with other seeds until the detector finds its object; then go on."""
        from desktop_app.runs.requests import branch
        from engine.runs.request import Retry

        ready, item = self._ready(), self._object()
        if ready is None or item is None:
            return False
        keep = self._index()
        request = branch(ready[0], self._painted(), self._document.committed_layout, self._runs_folder(), keep=keep)
        retry = Retry(attempts=attempts, only=keep)
        self._start(replace(request, retry=retry, detector=request.detector or "auto"))
        return True

    def candidates(self, count: int) -> list[GenerationRequest]:
        """Requests that paint the shown step with ``count`` other seeds and stop there; the first keeps its seed."""
        from desktop_app.runs.requests import branch

        ready, item = self._ready(), self._object()
        if ready is None or item is None:
            return []
        keep, layout = self._index(), self._document.committed_layout
        found = []
        for number in range(count):
            seed = item.seed if number == 0 else secrets.randbelow(2**31)
            changed = layout.with_object(replace(item, seed=seed))
            request = branch(ready[0], self._painted(), changed, self._runs_folder(), keep=keep)
            found.append(replace(request, until=keep + 1))
        return found

    def take_candidate(self, candidate: GenerationRequest) -> bool:
        """Go on from a candidate: its seed goes into the document, its step is taken over."""
        from desktop_app.runs.requests import again

        keep = candidate.until or 0
        document = self._document.layout
        for item in candidate.layout.objects:
            present = next((other for other in document.objects if other.id == item.id), None)
            if present is not None and present.seed != item.seed:
                document = document.with_object(replace(present, seed=item.seed))
        self._document.apply(self.tr("Take a candidate's seed"), document)
        self._start(replace(again(candidate, self._runs_folder(), keep=keep), until=None))
        return True

    # -- retouching

    def retouch(self) -> bool:
        """Bring the finished picture up to the document: paint what is new, fill what is gone, move what was moved."""
        from desktop_app.runs.requests import retouch

        base = self.base
        whole = all(view.state is StepState.DONE for view in self._run.steps)
        if base is None or base.run != self._run.run or not self._run.steps or not whole:
            self.noted.emit(self.tr("Show a finished run first: its picture is changed, the rest of it stays."))
            return False
        request = retouch(base, len(self._run.steps), self._document.committed_layout, self._runs_folder())
        if request is None:
            self.noted.emit(self.tr("Nothing differs. Add, move, relabel or delete a box, then do this again."))
            return False
        self._start(request)
        return True

    # -- helpers

    def _index(self) -> int:
        view = self._run.shown
        return view.step.index if view is not None else 0

    def _object(self) -> LayoutObject | None:
        if self._ready() is None:
            return None
        item = self.shown_object()
        if item is None:
            self.noted.emit(self.tr("This step paints no object of the layout. Show a step that does."))
        return item

    def _go_on(self, *, keep: int, background_seed: int | None = None) -> bool:
        from desktop_app.runs.requests import branch

        assert self.base is not None
        layout = self._document.committed_layout
        if any(not item.prompt.strip() for item in layout.objects if not item.hidden):
            self.noted.emit(self.tr("A box has no prompt yet."))
            return False
        request = branch(self.base, self._painted(), layout, self._runs_folder(), keep=keep)
        if background_seed is not None:
            request = replace(request, settings=replace(request.settings, background_seed=background_seed))
        if request.keep < keep:
            self.noted.emit(
                self.tr("An earlier object was changed as well, so it goes on from step {}.").format(request.keep + 1)
            )
        self._start(request)
        return True
