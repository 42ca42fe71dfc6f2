"""``python -m tests.window LAYOUT SETTINGS EVENT``: the real window, which paints a layout at once.

Every event of the engine is told as a line on stdout. With the first one of the type EVENT the window is closed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from desktop_app.gui import run_gui
from desktop_app.session import Session


def start(session: Session, paths: Sequence[str], *, generate: bool) -> None:
    """As ``Session.start``, with ears."""

    def told(event: object) -> None:
        name = type(event).__name__
        sys.stdout.write(name + "\n")
        sys.stdout.flush()
        if name == sys.argv[3]:
            session.window.close()

    session.window.runs.told.connect(told)
    _start(session, paths, generate=generate)


if __name__ == "__main__":
    _start, Session.start = Session.start, start  # type: ignore[method-assign]
    sys.exit(run_gui([sys.argv[1]], generate=True, settings_folder=Path(sys.argv[2])))
