"""An export is killed again and again at random moments, and ends with the files of an undisturbed one.

    python -m benchmarks.batch_kills [--layouts 200] [--kills 30] [--seed 0] [--books 8000]

Layouts are drawn at random, painted with a tiny pipeline of random weights; what the pictures show does not matter.
Every kill falls into the painting: it comes after a random number of new pictures, so small that enough is left for the
kills to come, and then at a random moment within the time that a picture takes. How many files were half-written, and
how many pictures noted but not in place, is told too; and how long it took after a kill from the start of the command
until the next picture was finished.
Afterwards the bookkeeping is measured: what an export does besides painting and encoding, per picture.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psutil

from benchmarks.scoring import random_box
from engine.batch.items import make_items, make_runs
from engine.batch.ledger import FILE, Ledger
from engine.batch.painting import Painted
from engine.batch.worker import write
from engine.formats.dataset import Entry
from engine.formats.registry import write as write_layouts
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout, LayoutObject
from engine.layout.vocabulary import CLEVR_48
from engine.leftovers import UNFINISHED

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def make_entries(count: int, rng: random.Random) -> list[Entry]:
    """Layouts of up to three objects."""
    entries = []
    for number in range(count):
        objects = [LayoutObject(f"o{n}", rng.choice(CLEVR_48), random_box(rng)) for n in range(rng.randint(0, 3))]
        entries.append(Entry(f"layout_{number:06d}", Layout(320, 320, tuple(objects)), "number_few"))
    return entries


def files_of(folder: Path) -> dict[str, str]:
    """Every file of an export but its state, with a hash of its content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(FILE)
    }


def pictures_in(folder: Path) -> int:
    """Number of finished pictures."""
    return len(list(folder.rglob("*.png")))


def kill_at_random(command: list[str], folder: Path, most: int, rng: random.Random) -> tuple[bool, float | None]:
    """Start the command, and kill it after up to ``most`` new pictures.

    Returns:
        Whether it was still at work, and after how many seconds its first picture was finished.
    """
    wanted = pictures_in(folder) + rng.randint(1, most)
    with subprocess.Popen(command, **QUIET) as process:
        # From the first new picture on, the time of one of them is known; the kill comes somewhere in the next one.
        moments = [time.perf_counter()]
        count = pictures_in(folder)
        while process.poll() is None and count < wanted:
            time.sleep(0.002)
            now = pictures_in(folder)
            if now > count:
                count = now
                moments.append(time.perf_counter())
        per_picture = (moments[-1] - moments[1]) / (len(moments) - 2) if len(moments) > 2 else 0.1
        time.sleep(rng.uniform(0, per_picture))
        at_work = process.poll() is None
        if at_work:
            os.kill(process.pid, signal.SIGKILL)
        return at_work, moments[1] - moments[0] if len(moments) > 1 else None


def left_behind(folder: Path) -> str:
    """What the last kill left: half-written files, and items by state."""
    halves = len(list(folder.rglob(UNFINISHED)))
    with closing(sqlite3.connect(folder / FILE)) as database:
        states = dict(database.execute("SELECT state, COUNT(*) FROM items GROUP BY state").fetchall())
        noted = database.execute("SELECT COUNT(*) FROM items WHERE state = 'claimed' AND hash IS NOT NULL").fetchone()
    counts = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    return f"{counts}; {noted[0]} noted and not finished; {halves} half-written files"


def bookkeeping(folder: Path, count: int) -> tuple[float, float]:
    """Seconds of claiming, noting and writing per picture; and by how many MiB the process grew in the second half."""
    items = make_items(make_entries(count, random.Random(1)), make_runs("run", GenerationSettings(), {}))
    ledger = Ledger(folder)
    started = time.perf_counter()
    ledger.plan(items, {"run": {}}, {"name": "none", "fingerprint": "none"}, retry=False)
    process, sizes = psutil.Process(), []
    while (claimed := ledger.claim()) is not None:
        sizes.append(process.memory_info().rss)
        identity, (run, split, name) = claimed
        painted = Painted(f"{split}/{run}/{name}.png", b"picture", 0.0)
        ledger.announce(identity, painted.picture, painted.content, painted.seconds)
        write(folder, painted)
        ledger.finish(identity)
    ledger.settle()
    seconds = time.perf_counter() - started
    ledger.close()
    return seconds / count, (sizes[-1] - sizes[len(sizes) // 2]) / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layouts", type=int, default=200)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--books", type=int, default=8000, help="pictures whose bookkeeping is measured")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds, grown = bookkeeping(_made(folder / "books"), args.books)
        print(
            f"bookkeeping of {args.books}: {1000 * seconds:.2f} ms per picture, {grown:.1f} MiB more in the second half"
        )
        print(f"load {os.getloadavg()[0]:.1f}", flush=True)
        from tests.pipelines import make_tiny_pipeline

        model = make_tiny_pipeline(folder / "model")
        write_layouts(folder / "layouts.json", make_entries(args.layouts, rng), "layoutbench")
        common = [sys.executable, "-m", "desktop_app", "batch", str(folder / "layouts.json"), "--model", str(model)]
        common += ["--size", "32x32", "--steps", "1", "--workers", "1", "--name", "run", "--out"]
        started = time.perf_counter()
        subprocess.run(
            [*common, str(folder / "whole")], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        whole = time.perf_counter() - started
        print(f"undisturbed: {whole:.1f} s", flush=True)
        killed, again = 0, []
        for number in range(args.kills):
            left = args.layouts - pictures_in(folder / "killed") - 2
            most = max(1, 2 * left // (args.kills - number + 1) - 1)
            at_work, seconds = kill_at_random([*common, str(folder / "killed")], folder / "killed", most, rng)
            killed += at_work
            if number and seconds is not None:
                again.append(seconds)
            print(f"kill {number + 1}: {left_behind(folder / 'killed')}", flush=True)
        subprocess.run(
            [*common, str(folder / "killed")], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        expected, found = files_of(folder / "whole"), files_of(folder / "killed")
        print(f"killed {killed} of {args.kills} times at work; {len(expected)} files expected, {len(found)} found")
        if again:
            print(
                f"the next picture finished after {statistics.median(again):.1f} s (median of {len(again)}, most "
                f"{max(again):.1f} s) from the start of the command; load {os.getloadavg()[0]:.1f}"
            )
        print("the same files, byte for byte" if expected == found else "THE FILES DIFFER")
        sys.exit(expected != found)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    main()
