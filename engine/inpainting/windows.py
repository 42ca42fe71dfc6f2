"""Square windows zoomed onto one box: the geometry that training and painting share.

A small model paints best when the object fills its working size. A window is a square round the box; it is cut out
of the picture, brought to the working size, painted, and the box's part is brought back. Nothing here needs torch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.layout import PixelBox

DEFAULT_FACTOR = 1.5
"""Side of a window as a multiple of the box's longer side."""

MIN_SIDE = 16
"""Shortest side of a window in picture pixels: below it, a window would hold no context at all."""

KNOWN = 0.999
"""Share of a working pixel that known picture must cover before the pixel counts as known."""

_SMALLEST_WITH_RIM = 8
"""Shorter side in working pixels from which on a painted box has a rim to be replaced."""


@dataclass(frozen=True, slots=True)
class Window:
    """A square cut-out of a picture, in whole picture pixels; it may reach beyond the picture.

    Attributes:
        left, top: Upper left corner; negative where the window begins before the picture.
        side: Length of each side, at least 1.
    """

    left: int
    top: int
    side: int

    @property
    def box(self) -> PixelBox:
        """The window's edges, half-open."""
        return PixelBox(self.left, self.top, self.left + self.side, self.top + self.side)

    def to_working(self, box: tuple[int, int, int, int], working: int) -> PixelBox:
        """Where a box of the picture lies in the window brought to ``working`` × ``working`` pixels.

        Edges are rounded to the nearest working pixel and clipped to the window; at least one pixel remains.
        """
        scale = working / self.side
        x0, x1 = _span((box[0] - self.left) * scale, (box[2] - self.left) * scale, working)
        y0, y1 = _span((box[1] - self.top) * scale, (box[3] - self.top) * scale, working)
        return PixelBox(x0, y0, x1, y1)


def _span(low: float, high: float, limit: int) -> tuple[int, int]:
    start = min(max(math.floor(low + 0.5), 0), limit - 1)
    return start, max(min(math.floor(high + 0.5), limit), start + 1)


def zoom_window(
    box: tuple[int, int, int, int],
    size: tuple[int, int],
    factor: float = DEFAULT_FACTOR,
    shift: tuple[float, float] = (0.0, 0.0),
    minimum: int = MIN_SIDE,
) -> Window:
    """The square window round a box.

    Args:
        box: ``x0, y0, x1, y1`` in whole picture pixels, half-open.
        size: Width and height of the picture in pixels.
        factor: Side of the window as a multiple of the box's longer side, at least 1.
        shift: Moves the window from the box's centre, -1 … 1 of the margin on each axis; the box stays inside.
        minimum: Shortest side in pixels.

    Returns:
        A window that holds the whole box. It lies inside the picture wherever it fits; only a box longer than the
        picture's shorter side makes it reach beyond, evenly on both sides.
    """
    if factor < 1:
        raise ValueError(f"the factor of a window is at least 1, not {factor}")
    width, height = box[2] - box[0], box[3] - box[1]
    longer = max(width, height)
    side = max(round(factor * longer), minimum)
    side = min(side, max(longer, min(size)))
    left = _position(box[0], box[2], side, size[0], shift[0])
    top = _position(box[1], box[3], side, size[1], shift[1])
    return Window(left, top, side)


def _position(low: int, high: int, side: int, limit: int, shift: float) -> int:
    if side > limit:
        return (limit - side) // 2
    margin = (side - (high - low)) / 2
    return min(max(round(low - margin + shift * margin), 0), limit - side)


def nearest_size(side: int, working_sizes: Sequence[int]) -> int:
    """The working size to which a window of this side is brought: that which changes its scale least."""
    return min(working_sizes, key=lambda working: abs(math.log(working / side)))


def crop_picture(picture: Image.Image, window: Window, working: int) -> Image.Image:
    """The window's part of an RGB picture at ``working`` × ``working`` pixels, bicubic; black beyond the picture."""
    return picture.crop(window.box).resize((working, working), Image.Resampling.BICUBIC)


def box_mask(box: tuple[int, int, int, int], window: Window, working: int) -> Image.Image:
    """The mask (mode ``L``, 255 = paint) of one box in the window at working size."""
    mask = np.zeros((working, working), np.uint8)
    x0, y0, x1, y1 = window.to_working(box, working)
    mask[y0:y1, x0:x1] = 255
    return Image.fromarray(mask)


def resize_mask(mask: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A mask at another size: a pixel is kept (0) only where the kept part covers all of it.

    The part to paint therefore grows by up to one pixel, so that nothing half-unknown passes for known.
    """
    kept = (np.asarray(mask.convert("L")) < 128).astype(np.float32)
    cover = np.asarray(Image.fromarray(kept, mode="F").resize(size, Image.Resampling.BOX))
    return Image.fromarray(np.where(cover >= KNOWN, 0, 255).astype(np.uint8))


def resize_known(picture: Image.Image, mask: Image.Image, size: tuple[int, int]) -> Image.Image:
    """An RGB picture at another size in which what lies under the mask does not bleed into the rest.

    Each pixel is the mean of the known picture under it, weighted by the (bilinear) filter; where nothing is known
    the picture is mid-gray. Resampling against a black or unpainted context would draw dark lines round the boxes.
    """
    pixels = np.asarray(picture.convert("RGB"), np.float32)
    kept = (np.asarray(mask.convert("L")) < 128).astype(np.float32)
    weight = _bilinear(kept, size)
    planes = [_bilinear(pixels[..., channel] * kept, size) for channel in range(3)]
    mean = np.stack(planes, -1) / np.maximum(weight, 1e-3)[..., None]
    filled = np.where(weight[..., None] > 1e-3, mean, 127.5)
    return Image.fromarray(np.clip(filled + 0.5, 0, 255).astype(np.uint8))


def _bilinear(plane: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return np.asarray(Image.fromarray(plane, mode="F").resize(size, Image.Resampling.BILINEAR))


def paste_box(
    picture: Image.Image, painted: Image.Image, box: tuple[int, int, int, int], window: Window
) -> Image.Image:
    """The picture with the box's part of the painted window in it; no other pixel changes.

    Only pixels inside the box are resampled (bicubic), so the black context round it cannot darken its edges. The
    outermost working pixels are repeated from those next to them, since decoders let the black shine into them.

    Args:
        picture: RGB picture; left as it is.
        painted: The painted window, square, at working size.
        box: The box in picture pixels, inside the window and the picture.
        window: The window that was painted.
    """
    # Cut out first: Pillow's ``resize(box=…)`` would still look at the pixels round the box.
    crop = _without_rim(painted.crop(window.to_working(box, painted.width)))
    crop = crop.resize((box[2] - box[0], box[3] - box[1]), Image.Resampling.BICUBIC)
    result = picture.copy()
    result.paste(crop, (box[0], box[1]))
    return result


def _without_rim(crop: Image.Image) -> Image.Image:
    """The crop with its outermost pixels replaced by their inner neighbours, unless it is too small for that."""
    if min(crop.size) < _SMALLEST_WITH_RIM:
        return crop
    pixels = np.asarray(crop)[1:-1, 1:-1]
    return Image.fromarray(np.pad(pixels, ((1, 1), (1, 1), (0, 0)), mode="edge"))
