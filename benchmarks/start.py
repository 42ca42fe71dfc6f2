"""How long the window takes from the start of its process until it can be used.

    python benchmarks/start.py [--times 5] [--json]

Offscreen, with the sample layout open and fresh settings, each time in a process of its own. Usable means: shown,
painted, its models listed, and the event loop idle once. The processor's time beside the clock tells how much is owed
to other busy programs. The first start reads the files from the disk; it is told apart.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROBE = """
import json, os, sys, time
from pathlib import Path

import psutil
from PySide6.QtCore import QTimer

from desktop_app import gui
from desktop_app.session import Session

real_start = Session.start


def start(self, paths, *, generate):
    real_start(self, paths, generate=generate)

    def look():
        if not self.ready:
            QTimer.singleShot(1, look)
            return
        clock = time.time() - psutil.Process().create_time()
        print(json.dumps({"clock": clock, "processor": time.process_time()}))
        sys.stdout.flush()
        os._exit(0)

    QTimer.singleShot(0, look)


Session.start = start
gui.run_gui(sys.argv[2:], settings_folder=Path(sys.argv[1]))
"""


def start_once(layout: Path) -> dict[str, float]:
    """Seconds from the start of a process to its usable window, on the clock and of the processor."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "settings.json").write_text('{"warm_up": false}')
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_DATA_HOME": folder}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        command = [sys.executable, "-c", PROBE, folder, str(layout)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    first, *others = [start_once(ROOT / "resources/layouts/eight_objects.layout.json") for _ in range(args.times + 1)]
    figures: dict[str, object] = {"first": first}
    for name in ("clock", "processor"):
        values = sorted(found[name] for found in others)
        figures[name] = {"best": values[0], "median": statistics.median(values), "worst": values[-1]}
    if args.json:
        print(json.dumps(figures))
        return
    print(f"first start: {first['clock']:.2f} s on the clock, {first['processor']:.2f} s of the processor")
    for name in ("clock", "processor"):
        row = figures[name]
        assert isinstance(row, dict)
        print(f"{name}, of {args.times}: " + ", ".join(f"{word} {value:.2f} s" for word, value in row.items()))


if __name__ == "__main__":
    main()
