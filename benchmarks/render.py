"""How close rendered scenes come to CLEVR's own pictures, and how fast they are made; needs Blender.

``python benchmarks/render.py look SCENES… --sheet SHEET.jpg`` renders scenes beside whose files their pictures lie
(made without jitter of camera and lamps), and compares boxes and colours; the sheet shows some side by side.

``python benchmarks/render.py speed SCENES`` renders a few scenes in the simplest way (one process that builds the scene
anew for every picture, 512 samples, no denoiser) and as ``boxpaint render`` does, and prints pictures an hour and how
much the pictures differ.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engine.batch.ground_truth import Order, orders_of, read_scenes
from engine.clevr.blender.arrangement import arrange
from engine.clevr.blender.installation import find_blender
from engine.clevr.blender.look import RenderSettings, scene_facts
from engine.clevr.blender.pool import RenderPool
from engine.clevr.blender.process import BlenderProcess
from engine.clevr.blender.records import RenderFolder
from engine.clevr.blender.truth import seen_in

MOST_PIXELS, MOST_LEVELS, MOST_RMSE, LEAST_RATIO = 1.5, 12.0, 2.0, 15.0
REFERENCE_SAMPLES = 512
WAIT = 3600.0


def start_request(settings: RenderSettings, *, threads: int, persistent: bool = True) -> dict[str, Any]:
    """The request ``start`` for these settings."""
    facts = {"threads": threads, "persistent": persistent}
    return {**facts, "scene": scene_facts(), "cycles": settings.cycles()}


def rendered(process: BlenderProcess, order: Order) -> tuple[Any, Any]:
    """The picture and the object numbers of a scene."""
    process.ask(arrange(order.entry.layout, light_jitter=0).request(), timeout=WAIT)
    numbers = levels(process.ask({"do": "ids"}, timeout=WAIT)["path"])[:, :, 0]
    return levels(process.ask({"do": "picture"}, timeout=WAIT)["path"]), numbers


def levels(path: str | Path) -> Any:
    """A picture as an array of 0 … 255."""
    with Image.open(path) as file:
        return np.asarray(file.convert("RGB"), dtype=float)


def measure_look(args: argparse.Namespace) -> None:
    """Compare boxes and colours with the pictures beside the files."""
    orders = [order for path in args.scenes for order in orders_of(read_scenes(path)) if order.entry.picture]
    sums: dict[str, Any] = defaultdict(lambda: np.zeros((2, 4)))
    misses, pairs, floor = [], [], []
    with BlenderProcess(find_blender(args.blender).command()) as process:
        process.start(start_request(RenderSettings(light_jitter=0), threads=os.cpu_count() or 1))
        for order in orders:
            theirs = levels(str(order.entry.picture))
            ours, numbers = rendered(process, order)
            pairs.append((theirs, ours))
            floor.append(np.abs((theirs - ours)[numbers == 0]).mean())
            layout = order.entry.layout
            seen = seen_in(numbers.astype(np.uint8), arrange(layout, light_jitter=0))
            for number, (item, sight) in enumerate(zip(layout.objects, seen, strict=True), 1):
                if sight.outline is not None:
                    misses += np.abs(np.subtract(item.box.scaled(*layout.size), sight.outline)).tolist()
                for row, picture in enumerate((theirs, ours)):
                    pixels = picture[numbers == number]
                    sums[item.prompt][row] += [*pixels.sum(axis=0), len(pixels)]
    print(f"{len(orders)} pictures, {len(misses) // 4} objects")
    print(f"edges of boxes: mean difference {np.mean(misses):.2f} pixels (under {MOST_PIXELS} wanted)")
    worst = 0.0
    for prompt in sorted(sums):
        means = sums[prompt][:, :3] / sums[prompt][:, 3:]
        worst = max(worst, float(np.abs(means[1] - means[0]).max()))
        print(f"{prompt:24} theirs {means[0].round()} ours {means[1].round()}")
    print(
        f"{len(sums)} classes, greatest difference of a mean colour's channel {worst:.1f} (under {MOST_LEVELS} wanted)"
    )
    print(f"ground: mean difference {np.mean(floor):.1f} of 255")
    if args.sheet:
        write_sheet(pairs, args.sheet)


def write_sheet(pairs: list[tuple[Any, Any]], path: Path) -> None:
    """Theirs and ours beside each other, three pairs to a row, at most twelve pairs from all over the files."""
    count = min(12, len(pairs))
    chosen = [pairs[index * len(pairs) // count] for index in range(count)]
    side = 213
    sheet = Image.new("RGB", (6 * side + 2 * 8, -(-len(chosen) // 3) * (side + 4)), "white")
    for index, pair in enumerate(chosen):
        for place, picture in enumerate(pair):
            small = Image.fromarray(picture.astype(np.uint8)).resize((side, side), Image.Resampling.LANCZOS)
            sheet.paste(small, ((2 * (index % 3) + place) * side + index % 3 * 8, index // 3 * (side + 4)))
    sheet.save(path, quality=85)


def measure_speed(args: argparse.Namespace) -> None:
    """Time the simplest way and ours."""
    orders = orders_of(read_scenes(args.scenes[0]))
    few = orders[:: max(1, len(orders) // args.reference)][: args.reference]
    cores = os.cpu_count() or 1
    blender = find_blender(args.blender)
    simplest = RenderSettings(samples=REFERENCE_SAMPLES, denoise=False, light_jitter=0)
    references = {}
    began, cpu = time.perf_counter(), children_seconds()
    with BlenderProcess(blender.command()) as process:
        for order in few:
            process.start(start_request(simplest, threads=cores, persistent=False))
            process.ask(arrange(order.entry.layout, light_jitter=0).request(), timeout=WAIT)
            references[order.entry.name] = levels(process.ask({"do": "picture"}, timeout=WAIT)["path"])
    slow = report("simplest way", len(few), time.perf_counter() - began, children_seconds() - cpu)
    with tempfile.TemporaryDirectory() as name:
        folder = RenderFolder(Path(name), RenderSettings(light_jitter=0))
        began, cpu = time.perf_counter(), children_seconds()
        pool = RenderPool(blender, folder, workers=cores, threads=1, timeout=WAIT)
        pool.render(folder.pending([order.shot for order in orders]), lambda outcome: None)
        fast = report("boxpaint render", len(orders), time.perf_counter() - began, children_seconds() - cpu)
        for order in few:
            difference = levels(folder.picture(order.shot)) - references[order.entry.name]
            rmse = float(np.sqrt((difference**2).mean()))
            print(f"{order.entry.name}: RMSE {rmse:.2f} of 255 (under {MOST_RMSE} wanted)")
    ratios = [ours / theirs for ours, theirs in zip(fast, slow, strict=True)]
    print(f"times as many: {ratios[0]:.1f} by the clock, {ratios[1]:.1f} by processor time (at least {LEAST_RATIO:g})")


def report(what: str, pictures: int, seconds: float, cpu: float) -> tuple[float, float]:
    """Print and return pictures an hour, and pictures an hour of all cores' processor time."""
    rates = pictures * 3600 / seconds, pictures * 3600 / cpu * (os.cpu_count() or 1)
    each = f"{seconds / pictures:.1f} s and {cpu / pictures:.1f} s of processor time each"
    print(f"{what}: {pictures} pictures, {each}, {rates[0]:.0f} an hour")
    return rates


def children_seconds() -> float:
    """Processor time of the processes that ended so far, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("look", "speed"))
    parser.add_argument("scenes", type=Path, nargs="+")
    parser.add_argument("--blender", type=Path)
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--reference", type=int, default=2, help="scenes that are rendered in the simplest way")
    args = parser.parse_args()
    {"look": measure_look, "speed": measure_speed}[args.what](args)


if __name__ == "__main__":
    main()
