"""How quickly the timeline scrubs, what it holds in memory, and whether the window stalls while the engine paints.

    python benchmarks/timeline.py [--frames 1000] [--json]

Offscreen, the real window at 1600×1000. Each figure, in milliseconds, is taken from a key event to the painted window.
"Decoded" frames are in the picture cache, "others" are read from their PNG files. The time on the clock is what counts;
the processor's time beside it tells how much of that is owed to other busy programs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil
from PIL import Image
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from qasync import QEventLoop

from desktop_app.gui import make_application
from desktop_app.session import Session
from desktop_app.settings import Settings
from engine.layout import Box, Layout, LayoutObject
from engine.layout.vocabulary import CLEVR_48

SIDE = 512
KINDS = ("context", "mask", "raw", "composite")
STALL_EVERY = 5


def layout_of(count: int) -> Layout:
    """``count`` objects strewn over a picture."""
    chance = random.Random(count)
    objects = []
    for number in range(count):
        x, y = chance.uniform(0, 0.85), chance.uniform(0, 0.85)
        objects.append(LayoutObject(f"o{number}", chance.choice(CLEVR_48), Box(x, y, x + 0.12, y + 0.12)))
    return Layout(SIDE, SIDE, tuple(objects))


def write_run(folder: Path, steps: int) -> Path:
    """A run folder of so many steps with four pictures of 512×512 each, as noisy as painted ones."""
    from engine.formats.boxpaint_layout import layout_to_dict

    folder.mkdir(parents=True)
    layout = layout_of(steps - 1)
    base = Image.effect_noise((SIDE, SIDE), 30).convert("RGB")
    tiles = [base.rotate(90 * turn) for turn in range(4)]
    entries = []
    for index in range(steps):
        names = {kind: f"step_{index:03d}_{kind}.png" for kind in KINDS}
        for place, name in enumerate(names.values()):
            tiles[(index + place) % 4].save(folder / name, compress_level=1)
        item = layout.objects[index] if index < steps - 1 else None
        entries.append(
            {
                "index": index,
                "kind": "foreground" if item else "background",
                "object": item.id if item else None,
                "prompt": f"Add {item.prompt}" if item else "Add gray background",
                "seed": index,
                "seconds": 1.0,
                **names,
                "keep_drift": 0.0,
                "detections": [{"box": [0.1, 0.1, 0.3, 0.3], "label": "red metal cube", "score": 0.8}] * 20,
            }
        )
    record = {
        "schema_version": 1,
        "id": folder.name,
        "state": "finished",
        "created": "2026-01-01T00:00:00+00:00",
        "request": {"run": folder.name, "layout": layout_to_dict(layout), "settings": {}, "model": "clevr-mini"},
        "width": SIDE,
        "height": SIDE,
        "planned": [{key: entry[key] for key in ("index", "kind", "object", "prompt", "seed")} for entry in entries],
        "detector": {"name": "clevr-mini-detector", "labels": list(CLEVR_48), "problem": ""},
        "steps": entries,
        "picture": None,
        "seconds": float(steps),
    }
    (folder / "run.json").write_text(json.dumps(record))
    return folder


def summary(values: list[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile and greatest, in milliseconds."""
    ordered = sorted(1000 * value for value in values)

    def share(part: float) -> float:
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]

    return {
        "median": round(statistics.median(ordered), 2),
        "p95": round(share(0.95), 2),
        "p99": round(share(0.99), 2),
        "max": round(ordered[-1], 2),
        "count": len(ordered),
    }


