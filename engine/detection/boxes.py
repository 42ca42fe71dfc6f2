"""What detectors without a library around them need: pictures fitted into a square, and overlapping boxes removed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.events import Detection
from engine.layout import Box

PADDING = 114
"""Gray that YOLO surrounds pictures with."""

_SMALLEST = 1e-6
"""Boxes thinner than this share of the picture are none."""


@dataclass(frozen=True, slots=True)
class Letterbox:
    """A picture scaled into a canvas with its proportions kept, in the middle of a gray margin.

    Attributes:
        pixels: (H, W, 3) unsigned bytes, RGB.
        left, top: Where the picture begins in the canvas, in pixels.
        width, height: Its size in the canvas, in pixels.
    """

    pixels: np.ndarray
    left: int
    top: int
    width: int
    height: int

    def shares(self, boxes: np.ndarray) -> np.ndarray:
        """(N, 4) edges in pixels of the canvas as shares of the picture, cut off at its edges."""
        start = np.array([self.left, self.top, self.left, self.top], np.float64)
        side = np.array([self.width, self.height, self.width, self.height], np.float64)
        return np.clip((boxes.astype(np.float64) - start) / side, 0.0, 1.0)


def letterbox(image: Image.Image, width: int, height: int, longest: int | None = None) -> Letterbox:
    """The picture as YOLO's own scoring sees it: averaged down or interpolated up into the middle of a gray canvas.

    Args:
        image: An RGB picture.
        width, height: Of the canvas in pixels.
        longest: The picture's longer side in the canvas; None fills the canvas.
    """
    scale = longest / max(image.size) if longest else min(width / image.width, height / image.height)
    size = max(1, int(image.width * scale)), max(1, int(image.height * scale))
    if size != image.size:
        image = image.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR)
    left, top = round((width - size[0]) / 2 - 0.1), round((height - size[1]) / 2 - 0.1)
    canvas = np.full((height, width, 3), PADDING, np.uint8)
    canvas[top : top + size[1], left : left + size[0]] = np.asarray(image.convert("RGB"))
    return Letterbox(canvas, left, top, *size)


def suppress(boxes: np.ndarray, scores: np.ndarray, classes: np.ndarray, *, overlap: float, most: int) -> np.ndarray:
    """Greedy non-maximum suppression within each class.

    Args:
        boxes: (N, 4) edges x0, y0, x1, y1 in any unit.
        scores: (N,) scores.
        classes: (N,) class numbers; boxes of different classes do not suppress each other.
        overlap: A box whose intersection over union with a better one is greater than this is removed.
        most: Stop after this many boxes.

    Returns:
        Places of the boxes that stay, best score first.
    """
    areas = np.maximum(boxes[:, 2] - boxes[:, 0], 0) * np.maximum(boxes[:, 3] - boxes[:, 1], 0)
    rest = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while len(rest) and len(kept) < most:
        best, rest = rest[0], rest[1:]
        kept.append(int(best))
        low = np.maximum(boxes[best, :2], boxes[rest, :2])
        high = np.minimum(boxes[best, 2:], boxes[rest, 2:])
        shared = np.prod(np.maximum(high - low, 0), axis=1)
        union = areas[best] + areas[rest] - shared
        ratio = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
        rest = rest[(ratio <= overlap) | (classes[rest] != classes[best])]
    return np.array(kept, np.int64)


def detections(
    boxes: np.ndarray, scores: Iterable[float], classes: Iterable[int], names: Sequence[str | None]
) -> list[Detection]:
    """Detections of (N, 4) edges in shares of the picture, best score first.

    Boxes without area and classes that stand for nothing are left out.
    """
    found = []
    for (x0, y0, x1, y1), score, number in zip(boxes.tolist(), scores, classes, strict=True):
        label = names[int(number)] if 0 <= int(number) < len(names) else None
        if label is not None and x1 - x0 > _SMALLEST and y1 - y0 > _SMALLEST:
            found.append(Detection(Box(x0, y0, x1, y1), label, min(max(float(score), 0.0), 1.0)))
    return sorted(found, key=lambda detection: -detection.score)
