"""``boxpaint methods``: the ways from a layout to a picture."""

from __future__ import annotations

import argparse

from desktop_app.commands.output import add_json_option, emit
from engine.inpainting.methods import find_method, method_names


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser("methods", help="list the ways from a layout to a picture")
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print every method with the timeline's frames that it has."""
    methods = [find_method(name) for name in method_names()]
    data = [{"name": method.name, "about": method.about, "frames": list(method.frames)} for method in methods]
    lines = [f"{method.name:22} {method.about} [frames: {', '.join(method.frames)}]" for method in methods]
    emit(args, {"methods": data}, "\n".join(lines))
    return 0
