"""The real program, used by a hand and a keyboard inside it, cycle after cycle; `soak` starts it.

    python -m benchmarks.soaking FOLDER CSV --minutes 60 --cycles 1000

FOLDER holds what `soak` made: two tiny pipelines, a file of layouts and a long run. After every cycle a row is added
to CSV, and the Python objects by type to a file beside it; rows of earlier starts are gone on from.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

import psutil
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QImage, QPixmapCache
from PySide6.QtWidgets import QApplication

from benchmarks.soak_measures import COLUMNS, processes_of, read_rows, sizes, types
from benchmarks.soak_user import User
from desktop_app.gui import run_gui
from desktop_app.session import Session
from engine.parent import end_with_parent
from ui.timeline.pictures import Picture, PictureCache

SMALL_PICTURES = 24 * 2**20
"""Bytes of pictures that the window keeps, where its stores are to be small."""

SMALL_PIXMAPS = 1024
"""Likewise KiB of Qt's cache of what was painted, such as icons: a tenth of what it usually holds."""

FEWEST = 50
"""Types of which there are fewer objects are not written down."""

PICTURES = (f"{Picture.__module__}.{Picture.__qualname__}", f"{QImage.__module__}.{QImage.__qualname__}")
"""Of these the cache may hold ever more, as it is limited in bytes: small pictures take the place of large ones."""


class Notes:
    """Writes down what there is after each cycle."""

    def __init__(self, path: Path) -> None:
        self._path = path
        before = read_rows(path) if path.exists() else []
        self.start = int(before[-1]["start"]) + 1 if before else 0
        self.cycle = int(before[-1]["cycle"]) + 1 if before else 0
        """Number of the next cycle."""
        self._before = before[-1]["minutes"] if before else 0.0
        self._began = time.monotonic()
        self._window = psutil.Process()

    @property
    def minutes(self) -> float:
        """Of use in all, those before this start included."""
        return self._before + (time.monotonic() - self._began) / 60

    async def rest(self) -> None:
        """Wait until of all processes only the engine's is left, and detects nothing any more."""
        ends = time.monotonic() + 60
        before: list[float] = []
        while time.monotonic() < ends:
            engines, children = processes_of(self._window)
            used = [sum(engine.cpu_times()[:2]) for engine in engines]
            if len(children) == len(engines) <= 1 and used == before:
                return
            before = used
            await asyncio.sleep(0.3)

    def add(self, pictures: PictureCache) -> None:
        """Measure after a cycle and write."""
        engines, children = processes_of(self._window)
        counted = types()
        row = {
            "start": self.start,
            "cycle": self.cycle,
            "minutes": round(self.minutes, 3),
            **sizes("window", [self._window]),
            **sizes("engine", engines),
            "pictures": round(pictures.bytes / 2**20, 2),
            "processes": len(children),
            "temporary": sum(1 for _ in Path(os.environ["TMPDIR"]).rglob("*")),
            "widgets": len(QApplication.allWidgets()),
            "qobjects": sum(1 + len(each.findChildren(QObject)) for each in QApplication.topLevelWidgets()),
            "objects": counted.total() - sum(counted[each] for each in PICTURES),
        }
        new = not self._path.exists()
        with self._path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            if new:
                writer.writeheader()
            writer.writerow(row)
        with self._path.with_suffix(".types.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({name: count for name, count in counted.items() if count >= FEWEST}) + "\n")
        self.cycle += 1


async def use(session: Session, args: argparse.Namespace) -> None:
    """All cycles, and the end."""
    notes = Notes(args.csv)
    if args.small_caches:
        session.window.pictures.limit = SMALL_PICTURES
        QPixmapCache.setCacheLimit(SMALL_PIXMAPS)
    user = User(session, args.folder, args.parts.split(","))
    await user.begin()
    last = notes.cycle + args.cycles
    while notes.minutes < args.minutes and notes.cycle < last:
        await user.cycle(notes.cycle)
        await notes.rest()
        notes.add(session.window.pictures)
    await user.end()


def start(session: Session, paths: Sequence[str], *, generate: bool) -> None:
    """As ``Session.start``, with a user."""
    _start(session, paths, generate=generate)
    task = asyncio.get_running_loop().create_task(use(session, ARGUMENTS))
    task.add_done_callback(_end)


def _end(using: asyncio.Task[None]) -> None:
    """Whoever waits for the end is told why there will be none."""
    if using.exception() is not None:
        traceback.print_exception(using.exception())
        sys.stderr.flush()
        os._exit(1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("csv", type=Path)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--cycles", type=int, required=True)
    parser.add_argument("--parts", required=True)
    parser.add_argument("--small-caches", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    end_with_parent()
    ARGUMENTS = _arguments()
    _start, Session.start = Session.start, start  # type: ignore[method-assign]
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    sys.exit(run_gui([], settings_folder=ARGUMENTS.folder / "settings"))
