"""AP of a detector on ground-truth pictures, split by split, with shuffled labels as the control.

    python benchmarks/detector_table.py --data PATH... [--model DIR] [--hold-out 0.2] [--json FILE]

Only the held-out part of each split is measured (its last pictures, as in training), never what was trained on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from engine.detection.loading import BUILT_IN, load_detector
from engine.evaluation.average_precision import figures
from engine.evaluation.scoring import match_all
from engine.evaluation.scoring import shuffled as shuffled_truth
from engine.evaluation.truth import Truth, make_found, make_truth
from engine.events import Detection
from engine.formats.dataset import Entry
from engine.layout import Box, Layout, LayoutObject
from engine.training.data import Picture, load_pictures

SHOWN = ("AP", "AP50", "AP75")


def layout_of(picture: Picture) -> Layout:
    """The layout of a picture: its boxes, each with its label as the prompt."""
    width, height = picture.size
    pairs = enumerate(zip(picture.boxes, picture.labels, strict=True))
    objects = (LayoutObject(f"o{i}", label, Box.from_pixels(*box, width, height)) for i, (box, label) in pairs)
    return Layout(width, height, tuple(objects))


def score(pictures: Sequence[Picture], found: Sequence[Sequence[Detection]], labels: Sequence[str]) -> dict[str, float]:
    """AP, AP50 and AP75 (COCO's bbox protocol) of detections on pictures with boxes, and AP with shuffled boxes."""
    entries = [Entry(f"p{number}", layout_of(picture)) for number, picture in enumerate(pictures)]
    truth = make_truth(entries, labels, None)
    values = _figures(truth, found)
    return {**{name: values[name] for name in SHOWN}, "shuffled AP": _figures(shuffled_truth(truth), found)["AP"]}


def _figures(truth: Truth, found: Sequence[Sequence[Detection]]) -> dict[str, float]:
    return figures(match_all(truth, make_found(dict(enumerate(found)), truth)))


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
