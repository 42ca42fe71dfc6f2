"""Opening a large export: 8,000 scored pictures of ten steps each, as the window opens it.

    python -m benchmarks.overview [--layouts 1000] [--detections 30] [--out DIR] [--files]

Layouts and detections are random. Measured is reading the export's overview (runs, states, scores, verdicts) in a fresh
process, and reading the steps of one picture. ``--files`` also makes every picture and step as a (linked) file, and
``--out`` keeps the export, so that it can be opened in the window.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image

from benchmarks.scoring import make_files
from engine.batch.items import Item, make_items, make_runs
from engine.batch.ledger import DATASET, Ledger
from engine.formats.registry import read
from engine.inpainting.settings import GenerationSettings

STEPS = 10
RUN = "run"
PER_SOURCE = 30_000
"""Links to one file; file systems allow some 65,000."""

READ = """
import json, resource, sys, time
started = time.perf_counter()
from pathlib import Path
from engine.batch.overview import read_overview, steps_of
loaded = time.perf_counter()
overview = read_overview(Path(sys.argv[1]))
opened = time.perf_counter()
steps = steps_of(overview.folder, overview.pictures[len(overview.pictures) // 2])
print(json.dumps({
    "imports": loaded - started, "overview": opened - loaded, "steps": time.perf_counter() - opened,
    "pictures": len(overview.pictures), "scored": sum(picture.score is not None for picture in overview.pictures),
    "kept_steps": len(steps), "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""


class Links:
    """Puts the same small picture in many places."""

    def __init__(self, folder: Path) -> None:
        buffer = io.BytesIO()
        Image.effect_noise((320, 320), 40).convert("RGB").save(buffer, "JPEG")
        self._content = buffer.getvalue()
        self._folder, self._made = folder, 0

    def put(self, path: Path) -> None:
        source = self._folder / f"source-{self._made // PER_SOURCE}"
        if not source.exists():
            source.write_bytes(self._content)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, path)
        self._made += 1


def make_export(folder: Path, layouts: Path, links: Links | None) -> int:
    """An export that is finished; its number of pictures."""
    items = make_items(read(layouts).entries, make_runs(RUN, GenerationSettings(), {}))
    ledger = Ledger(folder)
    ledger.plan(items, {RUN: {}}, {"name": "none", "folder": "", "fingerprint": "none"}, retry=False)
    ledger.set_fact(DATASET, str(layouts.absolute()))
    for item in items:
        identity, _ = ledger.claim() or (0, None)
        ledger.announce(identity, f"{item.folder}/{item.file_name}", b"picture", 1.0)
        ledger.finish(identity)
        if links is not None:
            _make_files(folder, item, links)
    if links is None:
        _make_files(folder, items[len(items) // 2], Links(folder))
    ledger.close()
    return len(items)


def _make_files(folder: Path, item: Item, links: Links) -> None:
    links.put(folder / item.folder / item.file_name)
    steps = folder / f"{item.folder}_iter" / item.name
    for step in range(STEPS):
        for kind in ("context", "mask", "generated"):
            links.put(steps / f"{step}_{kind}.png")
    record = [{"index": step, "object": f"o{step}", "prompt": "Add it", "seconds": 0.1} for step in range(STEPS)]
    (steps / "steps.json").write_text(json.dumps(record))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layouts", type=int, default=1000, help="layouts in each of the eight splits")
    parser.add_argument("--detections", type=int, default=30, help="detections in each picture")
    parser.add_argument("--out", type=Path, help="keep the export in DIR/export")
    parser.add_argument("--files", action="store_true", help="make every picture and step as a file")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.out or Path(temporary)
        export = folder / "export"
        export.mkdir(parents=True)
        layouts, found, _ = make_files(folder, args.layouts, args.detections, random.Random(0))
        started = time.perf_counter()
        count = make_export(export, layouts, Links(folder) if args.files else None)
        print(f"{count} pictures noted as finished in {time.perf_counter() - started:.1f} s", flush=True)
        command = [sys.executable, "-m", "desktop_app", "evaluate", "--detections", found, "--layouts", layouts]
        started = time.perf_counter()
        subprocess.run([*map(str, command), "--keep", str(export)], check=True, stdout=subprocess.DEVNULL)
        print(f"scored and kept in {time.perf_counter() - started:.1f} s", flush=True)
        for _ in range(3):
            printed = subprocess.run(
                [sys.executable, "-c", READ, str(export)], check=True, stdout=subprocess.PIPE, text=True
            ).stdout
            print(printed.strip(), flush=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"load {os.getloadavg()[0]:.1f}, at most {peak:.0f} MiB in a child")


if __name__ == "__main__":
    main()
