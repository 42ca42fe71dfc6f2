"""On which part of the picture a step works: the whole of it, or a window round the box."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from engine.inpainting.edges import match_edges
from engine.inpainting.sampler import Iteration, Sampler
from engine.inpainting.windows import box_mask, crop_picture, paste_box, resize_known, resize_mask, zoom_window
from engine.layout import Box, PixelBox
from engine.models.card import ModelCard

OnWindow = Callable[[PixelBox, Iteration], None]
"""Told after every denoising step, with the part of the picture that is being worked on."""


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
    """Paints one step."""

    def paint(self, sampler: Sampler, task: Task, on_iteration: OnWindow) -> Image.Image:
        """The raw result, of the context's size; equal to the context outside the part worked on."""


class FullArea:
    """The model sees and paints the whole picture, as published."""

    def paint(self, sampler: Sampler, task: Task, on_iteration: OnWindow) -> Image.Image:
        whole = PixelBox(0, 0, *task.context.size)
        return sampler.paint(
            prompt=task.prompt,
            context=task.context,
            mask=task.mask,
            seed=task.seed,
            on_iteration=lambda done: on_iteration(whole, done),
        )


class ZoomArea:
    """An object is painted in a square window round its box, at the model's working size; the rest is not computed.

    Tiny boxes get more detail for less work. The background is painted on the whole picture, brought to the size at
    which the model is best at it, and its tones are brought to those of the boxes where they meet.
    """

    def __init__(self, card: ModelCard) -> None:
        self._card = card

    def paint(self, sampler: Sampler, task: Task, on_iteration: OnWindow) -> Image.Image:
        if task.box is None:
            return self._paint_background(sampler, task, on_iteration)
        context = task.context
        pixels = task.box.to_pixels(*context.size)
        working = self._card.working_size
        window = zoom_window(pixels, context.size, self._card.window_factor)
        painted = sampler.paint(
            prompt=task.prompt,
            context=crop_picture(context, window, working),
            mask=box_mask(pixels, window, working),
            seed=task.seed,
            on_iteration=lambda done: on_iteration(window.box, done),
        )
        around = context.copy()
        around.paste(painted.resize((window.side, window.side), Image.Resampling.BICUBIC), (window.left, window.top))
        return paste_box(around, painted, pixels, window)

    def _paint_background(self, sampler: Sampler, task: Task, on_iteration: OnWindow) -> Image.Image:
        context = task.context
        size = self._background_size(context.size)
        painted = sampler.paint(
            prompt=task.prompt,
            context=resize_known(context, task.mask, size),
            mask=resize_mask(task.mask, size),
            seed=task.seed,
            on_iteration=lambda done: on_iteration(PixelBox(0, 0, *context.size), done),
        )
        return match_edges(painted.resize(context.size, Image.Resampling.BICUBIC), context, task.mask)

    def _background_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """The picture's proportions with the card's longer side, in multiples that the model can paint."""
        multiple = self._card.size_multiple
        longest = min(self._card.background_size or max(size), max(size))
        scale = longest / max(size)
        width, height = (max(multiple, round(side * scale / multiple) * multiple) for side in size)
        return width, height


AREAS: dict[str, Callable[[ModelCard], Area]] = {"full": lambda card: FullArea(), "zoom": ZoomArea}
"""What the setting ``area`` names."""
