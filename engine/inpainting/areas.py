"""On which part of the picture a step works: the whole of it, or a window round the box."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from engine.inpainting.edges import match_edges
from engine.inpainting.sampler import Inputs
from engine.inpainting.settings import GenerationSettings
from engine.inpainting.windows import (
    Window,
    box_mask,
    crop_picture,
    nearest_size,
    paste_box,
    resize_known,
    resize_mask,
    zoom_window,
)
from engine.layout import Box, PixelBox
from engine.models.card import ModelCard


@dataclass(frozen=True, slots=True)
class Task:
    """What a step asks for: paint ``mask`` (L, 255 = paint) on ``context`` (RGB, same size).

    ``box`` is the object's; None for the background. ``seed`` None draws from torch's global generator.
    """

    prompt: str
    context: Image.Image
    mask: Image.Image
    box: Box | None
    seed: int | None


class Area(Protocol):
    """What the model gets to see of a step, and where its result goes."""

    def seen(self, box: Box | None, size: tuple[int, int]) -> PixelBox:
        """The part of a picture of this size that a step for this box depends on; it may reach beyond the picture."""

    def inputs(self, task: Task) -> Inputs:
        """What the model is given."""

    def raw(self, task: Task, painted: Image.Image) -> Image.Image:
        """The raw result, of the context's size; equal to the context outside the part worked on."""


class FullArea:
    """The model sees and paints the whole picture, as published."""

    def seen(self, box: Box | None, size: tuple[int, int]) -> PixelBox:
        return PixelBox(0, 0, *size)

    def inputs(self, task: Task) -> Inputs:
        return Inputs(task.prompt, task.context, task.mask, task.seed)

    def raw(self, task: Task, painted: Image.Image) -> Image.Image:
        return painted


class ZoomArea:
    """An object is painted in a square window round its box, at a working size of the model; the rest is not computed.

    Tiny boxes get more detail for less work. The background is painted on the whole picture, brought to the size at
    which the model is best at it, and its tones are brought to those of the boxes where they meet.
    """

    def __init__(self, card: ModelCard) -> None:
        self._card = card

    def seen(self, box: Box | None, size: tuple[int, int]) -> PixelBox:
        return PixelBox(0, 0, *size) if box is None else self._window(box, size)[1].box

    def inputs(self, task: Task) -> Inputs:
        context = task.context
        if task.box is None:
            size = self._background_size(context.size)
            return Inputs(task.prompt, resize_known(context, task.mask, size), resize_mask(task.mask, size), task.seed)
        pixels, window = self._window(task.box, context.size)
        working = nearest_size(window.side, self._card.working_sizes)
        return Inputs(task.prompt, crop_picture(context, window, working), box_mask(pixels, window, working), task.seed)

    def raw(self, task: Task, painted: Image.Image) -> Image.Image:
        context = task.context
        if task.box is None:
            return match_edges(painted.resize(context.size, Image.Resampling.BICUBIC), context, task.mask)
        pixels, window = self._window(task.box, context.size)
        around = context.copy()
        around.paste(painted.resize((window.side, window.side), Image.Resampling.BICUBIC), (window.left, window.top))
        return paste_box(around, painted, pixels, window)

    def _window(self, box: Box, size: tuple[int, int]) -> tuple[PixelBox, Window]:
        pixels = box.to_pixels(*size)
        return pixels, zoom_window(pixels, size, self._card.window_factor)

    def _background_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """The picture's proportions with the card's longer side, in multiples that the model can paint."""
        multiple = self._card.size_multiple
        longest = min(self._card.background_size or max(size), max(size))
        scale = longest / max(size)
        width, height = (max(multiple, round(side * scale / multiple) * multiple) for side in size)
        return width, height


AREAS: dict[str, Callable[[ModelCard], Area]] = {"full": lambda card: FullArea(), "zoom": ZoomArea}
"""What the setting ``area`` names."""


def make_area(settings: GenerationSettings, card: ModelCard) -> Area:
    """The area that the settings name, else the model card's; pixel mode ``reference`` is always ``full``."""
    return AREAS[settings.area or ("full" if settings.pixels == "reference" else card.area)](card)
