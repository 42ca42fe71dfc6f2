"""ControlNet with a picture of classes (arXiv 2302.05543): each box is filled with the colour of its object's class."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PIL import Image, ImageDraw

from engine.errors import BoxpaintError
from engine.inpainting.class_colors import WALL, ClassColor, published_color, trained_color
from engine.inpainting.iterinpaint import OnProgress
from engine.inpainting.methods.fitting import check_length, check_task
from engine.inpainting.methods.protocol import OnStep
from engine.inpainting.methods.single_step import WholePainter, whole_plan
from engine.inpainting.plan import Plan
from engine.inpainting.previews import make_preview
from engine.inpainting.prompts import joined_prompt
from engine.inpainting.sampler import make_sampler
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout, LayoutObject
from engine.models.card import ModelCard
from engine.models.loading import LoadedModel


@dataclass(frozen=True, slots=True)
class ControlNetSeg:
    """One call, led by a picture of the boxes in the colours of their classes on the colour of "wall".

    The step's context frame is that picture: it is what the model gets to see.
    """

    name: str = "controlnet-seg"
    about: str = "one call; a picture of the boxes in the colours of their classes leads it (ControlNet)"
    frames: tuple[str, ...] = ("context", "preview", "composite")

    def check(self, card: ModelCard) -> None:
        check_task(self.name, ("segmentation",), card)

    def plan(self, layout: Layout, settings: GenerationSettings, card: ModelCard) -> Plan:
        plan = whole_plan(layout, settings, card, lambda objects: joined_prompt(layout.caption, objects))
        colors = _colors(plan.objects, settings.pixels)
        return replace(plan, notes=tuple(dict.fromkeys(color.note for color in colors if color.note)))

    def painter(
        self,
        plan: Plan,
        settings: GenerationSettings,
        model: LoadedModel,
        *,
        on_step: OnStep,
        on_progress: OnProgress,
    ) -> WholePainter:
        check_length(plan.steps[0].prompt, model)
        classes = class_picture(plan, settings.pixels)
        sampler, preview = make_sampler(settings, model), make_preview(settings, model)
        return WholePainter(
            plan, settings, sampler, preview, on_step, on_progress, inputs={"image": classes}, shown=classes
        )


def class_picture(plan: Plan, pixels: str) -> Image.Image:
    """The picture of classes (RGB, the plan's size) that the ControlNet is given; later objects cover earlier ones.

    In pixel mode ``reference`` it is that of LayoutBench-COCO's script: corners cut off to whole pixels and inclusive.
    """
    width, height = plan.width, plan.height
    picture = Image.new("RGB", (width, height), WALL)
    for item, color in zip(plan.objects, _colors(plan.objects, pixels), strict=True):
        box = item.box
        if pixels == "reference":
            corners = (int(box.x0 * width), int(box.y0 * height), int(box.x1 * width), int(box.y1 * height))
            ImageDraw.Draw(picture).rectangle(corners, fill=color.rgb)
        else:
            picture.paste(color.rgb, box.to_pixels(width, height))
    return picture


def _colors(objects: tuple[LayoutObject, ...], pixels: str) -> list[ClassColor]:
    """The colour of each object's class, in both palettes that the network was trained with.

    Raises:
        BoxpaintError: A prompt names no class.
    """
    colors = []
    for number, item in enumerate(objects):
        color = published_color(item.prompt) if pixels == "reference" else trained_color(item.prompt)
        if color is None:
            raise BoxpaintError(
                f"the prompt {item.prompt!r} names no class that the ControlNet has a colour for.",
                "layout",
                item=f"object {number}",
                field="prompt",
                hint="Use the name of one of COCO's classes, such as 'dog' or 'dining table'."
                if pixels == "reference"
                else "Name a class of ADE20K or COCO in it, such as 'dog', 'tree' or 'table', or use another method.",
            )
        colors.append(color)
    return colors
