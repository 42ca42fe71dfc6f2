"""The paper's method: one object at a time on an empty picture, then the background (arXiv 2304.06671, section 4)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops

from engine.events import Step
from engine.inpainting.areas import Area, OnWindow, Task
from engine.inpainting.compositing import pixel_mode
from engine.inpainting.plan import Plan
from engine.inpainting.previews import LatentPreview
from engine.inpainting.sampler import Iteration, Sampler
from engine.inpainting.settings import GenerationSettings
from engine.layout import PixelBox


@dataclass(frozen=True, slots=True)
class StepPictures:
    """What a finished step leaves: RGB pictures and the L mask, all of the run's size, and the seconds it took."""

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


def told_progress(step: Step, sampler: Sampler, preview: LatentPreview | None, on_progress: OnProgress) -> OnWindow:
    """What the sampler tells of a step, passed on as ``Progress``, with a rough picture whenever one is due."""

    def on_iteration(window: PixelBox, done: Iteration) -> None:
        picture = preview.picture(done.latents) if preview is not None and preview.due() else None
        on_progress(Progress(step, done.number, sampler.iterations, window, picture))

    return on_iteration


@dataclass(frozen=True, slots=True, kw_only=True)
class Painter:
    """Carries out a plan.

    An object's step paints its box, a foreground step of no single object all boxes at once, the background step the
    rest.

    Attributes:
        on_step: Told before each step, with the number of denoising steps to come.
        on_progress: Told after each denoising step.
    """

    plan: Plan
    settings: GenerationSettings
    sampler: Sampler
    area: Area
    preview: LatentPreview | None
    on_step: Callable[[Step, int], None]
    on_progress: OnProgress

    def paint(self, *, first: int = 0, context: Image.Image | None = None) -> Iterator[StepPictures]:
        """Paint the plan's steps from index ``first`` on, starting from ``context`` (black when nothing is painted)."""
        size = (self.plan.width, self.plan.height)
        if context is None:
            context = Image.new("RGB", size)
        if self.settings.pixels == "reference":
            import torch

            torch.manual_seed(self.settings.seed)
        for step in self.plan.steps[first:]:
            pictures = self._paint_step(step, context)
            yield pictures
            context = pictures.composite

    def _paint_step(self, step: Step, context: Image.Image) -> StepPictures:
        started = time.perf_counter()
        self.on_step(step, self.sampler.iterations)
        mode = pixel_mode(self.settings.pixels, self.plan.form)
        # A box that is filled as background is painted the way the background is: on the whole picture.
        box = self.plan.box_of(step) if step.kind == "foreground" else None
        mask = self._mask(step)
        on_iteration = told_progress(step, self.sampler, self.preview, self.on_progress)
        raw = self.area.paint(self.sampler, Task(step.prompt, context, mask, box, step.seed), on_iteration)
        if self.settings.compositing == "repaint":
            composite = raw
        elif step.index in self.plan.places or (box is None and step.kind == "foreground"):
            composite = Image.composite(raw, context, mask)
        elif box is None:
            composite = mode.paste_background(context, raw, mask)
        else:
            composite = mode.paste(context, raw, box)
        return StepPictures(step, context, mask, raw, composite, time.perf_counter() - started)

    def _mask(self, step: Step) -> Image.Image:
        mode, size = pixel_mode(self.settings.pixels, self.plan.form), (self.plan.width, self.plan.height)
        box = self.plan.box_of(step)
        if box is None:
            rest = mode.background_mask([item.box for item in self.plan.objects], size)
            return ImageChops.invert(rest) if step.kind == "foreground" else rest
        mask = mode.object_mask(box, size)
        place = self.plan.places.get(step.index)
        if place is not None and place.spared:
            mask = ImageChops.multiply(mask, mode.background_mask(place.spared, size))
        return mask
