"""Carrying out a request: plan, paint, write, tell. What the engine process runs, and usable without it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from engine.errors import BoxpaintError, Cancelled
from engine.events import (
    AnyEvent,
    DenoisePreview,
    ModelLoading,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunStarted,
    Step,
    StepFinished,
    StepStarted,
)
from engine.formats.boxpaint_png import png_info
from engine.inpainting.iterinpaint import Painter, Progress, StepPictures
from engine.inpainting.methods import make_painter
from engine.inpainting.plan import Plan, make_plan
from engine.models.card import ModelCard
from engine.models.catalogue import find_model, fingerprint
from engine.models.loading import LoadedModel
from engine.runs.records import read_record
from engine.runs.request import GenerationRequest
from engine.runs.store import RunStore, read_step, step_to_dict

_log = logging.getLogger(__name__)

Emit = Callable[[AnyEvent], None]
LoadModel = Callable[[ModelCard, GenerationRequest, Callable[[], None]], LoadedModel]
"""From a card to its pipeline; calls the function it is given if the model has to be loaded first."""


class RunExecution:
    """One run from its request to its terminal event.

    Args:
        request: What to do.
        emit: Receives the run's events in order.
        load: Gives the pipeline for a card; may take long, may raise ``Cancelled``.
        cancelled: Asked after every denoising step.
    """

    def __init__(
        self, request: GenerationRequest, *, emit: Emit, load: LoadModel, cancelled: Callable[[], bool]
    ) -> None:
        self.request = request
        self._emit_event = emit
        self._load = load
        self._cancelled = cancelled
        self._sequence = 0
        self._store: RunStore | None = None

    def run(self) -> None:
        """Paint; every way in which this can end is told as the run's terminal event."""
        started = time.perf_counter()
        try:
            self._paint(started)
        except Cancelled:
            self._end_store(lambda store: store.cancel())
            self._emit(RunCancelled, finished=self._finished)
        except BoxpaintError as error:
            self._fail(error)
        except OSError as error:
            self._fail(
                BoxpaintError(f"reading or writing failed ({error.strerror or error}).", "output", file=error.filename)
            )
        except Exception as error:  # noqa: BLE001
            # A library failed in a way nobody foresaw: the listener still gets its terminal event, the log the rest.
            _log.exception("Run %s failed in an unforeseen way", self.request.run)
            self._fail(BoxpaintError(f"unforeseen error: {type(error).__name__}: {error}", "internal"))

    def _paint(self, started: float) -> None:
        request = self.request
        card = find_model(request.model)
        plan = make_plan(request.layout, request.settings, card)
        kept = list(self._kept_steps(plan))
        self._check_cancelled()
        model = self._load(card, request, lambda: self._emit(ModelLoading, model=card.name))
        self._check_cancelled()
        self._store = RunStore(
            request,
            plan,
            {
                "name": card.name,
                "folder": str(card.folder),
                "fingerprint": fingerprint(card.folder),
                "device": model.device,
                "precision": model.precision,
            },
        )
        self._emit(RunStarted, folder=request.folder, width=plan.width, height=plan.height, steps=plan.steps)
        context: Image.Image | None = None
        for pictures in kept:
            self._emit(StepStarted, index=pictures.step.index, iterations=0)
            frames = self._store.take_over(pictures, str(request.base))
            self._emit(StepFinished, index=pictures.step.index, seconds=pictures.seconds, frames=frames)
            context = pictures.composite
        painter = make_painter(plan, request.settings, model, on_step=self._on_step, on_progress=self._on_progress)
        context = self._paint_rest(painter, len(kept), context)
        path = self._store.finish(
            context, png_info(request.layout, request.settings.to_dict()), time.perf_counter() - started
        )
        self._emit(RunFinished, picture=str(path), seconds=time.perf_counter() - started)

    def _paint_rest(self, painter: Painter, first: int, context: Image.Image | None) -> Image.Image:
        assert self._store is not None
        for pictures in painter.paint(first=first, context=context):
            frames = self._store.add_step(pictures)
            self._emit(StepFinished, index=pictures.step.index, seconds=pictures.seconds, frames=frames)
            context = pictures.composite
            self._check_cancelled()
        assert context is not None  # a plan always ends with the background step
        return context

    def _kept_steps(self, plan: Plan) -> Iterator[StepPictures]:
        """The steps to take over from the base run, after checking that they are the same as planned here."""
        request = self.request
        if request.base is None or request.keep == 0:
            return
        folder = Path(request.base)
        if request.settings.pixels == "reference":
            raise BoxpaintError(
                "a run in pixel mode reference cannot be continued: one noise stream runs through all its steps.",
                "settings",
                field="pixels",
                hint="Start it again, or use pixel mode exact.",
            )
        record = read_record(folder)
        if not 0 <= request.keep <= min(len(record["steps"]), len(plan.steps)):
            raise BoxpaintError(
                f"{request.keep} steps were asked for, {len(record['steps'])} are finished.", "run", file=str(folder)
            )
        if (record.get("width"), record.get("height")) != (plan.width, plan.height):
            raise BoxpaintError("the earlier run has another picture size.", "run", file=str(folder))
        boxes = {item.id: item.box for item in plan.objects}
        earlier = GenerationRequest.from_dict(record["request"], folder=request.base).layout
        earlier_boxes = {item.id: item.box for item in earlier.objects}
        for planned, entry in zip(plan.steps[: request.keep], record["steps"], strict=False):
            differs = any(entry.get(name) != value for name, value in step_to_dict(planned).items())
            # The background depends on every box, an object's step on its own one.
            concerned = boxes if planned.object_id is None else {planned.object_id}
            if differs or any(boxes[name] != earlier_boxes.get(name) for name in concerned):
                raise BoxpaintError(
                    "the step differs from the one planned now.",
                    "run",
                    file=str(folder),
                    item=f"step {planned.index}",
                    hint="Keep fewer steps.",
                )
            yield read_step(folder, entry, (plan.width, plan.height))

    def _on_step(self, step: Step, iterations: int) -> None:
        self._emit(StepStarted, index=step.index, iterations=iterations)

    def _on_progress(self, progress: Progress) -> None:
        picture = progress.picture
        self._emit(
            DenoisePreview,
            index=progress.step.index,
            iteration=progress.iteration,
            iterations=progress.iterations,
            window=progress.window,
            width=0 if picture is None else picture.shape[1],
            height=0 if picture is None else picture.shape[0],
            rgb=b"" if picture is None else picture.tobytes(),
        )
        self._check_cancelled()

    @property
    def _finished(self) -> int:
        return self._store.finished if self._store else 0

    def _check_cancelled(self) -> None:
        if self._cancelled():
            raise Cancelled

    def _fail(self, error: BoxpaintError) -> None:
        self._end_store(lambda store: store.fail(error))
        values: dict[str, Any] = error.as_dict()
        self._emit(RunFailed, finished=self._finished, **values)

    def _end_store(self, end: Callable[[RunStore], None]) -> None:
        if self._store is None:
            return
        try:
            end(self._store)
        except BoxpaintError as error:
            # The folder cannot be written any more (a full disk, most likely). The terminal event tells why the run
            # ended; the record still says "running" and is repaired at the next start.
            _log.warning("The run's record could not be closed: %s", error)

    def _emit(self, event: type[AnyEvent], **values: Any) -> None:
        self._emit_event(event(run=self.request.run, sequence=self._sequence, **values))
        self._sequence += 1
