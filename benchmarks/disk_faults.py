"""Real disks that fill up, turn read-only and vanish under the real window, over and over. Linux, as root: it mounts.

    python -m benchmarks.disk_faults [--times 5]

A small file system in memory is mounted, a layout and then a project are saved on it, edited, and saved once more by
Ctrl+S while the disk is full, read-only, or gone with its folder. Each time: the window must say so in a sentence with
the file and a remedy, and hold the work as unsaved; the file must be the former one; the work must be savable
elsewhere, and where it was when the disk is well again. The same is done to the disks that the recovery journal and the
preferences are on. Told per fault: how often, and the median time from the key to the sentence, or, for the journal,
from the moment when there was room again until it was kept. Exit code 1 if anything failed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from qasync import QEventLoop

from desktop_app.gui import make_application
from desktop_app.recovery import read_journal
from desktop_app.session import Session
from desktop_app.settings import Settings
from engine.formats.registry import read
from engine.leftovers import UNFINISHED
from tests.desktop_app.questions import ScriptedQuestions
from tests.ui.driver import CTRL, Hand, type_label

SIZE = 64 * 1024


class Disk:
    """A small file system of its own."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def mount(self) -> None:
        self.place.mkdir(exist_ok=True)
        _system("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "boxpaint", str(self.place))

    def fill(self) -> None:
        try:
            with (self.place / "filling").open("wb", buffering=0) as file:
                while file.write(b"x" * 1024):
                    pass
        except OSError:
            return

    def protect(self) -> None:
        _system("mount", "-o", "remount,ro", str(self.place))

    def unmount(self) -> None:
        _system("umount", "-l", str(self.place))

    def take_away(self) -> None:
        self.unmount()
        self.place.rmdir()

    def mend(self) -> None:
        """Make it well again; a disk that was unmounted comes back empty."""
        if not os.path.ismount(self.place):
            self.mount()
        _system("mount", "-o", "remount,rw", str(self.place))
        (self.place / "filling").unlink(missing_ok=True)


def _system(*command: str) -> None:
    subprocess.run(command, check=True)


class Trial:
    """One window, and the disk under it."""

    def __init__(self, session: Session, answers: ScriptedQuestions, folder: Path) -> None:
        self.session = session
        self.window = session.window
        self.answers = answers
        self.folder = folder
        self.disk = Disk(folder / "disk")
        self.problems: list[str] = []
        self.seconds: list[float] = []

    def wanted(self, what: str, holds: bool) -> None:
        """Note what should hold and does not."""
        if not holds:
            self.problems.append(f"{what}; the window says: {self.window.messages.text.text()}")
            sys.stderr.write(f"{self.problems[-1]}\n")

    async def draw(self, name: str) -> None:
        """Draw a box by the mouse, and name it by the keyboard."""
        layout, chance = self.window.document.layout, random.Random(name)
        corners = [(chance.uniform(0, layout.width), chance.uniform(0, layout.height)) for _ in range(2)]
        QTest.keyClick(self.window.canvas, Qt.Key.Key_Escape)
        Hand(self.window.canvas).drag(corners[0], corners[1])
        type_label(self.window.canvas, name)
        await asyncio.sleep(0)

    async def save(self) -> None:
        """Press Ctrl+S; how long it takes is noted."""
        started = time.perf_counter()
        QTest.keyClick(self.window, Qt.Key.Key_S, CTRL)
        await asyncio.sleep(0)
        self.seconds.append(time.perf_counter() - started)

    async def begin(self, suffix: str) -> Path:
        """A new layout or project, saved on the disk."""
        self.disk.mount()
        if suffix == ".boxpaint":
            self.window.files.new_project()
        else:
            self.window.files.new()
        await self.draw("a mug")
        self.answers.save = file = self.disk.place / f"mine{suffix}"
        await self.save()
        self.wanted("saving on a disk that is well failed", not self.window.isWindowModified())
        return file

    async def document(self, suffix: str, harm: Callable[[], None], words: str) -> None:
        """A document whose disk is harmed between two savings."""
        window, file = self.window, await self.begin(suffix)
        former = file.read_bytes()
        await self.draw("a cup")
        harm()
        self.seconds.pop()  # only those of the disk that is harmed are told
        await self.save()
        text = window.messages.text.text()
        self.wanted(f"nobody was told ({words})", words in text and file.name in text and window.messages.isVisible())
        self.wanted("the work counts as saved", window.isWindowModified())
        self.wanted("the work is gone", len(window.document.layout.objects) == 2)
        self.wanted("the former file is not whole", not file.exists() or file.read_bytes() == former)
        self.answers.save = self.folder / f"elsewhere{suffix}"
        self.wanted("it cannot be saved elsewhere", window.files.save_as())
        found = read(self.answers.save).entries[0].layout
        self.wanted("elsewhere lies something else", found == window.document.layout)
        self.disk.mend()
        await self.draw("a pot")
        self.answers.save = file
        self.wanted("it cannot be saved where it was", window.files.save_as())
        self.wanted("something half-written is left", not list(self.disk.place.glob(UNFINISHED)))
        self.disk.unmount()

    async def journal(self) -> None:
        """The disk of the recovery journal fills up."""
        window, recovery = self.window, self.session.recovery
        window.files.new()
        await self.draw("a mug")
        self.disk.fill()
        number = 0
        while recovery.keeps and number < 200:
            number += 1
            await self.draw(f"a cup {number}")
        self.wanted("nobody was told", "would be lost" in window.messages.text.text())
        self.disk.mend()
        started = time.perf_counter()
        while not recovery.keeps and time.perf_counter() < started + 10:
            await asyncio.sleep(0.02)
        self.seconds.append(time.perf_counter() - started)
        found = read_journal(recovery.path)
        self.wanted("the journal is not whole", found is not None and found.layout == window.document.layout)

    async def preferences(self) -> None:
        """The disk of the preferences fills up."""
        settings = Settings(self.disk.place / "settings")
        self.session.settings, former = settings, self.session.settings
        settings.update({"grid": 5})
        kept = settings.file.read_bytes()
        self.disk.fill()
        started = time.perf_counter()
        self.window.snapping_switched.emit(False)
        self.seconds.append(time.perf_counter() - started)
        self.wanted("nobody was told", "The settings were not saved" in self.window.messages.text.text())
        self.wanted("the former file is not whole", settings.file.read_bytes() == kept)
        self.disk.mend()
        self.window.snapping_switched.emit(True)
        self.window.snapping_switched.emit(False)
        self.wanted("they are not saved afterwards", Settings(self.disk.place / "settings").get("snap") is False)
        self.session.settings = former


async def trial(session: Session, answers: ScriptedQuestions, folder: Path, times: int) -> list[str]:
    """Every fault so many times."""
    session.start((), generate=False)
    while not session.ready:
        await asyncio.sleep(0.02)
    work = Trial(session, answers, folder)
    disk, problems = work.disk, work.problems

    async def report(name: str, fault: Callable[[], Awaitable[None]]) -> None:
        before = len(problems)
        work.seconds.clear()
        for _ in range(times):
            await fault()
        median = 1000 * statistics.median(work.seconds)
        print(f"{name}: {times} times, {len(problems) - before} problems, {median:.0f} ms", flush=True)

    for suffix in (".layout.json", ".boxpaint"):
        for name, harm, words in (
            ("full", disk.fill, "the disk is full"),
            ("read-only", disk.protect, "the file system is read-only"),
            ("taken away with its folder", disk.take_away, "its folder is no longer there"),
        ):
            await report(f"disk of *{suffix} {name}", lambda s=suffix, h=harm, w=words: work.document(s, h, w))  # type: ignore[misc]
    work.disk = Disk(folder / "recovery")
    await report("disk of the recovery journal full", work.journal)
    session.recovery.clear()
    work.disk.unmount()
    work.disk = Disk(folder / "preferences")
    work.disk.mount()
    await report("disk of the preferences full", work.preferences)
    work.disk.unmount()
    session.window.document.mark_saved(session.window.document.layout)
    await session.close()
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = make_application()
        settings = Settings(folder / "settings")
        settings.update({"warm_up": False, "start_page": False})
        Disk(folder / "recovery").mount()
        answers = ScriptedQuestions()
        session = Session(
            app,
            settings,
            runs_folder=folder / "runs",
            recovery_folder=folder / "recovery" / "journals",
            questions=lambda _parent: answers,
        )
        loop = QEventLoop(app)
        asyncio.set_event_loop(loop)
        with loop:
            problems = loop.run_until_complete(trial(session, answers, folder, args.times))
    print(f"load {os.getloadavg()[0]:.1f}; {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
