"""The paper's method: one object at a time on an empty picture, then the background (arXiv 2304.06671, section 4)."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops

from engine.events import Step
from engine.inpainting.areas import Area, Task
from engine.inpainting.compositing import pixel_mode
from engine.inpainting.plan import Plan
from engine.inpainting.previews import LatentPreview
from engine.inpainting.sampler import Inputs, Iteration, OnIteration, Sampler
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, PixelBox


@dataclass(frozen=True, slots=True)
class StepPictures:
    """What a finished step leaves: RGB pictures and the L mask, all of the run's size, and the seconds it took.

    Steps that were painted together share their time evenly.
    """

    step: Step
    context: Image.Image
    mask: Image.Image
    raw: Image.Image
    composite: Image.Image
    seconds: float


@dataclass(frozen=True, slots=True)
class Progress:
    """A denoising step inside a step: which, of how many, where, and a rough picture if one was due."""

    step: Step
    iteration: int
    iterations: int
    window: PixelBox
    picture: np.ndarray | None


OnProgress = Callable[[Progress], None]
"""Told after each denoising step; raising ``Cancelled`` from it ends the run at once."""


def told_progress(
    steps: Sequence[Step],
    windows: Sequence[PixelBox],
    sampler: Sampler,
    preview: LatentPreview | None,
    on_progress: OnProgress,
) -> OnIteration:
    """What the sampler tells of steps that it paints together, passed on as the ``Progress`` of each.

    ``windows`` says where each step works. All of them get a rough picture whenever one is due.
    """

    def on_iteration(done: Iteration) -> None:
        due = preview is not None and preview.due()
        for place, number in enumerate(done.pictures):
            picture = preview.picture(done.latents[place : place + 1]) if preview is not None and due else None
            on_progress(Progress(steps[number], done.number, sampler.iterations, windows[number], picture))

    return on_iteration


class UnfinishedPicture:
    """A picture between its steps: what can be painted now, and the steps whose turn has come.

    Steps of one wave can be painted in any order or together; here they are joined to the picture in the plan's order,
    so that each one's context and composite are those of painting one after the other. Needs no model.

    Args:
        plan, settings, area: As of the ``Painter``.
        first: Index of the first step to be painted.
        context: The picture before it; None is black.
    """

    def __init__(
        self, plan: Plan, settings: GenerationSettings, area: Area, *, first: int, context: Image.Image | None
    ) -> None:
        self._plan, self._settings, self._area = plan, settings, area
        self._size = (plan.width, plan.height)
        self._context = context if context is not None else Image.new("RGB", self._size)
        self._next = first
        self._painted: dict[int, tuple[Image.Image, float]] = {}
        waves = [step.wave for step in plan.steps]
        self._waves = [wave for wave in waves if wave is not None] if None not in waves else list(range(len(waves)))

    @property
    def done(self) -> bool:
        """Whether every step has had its turn."""
        return self._next >= len(self._plan.steps)

    def ready(self) -> list[Step]:
        """The steps that can be painted now, in order."""
        left = [step for step in self._plan.steps[self._next :] if step.index not in self._painted]
        wave = min((self._waves[step.index] for step in left), default=0)
        return [step for step in left if self._waves[step.index] == wave]

    def inputs(self, step: Step) -> Inputs:
        """What the model is given for a step that is ready."""
        return self._area.inputs(self._task(step, self._context_of(step)))

    def window(self, step: Step) -> PixelBox:
        """The part of the picture that a step works on."""
        return self._area.seen(self._box(step), self._size)

    def take(self, step: Step, painted: Image.Image, seconds: float) -> None:
        """The model has painted a step's ``inputs``; it took so long."""
        self._painted[step.index] = (painted, seconds)

    def finished(self) -> Iterator[StepPictures]:
        """The steps whose turn has come, joined to the picture in order."""
        while self._next in self._painted:
            started = time.perf_counter()
            step, context = self._plan.steps[self._next], self._context
            painted, seconds = self._painted.pop(self._next)
            task = self._task(step, context)
            raw = self._area.raw(task, painted)
            composite = self._composite(step, task, raw)
            self._next, self._context = self._next + 1, composite
            yield StepPictures(step, context, task.mask, raw, composite, seconds + time.perf_counter() - started)

    def replace(self, pictures: StepPictures) -> None:
        """Go on from these in place of the last step that had its turn; what may have seen it is painted again."""
        self._context = pictures.composite
        wave = self._waves[pictures.step.index]
        self._painted = {index: held for index, held in self._painted.items() if self._waves[index] <= wave}

    def _context_of(self, step: Step) -> Image.Image:
        """The picture before a step, as far as the step can see it."""
        context = self._context
        for index in sorted(self._painted):
            if index < step.index:
                task = self._task(self._plan.steps[index], context)
                raw = self._area.raw(task, self._painted[index][0])
                context = self._composite(self._plan.steps[index], task, raw)
        return context

    def _task(self, step: Step, context: Image.Image) -> Task:
        return Task(step.prompt, context, self._mask(step), self._box(step), step.seed)

    def _box(self, step: Step) -> Box | None:
        # A box that is filled as background is painted the way the background is: on the whole picture.
        return self._plan.box_of(step) if step.kind == "foreground" else None

    def _composite(self, step: Step, task: Task, raw: Image.Image) -> Image.Image:
        mode = pixel_mode(self._settings.pixels, self._plan.form)
        if self._settings.compositing == "repaint":
            return raw
        if step.index in self._plan.places or (task.box is None and step.kind == "foreground"):
            return Image.composite(raw, task.context, task.mask)
        if task.box is None:
            return mode.paste_background(task.context, raw, task.mask)
        return mode.paste(task.context, raw, task.box)

    def _mask(self, step: Step) -> Image.Image:
        mode = pixel_mode(self._settings.pixels, self._plan.form)
        box = self._plan.box_of(step)
        if box is None:
            rest = mode.background_mask([item.box for item in self._plan.objects], self._size)
            return ImageChops.invert(rest) if step.kind == "foreground" else rest
        mask = mode.object_mask(box, self._size)
        place = self._plan.places.get(step.index)
        if place is not None and place.spared:
            mask = ImageChops.multiply(mask, mode.background_mask(place.spared, self._size))
        return mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Painter:
    """Carries out a plan.

    An object's step paints its box, a foreground step of no single object all boxes at once, the background step the
    rest.

    Attributes:
        on_step: Told before each step, with the number of denoising steps to come; steps of a wave begin together.
        on_progress: Told after each denoising step.
    """

    plan: Plan
    settings: GenerationSettings
    sampler: Sampler
    area: Area
    preview: LatentPreview | None
    on_step: Callable[[Step, int], None]
    on_progress: OnProgress

    def paint(
        self, *, first: int = 0, context: Image.Image | None = None
    ) -> Generator[StepPictures, StepPictures | None, None]:
        """Paint the plan's steps from index ``first`` on, starting from ``context``; see ``Painting``."""
        if self.settings.pixels == "reference":
            import torch

            torch.manual_seed(self.settings.seed)
        picture = UnfinishedPicture(self.plan, self.settings, self.area, first=first, context=context)
        while not picture.done:
            self._paint_wave(picture)
            for pictures in picture.finished():
                instead = yield pictures
                if instead is not None:
                    picture.replace(instead)

    def _paint_wave(self, picture: UnfinishedPicture) -> None:
        """Paint the steps that are ready and of one size for the model, or as many of them as it takes at once."""
        started = time.perf_counter()
        ready = [(step, picture.inputs(step)) for step in picture.ready()]
        size = ready[0][1].context.size
        chosen = [(step, inputs) for step, inputs in ready if inputs.context.size == size][: self.sampler.most_pictures]
        steps = [step for step, _ in chosen]
        for step in steps:
            self.on_step(step, self.sampler.iterations)
        windows = [picture.window(step) for step in steps]
        tell = told_progress(steps, windows, self.sampler, self.preview, self.on_progress)
        painted = self.sampler.paint([inputs for _, inputs in chosen], tell)
        seconds = (time.perf_counter() - started) / len(steps)
        for step, result in zip(steps, painted, strict=True):
            picture.take(step, result, seconds)
