"""AP of a detector on ground-truth pictures, split by split, with shuffled labels as the control.

    python benchmarks/detector_table.py --data PATH... [--model DIR] [--hold-out 0.2] [--json FILE]

Only the held-out part of each split is measured (its last pictures, as in training), never what was trained on.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from engine.detection.loading import BUILT_IN, load_detector
from engine.events import Detection
from engine.training.data import Picture, load_pictures


def score(pictures: Sequence[Picture], found: Sequence[Sequence[Detection]], labels: Sequence[str]) -> dict[str, float]:
    """AP, AP50 and AP75 (COCO's bbox protocol) of detections on pictures with boxes."""
    ids = {label: index for index, label in enumerate(labels)}
    truth: dict[str, Any] = {
        "images": [{"id": i, "width": p.size[0], "height": p.size[1]} for i, p in enumerate(pictures)],
        "categories": [{"id": index, "name": label} for label, index in ids.items()],
        "annotations": [],
    }
    for i, picture in enumerate(pictures):
        for box, label in zip(picture.boxes, picture.labels, strict=True):
            truth["annotations"].append(
                {
                    "id": len(truth["annotations"]) + 1,
                    "image_id": i,
                    "category_id": ids[label],
                    "bbox": [box.x0, box.y0, box.width, box.height],
                    "area": box.width * box.height,
                    "iscrowd": 0,
                }
            )
    rows = []
    for i, (picture, detections) in enumerate(zip(pictures, found, strict=True)):
        for item in detections:
            x0, y0, x1, y1 = item.box.scaled(*picture.size)
            rows.append([i, x0, y0, x1 - x0, y1 - y0, item.score, ids[item.label]])
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = truth
        coco.createIndex()
        evaluation = COCOeval(coco, coco.loadRes(np.array(rows).reshape(-1, 7)), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    return dict(zip(("AP", "AP50", "AP75"), (float(value) for value in evaluation.stats[:3]), strict=True))


def shuffled(pictures: Sequence[Picture], seed: int = 0) -> list[Picture]:
    """The same pictures with the boxes and labels of another one: what chance would score."""
    order = list(range(len(pictures)))
    random.Random(seed).shuffle(order)
    others = order[1:] + order[:1]
    swapped = dict(zip(order, others, strict=True))
    return [
        Picture(p.name, p.size, pictures[swapped[i]].boxes, pictures[swapped[i]].labels, p.source, p.mirrored, p.group)
        for i, p in enumerate(pictures)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--model", type=Path, default=BUILT_IN)
    parser.add_argument("--hold-out", type=float, default=0.2)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    detector = load_detector(args.model)
    held = load_pictures(args.data, report=lambda line: None, hold_out=args.hold_out).held_out
    results: dict[str, dict[str, float]] = {}
    print("| split | pictures | AP | AP50 | AP75 | shuffled AP |\n|---|---|---|---|---|---|")
    for group in dict.fromkeys(picture.group for picture in held):
        pictures = [picture for picture in held if picture.group == group]
        found = detector.detect([picture.image for picture in pictures])
        values = score(pictures, found, detector.labels)
        values["shuffled AP"] = score(shuffled(pictures), found, detector.labels)["AP"]
        results[group] = values
        print(f"| {group} | {len(pictures)} | " + " | ".join(f"{value:.3f}" for value in values.values()) + " |")
    skills = [values for group, values in results.items() if group != "clevr"]
    if skills:
        mean = {name: sum(values[name] for values in skills) / len(skills) for name in skills[0]}
        results["mean of skills"] = mean
        print("| mean of skills | | " + " | ".join(f"{value:.3f}" for value in mean.values()) + " |")
    if args.json:
        args.json.write_text(json.dumps(results, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
