"""The methods: from a plan and a loaded model to a painter. New ones are added to ``METHODS``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from engine.events import Step
from engine.inpainting.areas import AREAS
from engine.inpainting.iterinpaint import Painter, Progress
from engine.inpainting.plan import Plan
from engine.inpainting.previews import LatentPreview
from engine.inpainting.sampler import Sampler
from engine.inpainting.settings import GenerationSettings
from engine.models.loading import LoadedModel


class Method(Protocol):
    """Makes the painter that carries out a plan."""

    def __call__(
        self,
        plan: Plan,
        settings: GenerationSettings,
        model: LoadedModel,
        *,
        on_step: Callable[[Step, int], None],
        on_progress: Callable[[Progress], None],
    ) -> Painter: ...


def iterinpaint(
    plan: Plan,
    settings: GenerationSettings,
    model: LoadedModel,
    *,
    on_step: Callable[[Step, int], None],
    on_progress: Callable[[Progress], None],
) -> Painter:
    """Iterative inpainting, with the model card's defaults for what the settings leave open."""
    card = model.card
    sampler = Sampler(
        model,
        scheduler=settings.scheduler,
        steps=settings.steps if settings.steps is not None else card.steps,
        guidance=settings.guidance if settings.guidance is not None else card.guidance,
    )
    area = settings.area or ("full" if settings.pixels == "reference" else card.area)
    return Painter(
        plan=plan,
        settings=settings,
        sampler=sampler,
        area=AREAS[area](card),
        preview=LatentPreview(model.pipeline) if settings.previews else None,
        on_step=on_step,
        on_progress=on_progress,
    )


METHODS: dict[str, Method] = {"iterinpaint": iterinpaint}


def make_painter(
    plan: Plan,
    settings: GenerationSettings,
    model: LoadedModel,
    *,
    on_step: Callable[[Step, int], None],
    on_progress: Callable[[Progress], None],
) -> Painter:
    """The painter of the method that the settings name."""
    return METHODS[settings.method](plan, settings, model, on_step=on_step, on_progress=on_progress)
