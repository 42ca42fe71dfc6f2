"""``boxpaint sample-layouts``: new layouts by the rules of a split, in CLEVR's world or for any prompts."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desktop_app.commands import output
from engine.errors import BoxpaintError
from engine.formats import registry
from engine.formats.source import parse_size


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "sample-layouts",
        help="make new layouts of a split",
        description="Without --prompts: scenes of CLEVR's world, projected to boxes. With --prompts: the skills "
        "number, position, size and combination for any words, drawn in the picture itself.",
    )
    parser.add_argument("--split", required=True, help="one of the eight splits, a fine-grained one, clevr, or a skill")
    parser.add_argument("--count", type=int, default=100, help="number of layouts (100)")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same layouts everywhere (0)")
    parser.add_argument(
        "--out", required=True, help="a .json file gets LayoutBench scenes, and COCO beside it; a folder gets both"
    )
    parser.add_argument("--to", metavar="FORMAT", help="another format for OUT")
    parser.add_argument("--name", help="name of the new split (that of --split)")
    parser.add_argument("--objects", metavar="MIN-MAX", help="number of objects")
    parser.add_argument("--scale", metavar="MIN-MAX", help="half-sizes in CLEVR's units; with --prompts sides, 0 to 1")
    parser.add_argument("--aspect", action="append", metavar="W:H", help="proportions to choose from; may be repeated")
    parser.add_argument("--margin", type=float, help="least distance along the camera's left and front")
    parser.add_argument("--distance", type=float, help="least distance between surfaces")
    parser.add_argument("--where", choices=("random", "center", "boundary"), help="where objects stand")
    parser.add_argument("--jitter", type=float, help="greatest displacement of the camera (0.5)")
    parser.add_argument("--prompts", metavar="WORDS", help="prompts with commas between, or a file with one per line")
    parser.add_argument("--size", metavar="WxH", help="with --prompts: size of the pictures (512x512)")
    output.add_json_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    if not 1 <= args.count <= 1_000_000:
        raise BoxpaintError(f"the count is {args.count}.", "usage", field="count", hint="At least 1.")
    target = Path(args.out)
    default = "layoutbench-coco" if args.prompts else "layoutbench"
    chosen = args.to or (default if target.suffix.lower() == ".json" or args.prompts else "layoutbench-root")
    registry.default_registry().get(chosen)
    entries = list(_with_progress(_flat_entries(args) if args.prompts else _scene_entries(args), args.count))
    written = [target]
    registry.write(target, entries, chosen)
    if args.to is None and chosen == "layoutbench":
        written.append(target.with_name(f"{target.stem}_coco.json"))
        registry.write(written[1], entries, "coco")
    objects = sum(len(entry.layout.objects) for entry in entries)
    data = {
        "split": args.name or args.split,
        "seed": args.seed,
        "layouts": len(entries),
        "objects": objects,
        "files": [str(path) for path in written],
    }
    output.emit(args, data, f"{', '.join(map(str, written))}: {len(entries)} layouts with {objects} objects")
    return 0


def _scene_entries(args: argparse.Namespace) -> Iterator[registry.Entry]:
    # NumPy loads only for the command that needs it.
    from engine.clevr.rules import parse_aspect, rules_of
    from engine.clevr.sampler import sample_scenes

    changes: dict[str, Any] = {}
    if args.objects:
        low, high = _span(args.objects, "objects")
        changes["count"] = (int(low), int(high))
    if args.scale:
        changes |= {"scales": None, "scale_range": _span(args.scale, "scale")}
    if args.aspect:
        changes["aspects"] = tuple(map(parse_aspect, args.aspect))
    for option in ("margin", "distance", "where", "jitter"):
        if getattr(args, option) is not None:
            changes[option] = getattr(args, option)
    if args.size:
        raise BoxpaintError("scenes are always 320 × 320.", "usage", field="size", hint="--size goes with --prompts.")
    if args.name:
        changes["name"] = args.name
    for scene in sample_scenes(rules_of(args.split, **changes), args.count, args.seed):
        yield registry.Entry(scene.name, scene.layout, scene.split)


def _flat_entries(args: argparse.Namespace) -> Iterator[registry.Entry]:
    from engine.clevr.flat import FlatRules, sample_flat

    changes: dict[str, Any] = {}
    if args.objects:
        low, high = _span(args.objects, "objects")
        changes["count"] = (int(low), int(high))
    if args.scale:
        changes["sides"] = _span(args.scale, "scale")
    if args.size:
        changes["size"] = parse_size(args.size)
    rules = FlatRules(args.split, _prompts(args.prompts), **changes)
    for name, layout in sample_flat(rules, args.count, args.seed):
        yield registry.Entry(name, layout, args.name or args.split)


def _prompts(text: str) -> tuple[str, ...]:
    path = Path(text)
    is_file = len(text) < 4096 and "\n" not in text and path.is_file()
    parts = path.read_text("utf-8").splitlines() if is_file else text.split(",")
    return tuple(part.strip() for part in parts if part.strip())


def _span(text: str, field: str) -> tuple[float, float]:
    low, _, high = text.partition("-")
    try:
        return float(low), float(high or low)
    except ValueError as error:
        raise BoxpaintError(f"{text!r} is no range.", "usage", field=field, hint="Write it as 3-10.") from error


def _with_progress(entries: Iterator[registry.Entry], count: int) -> Iterator[registry.Entry]:
    """The entries, with a line on stderr every few seconds."""
    started = told = time.monotonic()
    for done, entry in enumerate(entries, 1):
        yield entry
        now = time.monotonic()
        if now - told >= 5:
            left = (now - started) / done * (count - done)
            output.note(f"{done} of {count} layouts, about {left:.0f} s left")
            told = now
