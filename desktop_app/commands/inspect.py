"""``boxpaint inspect FILE``: what is in a layout file, in words, as JSON, and as a picture of its statistics."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from desktop_app.commands import output
from desktop_app.commands.convert import add_reading_options, read_dataset
from engine.files import write_atomic
from engine.formats import registry
from engine.formats.statistics import Statistics, measure
from engine.formats.statistics_clevr import distances

LISTED = 20
"""Layouts and labels that the text lists; the JSON has them all."""


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Register the command."""
    parser = subparsers.add_parser("inspect", help="show what is in a layout file")
    parser.add_argument("input", metavar="FILE", help="a layout file or a folder")
    add_reading_options(parser)
    parser.add_argument("--split", help="only the layouts of this split")
    parser.add_argument("--picture", metavar="OUT.png", help="draw the statistics beside CLEVR's own")
    output.add_json_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    dataset = read_dataset(args)
    entries = [entry for entry in dataset.entries if args.split in (None, entry.split)]
    if not entries and args.split is not None:
        raise registry.no_such_split(args.split, dataset)
    statistics = measure(entries)
    if args.picture:
        _draw(Path(args.picture), statistics, str(args.input))
    output.emit(args, _data(args, dataset, entries, statistics), _text(args, dataset, entries, statistics))
    return 0


def _draw(path: Path, statistics: Statistics, title: str) -> None:
    from engine.formats.statistics_picture import statistics_picture  # Pillow loads only where a picture is drawn

    picture = statistics_picture(statistics, title)
    write_atomic(path, lambda file: picture.save(file, "PNG"))


def _data(
    args: argparse.Namespace, dataset: registry.Dataset, entries: list[registry.Entry], statistics: Statistics
) -> dict[str, Any]:
    guess = dataset.guess
    return {
        "file": str(args.input),
        "format": dataset.format,
        "layouts": [
            {
                "name": entry.name,
                "split": entry.split,
                "width": entry.layout.width,
                "height": entry.layout.height,
                "caption": entry.layout.caption,
                "objects": len(entry.layout.objects),
                "picture": str(entry.picture) if entry.picture else None,
            }
            for entry in entries
        ],
        "splits": list(dataset.splits),
        "warnings": list(dataset.warnings),
        "guess": None
        if guess is None
        else {
            "reading": guess.reading,
            "reason": guess.reason,
            "scores": dict(guess.scores),
            "decided": guess.decided,
        },
        "statistics": statistics.as_dict(),
        "distance_from_clevr": distances(statistics),
        "statistics_picture": args.picture,
    }


def _text(
    args: argparse.Namespace, dataset: registry.Dataset, entries: list[registry.Entry], statistics: Statistics
) -> str:
    title = registry.default_registry().get(dataset.format).title
    lines = [f"{args.input}: {title} ({dataset.format})"]
    pictures = sum(entry.picture is not None for entry in entries)
    lines.append(f"{statistics.layouts} layouts, {statistics.objects} objects, {pictures} pictures beside them")
    if len(dataset.splits) > 1:
        numbers = {split: sum(entry.split == split for entry in entries) for split in dataset.splits}
        lines.append("splits: " + ", ".join(f"{split} {number}" for split, number in numbers.items()))
    sizes = sorted({entry.layout.size for entry in entries})
    shown = ", ".join(f"{width} × {height}" for width, height in sizes[:4])
    lines.append(f"sizes: {shown}{' …' if len(sizes) > 4 else ''}")
    counts = ", ".join(f"{number}: {count}" for number, count in enumerate(statistics.counts) if count)
    lines.append(f"objects per layout: {counts}")
    if len(entries) == 1:
        lines += map(_object_line, entries[0].layout.objects)
    else:
        lines += (f"  {entry.name}  {len(entry.layout.objects)} objects" for entry in entries[:LISTED])
        if len(entries) > LISTED:
            lines.append(f"  and {len(entries) - LISTED} more")
    labels = [f"{label} {count}" for label, count in list(statistics.labels.items())[:LISTED]]
    more = len(statistics.labels) - len(labels)
    lines.append(f"labels: {', '.join(labels)}{f' and {more} more' if more > 0 else ''}")
    far = ", ".join(f"{name} {value:.2f}" for name, value in distances(statistics).items())
    lines.append(f"distance from CLEVR (0 same, 1 disjoint): {far}")
    if args.picture:
        lines.append(f"statistics: {args.picture}")
    return "\n".join(lines)


def _object_line(item: Any) -> str:
    x0, y0, x1, y1 = (f"{edge:.4f}" for edge in (item.box.x0, item.box.y0, item.box.x1, item.box.y1))
    return f"  {item.id}  {x0} {y0} {x1} {y1}  {item.prompt}"
