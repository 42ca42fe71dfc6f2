"""Bringing a painted background's tones to those of the boxes it meets, so that no edge of a box is seen.

A box holds its object and some ground beside it. The background is painted later, and its ground is a shade lighter or
darker. The difference is known along the boxes' edges; it is carried on into the background and fades with the distance
(seamless cloning in the manner of Pérez et al., "Poisson Image Editing", 2003, solved by a pyramid). Where an object
itself touches its box's edge the difference is large and says nothing about the ground: it counts for nothing there.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

_RING = 2
"""Width in pixels of the known rim along the edges that is compared."""

_TONE = 60.0
_HUE = 5.0
"""Differences (of 255) in brightness and in colour from which on a pixel hardly counts as the same ground."""

_FADE = 0.01
"""Weight of what coarser levels say at the finest level; it doubles with each level, so that a difference fades."""


def match_edges(painted: Image.Image, known: Image.Image, mask: Image.Image) -> Image.Image:
    """The painted picture, shifted in tone near the mask's edge so that it meets the known picture there.

    Args:
        painted: RGB, the background as it was painted.
        known: RGB of the same size: what is kept where the mask is 0.
        mask: L of the same size, 255 where ``painted`` will be used.
    """
    paint = np.asarray(mask) > 127
    ring = _grown(paint, _RING) & ~paint
    if not ring.any():
        return painted
    pixels = np.asarray(painted, np.float32)
    difference = np.asarray(known, np.float32) - pixels
    tone = difference.mean(-1)
    hue = np.abs(difference - tone[..., None]).max(-1)
    weight = np.where(ring, np.exp(-((tone / _TONE) ** 2) - (hue / _HUE) ** 2), 0.0).astype(np.float32)
    shifted = pixels + _spread(difference * weight[..., None], weight, _FADE)
    return Image.fromarray(np.clip(shifted + 0.5, 0, 255).astype(np.uint8))


def _grown(area: np.ndarray, pixels: int) -> np.ndarray:
    """A boolean area (H, W) and all that lies within so many pixels of it, counted along rows and columns."""
    for _ in range(pixels):
        padded = np.pad(area, 1)
        area = area | padded[2:, 1:-1] | padded[:-2, 1:-1] | padded[1:-1, 2:] | padded[1:-1, :-2]
    return area


def _spread(total: np.ndarray, weight: np.ndarray, fade: float) -> np.ndarray:
    """Values (H, W, 3), known at some pixels as sums with weights, carried on to all: coarse ones fill the gaps."""
    if min(weight.shape) <= 2:
        return np.zeros_like(total)
    coarse = _spread(_halved(total), _halved(weight), 2 * fade)
    size = (weight.shape[1], weight.shape[0])
    planes = [np.ascontiguousarray(coarse[..., channel]) for channel in range(coarse.shape[-1])]
    filled = np.stack(
        [np.asarray(Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR)) for plane in planes], -1
    )
    return (total + fade * filled) / (weight + fade)[..., None]


def _halved(values: np.ndarray) -> np.ndarray:
    """Sums of 2×2 cells; an odd last row or column is a cell of its own."""
    height, width = values.shape[:2]
    even = np.pad(values, ((0, height % 2), (0, width % 2), *((0, 0) for _ in values.shape[2:])))
    summed: np.ndarray = even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]
    return summed
