"""Running a detector over many picture files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from PIL import Image

from engine.detection.pictures import read_picture
from engine.detection.protocol import Detector
from engine.evaluation.truth import box_xywh
from engine.events import Detection
from engine.formats.coco_detections import ImageId, ResultRow
from engine.layout.matching import plain

BATCH = 16
"""Pictures given to the detector at a time."""


def detect_files(
    paths: Sequence[Path],
    detector: Detector,
    size: tuple[int, int] | None,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Iterator[list[Detection]]:
    """What the detector finds in each picture, all boxes and scores kept.

    Args:
        paths: The picture files.
        detector: The detector.
        size: Width and height to which pictures are brought first (bicubic, as published); None = as they are.
        on_progress: Told how many pictures are done.

    Raises:
        BoxpaintError: A picture cannot be read.
    """
    yield from detect_images([partial(read_picture, path) for path in paths], detector, size, on_progress)


def detect_images(
    images: Sequence[Callable[[], Image.Image]],
    detector: Detector,
    size: tuple[int, int] | None,
    on_progress: Callable[[int], None] = lambda done: None,
) -> Iterator[list[Detection]]:
    """As ``detect_files``, for pictures that are made when their turn comes."""
    for start in range(0, len(images), BATCH):
        batch = [_sized(make(), size) for make in images[start : start + BATCH]]
        yield from detector.detect(batch)
        on_progress(start + len(batch))


def _sized(image: Image.Image, size: tuple[int, int] | None) -> Image.Image:
    return image if size is None or image.size == size else image.resize(size, Image.Resampling.BICUBIC)


def result_rows(
    identity: ImageId, size: tuple[int, int], detections: Sequence[Detection], ids: Mapping[str, int]
) -> Iterator[ResultRow]:
    """Detections of one picture as rows of COCO results.

    Args:
        identity: The picture's id.
        size: Width and height in pixels that the boxes are told in.
        detections: What was found.
        ids: Category ids by normalised label; detections with other labels are left out.
    """
    for found in detections:
        category = ids.get(plain(found.label))
        if category is not None:
            yield ResultRow(identity, category, box_xywh(found.box, *size), found.score)
