"""What should be in the pictures, and what was found in them, as arrays that a hundred thousand boxes fit in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.events import Detection
from engine.formats.coco_detections import ImageId
from engine.formats.dataset import Entry
from engine.layout import LayoutObject
from engine.layout.box import Box
from engine.layout.matching import plain

NO_SPLIT = "all"
"""Name of the one split of a dataset that names none."""


@dataclass(frozen=True, slots=True)
class TruthImage:
    """A picture that is scored.

    Attributes:
        name: Name of its layout.
        split: Its split.
        width, height: Size in pixels at which it is scored.
        identity: The id that the dataset's own file gives it, if any.
    """

    name: str
    split: str
    width: int
    height: int
    identity: ImageId | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """The targets of a dataset; arrays have one row per target, in the order of the layouts.

    Attributes:
        images: The pictures; image numbers are places in this tuple.
        labels: The class names; class numbers are places in this tuple.
        image: Image number of each target.
        label: Class number of each target.
        boxes: (G, 4) x, y, width, height in pixels of the image's scoring size.
        area: Area in square pixels by which targets are small, medium or large.
        object_ids: Id of each target in its layout.
    """

    images: tuple[TruthImage, ...]
    labels: tuple[str, ...]
    image: np.ndarray
    label: np.ndarray
    boxes: np.ndarray
    area: np.ndarray
    object_ids: tuple[str, ...]

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits in the order of their first picture."""
        return tuple(dict.fromkeys(image.split for image in self.images))

    def in_split(self, *splits: str) -> np.ndarray:
        """(images,) which pictures belong to one of the splits."""
        return np.array([image.split in splits for image in self.images], bool)


@dataclass(frozen=True, slots=True)
class Found:
    """Detections as arrays with one row each: image number, class number, (D, 4) xywh in pixels, score."""

    image: np.ndarray
    label: np.ndarray
    boxes: np.ndarray
    score: np.ndarray

    def __len__(self) -> int:
        return len(self.score)

    def kept(self, mask: np.ndarray) -> Found:
        """Only the detections where the mask is set."""
        return Found(self.image[mask], self.label[mask], self.boxes[mask], self.score[mask])


def make_truth(entries: Sequence[Entry], labels: Sequence[str], size: tuple[int, int] | None) -> Truth:
    """The targets of these layouts.

    Args:
        entries: The layouts; hidden objects are no targets.
        labels: The class names that count. Objects with other prompts are left out.
        size: Width and height in pixels at which all pictures are scored; None = each layout's own.
    """
    numbers = {plain(label): index for index, label in enumerate(labels)}
    images: list[TruthImage] = []
    image, label, boxes, areas, ids = [], [], [], [], []
    for entry in entries:
        width, height = size or entry.layout.size
        for item in entry.layout.objects:
            number = numbers.get(plain(item.prompt))
            if number is None or item.hidden:
                continue
            box, area = _pixels(item, entry, width, height)
            image.append(len(images))
            label.append(number)
            boxes.append(box)
            areas.append(area)
            ids.append(item.id)
        images.append(TruthImage(entry.name, entry.split or NO_SPLIT, width, height, _identity(entry)))
    return Truth(
        tuple(images),
        tuple(labels),
        np.array(image, np.int64),
        np.array(label, np.int64),
        np.array(boxes, np.float64).reshape(-1, 4),
        np.array(areas, np.float64),
        tuple(ids),
    )


def make_found(detections: Mapping[int, Iterable[Detection]], truth: Truth) -> Found:
    """Detections by image number as arrays; labels that the truth does not know are left out, as they cannot count."""
    numbers = {plain(label): index for index, label in enumerate(truth.labels)}
    rows: list[tuple[float, ...]] = []
    for number, items in detections.items():
        image = truth.images[number]
        for item in items:
            label = numbers.get(plain(item.label))
            if label is not None:
                rows.append((number, label, *box_xywh(item.box, image.width, image.height), item.score))
    table = np.array(rows, np.float64).reshape(-1, 7)
    return Found(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2:6].copy(), table[:, 6].copy())


def box_xywh(box: Box, width: int, height: int) -> tuple[float, float, float, float]:
    """A box as x, y, width and height in pixels."""
    x0, y0, x1, y1 = box.scaled(width, height)
    return x0, y0, x1 - x0, y1 - y0


def _pixels(item: LayoutObject, entry: Entry, width: int, height: int) -> tuple[tuple[float, ...], float]:
    """Box and area of a target; the numbers of a COCO file as they are, so that scores agree to the last digit."""
    box = box_xywh(item.box, width, height)
    known: Any = item.extra.get("bbox")
    area: Any = item.extra.get("area")
    is_box = isinstance(known, list) and len(known) == 4 and all(map(_is_number, known))
    if is_box and (width, height) == entry.layout.size and np.allclose(known, box, rtol=0, atol=1e-5):
        return tuple(map(float, known)), float(area) if _is_number(area) else float(known[2] * known[3])
    return box, box[2] * box[3]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _identity(entry: Entry) -> ImageId | None:
    for name in ("id", "image_index"):
        value = entry.layout.extra.get(name)
        if isinstance(value, int | str) and not isinstance(value, bool):
            return value
    return None
