"""Random targets and detections, and what pycocotools says about them."""

from __future__ import annotations

import contextlib
import io

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from engine.evaluation.truth import Found, Truth, TruthImage


def random_truth(rng: np.random.Generator, *, pictures: int = 12, labels: int = 4, most: int = 9) -> Truth:
    """Targets with whole-pixel boxes from specks to the whole picture, some in the same place."""
    images = tuple(TruthImage(f"p{n}", f"s{n % 3}", 320, 320, n) for n in range(pictures))
    image = np.repeat(np.arange(pictures), rng.integers(0, most, pictures))
    start = rng.integers(0, 280, (len(image), 2))
    boxes = np.concatenate([start, rng.integers(4, 200, (len(image), 2))], 1).astype(float)
    label = rng.integers(0, labels, len(image))
    names = tuple(f"class {n}" for n in range(labels))
    return Truth(images, names, image, label, boxes, boxes[:, 2] * boxes[:, 3], tuple(map(str, range(len(image)))))


def random_found(rng: np.random.Generator, truth: Truth, *, extra: int = 40) -> Found:
    """Shifted copies of targets, copies of other classes, and boxes anywhere; many equal scores."""
    copies = np.concatenate([np.arange(len(truth.image))] * 3).astype(int)
    boxes = truth.boxes[copies] + rng.integers(-9, 10, (len(copies), 4))
    boxes[:, 2:] = np.maximum(boxes[:, 2:], 1)
    free = np.concatenate([rng.integers(0, 280, (extra, 2)), rng.integers(1, 120, (extra, 2))], 1)
    label = np.where(
        rng.random(len(copies)) < 0.2, rng.integers(0, len(truth.labels), len(copies)), truth.label[copies]
    )
    return Found(
        np.concatenate([truth.image[copies], rng.integers(0, len(truth.images), extra)]),
        np.concatenate([label, rng.integers(0, len(truth.labels), extra)]),
        np.concatenate([boxes, free]).astype(float),
        np.round(rng.random(len(copies) + extra), 1),
    )


def reference(truth: Truth, found: Found, pictures: np.ndarray | None = None) -> COCOeval:
    """pycocotools' evaluation of the same boxes, summarised."""
    annotations = [
        {
            "id": row + 1,
            "image_id": int(truth.image[row]),
            "category_id": int(truth.label[row]) + 1,
            "bbox": truth.boxes[row].tolist(),
            "area": float(truth.area[row]),
            "iscrowd": 0,
        }
        for row in range(len(truth.image))
    ]
    results = np.column_stack([found.image, found.boxes, found.score, found.label + 1]).astype(float)
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "images": [{"id": number, "width": 320, "height": 320} for number in range(len(truth.images))],
            "categories": [{"id": number + 1, "name": name} for number, name in enumerate(truth.labels)],
            "annotations": annotations,
        }
        coco.createIndex()
        evaluation = COCOeval(coco, coco.loadRes(results.reshape(-1, 7)), "bbox")
        if pictures is not None:
            evaluation.params.imgIds = np.flatnonzero(pictures).tolist()
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return evaluation
