"""``boxpaint models list``: which models there are."""

from __future__ import annotations

import argparse

from desktop_app.commands.output import add_json_option, emit
from engine.models.catalogue import list_models


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser("models", help="list the models")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="names, sizes and licences")
    add_json_option(listing)
    listing.set_defaults(run=run_list)


def run_list(args: argparse.Namespace) -> int:
    """Print the catalogue."""
    entries = list_models()
    models = [
        {
            "name": entry.name,
            "kind": entry.kind,
            "path": str(entry.path),
            "installed": entry.installed,
            "licence": entry.licence,
            "bytes": entry.bytes,
        }
        for entry in entries
    ]
    lines = [
        f"{entry.name:24} {entry.kind:9} {entry.bytes / 2**20:8.1f} MiB  {entry.licence or 'licence unknown'}"
        for entry in entries
    ]
    emit(args, {"models": models}, "\n".join(lines) or "No model is installed.")
    return 0
