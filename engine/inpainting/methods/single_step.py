"""Methods that paint the whole picture in one call: the layout is in the prompt, or nowhere.

Their pipelines are diffusers' text-to-image ones. The one step has no context and no mask but the whole picture.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from engine.errors import BoxpaintError
from engine.events import Step
from engine.inpainting.iterinpaint import OnProgress, StepPictures, told_progress
from engine.inpainting.methods.fitting import check_length, check_task
from engine.inpainting.methods.protocol import OnStep, Paints
from engine.inpainting.plan import Plan, check_prompts, picture_size
from engine.inpainting.previews import LatentPreview, make_preview
from engine.inpainting.prompts import joined_prompt, ldm_prompt, reco_prompt
from engine.inpainting.sampler import Sampler, make_sampler
from engine.inpainting.seeds import derived_seed
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout, LayoutObject, PixelBox
from engine.layout.vocabulary import find_vocabulary
from engine.models.card import ModelCard
from engine.models.loading import LoadedModel

PICTURE_ID = "picture"

MakePrompt = Callable[[Layout, tuple[LayoutObject, ...], ModelCard], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleStep:
    """A method whose layout is all in the prompt.

    Attributes:
        prompt: Makes the prompt from the layout, its visible objects and the model's card.
        long: Whether the prompt may be as long as the text encoder has places for, whatever the tokenizer's setting:
            ReCo's encoder was widened to 616 tokens.
    """

    name: str
    about: str
    prompt: MakePrompt
    long: bool = False
    frames: tuple[str, ...] = ("preview", "composite")

    def check(self, card: ModelCard) -> None:
        check_task(self.name, ("text-to-image",), card)

    def plan(self, layout: Layout, settings: GenerationSettings, card: ModelCard) -> Plan:
        return whole_plan(layout, settings, card, lambda objects: self.prompt(layout, objects, card))

    def painter(
        self,
        plan: Plan,
        settings: GenerationSettings,
        model: LoadedModel,
        *,
        on_step: OnStep,
        on_progress: OnProgress,
    ) -> WholePainter:
        places = model.pipeline.text_encoder.config.max_position_embeddings if self.long else None
        with reading(model, places):
            check_length(plan.steps[0].prompt, model, objects=len(plan.objects))
        sampler, preview = make_sampler(settings, model), make_preview(settings, model)
        return WholePainter(plan, settings, sampler, preview, on_step, on_progress, places=places)


def whole_plan(
    layout: Layout,
    settings: GenerationSettings,
    card: ModelCard,
    prompt: Callable[[tuple[LayoutObject, ...]], str],
) -> Plan:
    """The plan of one step that paints the whole picture; ``prompt`` makes its text from the visible objects."""
    check_prompts(layout)
    objects = tuple(item for item in layout.objects if not item.hidden)
    seed = derived_seed(settings.seed, PICTURE_ID) if settings.pixels == "exact" else None
    step = Step(0, "whole", None, prompt(objects), seed)
    return Plan((step,), objects, *picture_size(layout, settings, card))


@contextmanager
def reading(model: LoadedModel, places: int | None) -> Iterator[None]:
    """Let a model's tokenizer write at least so many tokens, for this call alone."""
    tokenizer = model.pipeline.tokenizer
    own = tokenizer.model_max_length
    tokenizer.model_max_length = max(own, places or 0)
    try:
        yield
    finally:
        tokenizer.model_max_length = own


@dataclass(frozen=True, slots=True)
class WholePainter:
    """Carries out a plan of one step on the whole picture.

    Attributes:
        inputs: What the pipeline is given besides the prompt.
        shown: The picture that leads it (RGB, the plan's size), shown as the step's context; black where none does.
        places: Tokens that the text encoder is given; None for as many as the tokenizer is set to.
    """

    plan: Plan
    settings: GenerationSettings
    sampler: Sampler
    preview: LatentPreview | None
    on_step: OnStep
    on_progress: OnProgress
    inputs: Mapping[str, Any] = field(default_factory=dict)
    shown: Image.Image | None = None
    places: int | None = None

    def paint(self, *, first: int = 0, context: Image.Image | None = None) -> Paints:
        """See ``Painting``; the step starts from noise alone, whatever the context."""
        for step in self.plan.steps[first:]:
            yield self._paint_step(step)

    def _paint_step(self, step: Step) -> StepPictures:
        started = time.perf_counter()
        self.on_step(step, self.sampler.iterations)
        size = (self.plan.width, self.plan.height)
        if step.seed is None:
            import torch

            torch.manual_seed(self.settings.seed)

        whole = PixelBox(0, 0, *size)
        tell = told_progress([step], [whole], self.sampler, self.preview, self.on_progress)
        with reading(self.sampler.model, self.places):
            (painted,) = self.sampler.call(
                size=size, seed=step.seed, on_iteration=tell, prompt=step.prompt, **self.inputs
            )
        context = self.shown if self.shown is not None else Image.new("RGB", size)
        mask = Image.new("L", size, 255)
        return StepPictures(step, context, mask, painted, painted, time.perf_counter() - started)


def _ldm(layout: Layout, objects: tuple[LayoutObject, ...], card: ModelCard) -> str:
    classes = find_vocabulary(card.vocabulary)
    if not classes:
        raise BoxpaintError(
            "the method ldm needs a model with a known list of classes, and this one names none.",
            "model",
            file=str(card.folder),
            field="vocabulary",
            hint="Name clevr-48 or coco-80 as the vocabulary in its boxpaint.json.",
        )
    return ldm_prompt(objects, classes)


RECO = SingleStep(
    name="reco",
    about="one call; the prompt says each object's box in coordinate tokens (ReCo)",
    prompt=lambda layout, objects, card: reco_prompt(layout.caption, objects),
    long=True,
)
LDM = SingleStep(
    name="ldm",
    about="one call; the prompt is each object's class and corners as tokens (layout-to-image LDM)",
    prompt=_ldm,
)
TEXT_ONLY = SingleStep(
    name="text-only",
    about="one call; the boxes are not used",
    prompt=lambda layout, objects, card: joined_prompt(layout.caption, objects),
)
