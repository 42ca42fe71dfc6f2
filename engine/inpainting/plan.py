"""From a layout and the settings to the steps: N objects make N + 1 steps, the last one the background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.errors import BoxpaintError
from engine.events import Step
from engine.inpainting.orders import ORDERS
from engine.inpainting.seeds import background_seed, object_seed
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject
from engine.models.card import ModelCard


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step that retouches a finished picture paints: in ``box``, but not in the ``spared`` boxes."""

    box: Box
    spared: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a run and the size of its picture in pixels.

    ``places`` says where the steps of these indices paint, if that is not where the layout's objects (for the
    background: no objects) are. ``form`` is the model card's, and ``notes`` are sentences for whoever asked for the
    run: what was decided for them.
    """

    steps: tuple[Step, ...]
    objects: tuple[LayoutObject, ...]
    width: int
    height: int
    places: Mapping[int, Place] = field(default_factory=dict)
    form: str = "clevr"
    notes: tuple[str, ...] = ()

    def box_of(self, step: Step) -> Box | None:
        """The box that a step paints; None where it paints no single one."""
        if step.index in self.places:
            return self.places[step.index].box
        return next((item.box for item in self.objects if item.id == step.object_id), None)


def iterative_plan(layout: Layout, settings: GenerationSettings, card: ModelCard) -> Plan:
    """Lay out the steps: visible objects in the chosen order, then the background.

    Raises:
        BoxpaintError: An object has no prompt, or the model cannot paint the picture's size.
    """
    check_prompts(layout)
    visible = [item for item in layout.objects if not item.hidden]
    objects = ORDERS[settings.order](visible, settings.seed)
    seeded = settings.pixels == "exact"
    steps = [
        Step(
            index=index,
            kind="foreground",
            object_id=item.id,
            prompt=fill_prompt(card.foreground_prompt, object=item.prompt, caption=layout.caption),
            seed=object_seed(settings.seed, item) if seeded else None,
        )
        for index, item in enumerate(objects)
    ]
    steps.append(background_step(len(steps), layout, settings, card))
    width, height = picture_size(layout, settings, card)
    return Plan(tuple(steps), tuple(objects), width, height, form=card.form)


def check_prompts(layout: Layout) -> None:
    """Refuse a layout with a visible object that has no prompt."""
    for index, item in enumerate(layout.objects):
        if not item.hidden and not item.prompt.strip():
            raise BoxpaintError(
                "the prompt is empty.",
                "layout",
                item=f"object {index}",
                field="prompt",
                hint="Say what to paint there.",
            )


def background_step(index: int, layout: Layout, settings: GenerationSettings, card: ModelCard) -> Step:
    """The step that paints all that no box covers."""
    own = settings.background_seed
    return Step(
        index=index,
        kind="background",
        object_id=None,
        prompt=fill_prompt(card.background_prompt, object="", caption=layout.caption),
        seed=None if settings.pixels != "exact" else background_seed(settings.seed) if own is None else own,
    )


def fill_prompt(template: str, *, object: str, caption: str) -> str:
    """Put the object's prompt and the layout's caption into a card's prompt; braces in them stay as they are."""
    return template.replace("{caption}", caption).replace("{object}", object)


def picture_size(layout: Layout, settings: GenerationSettings, card: ModelCard) -> tuple[int, int]:
    """The size to paint: as set, else the model's own number of pixels in the layout's proportions.

    A size that was not asked for is rounded to what the model can paint; one that was is refused if it does not fit.
    """
    multiple = card.size_multiple
    if settings.width is not None and settings.height is not None:
        for name, value in (("width", settings.width), ("height", settings.height)):
            if value % multiple:
                fitting = max(multiple, round(value / multiple) * multiple)
                raise BoxpaintError(
                    f"the {name} of {value} pixels is no multiple of {multiple}, as {card.name} needs.",
                    "settings",
                    field=name,
                    hint=f"Use {fitting}.",
                )
        return settings.width, settings.height
    width, height = card.size
    scale = (width * height / (layout.width * layout.height)) ** 0.5
    return (
        max(multiple, round(layout.width * scale / multiple) * multiple),
        max(multiple, round(layout.height * scale / multiple) * multiple),
    )
