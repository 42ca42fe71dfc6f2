"""``boxpaint convert IN OUT --to FORMAT``: any layout file into any other."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_app.commands import output
from engine.formats import registry
from engine.formats.source import parse_size


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Register the command."""
    known = registry.default_registry().formats
    writable = [entry.name for entry in known if entry.can_write]
    parser = subparsers.add_parser("convert", help="write layouts in another format")
    parser.add_argument("input", metavar="IN", help="a layout file or a folder")
    parser.add_argument("output", metavar="OUT", help="the file or folder to write")
    parser.add_argument("--to", required=True, metavar="FORMAT", help=f"one of {', '.join(writable)}")
    add_reading_options(parser)
    parser.add_argument("--split", help="only the layouts of this split")
    output.add_json_option(parser)
    parser.set_defaults(run=run)


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """The options that say what a file does not say itself; shared by the commands that read layouts."""
    names = ", ".join(entry.name for entry in registry.default_registry().formats)
    parser.add_argument(
        "--from", dest="source_format", metavar="FORMAT", help=f"format of the input (found out when left out): {names}"
    )
    parser.add_argument("--size", metavar="WxH", help="size of the pictures in pixels, for files that do not say it")
    parser.add_argument(
        "--boxes", metavar="READING", help="how box numbers are meant: xywh, xyxy, cxcywh; with -normalised or -1000"
    )


def read_dataset(args: argparse.Namespace) -> registry.Dataset:
    """The dataset that the command line names; its warnings go to stderr."""
    size = parse_size(args.size) if args.size else None
    dataset = registry.read(args.input, format=args.source_format, size=size, boxes=args.boxes)
    for warning in dataset.warnings:
        output.note(f"note: {warning}")
    return dataset


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    registry.default_registry().get(args.to)  # a wrong name is said before a long file is read
    dataset = read_dataset(args)
    entries = [entry for entry in dataset.entries if args.split in (None, entry.split)]
    if not entries:
        raise registry.no_such_split(args.split, dataset)
    same = dataset.format == args.to
    registry.write(Path(args.output), entries, args.to, extra=dataset.extra if same else None)
    objects = sum(len(entry.layout.objects) for entry in entries)
    data = {
        "input": str(args.input),
        "output": str(args.output),
        "from": dataset.format,
        "to": args.to,
        "layouts": len(entries),
        "objects": objects,
        "warnings": list(dataset.warnings),
    }
    text = f"{args.output}: {len(entries)} layouts with {objects} objects, from {dataset.format} to {args.to}"
    output.emit(args, data, text)
    return 0
