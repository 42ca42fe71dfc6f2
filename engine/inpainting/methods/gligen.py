"""GLIGEN (arXiv 2301.07093): the network is told each object's phrase and box. In one call, or one object at a time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageChops

from engine.errors import BoxpaintError
from engine.events import Step
from engine.inpainting.compositing import pixel_mode
from engine.inpainting.iterinpaint import OnProgress, StepPictures, told_progress
from engine.inpainting.methods.fitting import check_length, check_task
from engine.inpainting.methods.protocol import OnStep, Paints
from engine.inpainting.methods.single_step import WholePainter, whole_plan
from engine.inpainting.orders import ORDERS
from engine.inpainting.plan import Place, Plan, check_prompts, picture_size
from engine.inpainting.previews import LatentPreview, make_preview
from engine.inpainting.prompts import joined_prompt
from engine.inpainting.sampler import Sampler, make_sampler
from engine.inpainting.seeds import background_seed, object_seed
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, PixelBox
from engine.models.card import ModelCard
from engine.models.loading import LoadedModel

MOST_OBJECTS = 30
"""The network has room for so many phrases; diffusers leaves further ones out with a mere warning."""

_WHOLE = Box(0.0, 0.0, 1.0, 1.0)


def grounding(phrases: list[str], boxes: list[Box]) -> dict[str, Any]:
    """The pipeline's arguments that say what is where.

    Without any object the grounding is switched off: the pipeline cannot be called with no phrase at all.
    """
    if not phrases:
        return {"gligen_phrases": [""], "gligen_boxes": [[0.0, 0.0, 1.0, 1.0]], "gligen_scheduled_sampling_beta": 0.0}
    return {"gligen_phrases": phrases, "gligen_boxes": [[box.x0, box.y0, box.x1, box.y1] for box in boxes]}


@dataclass(frozen=True, slots=True)
class Gligen:
    """All phrases and boxes in one call, as LayoutBench-COCO does it."""

    name: str = "gligen"
    about: str = "one call; the network is told each object's phrase and box (GLIGEN)"
    frames: tuple[str, ...] = ("preview", "composite")

    def check(self, card: ModelCard) -> None:
        check_task(self.name, ("grounding",), card)

    def plan(self, layout: Layout, settings: GenerationSettings, card: ModelCard) -> Plan:
        plan = whole_plan(layout, settings, card, lambda objects: joined_prompt(layout.caption, objects))
        if len(plan.objects) > MOST_OBJECTS:
            raise BoxpaintError(
                f"the layout has {len(plan.objects)} objects, GLIGEN takes {MOST_OBJECTS}.",
                "layout",
                field="objects",
                hint="Use fewer objects, or an iterative method, which has no such limit.",
            )
        return plan

    def painter(
        self,
        plan: Plan,
        settings: GenerationSettings,
        model: LoadedModel,
        *,
        on_step: OnStep,
        on_progress: OnProgress,
    ) -> WholePainter:
        phrases = [item.prompt for item in plan.objects]
        for prompt in (plan.steps[0].prompt, *phrases):
            check_length(prompt, model)
        return WholePainter(
            plan,
            settings,
            make_sampler(settings, model),
            make_preview(settings, model),
            on_step,
            on_progress,
            inputs=grounding(phrases, [item.box for item in plan.objects]),
        )


@dataclass(frozen=True, slots=True)
class GligenInpaint:
    """GLIGEN's inpainting form, used iteratively: the background first, then one object after the other in its box.

    The order is not IterInpaint's: this network paints boxes on a picture and has no mask for all that is outside them.
    """

    name: str = "gligen-inpaint"
    about: str = "the background, then one object after the other, each by its phrase and box (GLIGEN)"
    frames: tuple[str, ...] = ("context", "mask", "preview", "raw", "composite")

    def check(self, card: ModelCard) -> None:
        check_task(self.name, ("grounded-inpainting",), card)

    def plan(self, layout: Layout, settings: GenerationSettings, card: ModelCard) -> Plan:
        check_prompts(layout)
        width, height = picture_size(layout, settings, card)
        if width != height:
            side = max(width, height)
            raise BoxpaintError(
                f"GLIGEN's inpainting form paints square pictures; this one would be {width}×{height} pixels.",
                "settings",
                field="size",
                hint=f"Use --size {side}x{side}: the boxes keep their shares of the picture.",
            )
        objects = ORDERS[settings.order]([item for item in layout.objects if not item.hidden], settings.seed)
        seeded = settings.pixels == "exact"
        own = settings.background_seed
        first = own if own is not None else background_seed(settings.seed)
        steps = [Step(0, "background", None, layout.caption.strip() or "background", first if seeded else None)]
        for index, item in enumerate(objects, start=1):
            seed = object_seed(settings.seed, item) if seeded else None
            steps.append(Step(index, "foreground", item.id, item.prompt, seed))
        return Plan(tuple(steps), tuple(objects), width, height, {0: Place(_WHOLE)}, card.form)

    def painter(
        self,
        plan: Plan,
        settings: GenerationSettings,
        model: LoadedModel,
        *,
        on_step: OnStep,
        on_progress: OnProgress,
    ) -> GroundedPainter:
        for step in plan.steps:
            check_length(step.prompt, model)
        _check_boxes(plan, model.pipeline.vae_scale_factor)
        sampler, preview = make_sampler(settings, model), make_preview(settings, model)
        return GroundedPainter(plan, settings, sampler, preview, on_step, on_progress)


def _check_boxes(plan: Plan, scale: int) -> None:
    """Refuse boxes that hold no whole latent: the pipeline would paint nothing there and say nothing."""
    across = plan.width // scale
    for number, item in enumerate(plan.objects):
        box = item.box
        if int(box.x0 * across) == int(box.x1 * across) or int(box.y0 * across) == int(box.y1 * across):
            raise BoxpaintError(
                f"the box is too small for this model, which paints cells of {scale}×{scale} pixels.",
                "layout",
                item=f"object {number}",
                field="box",
                hint="Make the box or the picture larger, or use another method.",
            )


@dataclass(frozen=True, slots=True)
class GroundedPainter:
    """Paints each step's box by its phrase on the picture so far."""

    plan: Plan
    settings: GenerationSettings
    sampler: Sampler
    preview: LatentPreview | None
    on_step: OnStep
    on_progress: OnProgress

    def paint(self, *, first: int = 0, context: Image.Image | None = None) -> Paints:
        """See ``Painting``."""
        if context is None:
            context = Image.new("RGB", (self.plan.width, self.plan.height))
        if self.settings.pixels == "reference":
            import torch

            torch.manual_seed(self.settings.seed)
        for step in self.plan.steps[first:]:
            pictures = self._paint_step(step, context)
            instead = yield pictures
            context = (instead or pictures).composite

    def _paint_step(self, step: Step, context: Image.Image) -> StepPictures:
        started = time.perf_counter()
        self.on_step(step, self.sampler.iterations)
        box = self.plan.box_of(step) or _WHOLE
        # The pipeline would cut and resize a picture of another size than its autoencoder was trained with.
        self.sampler.model.pipeline.vae.sample_size = context.width
        given = grounding([step.prompt], [box])
        if step.kind == "background":
            given["gligen_scheduled_sampling_beta"] = 0.0  # nothing is to be placed
        whole = PixelBox(0, 0, *context.size)
        (raw,) = self.sampler.call(
            size=context.size,
            seed=step.seed,
            on_iteration=told_progress([step], [whole], self.sampler, self.preview, self.on_progress),
            prompt=step.prompt,
            gligen_inpaint_image=context,
            **given,
        )
        mask = self._mask(step, box)
        repaint = self.settings.compositing == "repaint"
        composite = raw if repaint else Image.composite(raw, context, mask)
        return StepPictures(step, context, mask, raw, composite, time.perf_counter() - started)

    def _mask(self, step: Step, box: Box) -> Image.Image:
        mode, size = pixel_mode(self.settings.pixels, self.plan.form), (self.plan.width, self.plan.height)
        mask = mode.object_mask(box, size)
        place = self.plan.places.get(step.index)
        if place is not None and place.spared:
            mask = ImageChops.multiply(mask, mode.background_mask(place.spared, size))
        return mask
