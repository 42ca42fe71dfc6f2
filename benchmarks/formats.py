"""How fast big layout files open, and in how much memory: run ``python benchmarks/formats.py``.

Makes LayoutBench's 8 × 1,000 scenes and a COCO file of 5,000 images with 36,000 annotations and their outlines, then
opens each in a process of its own, several times, and prints times and peak memory.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LIMIT_SECONDS, LIMIT_MIB = 1.5, 300

OPEN = """
import resource, sys, time
started = time.perf_counter()
from engine.formats import registry
loaded, cpu = time.perf_counter(), time.process_time()
dataset = registry.read(sys.argv[1])
done = time.perf_counter()
objects = sum(len(entry.layout.objects) for entry in dataset.entries)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(len(dataset.entries), objects, loaded - started, done - loaded, time.process_time() - cpu, peak)
"""


def make_scenes(folder: Path) -> Path:
    """A LayoutBench root with the eight splits, 1,000 scenes each; objects as many as the splits have."""
    choose = random.Random(0)
    counts = {
        "number_few": (0, 2),
        "number_many": (11, 16),
        "position_center": (3, 10),
        "position_boundary": (3, 10),
        "size_tiny": (3, 10),
        "size_large": (3, 5),
        "shape_horizontal": (3, 10),
        "shape_vertical": (3, 10),
    }
    for split, span in counts.items():
        scenes = [
            {
                "split": split,
                "image_index": index,
                "image_filename": f"LayoutBench_val_{split}_{index:06d}.png",
                "objects": [scene_object(choose) for _ in range(choose.randint(*span))],
            }
            for index in range(1000)
        ]
        path = folder / split.split("_")[0] / "scenes" / f"scenes_{split}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"info": {"split": split}, "scenes": scenes}))
    return folder


def scene_object(choose: random.Random) -> dict[str, Any]:
    """One object with all the fields that LayoutBench's have."""
    x, y, side = choose.randint(0, 250), choose.randint(0, 250), choose.randint(20, 70)
    return {
        "shape": choose.choice(("cube", "sphere", "cylinder")),
        "size": "large",
        "material": choose.choice(("rubber", "metal")),
        "color": choose.choice(("gray", "red", "blue", "green", "brown", "purple", "cyan", "yellow")),
        "3d_coords": [choose.uniform(-3, 3), choose.uniform(-3, 3), 0.7],
        "rotation": choose.uniform(0, 360),
        "pixel_coords": [x + side // 2, y + side // 2, choose.uniform(8, 15)],
        "scale": 0.7,
        "bbox": [x, y, side, side],
    }


def make_coco(path: Path) -> Path:
    """5,000 images and 36,000 annotations with outlines, about as many bytes as COCO's validation set."""
    choose = random.Random(0)
    images = [
        {
            "id": index,
            "file_name": f"{index:012d}.jpg",
            "width": 640,
            "height": 480,
            "license": 3,
            "coco_url": "http://x/y",
        }
        for index in range(5000)
    ]
    annotations = []
    for index in range(36_000):
        x, y = round(choose.uniform(0, 500), 2), round(choose.uniform(0, 350), 2)
        width, height = round(choose.uniform(5, 130), 2), round(choose.uniform(5, 120), 2)
        outline = [round(choose.uniform(x, x + width), 2) for _ in range(2 * choose.randint(8, 45))]
        annotations.append(
            {
                "segmentation": [outline],
                "area": round(width * height * 0.7, 4),
                "iscrowd": 0,
                "image_id": index % 5000,
                "bbox": [x, y, width, height],
                "category_id": index % 80 + 1,
                "id": index + 1,
            }
        )
    categories = [{"id": number, "name": f"class {number}", "supercategory": "thing"} for number in range(1, 81)]
    path.write_text(json.dumps({"info": {}, "images": images, "annotations": annotations, "categories": categories}))
    return path


def measure(path: Path, times: int) -> bool:
    """Open a file several times and print what it took; whether it kept the limits."""
    runs = []
    for _ in range(times):
        done = subprocess.run(
            [sys.executable, "-c", OPEN, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
        )
        runs.append([float(word) for word in done.stdout.split()])
    layouts, objects = int(runs[0][0]), int(runs[0][1])
    seconds = sorted(run[3] for run in runs)
    peak = max(run[5] for run in runs)
    size = sum(file.stat().st_size for file in ([path] if path.is_file() else path.rglob("*.json"))) / 2**20
    processor = min(run[4] for run in runs)
    print(
        f"{path.name}: {layouts} layouts, {objects} objects, {size:.1f} MiB: {processor:.2f} s of processor time; "
        f"wall best {seconds[0]:.2f} s, median {statistics.median(seconds):.2f} s, worst {seconds[-1]:.2f} s; "
        f"loading the program {min(run[2] for run in runs):.2f} s, peak {peak:.0f} MiB"
    )
    # One thread reads, so that processor time is what it takes on a machine with a core to spare; the wall clock also
    # counts whatever else runs.
    return processor < LIMIT_SECONDS and peak < LIMIT_MIB


def main() -> int:
    """Make the files and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "layoutbench").mkdir()
        paths = (make_scenes(Path(folder) / "layoutbench"), make_coco(Path(folder) / "instances.json"))
        kept = [measure(path, times) for path in paths]
    print(f"limits ({LIMIT_SECONDS} s, {LIMIT_MIB} MiB): {'kept' if all(kept) else 'NOT kept'}")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
