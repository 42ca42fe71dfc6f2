"""Commands that another program runs, such as the window: progress as JSON lines, and an end when it goes away.

With ``--attached`` a command tells what it is doing as lines of JSON on stderr, ``{"progress": {"what", "done",
"total"}}`` and for scoring ``{"preflight": [...]}``; everything else there is text for people. It ends when its
standard input is closed: an operating system closes it when the other program ends, however that ends, and unlike a
signal it means the same everywhere.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
from collections.abc import Callable
from typing import Any

from desktop_app.commands.output import note
from desktop_app.commands.progress import ProgressLines
from desktop_app.exit_codes import CANCELLED

_EVERY = 0.2
"""Seconds between two lines of one kind of work; the last line of it is never left out."""


def add_attached_option(parser: argparse.ArgumentParser) -> None:
    """Give a command the ``--attached`` switch."""
    help_text = "for programs: progress as JSON lines on stderr, and the end when standard input is closed"
    parser.add_argument("--attached", action="store_true", help=help_text)


class JsonProgress:
    """As `ProgressLines`, for programs."""

    def __init__(self) -> None:
        self._last = ("", -1)
        self._told = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        now = time.monotonic()
        if (what, done) == self._last:
            return
        if what != self._last[0] or done == total or now - self._told >= _EVERY:
            self._last, self._told = (what, done), now
            tell("progress", {"what": what, "done": done, "total": total})


def progress_of(args: argparse.Namespace) -> Callable[[str, int, int], None]:
    """What tells how far a command is, to people or to the program that runs it."""
    return JsonProgress() if getattr(args, "attached", False) else ProgressLines()


def tell(kind: str, content: Any) -> None:
    """One line for the program that runs the command."""
    note(json.dumps({kind: content}, ensure_ascii=False))


def stop_with_input(args: argparse.Namespace, stop: Callable[[], None] | None = None) -> None:
    """Call ``stop`` when standard input is closed, if the command is attached; without it the process ends at once."""
    if not getattr(args, "attached", False):
        return

    def wait() -> None:
        # Not sys.stdin: its lock would be held when the interpreter ends.
        while os.read(0, 4096):
            pass
        if stop is None:
            os._exit(CANCELLED)
        stop()

    threading.Thread(target=wait, name="boxpaint-attached", daemon=True).start()
