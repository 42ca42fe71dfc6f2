"""Joins the generation panel, the engine process and the timeline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_app.errors import logger, sentence
from engine.errors import BoxpaintError
from engine.events import RunFailed
from engine.layout import Layout
from ui.panels.run_options import RunOptions
from ui.timeline.model import RunModel

if TYPE_CHECKING:
    from engine.runs.request import GenerationRequest
    from engine.worker.client import EngineClient


class RunController(QObject):
    """Starts, follows and cancels runs. One run at a time."""

    busy_changed = Signal(bool)
    failed = Signal(str, bool)
    """A run stopped with this sentence; whether it can be continued from its finished steps."""

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
        self._warming: asyncio.Task[None] | None = None
        self._repairing: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._request: GenerationRequest | None = None
        self._finished = 0

    @property
    def busy(self) -> bool:
        """Whether a run was asked for and has not ended."""
        return self._task is not None

    @property
    def engine_pid(self) -> int | None:
        """Process id of the engine, while there is one."""
        return self._client.pid if self._client is not None else None

    def generate(self, layout: Layout, options: RunOptions) -> bool:
        """Paint ``layout``; both are taken as they are now. False while another run is under way, or when refused."""
        if self.busy:
            return False
        from engine.inpainting.settings import GenerationSettings
        from engine.runs.request import GenerationRequest, new_run_id

        run = new_run_id()
        names = ("steps", "guidance", "scheduler", "order", "compositing", "pixels", "area", "width", "height", "seed")
        try:
            settings = GenerationSettings(**{name: getattr(options, name) for name in names}, previews=options.previews)
        except BoxpaintError as error:
            self.failed.emit(str(error), False)
            return False
        self._start(GenerationRequest(run, layout, settings, options.model, str(self._runs_folder() / run)))
        return True

    def try_again(self) -> bool:
        """The same request once more, from the beginning."""
        return self._repeat(keep=0)

    def resume(self) -> bool:
        """The same request once more, its finished steps taken over."""
        return self._repeat(keep=self._finished)

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
        """The client of the engine process; made when it is first needed."""
        # The engine's modules are imported when they are first needed: the window's start is measured.
        from engine.worker.client import EngineClient

        if self._client is None:
            self._client = EngineClient()
        return self._client

    def cancel(self) -> None:
        """Stop the run under way."""
        if self._client is not None and self._request is not None and self.busy:
            self._client.cancel(self._request.run)

    async def close(self) -> None:
        """End the engine process; a run under way ends with it."""
        if not self._owns_client:
            self.cancel()
        elif self._client is not None:
            await self._client.close()
        tasks = [task for task in (self._task, self._warming, self._repairing) if task is not None]
        if tasks:
            await asyncio.wait(tasks)

    def _repeat(self, *, keep: int) -> bool:
        if self.busy or self._request is None:
            return False
        from engine.runs.request import new_run_id

        run = new_run_id()
        former = self._request
        self._start(
            replace(
                former,
                run=run,
                folder=str(self._runs_folder() / run),
                base=former.folder if keep else None,
                keep=keep,
            )
        )
        return True

    def _start(self, request: GenerationRequest) -> None:
        self._request = request
        self._finished = 0
        self._run.begin(request.run, request.layout)
        self._task = asyncio.get_running_loop().create_task(self._follow(request))
        self.busy_changed.emit(True)

    async def _follow(self, request: GenerationRequest) -> None:
        failure: RunFailed | None = None
        try:
            async for event in self.engine().run(request):
                self._run.apply(event)
                if isinstance(event, RunFailed):
                    failure = event
        except Exception as error:  # noqa: BLE001  shown to the user; the window goes on
            logger.exception("The run %s could not be followed", request.run)
            text = sentence(error)
            failure = RunFailed(run=request.run, sequence=2**31, kind="engine", message=text)
            self._run.apply(failure)
        finally:
            self._finished = self._run.done_steps
            self._task = None
            self.busy_changed.emit(False)
        if failure is not None:
            self.failed.emit(failure.text, self._finished > 0)
