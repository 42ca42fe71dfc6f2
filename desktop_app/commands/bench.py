"""``boxpaint bench``: how fast painting is, as ratios to the published loop on the same machine in the same minutes."""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from desktop_app.commands.output import add_json_option, emit, note
from engine.formats.registry import read_entry
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout
from engine.models.catalogue import DEFAULT_MODEL, find_model
from engine.models.loading import LoadedModel

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "layouts" / "eight_objects.layout.json"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser("bench", help="measure painting against the published loop")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="a model's name or folder")
    parser.add_argument("--layout", type=Path, default=SAMPLE, help="the layout to paint")
    parser.add_argument("--steps", type=int, help="denoising steps of each call; default: as the model's card says")
    parser.add_argument("--rounds", type=int, default=3, help="how often each way is measured, in turn (default 3)")
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure each way in turn, several times over, and print the medians and their ratios to the published loop."""
    from engine.models.loading import load_pipeline

    layout = read_entry(args.layout).layout
    started = time.perf_counter()
    model = load_pipeline(find_model(args.model), device="auto", precision="auto")
    loading = time.perf_counter() - started
    base = GenerationSettings(steps=args.steps, previews=False)
    ways = {
        "published loop (reference, full)": replace(base, pixels="reference", area="full"),
        "exact, full": replace(base, area="full"),
        "exact, zoom": replace(base, area="zoom"),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for name, settings in ways.items():
        note(f"warming up: {name}")
        _paint(model, layout, settings)
    for number in range(args.rounds):
        for name, settings in ways.items():
            seconds[name].append(_timed(lambda settings=settings: _paint(model, layout, settings)))  # type: ignore[misc]
            note(f"round {number + 1}/{args.rounds}: {name} {seconds[name][-1]:.2f} s")
    medians = {name: median(times) for name, times in seconds.items()}
    baseline = next(iter(medians.values()))
    report = {
        "machine": _machine(model),
        "model": model.card.name,
        "objects": len(layout.objects),
        "loading_seconds": round(loading, 3),
        "ways": [
            {"name": name, "seconds": round(value, 3), "times_as_fast": round(baseline / value, 2)}
            for name, value in medians.items()
        ],
    }
    emit(args, report, _text(report))
    return 0


def _paint(model: LoadedModel, layout: Layout, settings: GenerationSettings) -> None:
    from engine.inpainting.methods import make_painter, make_plan

    plan = make_plan(layout, settings, model.card)
    painter = make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=lambda _: None)
    for _ in painter.paint():
        continue


def _timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _machine(model: LoadedModel) -> str:
    import psutil
    import torch

    name = torch.cuda.get_device_name() if model.device == "cuda" else platform.processor() or platform.machine()
    return f"{name}, {psutil.cpu_count()} cores, {torch.get_num_threads()} threads, {model.device}, {model.precision}"


def _text(report: dict[str, Any]) -> str:
    lines = [f"{report['model']}, {report['objects']} objects, on {report['machine']}"]
    lines += [f"{way['times_as_fast']:6.2f}×  {way['seconds']:8.2f} s  {way['name']}" for way in report["ways"]]
    return "\n".join(lines)
