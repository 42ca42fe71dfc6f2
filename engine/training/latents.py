"""Training samples as latents: drawn and encoded once and kept in memory, or afresh for every batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.training import tasks
from engine.training.data import Picture
from engine.training.tasks import Sample

_ENCODE_PIXELS = 8 * 64 * 64
"""Pixels that are encoded in one go: small enough for the processor's caches."""


@dataclass(frozen=True, slots=True)
class View:
    """One way of looking at the pictures.

    Attributes:
        name: Word for logs.
        foreground: Whether it adds an object; otherwise the background.
        draw: Makes a sample of a picture (and of one of its objects).
        scale: Side of a sample as a multiple of the model's working size.
        share: Share of the steps among those of its kind.
        pool: Share of the pool's samples.
        smallest: Pixels that the longer side of an object has at least; where none has so many, all are taken.
    """

    name: str
    foreground: bool
    draw: Callable[..., Sample]
    scale: float
    share: float
    pool: float
    smallest: int = 0


ZOOM_VIEWS = (
    View("object, zoomed", True, tasks.foreground_window, 1.0, 0.68, 0.596),
    View("object, zoomed far", True, tasks.foreground_window, 1.5, 0.24, 0.15, smallest=44),
    View("object, native", True, tasks.foreground_native, 1.5, 0.08, 0.1),
    View("background, whole", False, tasks.background_whole, 2.0, 0.55, 0.074),
    View("background, large", False, tasks.background_whole, 2.5, 0.2, 0.02),
    View("background, native", False, tasks.background_native, 1.5, 0.25, 0.06),
)
"""The built-in model's mixture: it works in windows of one object, on small whole pictures, and at native scale."""

PUBLISHED_VIEWS = (
    View("object", True, tasks.foreground_whole, 1.0, 1.0, 0.5),
    View("background", False, tasks.background_whole, 1.0, 1.0, 0.5),
)
"""The published mixture: whole pictures at the model's own size."""


@dataclass(slots=True)
class Batch:
    """Encoded samples of one view.

    Attributes:
        clean: Latents of the target, (B, C, h, w).
        masked: Latents of the target with mid-gray holes, (B, C, h, w).
        mask: 1 where it paints, (B, 1, h, w), reduced by nearest neighbour as the pipeline does.
        near: 1 where the loss counts in full: the mask grown by one latent pixel, (B, 1, h, w).
        told: 1 where the loss counts at all: where caption and context say what is there, (B, 1, h, w).
        captions: Index of each caption, (B,).
    """

    clean: Tensor
    masked: Tensor
    mask: Tensor
    near: Tensor
    told: Tensor
    captions: Tensor

    def pick(self, index: Tensor) -> Batch:
        """The samples of these indices, as floats."""
        return Batch(
            self.clean[index].float(),
            self.masked[index].float(),
            self.mask[index].float(),
            self.near[index].float(),
            self.told[index].float(),
            self.captions[index],
        )


class Encoder:
    """Turns samples into latents with a frozen autoencoder of the pipeline."""

    def __init__(self, autoencoder: Any, captions: Sequence[str]) -> None:
        self._autoencoder = autoencoder
        self._captions = {caption: index for index, caption in enumerate(captions)}
        self.factor = 2 ** (len(autoencoder.config.block_out_channels) - 1)
        self._scaling = float(autoencoder.config.scaling_factor)

    @torch.inference_mode()
    def latents(self, pictures: Tensor) -> Tensor:
        """Scaled latents (B, C, S/factor, S/factor) of pictures (B, 3, S, S) in [-1, 1]: half precision, on the CPU."""
        parameter = next(self._autoencoder.parameters())
        size = max(1, _ENCODE_PIXELS // pictures[0, 0].numel())
        parts = []
        for part in pictures.split(size):
            moved = part.to(parameter.device, parameter.dtype).contiguous(memory_format=torch.channels_last)
            output = self._autoencoder.encode(moved)
            latent = output.latents if hasattr(output, "latents") else output.latent_dist.mode()
            parts.append((latent * self._scaling).cpu().half().contiguous())
        return torch.cat(parts)

    def encode(self, samples: Sequence[Sample]) -> Batch:
        """Samples of one size as a batch in half precision."""
        target = torch.from_numpy(np.stack([sample.target for sample in samples]))
        pictures = target.permute(0, 3, 1, 2).float() / 127.5 - 1.0
        mask = torch.from_numpy(np.stack([sample.mask for sample in samples]))[:, None].float()
        small = F.interpolate(mask, scale_factor=1 / self.factor, mode="nearest")
        near = F.max_pool2d(F.max_pool2d(mask, self.factor), 3, 1, 1)
        told = torch.from_numpy(np.stack([sample.told for sample in samples]))[:, None].float()
        told = -F.max_pool2d(-told, self.factor)
        captions = torch.tensor([self._captions[sample.caption] for sample in samples])
        clean, masked = self.latents(pictures), self.latents(pictures * (mask < 0.5))
        small, near, told = (part.to(torch.uint8) for part in (small, near, told))
        return Batch(clean, masked, small, near, told, captions)


@dataclass(slots=True)
class SampleSource:
    """Draws samples of each view; sample ``number`` of a view is the same whenever it is drawn.

    Attributes:
        pictures: The pictures and their mirror images.
        seed: Seed of everything drawn.
    """

    pictures: Sequence[Picture]
    seed: int
    _orders: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def sample(self, views: Sequence[View], view: int, number: int, working: int) -> Sample:
        """Sample ``number`` of view ``view``; objects and pictures come up equally often."""
        chosen = views[view]
        order = self._order(view, chosen)
        picture, target = order[number % len(order)]
        rng = np.random.default_rng([self.seed, view, number])
        side = round(working * chosen.scale)
        if chosen.foreground:
            return chosen.draw(self.pictures[picture], target, side, rng)
        return chosen.draw(self.pictures[picture], side, rng)

    def _order(self, view: int, chosen: View) -> list[tuple[int, int]]:
        if view not in self._orders:
            if chosen.foreground:
                items = [(i, j) for i, picture in enumerate(self.pictures) for j in range(len(picture.boxes))]
                large = [(i, j) for i, j in items if self._longer(i, j) >= chosen.smallest]
                items = large or items
            else:
                items = [(i, 0) for i in range(len(self.pictures))]
            order = np.random.default_rng([self.seed, view]).permutation(len(items))
            self._orders[view] = [items[index] for index in order]
        return self._orders[view]

    def _longer(self, picture: int, box: int) -> int:
        x0, y0, x1, y1 = self.pictures[picture].boxes[box]
        return max(x1 - x0, y1 - y0)


def fill_pool(source: SampleSource, encoder: Encoder, views: Sequence[View], count: int, working: int) -> list[Batch]:
    """Encode ``count`` samples, divided among the views; one batch per view, at least one sample in each."""
    pool = []
    for index, view in enumerate(views):
        numbers = range(max(1, round(count * view.pool)))
        parts = [
            encoder.encode([source.sample(views, index, number, working) for number in numbers[start : start + 256]])
            for start in range(0, len(numbers), 256)
        ]
        pool.append(Batch(*(torch.cat([getattr(part, name) for part in parts]) for name in Batch.__dataclass_fields__)))
    return pool
