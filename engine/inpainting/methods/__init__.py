"""The methods by name: the built-in ones, and those that installed packages add (docs/methods.md)."""

from __future__ import annotations

from engine.errors import BoxpaintError
from engine.inpainting.iterinpaint import OnProgress
from engine.inpainting.methods.controlnet import ControlNetSeg
from engine.inpainting.methods.gligen import Gligen, GligenInpaint
from engine.inpainting.methods.iterative import IterInpaint, ParallelInpaint
from engine.inpainting.methods.protocol import Method, OnStep, Painting
from engine.inpainting.methods.single_step import LDM, RECO, TEXT_ONLY
from engine.inpainting.plan import Plan
from engine.inpainting.plug_ins import plug_ins
from engine.inpainting.sampler import check_sampling
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout
from engine.models.card import ModelCard
from engine.models.loading import LoadedModel

BUILT_IN: tuple[Method, ...] = (
    IterInpaint(),
    ParallelInpaint(),
    RECO,
    LDM,
    Gligen(),
    GligenInpaint(),
    ControlNetSeg(),
    TEXT_ONLY,
)

__all__ = ["BUILT_IN", "Method", "Painting", "find_method", "make_painter", "make_plan", "method_names"]


def method_names() -> tuple[str, ...]:
    """Every method's name: built-in ones first, then those of plug-ins, whose code is not loaded for this."""
    own = [method.name for method in BUILT_IN]
    return (*own, *(name for name in plug_ins() if name not in own))


def find_method(name: str) -> Method:
    """The method of this name.

    Raises:
        BoxpaintError: There is none, or the plug-in that has it cannot be loaded.
    """
    for method in BUILT_IN:
        if method.name == name:
            return method
    point = plug_ins().get(name)
    if point is None:
        raise BoxpaintError(
            f"there is no method {name!r}.",
            "settings",
            field="method",
            hint=f"It is one of: {', '.join(method_names())}.",
        )
    try:
        found: Method = point.load()
    except Exception as error:
        raise BoxpaintError(
            f"the method {name!r} of the package {point.dist.name if point.dist else '?'} cannot be loaded: {error}",
            "settings",
            field="method",
            hint="Repair or remove that package.",
        ) from error
    return found


def method_for(settings: GenerationSettings, card: ModelCard) -> Method:
    """The method that the settings name, else that of the model's card; refused when the model is not for it."""
    method = find_method(settings.method or card.method)
    method.check(card)
    check_sampling(settings, card)
    return method


def make_plan(layout: Layout, settings: GenerationSettings, card: ModelCard) -> Plan:
    """The steps that the layout, the settings and the model lead to.

    Raises:
        BoxpaintError: They do not go together.
    """
    return method_for(settings, card).plan(layout, settings, card)


def make_painter(
    plan: Plan,
    settings: GenerationSettings,
    model: LoadedModel,
    *,
    on_step: OnStep,
    on_progress: OnProgress,
) -> Painting:
    """The painter of a plan."""
    method = method_for(settings, model.card)
    return method.painter(plan, settings, model, on_step=on_step, on_progress=on_progress)
