"""Carrying out a request: plan, paint, write, tell. What the engine process runs, and usable without it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PIL import Image

from engine.errors import BoxpaintError, Cancelled
from engine.events import (
    AnyEvent,
    DenoisePreview,
    DetectionsReady,
    DetectorReady,
    ModelLoading,
    ModelPlaced,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunStarted,
    Step,
    StepStarted,
)
from engine.formats.boxpaint_png import png_info
from engine.inpainting.iterinpaint import Progress, StepPictures
from engine.inpainting.methods import Painting, make_painter, make_plan
from engine.inpainting.plan import Plan
from engine.inpainting.safety import checker_state
from engine.inpainting.seeds import derived_seed
from engine.inpainting.settings import GenerationSettings
from engine.layout import LayoutObject
from engine.layout.matching import match_objects, same_label
from engine.models.card import ModelCard
from engine.models.catalogue import find_model, fingerprint
from engine.models.failures import explained
from engine.models.loading import LoadedModel
from engine.models.lora import lora_facts
from engine.models.placement import Choice
from engine.models.placing import SteppedDown
from engine.runs.keeping import kept_steps
from engine.runs.looking import LoadDetector, Looking, load_by_name
from engine.runs.previews import Reel
from engine.runs.records import detections_from
from engine.runs.request import GenerationRequest, Retry, check_retry
from engine.runs.retouching import retouch_plan
from engine.runs.store import RunStore

_log = logging.getLogger(__name__)

_GUESS = 0.05
"""Least score of what tells which of several attempts that were not found is the best."""

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
        load_detector: Gives the detector that looks at the composites.
    """

    def __init__(
        self,
        request: GenerationRequest,
        *,
        emit: Emit,
        load: LoadModel,
        cancelled: Callable[[], bool],
        load_detector: LoadDetector = load_by_name,
    ) -> None:
        self.request = request
        self._emit_event = emit
        self._load = load
        self._cancelled = cancelled
        self._sequence = 0
        self._store: RunStore | None = None
        self._load_detector = load_detector
        self._looking: Looking | None = None
        self._reels: dict[int, Reel] = {}

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
            _log.exception("Run %s failed", self.request.run)
            self._fail(explained(error, "the model"))
        finally:
            if self._looking is not None:
                self._looking.close()

    def _paint(self, started: float) -> None:
        request = self.request
        card = find_model(request.model)
        plan = self._plan(card)
        check_retry(request.retry, request.detector, request.settings)
        kept = list(kept_steps(request, plan))
        self._check_cancelled()
        model = self._load(card, request, lambda: self._emit(ModelLoading, model=card.name))
        self._check_cancelled()
        settings = request.settings
        self._store = store = RunStore(request, plan, _facts(card, model, settings))
        self._emit(
            RunStarted,
            folder=request.folder,
            width=plan.width,
            height=plan.height,
            steps=plan.steps,
            compositing=settings.compositing,
            pixels=settings.pixels,
            notes=plan.notes,
        )
        self._tell_placing(model.placing.choice)
        if request.detector is not None:
            self._looking = Looking(request.detector, request.layout, self._load_detector)
        context: Image.Image | None = None
        for pictures, entry in kept:
            self._emit(StepStarted, index=pictures.step.index, iterations=0)
            self._tell(store.take_over(pictures, entry, str(request.base)))
            known = detections_from(entry.get("detections"))
            if known is not None:
                self._emit(DetectionsReady, index=pictures.step.index, detections=known)
            elif self._looking is not None:
                self._looking.look(pictures.step.index, pictures.composite)
            context = pictures.composite
        with model.placing.told(lambda news: self._stepped_down(model, news)):
            context = self._paint_rest(plan, model, len(kept), context)
        self._fetch(wait=True)
        path = store.finish(
            context, png_info(request.layout, request.settings.to_dict()), time.perf_counter() - started
        )
        self._emit(RunFinished, picture=str(path), seconds=time.perf_counter() - started)

    def _tell_placing(self, choice: Choice, problem: str = "") -> None:
        self._emit(
            ModelPlaced,
            device=choice.device,
            precision=choice.precision,
            placement=choice.placement,
            reason=choice.reason,
            problem=problem,
            quantize=choice.quantize,
        )

    def _stepped_down(self, model: LoadedModel, news: SteppedDown) -> None:
        """Memory ran out: the sampler does the step again, the listener and the record are told."""
        assert self._store is not None
        self._store.add_step_down(news)
        self._tell_placing(model.placing.choice, news.text)

    def _plan(self, card: ModelCard) -> Plan:
        request = self.request
        return retouch_plan(request, card) if request.retouch else make_plan(request.layout, request.settings, card)

    def _paint_rest(self, plan: Plan, model: LoadedModel, first: int, context: Image.Image | None) -> Image.Image:
        """Paint the steps from ``first`` on; the last composite."""
        assert self._store is not None
        end = min(len(plan.steps), self.request.until or len(plan.steps))
        # What comes after the end is not planned: a wave would paint it.
        stream = self._painting(replace(plan, steps=plan.steps[:end]), model).paint(first=first, context=context)
        chosen: StepPictures | None = None
        for index in range(first, end):
            painted = stream.send(chosen)
            planned = plan.steps[index]
            pictures, attempts = self._best(plan, model, painted, context)
            # The stream went on from the first attempt: it is told which one was chosen.
            chosen = None if pictures is painted else pictures
            reel = self._reels.pop(index, None)
            self._tell(self._store.add_step(pictures, planned=planned, attempts=attempts, previews=reel))
            if self._looking is not None:
                self._looking.look(index, pictures.composite)
            self._fetch()
            context = pictures.composite
            self._check_cancelled()
        if context is None:
            raise BoxpaintError("no step was asked for.", "run", field="until", hint="Paint at least one.")
        return context

    def _painting(self, plan: Plan, model: LoadedModel) -> Painting:
        settings = self.request.settings
        return make_painter(plan, settings, model, on_step=self._on_step, on_progress=self._on_progress)

    # -- repainting what the detector does not find

    def _best(
        self, plan: Plan, model: LoadedModel, painted: StepPictures, context: Image.Image | None
    ) -> tuple[StepPictures, int]:
        """The best of several attempts at this step, the first of which is done; and how many there were."""
        retry, looking, step = self.request.retry, self._looking, painted.step
        item = next((item for item in plan.objects if item.id == step.object_id), None)
        if retry is None or looking is None or item is None or step.kind != "foreground" or step.seed is None:
            return painted, 1
        if retry.only not in (None, step.index):
            return painted, 1
        self._fetch(wait=True)  # the detector's name and labels are known from here on
        if not any(same_label(item.prompt, label) for label in looking.labels):
            return painted, 1
        best, best_rate, seconds = painted, self._rate(looking, item, painted, retry), painted.seconds
        best_reel = self._reels.get(step.index)
        attempt = 1
        while not best_rate[0] and attempt < retry.attempts:
            seed = derived_seed(step.seed, f"attempt/{attempt}")
            alone = (*plan.steps[: step.index], replace(step, seed=seed))
            other = self._painting(replace(plan, steps=alone), model)
            again = next(other.paint(first=step.index, context=context))
            attempt, seconds = attempt + 1, seconds + again.seconds
            rate = self._rate(looking, item, again, retry)
            if rate > best_rate:
                best, best_rate, best_reel = again, rate, self._reels.get(step.index)
            self._check_cancelled()
        if best_reel is not None:
            self._reels[step.index] = best_reel
        # A step that was painted once and found is left as it is: its stream can go on.
        return (best if attempt == 1 or best is painted else replace(best, seconds=seconds)), attempt

    @staticmethod
    def _rate(looking: Looking, item: LayoutObject, painted: StepPictures, retry: Retry) -> tuple[bool, float, float]:
        """How good an attempt is: found or not, then by overlap, then by score."""
        detections = looking.find(painted.composite)
        sure = match_objects([item], detections, score=retry.score).get(item.id)
        found = sure is not None and sure.iou >= retry.iou
        best = sure if found else match_objects([item], detections, score=_GUESS).get(item.id)
        return (found, best.iou * best.score, best.score) if best is not None else (False, 0.0, 0.0)

    # -- what the detector found

    def _fetch(self, *, wait: bool = False) -> None:
        """Tell what the detector has found by now, or with ``wait`` all that it will find."""
        looking = self._looking
        if looking is None or self._store is None:
            return
        try:
            news = looking.announcement(wait=wait)
            if news is not None:
                self._announce(*news)
            for index, detections in looking.found(wait=wait):
                self._store.add_detections(index, detections)
                self._emit(DetectionsReady, index=index, detections=detections)
        except BoxpaintError as error:
            if error.kind == "output":
                raise
            self._announce(looking.name, (), str(error))

    def _announce(self, name: str, labels: tuple[str, ...], problem: str) -> None:
        assert self._store is not None
        self._store.set_detector(name, labels, problem)
        self._emit(DetectorReady, name=name, labels=labels, problem=problem)

    def _on_step(self, step: Step, iterations: int) -> None:
        self._reels[step.index] = Reel(iterations)
        self._emit(StepStarted, index=step.index, iterations=iterations)

    def _on_progress(self, progress: Progress) -> None:
        picture = progress.picture
        reel = self._reels.get(progress.step.index)
        if picture is not None and reel is not None:
            reel.add(progress.iteration, progress.window, picture)
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
        self._fetch()
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
        self._tell(event(run=self.request.run, sequence=0, **values))

    def _tell(self, event: AnyEvent) -> None:
        self._emit_event(replace(event, sequence=self._sequence))
        self._sequence += 1


def _facts(card: ModelCard, model: LoadedModel, settings: GenerationSettings) -> dict[str, Any]:
    """What the record says of the model."""
    return {
        "name": card.name,
        "folder": str(card.folder),
        "fingerprint": fingerprint(card.folder),
        "device": model.device,
        "precision": model.precision,
        "safety_checker": checker_state(settings, card),
        "loras": lora_facts(settings.loras),
        "placement": model.placing.placement,
        "quantize": model.placing.choice.quantize,
        "reason": model.placing.choice.reason,
    }
