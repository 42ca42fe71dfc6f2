"""Fréchet distances between painted and real pictures: whole pictures, and crops of the boxes.

On Inception's features they are FID and SceneFID; on the built-in detector's features they are something of their own,
never called so. Both need thousands of pictures to settle; with few, only large differences mean anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from engine.detection.pictures import read_picture
from engine.errors import BoxpaintError
from engine.formats.dataset import Entry

CROP_SIDE = 512
"""Side in pixels to which a picture is brought before its boxes are cut out, as published."""

SMALLEST_CROP = 5
"""Crops whose sides are not longer than this many pixels are left out, as published."""

BATCH = 16

Features = Callable[[Sequence[Image.Image]], np.ndarray]
"""(N, C) features of pictures."""


def frechet_distance(one: np.ndarray, other: np.ndarray) -> float:
    """The Fréchet distance between two sets of features, each (N, C) with N ≥ 2, taken as normally distributed."""
    first, second = _factor(one), _factor(other)
    # The trace of the root of a product of covariances AᵀA and BᵀB is the sum of the singular values of ABᵀ.
    mixed = np.linalg.svd(first @ second.T, compute_uv=False).sum()
    shift = ((one.mean(0, dtype=np.float64) - other.mean(0, dtype=np.float64)) ** 2).sum()
    return max(0.0, float(shift + (first**2).sum() + (second**2).sum() - 2 * mixed))


def _factor(features: np.ndarray) -> np.ndarray:
    """A matrix A with as few rows as possible whose AᵀA is the covariance of the features."""
    centred = (features - features.mean(0, dtype=np.float64)) / np.sqrt(len(features) - 1)
    if len(centred) <= centred.shape[1]:
        return np.asarray(centred)
    values, vectors = np.linalg.eigh(centred.T @ centred)
    return np.asarray(np.sqrt(values.clip(0))[:, None] * vectors.T)


def reference_pictures(entries: Sequence[Entry]) -> list[Path]:
    """The dataset's own pictures of these layouts.

    Raises:
        BoxpaintError: One of them is missing.
    """
    missing = [entry.name for entry in entries if entry.picture is None]
    if missing:
        raise BoxpaintError(
            f"{len(missing)} of the layouts have no real picture to compare with.",
            "picture",
            item=missing[0],
            hint="Real pictures belong in images/ beside the layout file.",
        )
    return [entry.picture for entry in entries if entry.picture is not None]


def distances(
    entries: Sequence[Entry],
    painted: Sequence[Path],
    features: Features,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[float, float]:
    """The distances between painted pictures and the dataset's own: of whole pictures, and of the boxes' crops.

    Raises:
        BoxpaintError: A picture is missing or cannot be read, or there are too few.
    """
    total = 2 * len(entries)
    whole, crops = [], []
    for number, paths in enumerate((reference_pictures(entries), painted)):
        start = number * len(entries)
        both = _features_of(entries, paths, features, partial(_shifted, on_progress, start, total))
        whole.append(both[0])
        crops.append(both[1])
    return _distance(whole, "pictures"), _distance(crops, "crops")


def _shifted(on_progress: Callable[[int, int], None], start: int, total: int, done: int) -> None:
    on_progress(start + done, total)


def crops_of(picture: Image.Image, entry: Entry) -> Iterator[Image.Image]:
    """The boxes of a layout, cut out of its picture."""
    large = picture.resize((CROP_SIDE, CROP_SIDE), Image.Resampling.BICUBIC)
    for item in entry.layout.objects:
        box = item.box.to_pixels(CROP_SIDE, CROP_SIDE)
        if not item.hidden and min(box.width, box.height) > SMALLEST_CROP:
            yield large.crop(box)


def _features_of(
    entries: Sequence[Entry], paths: Sequence[Path], features: Features, on_progress: Callable[[int], None]
) -> tuple[np.ndarray, np.ndarray]:
    whole: list[np.ndarray] = []
    crops: list[np.ndarray] = []
    for start in range(0, len(paths), BATCH):
        batch = range(start, min(start + BATCH, len(paths)))
        pictures = [read_picture(paths[number]) for number in batch]
        whole.append(features(pictures))
        cut = [
            crop for number, picture in zip(batch, pictures, strict=True) for crop in crops_of(picture, entries[number])
        ]
        if cut:
            crops.append(features(cut))
        on_progress(batch.stop)
    return np.concatenate(whole), np.concatenate(crops) if crops else np.zeros((0, whole[0].shape[1]))


def _distance(pair: Sequence[np.ndarray], what: str) -> float:
    if min(map(len, pair)) < 2:
        raise BoxpaintError(f"there are fewer than two {what}: a distance needs more.", "picture")
    return frechet_distance(pair[0], pair[1])
