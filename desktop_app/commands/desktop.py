"""``boxpaint desktop install|remove``: Boxpaint in the desktop's menu, with its icon and its kinds of files (Linux)."""

from __future__ import annotations

import argparse

from desktop_app.commands.output import add_json_option, emit


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "desktop",
        help="put Boxpaint into the desktop's menu, or take it out (Linux)",
        description="For this user: an entry in the menu, an icon, and that *.boxpaint and *.layout.json open in it.",
    )
    parser.add_argument("what", choices=("install", "remove"))
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry the command out."""
    from desktop_app import desktop_entry

    if args.what == "install":
        paths, word = desktop_entry.install(), "installed"
    else:
        paths, word = desktop_entry.remove(), "removed"
    names = [str(path) for path in paths]
    emit(args, {word: names}, "\n".join(f"{word} {name}" for name in names) or "There was nothing to remove.")
    return 0
