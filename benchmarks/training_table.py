"""AP of what a pipeline paints for layouts, split by split, as the built-in detector sees it; and a sheet to look at.

    python benchmarks/training_table.py --data PATH... [--model DIR] [--count 4] [--sheet FILE.png] [--set area=full]

The layouts are those of the held-out pictures; the pictures themselves are never shown to the model.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from benchmarks.detector_table import layout_of, score
from engine.detection.loading import BUILT_IN, load_detector
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout
from engine.models.card import read_card
from engine.models.loading import LoadedModel, load_pipeline
from engine.training.data import load_pictures

CLEVR_MINI = BUILT_IN.parent / "clevr-mini"


def paint(model: LoadedModel, layout: Layout, settings: GenerationSettings) -> Image.Image:
    """The finished picture of a layout."""
    plan = make_plan(layout, settings, model.card)
    painter = make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=lambda _: None)
    steps = list(painter.paint())
    return steps[-1].composite


def sheet_of(rows: Sequence[Sequence[Image.Image]]) -> Image.Image:
    """Rows of pictures of one size, with a thin gap."""
    side = rows[0][0].width + 4
    sheet = Image.new("RGB", (side * max(map(len, rows)), side * len(rows)), "white")
    for top, row in enumerate(rows):
        for left, picture in enumerate(row):
            sheet.paste(picture, (left * side, top * side))
    return sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--model", type=Path, default=CLEVR_MINI)
    parser.add_argument("--detector", type=Path, default=BUILT_IN)
    parser.add_argument("--hold-out", type=float, default=0.2)
    parser.add_argument("--count", type=int, default=4, help="pictures per split")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="generation settings")
    args = parser.parse_args()
    model = load_pipeline(read_card(args.model), device="cpu", precision="fp32")
    detector = load_detector(args.detector)
    chosen = {name: int(value) if value.isdigit() else value for name, value in (pair.split("=") for pair in args.set)}
    settings = GenerationSettings(seed=args.seed, previews=False, **chosen)
    held = load_pictures(args.data, report=lambda line: None, hold_out=args.hold_out).held_out
    rows, means = [], []
    print("| split | pictures | objects | AP | AP50 | AP75 | shuffled AP | seconds/picture |")
    print("|---" * 8 + "|")
    for group in dict.fromkeys(picture.group for picture in held):
        pictures = [picture for picture in held if picture.group == group and picture.boxes][: args.count]
        began = time.perf_counter()
        painted = [paint(model, layout_of(picture), settings) for picture in pictures]
        seconds = (time.perf_counter() - began) / len(pictures)
        found = detector.detect(painted)
        values = score(pictures, found, detector.labels)
        means.append(values)
        rows.append(painted)
        objects = sum(len(picture.boxes) for picture in pictures)
        figures = " | ".join(f"{value:.3f}" for value in values.values())
        print(f"| {group} | {len(pictures)} | {objects} | {figures} | {seconds:.1f} |")
        sys.stdout.flush()
    total = " | ".join(f"{sum(row[name] for row in means) / len(means):.3f}" for name in means[0])
    print(f"| mean | | | {total} | |")
    if args.sheet:
        sheet_of(rows).save(args.sheet)


if __name__ == "__main__":
    main()
