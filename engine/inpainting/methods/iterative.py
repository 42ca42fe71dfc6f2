"""The paper's method, one object after the other, and its variant that paints all objects in one mask."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import BoxpaintError
from engine.events import Step
from engine.inpainting.areas import Area, FullArea, make_area
from engine.inpainting.iterinpaint import OnProgress, Painter
from engine.inpainting.methods.fitting import check_length, check_task
from engine.inpainting.methods.protocol import OnStep
from engine.inpainting.plan import Plan, background_step, check_prompts, fill_prompt, iterative_plan, picture_size
from engine.inpainting.previews import make_preview
from engine.inpainting.prompts import joined_prompt
from engine.inpainting.sampler import make_sampler
from engine.inpainting.seeds import derived_seed
from engine.inpainting.settings import GenerationSettings
from engine.inpainting.waves import in_waves
from engine.layout import Layout
from engine.models.card import ModelCard
from engine.models.loading import LoadedModel

FRAMES = ("context", "mask", "preview", "raw", "composite")
FOREGROUND_ID = "foreground"


@dataclass(frozen=True, slots=True)
class IterInpaint:
    """Iterative inpainting (arXiv 2304.06671, section 4); the card's prompts tell its CLEVR from its COCO form."""

    name: str = "iterinpaint"
    about: str = "one object after the other, then the background"
    frames: tuple[str, ...] = FRAMES

    def check(self, card: ModelCard) -> None:
        check_task(self.name, ("inpainting",), card)

    def plan(self, layout: Layout, settings: GenerationSettings, card: ModelCard) -> Plan:
        return in_waves(iterative_plan(layout, settings, card), settings, card)

    def painter(
        self,
        plan: Plan,
        settings: GenerationSettings,
        model: LoadedModel,
        *,
        on_step: OnStep,
        on_progress: OnProgress,
    ) -> Painter:
        return _painter(plan, settings, model, make_area(settings, model.card), on_step, on_progress)


@dataclass(frozen=True, slots=True)
class ParallelInpaint:
    """All objects at once in the union of their boxes, then the background (the published ``parallel_foreground``)."""

    name: str = "iterinpaint-parallel"
    about: str = "all objects in one mask, then the background"
    frames: tuple[str, ...] = FRAMES

    def check(self, card: ModelCard) -> None:
        check_task(self.name, ("inpainting",), card)

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
        return Plan(tuple(steps), objects, *picture_size(layout, settings, card), form=card.form)

    def painter(
        self,
        plan: Plan,
        settings: GenerationSettings,
        model: LoadedModel,
        *,
        on_step: OnStep,
        on_progress: OnProgress,
    ) -> Painter:
        return _painter(plan, settings, model, FullArea(), on_step, on_progress)


def _painter(
    plan: Plan, settings: GenerationSettings, model: LoadedModel, area: Area, on_step: OnStep, on_progress: OnProgress
) -> Painter:
    if settings.pixels == "exact":  # the published code lets a long prompt be cut off
        for step in plan.steps:
            check_length(step.prompt, model)
    return Painter(
        plan=plan,
        settings=settings,
        sampler=make_sampler(settings, model),
        area=area,
        preview=make_preview(settings, model),
        on_step=on_step,
        on_progress=on_progress,
    )
