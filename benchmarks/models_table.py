"""The built-in models' table: AP per split of what each model and setting paints for layouts that no training has seen.

    python benchmarks/models_table.py --out DIR [--count 20] [--rows zoom full …] [--single-step DIR…] [--pictures DIR]

Layouts are sampled with a seed of their own (``--layout-seed``, never used in training), exported by ``boxpaint batch``
and scored by ``boxpaint evaluate``, so the script goes on where it was stopped. ``--pictures`` is a folder that
``boxpaint render`` filled with the same scenes (``DIR/layouts/scenes.json``): it gives the rows of the ground truth.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SPLITS = (
    *("clevr", "number_few", "number_many", "position_center", "position_boundary"),
    *("size_tiny", "size_large", "shape_horizontal", "shape_vertical"),
)
SKILL_SPLITS = SPLITS[1:]
ROWS: dict[str, tuple[str, ...]] = {
    "zoom": (),
    "zoom-repaint": ("--compositing", "repaint"),
    "zoom-random": ("--order", "random"),
    "zoom-top-down": ("--order", "top-down"),
    "zoom-bottom-up": ("--order", "bottom-up"),
    "full": ("--area", "full"),
    "full-repaint": ("--area", "full", "--compositing", "repaint"),
    "reference": ("--pixels", "reference"),
    "parallel": ("--method", "iterinpaint-parallel"),
}
"""Settings of the built-in inpainting model; everything else is at its default."""


def boxpaint(*words: object) -> Any:
    """Run a command with ``--json``; what it printed. Its progress goes where this script's does."""
    command = [sys.executable, "-m", "desktop_app", *map(str, words), "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    result = json.loads(done.stdout)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {result}")
    return result


def sample_layouts(folder: Path, count: int, seed: int) -> Path:
    """One file with ``count`` scenes of every split."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "scenes.json"
    if not target.exists():
        scenes = []
        for split in SPLITS:
            file = folder / f"{split}.json"
            boxpaint("sample-layouts", "--split", split, "--count", count, "--seed", seed, "--out", file)
            scenes += json.loads(file.read_text("utf-8"))["scenes"]
        target.write_text(json.dumps({"info": {}, "scenes": scenes}), "utf-8")
    return target


def first_of_each(layouts: Path, count: int) -> Path:
    """A file with the first ``count`` scenes of every split."""
    target = layouts.with_name(f"first_{count}.json")
    content = json.loads(layouts.read_text("utf-8"))
    kept = [[scene for scene in content["scenes"] if scene["split"] == split][:count] for split in SPLITS]
    target.write_text(json.dumps({**content, "scenes": [scene for scenes in kept for scene in scenes]}), "utf-8")
    return target


def table(results: dict[str, Any], figure: str) -> str:
    """One figure of every row and split as a Markdown table; the mean is that of the eight skill splits."""
    lines = [f"| {figure} | {' | '.join(SPLITS)} | mean of the eight |", "|---" * (len(SPLITS) + 2) + "|"]
    for row, splits in results.items():
        values = [splits.get(split, {}).get(figure) for split in SPLITS]
        eight = [
            value for split, value in zip(SPLITS, values, strict=True) if split in SKILL_SPLITS and value is not None
        ]
        shown = ["–" if value is None else f"{value:.3f}" for value in values]
        mean = f"{sum(eight) / len(eight):.3f}" if len(eight) == len(SKILL_SPLITS) else "–"
        lines.append(f"| {row} | {' | '.join(shown)} | {mean} |")
    return "\n".join(lines)


def score(pictures: Path, layouts: Path, run: str | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figures of each split, and those against other pictures' layouts."""
    words: list[object] = ["evaluate", pictures, "--layouts", layouts, "--protocol", "layoutbench", "--shuffled"]
    report = boxpaint(*words, *(("--run", run) if run else ()))
    return report["splits"], {split: {"AP": value} for split, value in report["shuffled"].items()}


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=20, help="layouts per split")
    parser.add_argument("--first", type=int, help="use only so many of them in this call")
    parser.add_argument("--layout-seed", type=int, default=2304, help="seed of the layouts")
    parser.add_argument("--seed", type=int, default=0, help="seed of the painting")
    parser.add_argument("--rows", nargs="*", default=list(ROWS), choices=[*ROWS], help="settings of clevr-mini")
    parser.add_argument("--single-step", type=Path, nargs="*", default=[], metavar="DIR", help="more pipelines")
    parser.add_argument("--pictures", type=Path, help="rendered ground truth")
    parser.add_argument("--workers", type=int, default=1)
    args = parser.parse_args(argv)
    layouts = sample_layouts(args.out / "layouts", args.count, args.layout_seed)
    stored = args.out / "results.json"
    results: dict[str, Any] = json.loads(stored.read_text("utf-8")) if stored.exists() else {}
    if args.pictures:
        results["ground truth"], results["shuffled ground truth"] = score(args.pictures, layouts)
    runs = {name: ROWS[name] for name in args.rows} | {
        folder.parent.name if folder.name == "model" else folder.name: ("--model", str(folder))
        for folder in args.single_step
    }
    if args.first:
        layouts = first_of_each(layouts, args.first)
    for name, options in runs.items():
        words = ("batch", layouts, "--out", args.out / name, "--name", name, "--seed", args.seed)
        painted = boxpaint(*words, "--workers", args.workers, *options)
        figures, _ = score(args.out / name, layouts, name)
        results[name] = figures
        stored.write_text(json.dumps(results, indent=1), "utf-8")
        sys.stdout.write(f"{name}: {painted['pictures']} pictures in {painted['seconds']:.0f} s\n")
    sys.stdout.write("\n\n".join(table(results, figure) for figure in ("AP", "AP50", "AP75")) + "\n")


if __name__ == "__main__":
    main()
