"""How commands print: one JSON document with ``--json``, plain text without; progress goes to stderr.

Texts of files and names of files may come from anybody. A terminal takes some characters for commands, and some turn
around what stands beside them: these are shown as JSON writes them (``\\u001b``), in text and in JSON alike. So is what
the terminal's encoding does not have.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import unicodedata
from typing import Any, TextIO

from desktop_app.exit_codes import READER_GONE
from engine.errors import BoxpaintError

_UNSEEN = re.compile(r"[^\n\t\x20-\x7e]")
_FOREIGN = re.compile(r"[^\x00-\x7f]")


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """Give a command the ``--json`` switch."""
    parser.add_argument("--json", action="store_true", help="print one JSON document on stdout")


def emit(args: argparse.Namespace, data: dict[str, Any] | list[Any], text: str) -> None:
    """Print the command's result: ``data`` as JSON with ``--json``, else ``text``."""
    print_line(json.dumps(data, ensure_ascii=False, allow_nan=False) if args.json else text)


def print_line(text: str) -> None:
    """One line (or several) on stdout; nothing where that is closed.

    Raises:
        BoxpaintError: It cannot be written, as on a full disk.
        SystemExit: Whoever read it has gone.
    """
    if sys.stdout is None:
        return
    try:
        _write(sys.stdout, text + "\n")
    except OSError as error:
        _leave(sys.stdout)
        if isinstance(error, BrokenPipeError):
            raise SystemExit(READER_GONE) from error
        raise BoxpaintError(f"the result cannot be written ({error.strerror}).", "output", file="stdout") from error


def note(text: str) -> None:
    """One line on stderr: progress, warnings and errors, never results. Nothing ends because nobody reads it."""
    _note(text + "\n")


def note_again(text: str) -> None:
    """A line on stderr that the next one takes the place of; for terminals only."""
    if sys.stderr is not None and sys.stderr.isatty():
        _note(text + " ", over=True)


def _note(text: str, *, over: bool = False) -> None:
    if sys.stderr is None:
        return
    try:
        _write(sys.stderr, text, over=over)
    except OSError:  # there is nowhere left to tell it
        _leave(sys.stderr)


def _write(stream: TextIO, text: str, *, over: bool = False) -> None:
    shown = _UNSEEN.sub(_shown, text)
    try:
        shown.encode(stream.encoding or "utf-8")
    except UnicodeEncodeError:
        shown = _FOREIGN.sub(_escaped, shown)
    stream.write(f"\r{shown}\r" if over else shown)
    stream.flush()


def _shown(match: re.Match[str]) -> str:
    kept = match[0].isprintable() or unicodedata.category(match[0]) == "Zs"  # spaces of other widths
    return match[0] if kept else _escaped(match)


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


def _leave(stream: TextIO) -> None:
    """Let what is still to be written go nowhere: Python would try it again at its end, and tell of it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)
