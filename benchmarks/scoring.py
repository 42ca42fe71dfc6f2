"""Time and memory of scoring stored detections: 8,000 layouts in the eight splits with up to 100 detections each.

    python benchmarks/scoring.py [--layouts 1000] [--detections 100] [--why]

Layouts and detections are random, so the scores mean nothing. Measured is the command as a person starts it, from
reading the files to printing the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from engine.clevr.rules import SPLITS
from engine.formats.coco_detections import ResultRow, write_results
from engine.formats.dataset import Entry
from engine.formats.registry import write
from engine.layout import Box, Layout, LayoutObject
from engine.layout.vocabulary import CLEVR_48


def random_box(rng: random.Random) -> Box:
    """A box of an eighth to a third of the picture's side."""
    width, height = rng.uniform(0.08, 0.3), rng.uniform(0.08, 0.3)
    x, y = rng.uniform(0, 1 - width), rng.uniform(0, 1 - height)
    return Box(x, y, x + width, y + height)


def make_files(folder: Path, layouts: int, detections: int, rng: random.Random) -> tuple[Path, Path, int]:
    """Layouts as a LayoutBench folder, detections as COCO results; and the number of detections."""
    entries: list[Entry] = []
    rows: list[ResultRow] = []
    for split in SPLITS:
        for number in range(layouts):
            count = rng.randint(11, 16) if split == "number_many" else rng.randint(3, 10)
            objects = tuple(LayoutObject(f"o{n}", rng.choice(CLEVR_48), random_box(rng)) for n in range(count))
            name = f"LayoutBench_val_{split}_{number:06d}"
            entries.append(Entry(name, Layout(320, 320, objects), split))
            for place in range(detections):
                item = objects[place % count]
                x0, y0, x1, y1 = (value + rng.gauss(0, 3) for value in item.box.scaled(320, 320))
                known = place < 2 * count and rng.random() < 0.8
                label = CLEVR_48.index(item.prompt) if known else rng.randrange(48)
                rows.append(ResultRow(name, label, (x0, y0, max(x1 - x0, 1), max(y1 - y0, 1)), rng.random()))
    write(folder / "layouts", entries, "layoutbench-root")
    write_results(folder / "found.json", rows)
    return folder / "layouts", folder / "found.json", len(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layouts", type=int, default=1000, help="layouts in each of the eight splits")
    parser.add_argument("--detections", type=int, default=100, help="detections in each picture")
    parser.add_argument("--why", action="store_true", help="verdicts and gains too")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        layouts, found, count = make_files(Path(folder), args.layouts, args.detections, random.Random(0))
        size = found.stat().st_size / 2**20
        print(f"{8 * args.layouts} layouts, {count} detections ({size:.0f} MiB)", flush=True)
        command = [sys.executable, "-m", "desktop_app", "evaluate", "--detections", found]
        command += ["--layouts", layouts, "--json"]
        command += ["--why"] if args.why else []
        started = time.perf_counter()
        with (Path(folder) / "scores.json").open("wb") as output:
            to_file = [(os.POSIX_SPAWN_DUP2, output.fileno(), 1)]
            process = os.posix_spawn(sys.executable, list(map(str, command)), os.environ, file_actions=to_file)
            _, status, usage = os.wait4(process, 0)
        seconds = time.perf_counter() - started
        overall = json.loads((Path(folder) / "scores.json").read_bytes())["overall"]
        print(f"exit {os.waitstatus_to_exitcode(status)}, AP {overall['AP']:.3f}")
        cpu = usage.ru_utime + usage.ru_stime
        print(f"{seconds:.1f} s ({cpu:.1f} s of CPU), at most {usage.ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
