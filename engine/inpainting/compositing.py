"""Masks, and how a painted result is joined to the picture so far, in both pixel modes (FORMATS section 2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from engine.layout import Box, PixelBox

Size = tuple[int, int]


class PixelMode(Protocol):
    """How boxes become masks and results are pasted. Pictures are RGB, masks L with 0 = keep and 255 = paint."""

    def object_mask(self, box: Box, size: Size) -> Image.Image:
        """The mask of one object."""

    def background_mask(self, boxes: Sequence[Box], size: Size) -> Image.Image:
        """All that none of the boxes covers."""

    def paste(self, context: Image.Image, raw: Image.Image, box: Box) -> Image.Image:
        """The context with the box's part of ``raw`` on it."""

    def paste_background(self, context: Image.Image, raw: Image.Image, mask: Image.Image) -> Image.Image:
        """The picture after the background step."""


class ExactPixels:
    """Half-open boxes; mask and crop of one size; pixels outside the mask are never touched."""

    def object_mask(self, box: Box, size: Size) -> Image.Image:
        mask = Image.new("L", size, 0)
        mask.paste(255, box.to_pixels(*size))
        return mask

    def background_mask(self, boxes: Sequence[Box], size: Size) -> Image.Image:
        mask = Image.new("L", size, 255)
        for box in boxes:
            mask.paste(0, box.to_pixels(*size))
        return mask

    def paste(self, context: Image.Image, raw: Image.Image, box: Box) -> Image.Image:
        return Image.composite(raw, context, self.object_mask(box, context.size))

    def paste_background(self, context: Image.Image, raw: Image.Image, mask: Image.Image) -> Image.Image:
        return Image.composite(raw, context, mask)


class ReferencePixels:
    """The published code to the pixel: inclusive mask corners, a paste one pixel too wide on every side."""

    def object_mask(self, box: Box, size: Size) -> Image.Image:
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).rectangle(box.truncated(*size), fill=255)
        return mask

    def background_mask(self, boxes: Sequence[Box], size: Size) -> Image.Image:
        covered = Image.new("L", size, 0)
        for box in boxes:
            ImageDraw.Draw(covered).rectangle(box.truncated(*size), fill=255)
        return ImageChops.invert(covered)

    def paste(self, context: Image.Image, raw: Image.Image, box: Box) -> Image.Image:
        pixels: PixelBox = box.truncated(*context.size)
        if pixels.width < 1 or pixels.height < 1:
            return context.copy()  # the published crop would be empty; nothing to paste
        crop = raw.crop(pixels).resize((pixels.width + 2, pixels.height + 2))
        result = context.copy()
        result.paste(crop, (pixels.x0 - 1, pixels.y0 - 1))
        return result

    def paste_background(self, context: Image.Image, raw: Image.Image, mask: Image.Image) -> Image.Image:
        return raw


class CocoReferencePixels:
    """LayoutBench-COCO's published script to the pixel: inclusive mask corners, composites by the mask, no wider paste.

    Its boxes are cut off to whole pixels as they are, without freeing them of rounding noise first.
    """

    def object_mask(self, box: Box, size: Size) -> Image.Image:
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).rectangle(self._corners(box, size), fill=255)
        return mask

    def background_mask(self, boxes: Sequence[Box], size: Size) -> Image.Image:
        mask = Image.new("L", size, 255)
        for box in boxes:
            ImageDraw.Draw(mask).rectangle(self._corners(box, size), fill=0)
        return mask

    def paste(self, context: Image.Image, raw: Image.Image, box: Box) -> Image.Image:
        return Image.composite(raw, context, self.object_mask(box, context.size))

    def paste_background(self, context: Image.Image, raw: Image.Image, mask: Image.Image) -> Image.Image:
        return raw

    @staticmethod
    def _corners(box: Box, size: Size) -> tuple[int, int, int, int]:
        width, height = size
        return int(box.x0 * width), int(box.y0 * height), int(box.x1 * width), int(box.y1 * height)


PIXEL_MODES: dict[str, PixelMode] = {"exact": ExactPixels(), "reference": ReferencePixels()}
_REFERENCES: dict[str, PixelMode] = {"clevr": PIXEL_MODES["reference"], "coco": CocoReferencePixels()}


def pixel_mode(pixels: str, form: str) -> PixelMode:
    """The pixel mode that a setting names; ``form`` is the published script that ``reference`` follows."""
    return _REFERENCES[form] if pixels == "reference" else PIXEL_MODES[pixels]


def keep_drift(context: Image.Image, composite: Image.Image, mask: Image.Image) -> float:
    """Mean absolute change of the pixels outside the mask, in 8-bit steps (0 … 255); 0 where nothing is outside."""
    kept = np.asarray(mask) < 128
    if not kept.any():
        return 0.0
    before = np.asarray(context, np.int16)[kept]
    after = np.asarray(composite, np.int16)[kept]
    return float(np.abs(before - after).mean())
