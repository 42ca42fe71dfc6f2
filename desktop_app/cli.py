"""The command line: which commands there are, and how errors become sentences and exit codes."""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from desktop_app.commands.output import note, print_line
from desktop_app.exit_codes import BAD_INPUT, CANCELLED
from engine.errors import BoxpaintError

COMMANDS = (
    "generate",
    "batch",
    "detect",
    "evaluate",
    "report",
    "study",
    "inspect",
    "convert",
    "sample_layouts",
    "render",
    "datasets",
    "train",
    "models",
    "methods",
    "bench",
    "desktop",
)
"""Modules of ``desktop_app.commands``, each with ``add_parser``; in the order of the help."""


class _Parser(argparse.ArgumentParser):
    """Wrong usage is an error like any other, so that ``--json`` can tell it as JSON too."""

    def _print_message(self, message: str, file: Any = None) -> None:
        print_line(message.removesuffix("\n"))  # help, wherever the output goes; what is wrong is raised

    def error(self, message: str) -> NoReturn:
        raise BoxpaintError(f"{message}.", "usage", hint=f"See `{self.prog} --help`.")


class _Version(argparse.Action):
    """Tells what a bug report should, when it is asked for: that takes a while."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from desktop_app.version import report_text

        print_line(report_text())
        parser.exit()


def run(arguments: list[str]) -> int:
    """Carry out a command line; the exit code."""
    as_json = "--json" in arguments
    try:
        if not arguments or not (_is_command(arguments[0]) or arguments[0].startswith("-")):
            return _window(arguments)
        parsed = _parser().parse_args(arguments)
        parsed.words = list(arguments)
        logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s: %(message)s")
        return int(parsed.run(parsed))
    except BoxpaintError as error:
        return _refused(error, as_json)
    except OSError as error:
        if error.filename is None:
            raise
        # Even asking what lies there was refused: a name that is too long, a folder that is not to be looked into.
        reason = f"the system does not let it be used ({error.strerror})."
        return _refused(BoxpaintError(reason, file=str(error.filename)), as_json)
    except KeyboardInterrupt:
        note("boxpaint: cancelled.")
        return CANCELLED


def _refused(error: BoxpaintError, as_json: bool) -> int:
    try:
        if as_json:
            print_line(json.dumps({"error": error.as_dict()}, ensure_ascii=False))
    except BoxpaintError as unwritten:
        note(f"boxpaint: {unwritten}")
    note(f"boxpaint: {error}")
    return BAD_INPUT


def _is_command(word: str) -> bool:
    return word in {name.replace("_", "-") for name in COMMANDS}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="boxpaint",
        description="Draw boxes, watch the picture being painted one box at a time, and score it. "
        "Without a command the window opens; files given instead of a command are opened in it.",
    )
    parser.add_argument("--version", action=_Version, help="show versions and the machine, for a bug report, and leave")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in COMMANDS:
        importlib.import_module(f"desktop_app.commands.{name}").add_parser(commands)
    return parser


def _window(arguments: list[str]) -> int:
    from desktop_app.gui import run_gui

    return run_gui(arguments)