class Bench:
    """The real window with a run of many frames."""

    def __init__(self, session: Session, loop: QEventLoop) -> None:
        self.session = session
        self.window = session.window
        self.loop = loop

    async def settle(self, seconds: float = 0.2) -> None:
        """Let the window finish what it has begun."""
        await asyncio.sleep(seconds)

    def key(self, key: Qt.Key) -> tuple[float, float]:
        """Seconds from a key until the window is painted: on the clock, and of the processor."""
        app = self.session._app
        start, worked = time.perf_counter(), time.thread_time()
        QTest.keyClick(self.window.timeline.slider, key)
        # Paints all that the key has changed; other events wait, since this is measured inside one of them.
        app.sendPostedEvents(self.window, QEvent.Type.UpdateRequest.value)
        return time.perf_counter() - start, time.thread_time() - worked

    async def scrub(self, folder: Path, count: int) -> dict[str, dict[str, float]]:
        """Forward through the frames as they come from the disk, then to and fro over those in memory."""
        window = self.window
        opened = time.perf_counter()
        window.room.open_run(folder)
        window.canvas.repaint()
        seconds = time.perf_counter() - opened
        assert window.canvas.isVisible(), "nothing would be painted"
        window.timeline.slider.setFocus()
        QTest.keyClick(window.timeline.slider, Qt.Key.Key_Home)
        await self.settle()
        window.pictures.forget()
        others = []
        for number in range(count - 1):
            others.append(self.key(Qt.Key.Key_Down))
            if number % 50 == 0:
                await self.settle(0)
        decoded = [self.key(Qt.Key.Key_Up if turn % 2 == 0 else Qt.Key.Key_Down) for turn in range(count)]
        decoded += [self.key(Qt.Key.Key_Up) for _ in range(100)]
        return {
            "open": {"seconds": round(seconds, 3)},
            **{
                f"{name}, {clock}": summary([value[place] for value in values])
                for name, values in (("others", others), ("decoded", decoded))
                for place, clock in enumerate(("clock", "processor"))
            },
        }

    async def stalls(self, seconds: float) -> dict[str, float] | None:
        """How late a timer of 5 ms fires while the built-in model paints a layout of eight objects on all cores."""
        window = self.window
        late: list[float] = []
        last = time.perf_counter()

        def tick() -> None:
            nonlocal last
            now = time.perf_counter()
            late.append(max(0.0, now - last - STALL_EVERY / 1000))
            last = now

        window.document.replace(layout_of(8))
        window.generation.form.model.setCurrentIndex(max(window.generation.form.model.findData("clevr-mini"), 0))
        window.generate()
        while window.runs.busy and not window.run_model.steps:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        timer = QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(tick)
        timer.start(STALL_EVERY)
        last = time.perf_counter()
        ends = last + seconds
        while window.runs.busy and time.perf_counter() < ends:
            await asyncio.sleep(0.2)
        timer.stop()
        window.runs.cancel()
        while window.runs.busy:
            await asyncio.sleep(0.05)
        return summary(late) if late else None


async def measure(session: Session, loop: QEventLoop, args: argparse.Namespace, folder: Path) -> dict[str, object]:
    """All figures."""
    bench = Bench(session, loop)
    session.window.resize(1600, 1000)
    session.start((), generate=False)
    while not session.ready:
        await asyncio.sleep(0.02)
    process = psutil.Process()
    before = process.memory_info().rss
    found: dict[str, object] = {"load": os.getloadavg()[0]}
    run = write_run(folder / "runs" / "bench", max(2, args.frames // len(KINDS)))
    found["scrub"] = await bench.scrub(run, args.frames)
    found["cache_mib"] = round(session.window.pictures.bytes / 2**20, 1)
    for number in range(args.projects - 1):
        other = folder / "runs" / f"more{number}"
        other.mkdir()
        for file in run.iterdir():
            (other / file.name).hardlink_to(file) if file.suffix == ".png" else other.joinpath(file.name).write_text(
                file.read_text().replace('"bench"', f'"more{number}"')
            )
        session.window.room.open_run(other)
        for _ in range(200):
            bench.key(Qt.Key.Key_Down)
            bench.key(Qt.Key.Key_Left)
    found["frames_in_runs"] = args.projects * args.frames
    found["memory_mib"] = {"at_start": round(before / 2**20), "now": round(process.memory_info().rss / 2**20)}
    if args.seconds:
        found["event_loop_while_painting"] = await bench.stalls(args.seconds)
    found["load_at_end"] = os.getloadavg()[0]
    await session.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=1000, help="frames of the run that is scrubbed")
    parser.add_argument("--projects", type=int, default=10, help="runs of so many frames that are opened in all")
    parser.add_argument("--seconds", type=float, default=60, help="how long the engine paints; 0 leaves it out")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = make_application()
        settings = Settings(folder / "settings")
        settings.set("warm_up", False)
        session = Session(app, settings, runs_folder=folder / "runs", recovery_folder=folder / "recovery")
        loop = QEventLoop(app)
        asyncio.set_event_loop(loop)
        with loop:
            found = loop.run_until_complete(measure(session, loop, args, folder))
    if args.json:
        print(json.dumps(found, indent=1))
        return
    for name, value in found.items():
        print(f"{name}: {json.dumps(value)}")


if __name__ == "__main__":
    main()
