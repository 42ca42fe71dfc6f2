"""``boxpaint datasets fetch``: the published benchmarks, from the hub."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

from desktop_app.commands import hub, output
from engine.files import make_folder, write_json

RECORD = "boxpaint-download.json"
"""File in the downloaded folder that says where it came from, and at which commit."""


@dataclass(frozen=True)
class Published:
    """A dataset on the hub.

    Attributes:
        repository: ``owner/name``.
        revision: Branch, tag or commit. No commit could be checked when this was written, so it is the branch; the
            commit that it stood for is put in the record of each download, and ``--revision`` takes it back.
    """

    repository: str
    revision: str


DATASETS = {
    "layoutbench": Published("j-min/layoutbench", "main"),
    "layoutbench-coco": Published("j-min/layoutbench-coco", "main"),
}


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Register the command."""
    parser = subparsers.add_parser("datasets", help="fetch the published benchmarks")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    fetch = actions.add_parser("fetch", help="download a dataset; continues where it was interrupted")
    fetch.add_argument("name", choices=tuple(DATASETS), help="which one")
    fetch.add_argument("--out", help="the folder (its name, here)")
    fetch.add_argument("--revision", help="commit, tag or branch on the hub; a commit makes the download repeatable")
    fetch.add_argument("--layouts-only", action="store_true", help="leave the pictures out")
    output.add_json_option(fetch)
    fetch.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    published = DATASETS[args.name]
    revision = args.revision or published.revision
    folder = make_folder(Path(args.out or args.name))
    patterns = ("*.json", "*.md", "*.txt", "*.csv") if args.layouts_only else None
    commit = hub.fetch(published.repository, "dataset", revision, folder, patterns)
    data = {
        "dataset": args.name,
        "repository": published.repository,
        "revision": revision,
        "commit": commit,
        "folder": str(folder),
    }
    write_json(folder / RECORD, {**data, "fetched": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())})
    output.emit(args, data, f"{folder}: {published.repository} at {commit}")
    return 0
