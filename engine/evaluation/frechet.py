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


class FeatureSet:
    """The mean and the covariance of features that arrive batch by batch.

    Features are kept until there are more of them than numbers in each; from then on only sums are, so that a benchmark
    of any size needs the same memory.
    """

    def __init__(self) -> None:
        self._count = 0
        self._sum = np.zeros(0)
        self._kept: list[np.ndarray] | None = []
        self._products = np.zeros((0, 0))

    def __len__(self) -> int:
        return self._count

    def add(self, features: np.ndarray) -> None:
        """Take (N, C) features."""
        rows = features.astype(np.float64)
        self._sum = self._sum + rows.sum(0) if self._count else rows.sum(0)
        self._count += len(rows)
        if self._kept is not None:
            self._kept.append(rows)
            if self._count > rows.shape[1]:
                everything = np.concatenate(self._kept)
                self._products, self._kept = everything.T @ everything, None
        else:
            self._products += rows.T @ rows

    @property
    def mean(self) -> np.ndarray:
        """(C,) their mean."""
        return self._sum / self._count

    @property
    def factor(self) -> np.ndarray:
        """A matrix A with as few rows as possible whose AᵀA is their covariance; of two features at least."""
        mean = self.mean
        if self._kept is not None:
            return np.asarray((np.concatenate(self._kept) - mean) / np.sqrt(self._count - 1))
        covariance = (self._products - self._count * np.outer(mean, mean)) / (self._count - 1)
        values, vectors = np.linalg.eigh(covariance)
        return np.asarray(np.sqrt(values.clip(0))[:, None] * vectors.T)


def frechet_distance(one: FeatureSet, other: FeatureSet) -> float:
    """The Fréchet distance between two sets of at least two features each, taken as normally distributed."""
    first, second = one.factor, other.factor
    # The trace of the root of a product of covariances AᵀA and BᵀB is the sum of the singular values of ABᵀ.
    mixed = np.linalg.svd(first @ second.T, compute_uv=False).sum()
    shift = ((one.mean - other.mean) ** 2).sum()
    return max(0.0, float(shift + (first**2).sum() + (second**2).sum() - 2 * mixed))


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
) -> tuple[FeatureSet, FeatureSet]:
    whole, crops = FeatureSet(), FeatureSet()
    for start in range(0, len(paths), BATCH):
        batch = range(start, min(start + BATCH, len(paths)))
        pictures = [read_picture(paths[number]) for number in batch]
        whole.add(features(pictures))
        cut = [
            crop for number, picture in zip(batch, pictures, strict=True) for crop in crops_of(picture, entries[number])
        ]
        if cut:
            crops.add(features(cut))
        on_progress(batch.stop)
    return whole, crops


def _distance(pair: Sequence[FeatureSet], what: str) -> float:
    if min(map(len, pair)) < 2:
        raise BoxpaintError(f"there are fewer than two {what}: a distance needs more.", "picture")
    return frechet_distance(pair[0], pair[1])
