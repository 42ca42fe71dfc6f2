"""Joins the generation panel, the engine process and the timeline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.errors import logger, sentence
from engine.errors import BoxpaintError
from engine.events import AnyEvent, DenoisePreview, RunFailed
from engine.layout import Layout
from engine.progress import RunProgress
from ui.panels.run_options import RunOptions
from ui.timeline.model import RunModel

if TYPE_CHECKING:
    from engine.runs.request import GenerationRequest
    from engine.worker.client import EngineClient


class RunController(QObject):
    """Starts, follows and cancels runs. One run at a time; the queue starts the next one when ``ended`` is told."""

    busy_changed = Signal(bool)
    failed = Signal(str, bool)
    """A run stopped with this sentence; whether it can be continued from its finished steps."""
    started = Signal(object)
    """A run was asked for: its request."""
    ended = Signal(object, object)
    """A run ended: its request and its last event."""
    replaced = Signal(str, str)
    """A run is done once more: its former id and its new one."""
    told = Signal(object)
    """The engine told this event of the run under way, shown or not."""
    stalled = Signal(object)
    """The engine has work and has got nothing done for long: a ``Stall``; None when it got on after all."""

    def __init__(
        self,
        run: RunModel,
        runs_folder: Callable[[], Path],
        parent: QObject | None = None,
        *,
        client: EngineClient | None = None,
    ) -> None:
        """A ``client`` that is given stays its giver's to close; otherwise one is made when it is first needed."""
        super().__init__(parent)
        self._run = run
        self._runs_folder = runs_folder
        self._client = client
        self._owns_client = client is None
        if client is not None:
            client.on_stall = self.stalled.emit
        self._going_on = False
        self._closing = False
        self._warming: asyncio.Task[None] | None = None
        self._repairing: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._events: list[AnyEvent] = []
        self.progress = RunProgress()
        """How far the run under way is, shown or not."""
        self.request: GenerationRequest | None = None
        """What was asked for last."""

    @property
    def busy(self) -> bool:
        """Whether a run was asked for and has not ended."""
        return self._task is not None

    @property
    def engine_pid(self) -> int | None:
        """Process id of the engine, while there is one."""
        return self._client.pid if self._client is not None else None

    @property
    def runs_folder(self) -> Path:
        """Where runs are kept."""
        return self._runs_folder()

    # -- starting

    def generate(self, layout: Layout, options: RunOptions) -> bool:
        """Paint ``layout``; both are taken as they are now. False while another run is under way, or when refused."""
        if self.busy:
            return False
        request = self.request_for(layout, options)
        return request is not None and self.start(request)

    def request_for(self, layout: Layout, options: RunOptions) -> GenerationRequest | None:
        """What to ask the engine for; None, and the reason told, when an option is out of its range."""
        from desktop_app.runs.requests import new_request

        try:
            return new_request(layout, options, self.runs_folder)
        except BoxpaintError as error:
            self.failed.emit(str(error), False)
            return None

    def start(self, request: GenerationRequest, *, show: bool = True) -> bool:
        """Carry out this request now; False while another run is under way. ``show``: in the timeline, too."""
        if self.busy or self._closing:
            return False
        self.request = request
        self._events = []
        self.progress = RunProgress()
        if show:
            self._run.begin(request.run, request.layout)
        self._task = asyncio.get_running_loop().create_task(self._follow(request))
        self.started.emit(request)
        self.busy_changed.emit(True)
        return True

    def try_again(self) -> bool:
        """The same request once more, from the beginning."""
        return self._repeat(keep=0)

    def resume(self) -> bool:
        """The same request once more, its finished steps taken over where that can be."""
        return self._repeat(keep=self.progress.finished if self._continuable else 0)

    @property
    def _continuable(self) -> bool:
        """Whether there are finished steps to take over; in pixel mode reference one noise stream runs through all."""
        return self.request is not None and self.request.settings.pixels == "exact" and self.progress.finished > 0

    def _repeat(self, *, keep: int) -> bool:
        if self.busy or self.request is None:
            return False
        from desktop_app.runs.requests import again

        former, request = self.request.run, again(self.request, self.runs_folder, keep=keep)
        self.replaced.emit(former, request.run)
        return self.start(request)

    def show_active(self) -> bool:
        """Show the run under way in the timeline, with all that has happened so far; False when there is none."""
        if not self.busy or self.request is None:
            return False
        self._run.show(self.request.run, self.request.layout, self._events)
        return True

    def cancel(self) -> None:
        """Stop the run under way."""
        if self._client is not None and self.request is not None and self.busy:
            self._client.cancel(self.request.run)

    # -- the engine process

    def end_engine(self, *, go_on: bool = False) -> None:
        """End an engine that hangs, at once; the run under way fails, or goes on from its finished steps by itself."""
        if self._client is not None:
            self._going_on = go_on and self.busy
            self._client.kill()

    def warm_up(self, model: str) -> None:
        """Start the engine and load a model before it is asked for."""
        if not self.busy and self._warming is None:
            self._warming = asyncio.get_running_loop().create_task(self._warm_up(model))

    def repair(self) -> None:
        """Close the records of runs that an earlier program or its engine left open when it was killed."""
        self._repairing = asyncio.get_running_loop().create_task(self._repair(self._runs_folder()))

    async def _repair(self, folder: Path) -> None:
        def work() -> int:
            from engine.runs.records import repair_orphans

            return len(repair_orphans(folder))

        try:
            # In a thread: it reads a file per run, and the window must not wait for a disk.
            count = await asyncio.get_running_loop().run_in_executor(None, work)
        except BoxpaintError as error:
            logger.warning("Runs that were cut off could not be closed: %s", error)
        else:
            if count:
                logger.info("%d runs that had been cut off were closed; their finished steps are kept", count)
        finally:
            self._repairing = None

    async def _warm_up(self, model: str) -> None:
        try:
            await self.engine().warm_up(model)
        except BoxpaintError as error:
            # The user has not asked for anything yet; the run will say the same when there is one.
            logger.info("The model %s could not be loaded ahead: %s", model, error)
        finally:
            self._warming = None

    def engine(self) -> EngineClient:
        """The client of the engine process; made when it is first asked for."""
        # The engine's modules are imported when they are first needed: the window's start is measured.
        from engine.worker.client import EngineClient

        if self._client is None:
            self._client = EngineClient(on_stall=self.stalled.emit)
        return self._client

    async def close(self) -> None:
        """End the engine process; a run under way ends with it."""
        self._closing = True
        if not self._owns_client:
            self.cancel()
            if self._client is not None:
                self._client.on_stall = lambda stall: None
        elif self._client is not None:
            await self._client.close()
        tasks = [task for task in (self._task, self._warming, self._repairing) if task is not None]
        if tasks:
            await asyncio.wait(tasks)

    # -- following

    async def _follow(self, request: GenerationRequest) -> None:
        last: AnyEvent | None = None
        try:
            async for event in self.engine().run(request):
                self._take(event)
                last = event
        except Exception as error:  # noqa: BLE001  shown to the user; the window goes on
            logger.exception("The run %s could not be followed", request.run)
            last = RunFailed(run=request.run, sequence=2**31, kind="engine", message=sentence(error))
            self._take(last)
        finally:
            self._task = None
            self.busy_changed.emit(False)
        going_on, self._going_on = self._going_on, False
        logger.info("The run %s ended: %s", request.run, type(last).__name__)
        if isinstance(last, RunFailed):
            if going_on and self.resume():
                return
            self.failed.emit(last.text, self._continuable)
        self.ended.emit(request, last)

    def _take(self, event: AnyEvent) -> None:
        self.progress.update(event)
        if not isinstance(event, DenoisePreview):
            self._events.append(event)
        self._run.apply(event)
        self.told.emit(event)
