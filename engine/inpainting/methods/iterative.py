"""The paper's method, one object after the other, and its variant that paints all objects in one mask."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops

from engine.errors import BoxpaintError
from engine.events import Step
from engine.inpainting.areas import AREAS, FullArea, Task
from engine.inpainting.compositing import PIXEL_MODES
from engine.inpainting.iterinpaint import Painter, Progress, StepPictures
from engine.inpainting.methods.protocol import OnProgress, OnStep
from engine.inpainting.plan import Plan, background_step, check_prompts, fill_prompt, iterative_plan, picture_size
from engine.inpainting.previews import LatentPreview
from engine.inpainting.prompts import joined_prompt
from engine.inpainting.sampler import Iteration, Sampler, make_sampler
from engine.inpainting.seeds import derived_seed
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout, PixelBox
from engine.models.card import ModelCard
from engine.models.loading import LoadedModel

FRAMES = ("context", "mask", "preview", "raw", "composite")
FOREGROUND_ID = "foreground"


def check_inpainting(card: ModelCard) -> None:
    """Refuse a pipeline that takes no mask."""
    if not card.inpaints:
        raise BoxpaintError(
            f"{card.pipeline_class} is not for inpainting.",
            "model",
            file=str(card.folder),
            hint="Choose an inpainting pipeline, such as StableDiffusionInpaintPipeline, or a method for this one: "
            "text-only paints its caption without boxes.",
        )


@dataclass(frozen=True, slots=True)
class IterInpaint:
    """Iterative inpainting (arXiv 2304.06671, section 4); the card's prompts tell its CLEVR from its COCO form."""

    name: str = "iterinpaint"
    about: str = "one object after the other, then the background"
    frames: tuple[str, ...] = FRAMES

    def check(self, card: ModelCard) -> None:
        check_inpainting(card)

    def plan(self, layout: Layout, settings: GenerationSettings, card: ModelCard) -> Plan:
        return iterative_plan(layout, settings, card)

    def painter(
        self,
        plan: Plan,
        settings: GenerationSettings,
        model: LoadedModel,
        *,
        on_step: OnStep,
        on_progress: OnProgress,
    ) -> Painter:
        area = settings.area or ("full" if settings.pixels == "reference" else model.card.area)
        return Painter(
            plan=plan,
            settings=settings,
            sampler=make_sampler(settings, model),
            area=AREAS[area](model.card),
            preview=LatentPreview(model.pipeline) if settings.previews else None,
            on_step=on_step,
            on_progress=on_progress,
        )


@dataclass(frozen=True, slots=True)
class ParallelInpaint:
    """All objects at once in the union of their boxes, then the background (the published ``parallel_foreground``)."""

    name: str = "iterinpaint-parallel"
    about: str = "all objects in one mask, then the background"
    frames: tuple[str, ...] = FRAMES

    def check(self, card: ModelCard) -> None:
        check_inpainting(card)

    def plan(self, layout: Layout, settings: GenerationSettings, card: ModelCard) -> Plan:
        check_prompts(layout)
        if settings.area == "zoom":
            raise BoxpaintError(
                "iterinpaint-parallel paints on the whole picture.", "settings", field="area", hint="Use area full."
            )
        objects = tuple(item for item in layout.objects if not item.hidden)
        seeded = settings.pixels == "exact"
        steps = []
        if objects:
            prompt = fill_prompt(card.foreground_prompt, object=joined_prompt("", objects), caption=layout.caption)
            seed = derived_seed(settings.seed, FOREGROUND_ID) if seeded else None
            steps.append(Step(0, "foreground", None, prompt, seed))
        steps.append(background_step(len(steps), layout, settings, card))
        return Plan(tuple(steps), objects, *picture_size(layout, settings, card))

    def painter(
        self,
        plan: Plan,
        settings: GenerationSettings,
        model: LoadedModel,
        *,
        on_step: OnStep,
        on_progress: OnProgress,
    ) -> ParallelPainter:
        preview = LatentPreview(model.pipeline) if settings.previews else None
        return ParallelPainter(plan, settings, make_sampler(settings, model), preview, on_step, on_progress)


@dataclass(frozen=True, slots=True)
class ParallelPainter:
    """Carries out a plan of ``ParallelInpaint``."""

    plan: Plan
    settings: GenerationSettings
    sampler: Sampler
    preview: LatentPreview | None
    on_step: OnStep
    on_progress: OnProgress

    def paint(self, *, first: int = 0, context: Image.Image | None = None) -> Iterator[StepPictures]:
        """See ``Painting``."""
        if context is None:
            context = Image.new("RGB", (self.plan.width, self.plan.height))
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
        mode = PIXEL_MODES[self.settings.pixels]
        mask = mode.background_mask([item.box for item in self.plan.objects], context.size)
        if step.kind == "foreground":
            mask = ImageChops.invert(mask)

        def on_iteration(window: PixelBox, done: Iteration) -> None:
            picture = self.preview.picture(done.latents) if self.preview is not None and self.preview.due() else None
            self.on_progress(Progress(step, done.number, self.sampler.iterations, window, picture))

        raw = FullArea().paint(self.sampler, Task(step.prompt, context, mask, None, step.seed), on_iteration)
        if self.settings.compositing == "repaint":
            composite = raw
        elif step.kind == "foreground":
            composite = Image.composite(raw, context, mask)
        else:
            composite = mode.paste_background(context, raw, mask)
        return StepPictures(step, context, mask, raw, composite, time.perf_counter() - started)
