"""How commands print: one JSON document with ``--json``, plain text without; progress goes to stderr."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """Give a command the ``--json`` switch."""
    parser.add_argument("--json", action="store_true", help="print one JSON document on stdout")


def emit(args: argparse.Namespace, data: dict[str, Any] | list[Any], text: str) -> None:
    """Print the command's result: ``data`` as JSON with ``--json``, else ``text``."""
    print_line(json.dumps(data, ensure_ascii=False, allow_nan=False) if args.json else text)


def print_line(text: str) -> None:
    """One line (or several) on stdout."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """One line on stderr: progress, warnings and errors, never results."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
