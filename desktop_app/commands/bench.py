"""``boxpaint bench``: how fast painting is, as ratios to the published loop on the same machine in the same minutes."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.commands.output import add_json_option, emit, note
from engine.errors import BoxpaintError
from engine.files import write_json
from engine.formats.dataset import Entry
from engine.formats.registry import read_entry
from engine.inpainting.settings import CHOICES, GenerationSettings
from engine.models.catalogue import DEFAULT_MODEL, find_model

if TYPE_CHECKING:
    from engine.batch.speed import Way
    from engine.models.loading import LoadedModel

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "layouts" / "eight_objects.layout.json"
SCRIPTS = ("start", "canvas", "timeline")
"""Those of ``benchmarks`` that measure the window."""

_WAYS = ("published", "full", "zoom", "waves", "fast")
_SHORT = {"steps": 2, "rounds": 1}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "bench",
        help="measure painting against the published loop",
        description="Paints the same layouts by several ways in turn, in one process, and tells how many times as fast "
        "as the published loop each is, with the built-in detector's AP beside it. What else the machine does hits "
        "all ways alike: trust the ratios, not the seconds.",
    )
    parser.add_argument("--model", default=DEFAULT_MODEL, help="a model's name or folder")
    parser.add_argument("--layout", type=Path, default=SAMPLE, help="the layout to paint")
    parser.add_argument(
        "--count", type=int, metavar="N", help="paint N layouts sampled by CLEVR's rules in place of --layout"
    )
    parser.add_argument("--ways", default=",".join(_WAYS), help=f"which of {', '.join(_WAYS)} (all)")
    parser.add_argument(
        "--way",
        action="append",
        default=[],
        metavar="NAME:SETTING=VALUE,…",
        help="one more way, such as unipc6:scheduler=unipc,steps=6; settings that are not named are those of waves",
    )
    parser.add_argument("--steps", type=int, help="denoising steps of each call; default: as the model's card says")
    parser.add_argument("--published-steps", type=int, help="those of the published loop, where others are wanted")
    parser.add_argument("--fast", default="steps=6,scheduler=dpm++", help="settings of fast (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="seed of layouts and noise (0)")
    parser.add_argument("--device", choices=CHOICES["device"], default="auto", help="default: auto")
    parser.add_argument("--precision", choices=CHOICES["precision"], default="auto", help="default: auto")
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is painted (3)")
    parser.add_argument("--short", action="store_true", help="two denoising steps, one round: only whether it works")
    parser.add_argument(
        "--window", action="store_true", help="measure the window too: start, event to painted, stalls (minutes)"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write the figures to this JSON file")
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure, and print ratios."""
    from engine.batch.speed import measure, qualities, rows
    from engine.models.loading import load_pipeline

    if args.short:
        args.steps, args.rounds = _SHORT["steps"], _SHORT["rounds"]
    entries = _layouts(args)
    ways = _chosen_ways(args)
    started = time.perf_counter()
    model = load_pipeline(find_model(args.model), device=args.device, precision=args.precision)
    loading = time.perf_counter() - started
    timed = measure(ways, entries, model, rounds=args.rounds, tell=note)
    listed = list(rows(timed, len(entries)))
    qualities_of = qualities(timed, entries, _detector())
    for row, quality in zip(listed, qualities_of or [{} for _ in listed], strict=True):
        row.update(quality)
    report = {
        "machine": _machine(model),
        "load_average": _load(),
        "model": model.card.name,
        "layouts": len(entries),
        "objects": sum(len(entry.layout.objects) for entry in entries),
        "rounds": args.rounds,
        "loading_seconds": round(loading, 3),
        "ways": listed,
        "window": _window() if args.window else None,
    }
    if args.out is not None:
        write_json(args.out, report)
    emit(args, report, _text(report))
    return 0


def _layouts(args: argparse.Namespace) -> list[Entry]:
    if args.rounds < 1:
        raise BoxpaintError(f"the number of rounds is {args.rounds}.", "usage", field="--rounds", hint="At least 1.")
    if args.count is None:
        return [read_entry(args.layout)]
    if args.count < 1:
        raise BoxpaintError(f"the count is {args.count}.", "usage", field="--count", hint="At least 1.")
    from engine.clevr.rules import rules_of
    from engine.clevr.sampler import sample_scenes

    note(f"sampling {args.count} layouts")
    scenes = sample_scenes(rules_of("clevr"), args.count, args.seed)
    return [Entry(f"{number:06d}", scene.layout) for number, scene in enumerate(scenes)]


