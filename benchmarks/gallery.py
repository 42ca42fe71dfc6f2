"""Opening a large export in the real window: 8,000 scored pictures of ten steps.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.gallery [--layouts 500] [--files]

Measured, from the moment when the folder was chosen until the gallery is painted with its first thumbnails asked for:
opening, then sorting by AP, by a verdict and by the number of objects, and filtering by a label. Told as well are the
processor's time, which says more than the clock on a busy machine, the longest time that the event loop did not turn
meanwhile, and the window's memory. ``--files`` also makes every picture and step as a file (linked); without it the
gallery shows that the pictures are missing, which costs less.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from qasync import QEventLoop

from benchmarks.overview import Links, make_export
from benchmarks.scoring import make_files
from desktop_app.gui import make_application
from desktop_app.session import Session
from desktop_app.settings import Settings


class Longest:
    """The longest time between two turns of the event loop."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(interval=0)
        self._timer.timeout.connect(self._turned)
        self._timer.start()

    def _turned(self) -> None:
        now = time.perf_counter()
        self.seconds, self._last = max(self.seconds, now - self._last), now

    def reset(self) -> None:
        """Begin anew."""
        self.seconds, self._last = 0.0, time.perf_counter()


async def measure(session: Session, folder: Path) -> None:
    """Open the export, sort, filter and compare; print what each took."""
    benchmarks = session.window.benchmarks
    gallery = benchmarks.page.gallery
    benchmarks.show("gallery")
    longest = Longest()

    async def timed(what: str, act: Callable[[], object], ready: Callable[[], bool]) -> None:
        longest.reset()
        started, worked = time.perf_counter(), time.process_time()
        act()
        while not ready():
            await asyncio.sleep(0)
        gallery.view.viewport().repaint()
        seconds, worked = time.perf_counter() - started, time.process_time() - worked
        await asyncio.sleep(0)
        told = f"{what:28} {seconds:6.2f} s on the clock, {worked:5.2f} s of the processor"
        print(f"{told}, the window waited at most {longest.seconds * 1000:5.0f} ms")

    await timed("open", lambda: benchmarks.open_export(folder), lambda: gallery.model.rowCount() > 0)
    print(f"{len(benchmarks.export.pictures):,} pictures")
    bar = gallery.bar
    for key in ("ap", "missing", "objects"):
        await timed(f"sort by {key}", lambda key=key: bar.sort.setCurrentIndex(bar.sort.findData(key)), lambda: True)
    await timed("filter by a label", lambda: bar.label.setCurrentIndex(1), lambda: True)
    bar.label.setCurrentIndex(0)
    await timed("to the last picture", lambda: gallery.view.show_row(gallery.model.rowCount() - 1), lambda: True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"the window's process: {peak:.0f} MiB at most; NumPy loaded: {'numpy' in sys.modules}")


def make(folder: Path, args: argparse.Namespace) -> Path:
    """A finished and scored export of random layouts and detections."""
    export = folder / "export"
    export.mkdir()
    layouts, found, _ = make_files(folder, args.layouts, args.detections, random.Random(0))
    make_export(export, layouts, Links(folder) if args.files else None)
    words = ["evaluate", "--detections", str(found), "--layouts", str(layouts), "--keep", str(export)]
    subprocess.run([sys.executable, "-m", "desktop_app", *words], check=True, stdout=subprocess.DEVNULL)
    return export


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layouts", type=int, default=1000, help="of each of the eight splits")
    parser.add_argument("--detections", type=int, default=30, help="of each picture")
    parser.add_argument("--files", action="store_true", help="also make every picture and step")
    parser.add_argument("--folder", type=Path, help="an export that is there already")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = args.folder or make(Path(name), args)
        app = make_application()
        app.setQuitOnLastWindowClosed(False)
        settings = Settings(Path(name) / "settings")
        settings.update({"warm_up": False, "start_page": False})
        loop = QEventLoop(app)
        asyncio.set_event_loop(loop)

        async def run() -> None:
            session = Session(app, settings, runs_folder=Path(name) / "runs", recovery_folder=Path(name) / "recovery")
            session.start((), generate=False)
            while not session.ready:
                await asyncio.sleep(0.01)
            await measure(session, folder)
            session.window.close()
            await session.close()

        with loop:
            loop.run_until_complete(run())
        print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
