"""The published training tasks of IterInpaint (arXiv 2304.06671, section 3) as pictures, masks and captions.

Everything here is numpy and Pillow: a task draws what the model shall paint; nothing is encoded yet.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.inpainting.windows import Window, box_mask, crop_picture, resize_mask, zoom_window
from engine.layout import PixelBox
from engine.training.data import Picture

FOREGROUND_CAPTION = "Add {}"
BACKGROUND_CAPTION = "Add gray background"

FACTORS = (1.3, 1.8)
"""Range of the zoom windows' factor."""

NATIVE_SCALES = (1.0, 1.6)
"""Range of magnification of crops at the picture's own scale (1.6 brings 320 pixels to the published 512)."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One training example.

    Attributes:
        target: uint8 array (side, side, 3): what the model shall give back, context included.
        mask: uint8 array (side, side): 1 where it paints.
        caption: The text it paints by.
        told: uint8 array (side, side): 1 where caption and context say what is there; 0 where the target shows a thing
            that neither tells of, which must not be learned.
    """

    target: np.ndarray
    mask: np.ndarray
    caption: str
    told: np.ndarray

    @property
    def masked(self) -> np.ndarray:
        """float32 array (side, side, 3) in [-1, 1]: the target with mid-gray holes."""
        return (self.target.astype(np.float32) / 127.5 - 1.0) * (self.mask < 0.5)[..., None]


def object_crops(picture: Picture, chosen: Sequence[int]) -> Image.Image:
    """The chosen objects' crops, in order, on black, at the picture's size."""
    canvas = Image.new("RGB", picture.size)
    for index in chosen:
        box = picture.boxes[index]
        canvas.paste(picture.image.crop(box), (box[0], box[1]))
    return canvas


def draw_context(picture: Picture, target: int, rng: np.random.Generator) -> list[int]:
    """n ~ U{0 … N-1} other objects of the picture in random order."""
    others = [index for index in range(len(picture.boxes)) if index != target]
    rng.shuffle(others)
    return others[: int(rng.integers(0, len(others) + 1))]


def _foreground(picture: Picture, target: int, window: Window, side: int, rng: np.random.Generator) -> Sample:
    box = _clipped(picture.boxes[target], window)
    shown = draw_context(picture, target, rng)
    context = crop_picture(object_crops(picture, shown), window, side)
    inside = window.to_working(box, side)
    crop = picture.image.resize((inside.width, inside.height), Image.Resampling.BICUBIC, box=box)
    context.paste(crop, (inside.x0, inside.y0))
    mask = (np.asarray(box_mask(box, window, side)) > 127).astype(np.uint8)
    told = _told(picture, {target, *shown}, window, side)
    return Sample(np.asarray(context), mask, FOREGROUND_CAPTION.format(picture.labels[target]), told)


def _told(picture: Picture, shown: Collection[int], window: Window, side: int) -> np.ndarray:
    """0 in the boxes of objects that are not shown: nothing tells of a neighbour that reaches into the target's box."""
    told = np.ones((side, side), np.uint8)
    for index, box in enumerate(picture.boxes):
        if index not in shown and box.meets(window.box):
            x0, y0, x1, y1 = window.to_working(box, side)
            told[y0:y1, x0:x1] = 0
    return told


def _clipped(box: PixelBox, window: Window) -> PixelBox:
    edges = window.box
    return PixelBox(max(box.x0, edges.x0), max(box.y0, edges.y0), min(box.x1, edges.x1), min(box.y1, edges.y1))


def foreground_window(picture: Picture, target: int, side: int, rng: np.random.Generator) -> Sample:
    """*Add object given empty background*, in a window zoomed onto the object."""
    factor = float(rng.uniform(*FACTORS))
    shift = (float(rng.uniform(-0.4, 0.4)), float(rng.uniform(-0.4, 0.4)))
    window = zoom_window(picture.boxes[target], picture.size, factor, shift)
    return _foreground(picture, target, window, side, rng)


def _native_window(picture: Picture, side: int, rng: np.random.Generator, box: tuple[int, int, int, int]) -> Window:
    longer = max(box[2] - box[0], box[3] - box[1])
    extent = max(round(side / float(rng.uniform(*NATIVE_SCALES))), longer)
    return _window_round(picture, min(extent, *picture.size), rng, box)


def _window_round(picture: Picture, extent: int, rng: np.random.Generator, box: tuple[int, int, int, int]) -> Window:
    """A square window inside the picture at a random place where it holds as much of the box as it can."""
    corner = []
    for axis in (0, 1):
        first, last = sorted((box[axis], box[axis + 2] - extent))
        low, high = max(first, 0), min(last, picture.size[axis] - extent)
        corner.append(int(rng.integers(low, high + 1)))
    return Window(corner[0], corner[1], extent)


def foreground_native(picture: Picture, target: int, side: int, rng: np.random.Generator) -> Sample:
    """*Add object given empty background*, in a crop at about the picture's own scale."""
    window = _native_window(picture, side, rng, picture.boxes[target])
    return _foreground(picture, target, window, side, rng)


def foreground_whole(picture: Picture, target: int, side: int, rng: np.random.Generator) -> Sample:
    """*Add object given empty background* as published: a random square crop of the whole picture."""
    window = _window_round(picture, min(picture.size), rng, picture.boxes[target])
    return _foreground(picture, target, window, side, rng)


def _background(picture: Picture, window: Window, side: int) -> Sample:
    outside = np.full((picture.size[1], picture.size[0]), 255, np.uint8)
    for x0, y0, x1, y1 in picture.boxes:
        outside[y0:y1, x0:x1] = 0
    mask = resize_mask(Image.fromarray(outside).crop(window.box), (side, side))
    target = crop_picture(picture.image, window, side)
    painted = (np.asarray(mask) > 127).astype(np.uint8)
    return Sample(np.asarray(target), painted, BACKGROUND_CAPTION, np.ones_like(painted))


def background_whole(picture: Picture, side: int, rng: np.random.Generator) -> Sample:
    """*Add background given objects* on the whole picture, or nearly all of it, brought to ``side`` pixels."""
    shorter = min(picture.size)
    extent = shorter if rng.random() < 0.6 else round(shorter * float(rng.uniform(0.75, 1.0)))
    left = int(rng.integers(0, picture.size[0] - extent + 1))
    top = int(rng.integers(0, picture.size[1] - extent + 1))
    return _background(picture, Window(left, top, extent), side)


def background_native(picture: Picture, side: int, rng: np.random.Generator) -> Sample:
    """*Add background given objects* in a crop at about the picture's own scale."""
    extent = min(round(side / float(rng.uniform(*NATIVE_SCALES))), *picture.size)
    left = int(rng.integers(0, picture.size[0] - extent + 1))
    top = int(rng.integers(0, picture.size[1] - extent + 1))
    return _background(picture, Window(left, top, extent), side)