def _chosen_ways(args: argparse.Namespace) -> list[Way]:
    from engine.batch.speed import Way, usual_ways

    base = GenerationSettings(
        steps=args.steps, seed=args.seed, previews=False, device=args.device, precision=args.precision
    )
    fast = {"steps": _SHORT["steps"]} if args.short else _settings(args.fast, "--fast")
    usual = {way.name: way for way in usual_ways(base, fast=fast)}
    names = [name.strip() for name in args.ways.split(",") if name.strip()]
    for name in names:
        if name not in usual:
            raise BoxpaintError(
                f"there is no way {name!r}.", "usage", field="--ways", hint=f"They are: {', '.join(usual)}."
            )
    if args.published_steps is not None:
        published = usual["published"]
        usual["published"] = replace(published, settings=replace(published.settings, steps=args.published_steps))
    chosen = [usual[name] for name in names]
    for text in args.way:
        name, _, pairs = text.partition(":")
        chosen.append(Way(name, pairs, replace(usual["waves"].settings, **_settings(pairs, "--way"))))
    if not chosen:
        raise BoxpaintError("there is no way to measure.", "usage", field="--ways", hint=f"Name some of {_WAYS}.")
    return chosen


def _settings(text: str, option: str) -> Mapping[str, Any]:
    """``steps=6,scheduler=unipc`` as settings."""
    found: dict[str, Any] = {}
    for pair in text.split(","):
        name, equals, value = pair.strip().partition("=")
        if not (name and equals and value):
            raise BoxpaintError(f"{pair!r} is no setting.", "usage", field=option, hint="Write it like steps=6.")
        found[name] = _value(value)
    GenerationSettings.from_dict(found)
    return found


def _value(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _detector() -> Any:
    from engine.detection.loading import BUILT_IN, load_detector

    return load_detector(BUILT_IN)


def _window() -> dict[str, Any]:
    """What the scripts of ``benchmarks`` say of the window; they are not installed, so a checkout is needed."""
    found: dict[str, Any] = {}
    for name in SCRIPTS:
        script = ROOT / "benchmarks" / f"{name}.py"
        if not script.is_file():
            raise BoxpaintError(
                "the window is measured by scripts that are not installed.",
                "usage",
                file=str(script),
                hint="Run bench --window from a checkout of the source.",
            )
        note(f"measuring the window: {script.name}")
        done = subprocess.run([sys.executable, str(script), "--json"], capture_output=True, text=True, check=False)
        try:
            found[name] = json.loads(done.stdout)
        except ValueError as error:
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise BoxpaintError(f"it failed: {last}", "internal", file=str(script)) from error
    return found


def _machine(model: LoadedModel) -> str:
    import psutil
    import torch

    name = torch.cuda.get_device_name() if model.device == "cuda" else _processor()
    return f"{name}, {psutil.cpu_count()} cores, {torch.get_num_threads()} threads, {model.device}, {model.precision}"


def _processor() -> str:
    """The processor's name; Linux tells it only here."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _load() -> float | None:
    """Programs that wanted a core during the last minute, this one among them."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def _text(report: Mapping[str, Any]) -> str:
    lines = [f"{report['model']}, {report['layouts']} layouts with {report['objects']} objects, {report['machine']}"]
    lines += [_line(way) for way in report["ways"]]
    if report["window"] is not None:
        lines += ["", *_about_window(report["window"])]
    return "\n".join(lines)


def _line(way: Mapping[str, Any]) -> str:
    quality = f"  AP {way['AP']:.3f}" if "AP" in way else ""
    if "difference" in way:
        found = way["difference"]
        quality += f" ({found['value']:+.3f}, 95 %: {found['low']:+.3f} … {found['high']:+.3f})"
    return f"{way['times_as_fast']:7.2f}×  {way['seconds_per_picture']:9.3f} s{quality}  {way['name']}: {way['about']}"


def _about_window(window: Mapping[str, Any]) -> Sequence[str]:
    return [f"{name}: {json.dumps(figures, ensure_ascii=False)}" for name, figures in window.items()]
