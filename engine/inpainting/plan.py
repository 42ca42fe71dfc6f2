"""From a layout and the settings to the steps: N objects make N + 1 steps, the last one the background."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import BoxpaintError
from engine.events import Step
from engine.inpainting.orders import ORDERS
from engine.inpainting.seeds import background_seed, object_seed
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout, LayoutObject
from engine.models.card import ModelCard


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a run and the size of its picture in pixels."""

    steps: tuple[Step, ...]
    objects: tuple[LayoutObject, ...]
    width: int
    height: int


def make_plan(layout: Layout, settings: GenerationSettings, card: ModelCard) -> Plan:
    """Lay out the steps: visible objects in the chosen order, then the background.

    Raises:
        BoxpaintError: An object has no prompt, or the model cannot paint the picture's size.
    """
    for index, item in enumerate(layout.objects):
        if not item.hidden and not item.prompt.strip():
            raise BoxpaintError(
                "the prompt is empty.",
                "layout",
                item=f"object {index}",
                field="prompt",
                hint="Say what to paint there.",
            )
    visible = [item for item in layout.objects if not item.hidden]
    objects = ORDERS[settings.order](visible, settings.seed)
    seeded = settings.pixels == "exact"
    caption = layout.caption
    steps = [
        Step(
            index=index,
            kind="foreground",
            object_id=item.id,
            prompt=fill_prompt(card.foreground_prompt, object=item.prompt, caption=caption),
            seed=object_seed(settings.seed, item) if seeded else None,
        )
        for index, item in enumerate(objects)
    ]
    steps.append(
        Step(
            index=len(steps),
            kind="background",
            object_id=None,
            prompt=fill_prompt(card.background_prompt, object="", caption=caption),
            seed=background_seed(settings.seed) if seeded else None,
        )
    )
    width, height = picture_size(layout, settings, card)
    return Plan(tuple(steps), tuple(objects), width, height)


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
