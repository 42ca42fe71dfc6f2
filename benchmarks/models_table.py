"""The built-in models' table: AP per split of what each model and setting paints for layouts that no training has seen.

    python -m benchmarks.models_table --out DIR [--count 20] [--first N] [--rows zoom full …] [--single-step DIR…]
                                      [--pictures DIR] [--workers N]

Layouts are sampled with a seed of their own (``--layout-seed``, never used in training); the rest is done by ``boxpaint
study table``, so it goes on where it was stopped. ``--pictures`` is a folder that ``boxpaint render`` filled with the
same scenes (``DIR/layouts/scenes.json``): it gives the rows of the ground truth.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SPLITS = (
    *("clevr", "number_few", "number_many", "position_center", "position_boundary"),
    *("size_tiny", "size_large", "shape_horizontal", "shape_vertical"),
)
ROWS: dict[str, str] = {
    "zoom": "clevr-mini",
    "zoom-repaint": "clevr-mini:compositing=repaint",
    "zoom-random": "clevr-mini:order=random",
    "zoom-top-down": "clevr-mini:order=top-down",
    "zoom-bottom-up": "clevr-mini:order=bottom-up",
    "full": "clevr-mini:area=full",
    "full-repaint": "clevr-mini:area=full,compositing=repaint",
    "reference": "clevr-mini:pixels=reference",
    "parallel": "clevr-mini:method=iterinpaint-parallel",
}
"""Settings of the built-in inpainting model; everything else is at its default."""

BOXPAINT = (sys.executable, "-m", "desktop_app")


def sample_layouts(folder: Path, count: int, seed: int) -> Path:
    """One file with ``count`` scenes of every split."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "scenes.json"
    if not target.exists():
        scenes = []
        for split in SPLITS:
            file = folder / f"{split}.json"
            words = ("sample-layouts", "--split", split, "--count", str(count), "--seed", str(seed), "--out", str(file))
            subprocess.run([*BOXPAINT, *words], check=True)
            scenes += json.loads(file.read_text("utf-8"))["scenes"]
        target.write_text(json.dumps({"info": {}, "scenes": scenes}), "utf-8")
    return target


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=20, help="layouts per split")
    parser.add_argument("--first", type=int, help="use only so many of them in this call")
    parser.add_argument("--layout-seed", type=int, default=2304, help="seed of the layouts")
    parser.add_argument("--seed", type=int, default=0, help="seed of the painting")
    parser.add_argument("--rows", nargs="*", default=list(ROWS), choices=[*ROWS], help="settings of clevr-mini")
    parser.add_argument("--single-step", nargs="*", default=[], metavar="DIR", help="more pipelines")
    parser.add_argument("--pictures", type=Path, help="rendered ground truth")
    parser.add_argument("--workers", type=int, default=1)
    args = parser.parse_args(argv)
    layouts = sample_layouts(args.out / "layouts", args.count, args.layout_seed)
    words = ["study", "table", layouts, "--out", args.out / "table", "--seed", args.seed, "--workers", args.workers]
    words += ["--models", *(ROWS[row] for row in args.rows), *args.single_step]
    words += ["--first", args.first] if args.first else []
    words += ["--pictures", args.pictures] if args.pictures else []
    sys.exit(subprocess.run([*BOXPAINT, *map(str, words)], check=False).returncode)


if __name__ == "__main__":
    main()
