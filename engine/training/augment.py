"""Pictures for the detector as generated pictures look: blurred, compressed, with seams, flat grounds and other shades.

Every change keeps the class: shades move by a few per cent, colours are never exchanged.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from engine.training.data import Picture

_SEEN = 0.35
"""An object cut by a crop's edge counts when at least this share of its box is inside."""

_SMALLEST = 4.0
"""Shortest side in pixels that still counts."""

_MOSAIC = 0.3


@dataclass(frozen=True, slots=True)
class Scene:
    """A crop to learn on.

    Attributes:
        pixels: float32 array (side, side, 3), 0 … 255.
        boxes: float array (N, 4), edges in pixels.
        labels: Label of each box.
        ignored: float array (M, 4): objects that are visible but neither counted nor held against the detector.
    """

    pixels: np.ndarray
    boxes: np.ndarray
    labels: tuple[str, ...]
    ignored: np.ndarray


@dataclass(frozen=True, slots=True)
class _View:
    image: Image.Image
    boxes: np.ndarray
    labels: tuple[str, ...]
    visible: np.ndarray


def draw_scene(pictures: list[Picture], weights: np.ndarray, side: int, rng: np.random.Generator) -> Scene:
    """A crop of one picture, or a mosaic of four small ones, with the look of generated pictures.

    Args:
        pictures: What to draw from.
        weights: Probability of each picture.
        side: Side of the crop in pixels.
        rng: Source of everything random.
    """

    def pick() -> Picture:
        return pictures[int(rng.choice(len(pictures), p=weights))]

    if rng.random() < _MOSAIC:
        view = _mosaic([_crop(pick(), side // 2, _log_uniform(0.4, 0.75, rng), rng) for _ in range(4)], side)
    else:
        view = _crop(pick(), side, _log_uniform(0.8, 1.5, rng), rng)
    sizes = view.boxes[:, 2:] - view.boxes[:, :2]
    there = (view.visible > 0) & (sizes > 0).all(1)
    counted = there & (view.visible >= _SEEN) & (sizes >= _SMALLEST).all(1)
    labels = tuple(label for label, kept in zip(view.labels, counted, strict=True) if kept)
    pixels = _photographed(_repainted(view.image, view.boxes[there], rng), rng)
    return Scene(pixels, view.boxes[counted], labels, view.boxes[there & ~counted])


def _log_uniform(low: float, high: float, rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _crop(picture: Picture, side: int, scale: float, rng: np.random.Generator) -> _View:
    width, height = min(side / scale, picture.size[0]), min(side / scale, picture.size[1])
    left, top = rng.uniform(0, picture.size[0] - width), rng.uniform(0, picture.size[1] - height)
    resample = Image.Resampling.BILINEAR if rng.random() < 0.5 else Image.Resampling.BICUBIC
    image = picture.image.resize((side, side), resample, box=(left, top, left + width, top + height))
    boxes = np.array(picture.boxes, np.float64).reshape(-1, 4)
    boxes = (boxes - [left, top, left, top]) * np.tile([side / width, side / height], 2)
    whole = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    boxes = boxes.clip(0, side)
    visible = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]) / np.maximum(whole, 1e-6)
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        boxes = np.stack([side - boxes[:, 2], boxes[:, 1], side - boxes[:, 0], boxes[:, 3]], 1)
    return _View(image, boxes, picture.labels, visible)


def _mosaic(views: list[_View], side: int) -> _View:
    image = Image.new("RGB", (side, side))
    boxes = []
    for index, view in enumerate(views):
        left, top = (index % 2) * side // 2, (index // 2) * side // 2
        image.paste(view.image, (left, top))
        boxes.append(view.boxes + np.array([left, top, left, top]))
    labels = tuple(label for view in views for label in view.labels)
    return _View(image, np.concatenate(boxes), labels, np.concatenate([view.visible for view in views]))


def _repainted(image: Image.Image, boxes: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """Patches of other brightness with visible edges, and a flatter ground, as iterative inpainting leaves them."""
    if not len(boxes) or rng.random() >= 0.35:
        return image
    pixels = np.asarray(image, np.float32).copy()
    outside = np.ones(pixels.shape[:2], bool)
    for x0, y0, x1, y1 in boxes.round().astype(int):
        outside[y0:y1, x0:x1] = False
        inside = pixels[y0:y1, x0:x1]
        if rng.random() < 0.6:
            inside *= rng.uniform(0.93, 1.07)
        if rng.random() < 0.3:
            inside *= 0.97
            inside += rng.uniform(-8, 8)
        if rng.random() < 0.15:
            line = rng.uniform(0.6, 1.1)
            for edge in (inside[:1], inside[-1:], inside[:, :1], inside[:, -1:]):
                edge *= line
    if rng.random() < 0.4 and outside.any():
        kept = rng.uniform(0.3, 1)
        pixels[outside] = pixels[outside] * kept + pixels[outside].mean(0) * (1 - kept)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _photographed(image: Image.Image, rng: np.random.Generator) -> np.ndarray:
    """Blur, loss of resolution, compression, exposure and noise."""
    softness = rng.random()
    if softness < 0.25:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.3)))
    elif softness < 0.4:
        scale = rng.uniform(0.45, 0.9)
        small = image.resize((int(image.width * scale), int(image.height * scale)), Image.Resampling.BICUBIC)
        image = small.resize(image.size, Image.Resampling.BICUBIC)
    if rng.random() < 0.2:
        content = io.BytesIO()
        image.save(content, "JPEG", quality=int(rng.integers(40, 92)))
        image = Image.open(content)
    pixels: np.ndarray = np.asarray(image, np.float32)
    if rng.random() < 0.6:
        pixels = pixels * rng.uniform(0.9, 1.1) + rng.uniform(-6, 6)
    if rng.random() < 0.3:
        pixels = pixels + rng.normal(0, rng.uniform(1, 5), pixels.shape)
    return pixels.clip(0, 255).astype(np.float32)
