"""How the cost of a picture grows: with the number of objects, the picture's size, workers; and an export's memory.

    python -m benchmarks.growth objects --out DIR      # 1, 2, 4, 8, 12 and 16 objects, by four ways
    python -m benchmarks.growth size --out DIR         # 192 to 640 pixels a side, five objects
    python -m benchmarks.growth workers --out DIR      # an export by 1, 2, … worker processes
    python -m benchmarks.growth memory --out DIR       # an export of 8,000 layouts: memory after each picture

Each writes a figure (SVG) and a table (CSV) named after it. The first three paint with the built-in model; ``memory``
with a tiny pipeline of random weights and the program's own worker, since only what is kept from picture to picture
matters there.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import mean

import psutil

from benchmarks.batch_kills import make_entries
from engine.batch.items import make_items, make_runs
from engine.batch.speed import measure, usual_ways
from engine.clevr.rules import rules_of
from engine.clevr.sampler import sample_scenes
from engine.evaluation.report import charts
from engine.evaluation.report.tables import Table
from engine.formats.dataset import Entry
from engine.inpainting.settings import GenerationSettings
from engine.models.catalogue import DEFAULT_MODEL, find_model
from engine.models.loading import LoadedModel, load_pipeline
from tests.pipelines import make_tiny_pipeline

OBJECTS = (1, 2, 4, 8, 12, 16)
SIDES = (192, 256, 320, 448, 640)
GROWTH = 0.05
"""Memory may grow by this share between the first and the last hundred pictures of an export."""


def layouts(objects: int, count: int) -> list[Entry]:
    """Layouts of so many objects by CLEVR's rules; more than ten stand closer, as in LayoutBench's number_many."""
    rules = rules_of("number_many" if objects > 10 else "clevr", count=(objects, objects))
    return [Entry(f"l{number}", scene.layout) for number, scene in enumerate(sample_scenes(rules, count, 0))]


def seconds_by_way(model: LoadedModel, entries: list[Entry], base: GenerationSettings, names: str) -> dict[str, float]:
    """Seconds per picture of the ways of these names."""
    ways = [way for way in usual_ways(base, fast={"steps": 6}) if way.name in names.split(",")]
    return {timed.way.name: timed.seconds / len(entries) for timed in measure(ways, entries, model, rounds=1)}


def write(out: Path, name: str, title: str, x: str, rows: dict[float, dict[str, float]], y: str) -> None:
    """The figure and the table."""
    out.mkdir(parents=True, exist_ok=True)
    names = list(next(iter(rows.values())))
    series = {key: [(place, values[key]) for place, values in rows.items()] for key in names}
    (out / f"{name}.svg").write_text(charts.lines(series, title=title, x_title=x, y_title=y), encoding="utf-8")
    cells = tuple((place, *(round(values[key], 4) for key in names)) for place, values in rows.items())
    (out / f"{name}.csv").write_text(Table(name, title, (x, *names), cells).csv(), encoding="utf-8")
    print(Table(name, title, (x, *names), cells).csv())


def objects(args: argparse.Namespace, model: LoadedModel) -> None:
    """Time against the number of objects."""
    base = GenerationSettings(previews=False, steps=args.steps)
    rows: dict[float, dict[str, float]] = {}
    for count in args.points or OBJECTS:
        rows[count] = seconds_by_way(model, layouts(count, args.count), base, args.ways)
    write(args.out, "objects", "Time per picture by number of objects", "objects", rows, "seconds per picture")


def size(args: argparse.Namespace, model: LoadedModel) -> None:
    """Time against the picture's size."""
    rows: dict[float, dict[str, float]] = {}
    for side in args.points or SIDES:
        base = GenerationSettings(previews=False, steps=args.steps, width=side, height=side)
        rows[side] = seconds_by_way(model, layouts(5, args.count), base, args.ways)
    write(args.out, "size", "Time per picture by its size", "pixels a side", rows, "seconds per picture")


def workers(args: argparse.Namespace, model: LoadedModel) -> None:
    """Time against the number of worker processes; with what it takes them to start, as an export needs it."""
    from engine.batch.export import Export, plan_export
    from engine.batch.worker import Job

    runs = make_runs("run", GenerationSettings(previews=False, steps=args.steps), {})
    items = make_items(layouts(5, 4 * args.count), runs)
    rows: dict[float, dict[str, float]] = {}
    for count in args.points or range(1, (psutil.cpu_count() or 1) + 1):
        with tempfile.TemporaryDirectory() as folder:
            job = Job(Path(folder), str(model.card.folder), tuple(items))
            started = time.perf_counter()
            with closing(plan_export(job, runs)) as ledger:
                Export(
                    job, ledger, workers=count, stopped=lambda: False, on_counts=lambda counts: None, tell=print
                ).run()
            rows[count] = {"export": (time.perf_counter() - started) / len(items)}
    write(args.out, "workers", "Time per picture by workers", "workers", rows, "seconds per picture")


def memory(args: argparse.Namespace) -> None:
    """Memory of a worker after each picture of a long export."""
    from engine.batch.export import plan_export
    from engine.batch.worker import Job, make_worker

    settings = GenerationSettings(previews=False, steps=1, width=64, height=64)
    runs = make_runs("run", settings, {})
    process, held = psutil.Process(), []
    with tempfile.TemporaryDirectory() as folder:
        pipeline = make_tiny_pipeline(Path(folder) / "tiny")
        items = make_items(make_entries(args.layouts, random.Random(0)), runs)
        job = Job(Path(folder) / "out", str(pipeline), tuple(items), together=args.together)
        with closing(plan_export(job, runs)):
            worker = make_worker(job, lambda: False, lambda: held.append(process.memory_info().rss / 2**20))
            worker.run()
    part = min(100, len(held) // 2)
    first, last = mean(held[:part]), mean(held[-part:])
    step = max(1, len(held) // 200)
    rows = {float(number): {"MiB": held[number]} for number in range(0, len(held), step)}
    write(args.out, "memory", f"Memory of an export of {len(held):,} layouts", "pictures", rows, "MiB")
    growth = last / first - 1
    print(f"mean of the first {part}: {first:.1f} MiB, of the last: {last:.1f} MiB, growth {growth:+.1%}")
    if growth > GROWTH:
        raise SystemExit(f"it grew by more than {GROWTH:.0%}")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("objects", "size", "workers", "memory"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--steps", type=int, help="denoising steps (the model's own)")
    parser.add_argument("--count", type=int, default=2, help="layouts per point (2)")
    parser.add_argument("--points", type=int, nargs="*", help="objects, sides or workers, in place of the usual ones")
    parser.add_argument("--ways", default="published,zoom,waves,fast", help="of `boxpaint bench`")
    parser.add_argument("--layouts", type=int, default=8000, help="memory: length of the export")
    parser.add_argument("--together", type=int, default=1, help="memory: pictures that share a call")
    args = parser.parse_args(arguments)
    if args.what == "memory":
        memory(args)
        return
    model = load_pipeline(find_model(args.model), device="auto", precision="auto")
    {"objects": objects, "size": size, "workers": workers}[args.what](args, model)


if __name__ == "__main__":
    main()
