"""How fast the window's browser opens big datasets, and whether the window answers meanwhile.

``python benchmarks/browser.py`` makes the files of ``benchmarks/formats.py``, opens each in a real window of its own
process (offscreen unless a screen is given), and prints the time until the browser shows every layout, the longest time
in which the window did not answer, how long a search takes, and the process's peak memory.
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
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(Path(__file__).resolve().parent))

from formats import LIMIT_MIB, LIMIT_SECONDS, make_coco, make_scenes  # noqa: E402  a file beside this one

OPEN = """
import json, resource, sys, tempfile, time
from pathlib import Path
from PySide6.QtCore import QTimer
from desktop_app import gui
from desktop_app.session import Session

path, began = Path(sys.argv[1]), [0.0, 0.0]
gaps, last = [], [0.0]

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

def tick():
    now = time.process_time()
    if last[0]:
        gaps.append(now - last[0])
    last[0] = now

real_start = Session.start
def start(self, paths, *, generate):
    real_start(self, paths, generate=generate)
    ticker = QTimer(self.window)
    ticker.setInterval(4)
    ticker.timeout.connect(tick)
    before = []
    def look():
        if not self.ready:
            QTimer.singleShot(20, look)
        elif not before:
            before.append(peak())
            ticker.start()
            began[:] = time.perf_counter(), time.process_time()
            self.window.files.open(path)
            QTimer.singleShot(4, look)
        elif self.window.library.datasets.dataset is None:
            QTimer.singleShot(4, look)
        else:
            done = time.perf_counter() - began[0], time.process_time() - began[1]
            panel = self.window.library.datasets.panel
            panel.view.grab()
            searched = time.perf_counter()
            panel.filters.search.setText("5 red")
            panel.filters.search.returnPressed.emit()
            searched = time.perf_counter() - searched
            print(json.dumps({"seconds": done[0], "processor": done[1], "gap": max(gaps), "search": searched,
                              "layouts": len(panel.model.items), "before": before[0], "peak": peak()}))
            ticker.stop()
            self.window.document.mark_saved(self.window.document.layout)
            self.window.close()
    QTimer.singleShot(0, look)
Session.start = start
folder = Path(tempfile.mkdtemp())
(folder / "settings.json").write_text('{"warm_up": false, "start_page": false}')
raise SystemExit(gui.run_gui([], settings_folder=folder))
"""


def measure(path: Path, times: int) -> bool:
    """Open a dataset several times and print what it took; whether it kept the limits."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    runs: list[dict[str, Any]] = []
    for _ in range(times):
        command = [sys.executable, "-c", OPEN, str(path)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    seconds = sorted(run["seconds"] for run in runs)
    gaps = sorted(run["gap"] for run in runs)
    peak = max(run["peak"] for run in runs)
    processor = min(run["processor"] for run in runs)
    searches = min(run["search"] for run in runs)
    print(
        f"{path.name}: {runs[0]['layouts']} layouts; wall best {seconds[0]:.2f} s, median "
        f"{statistics.median(seconds):.2f} s, worst {seconds[-1]:.2f} s; {processor:.2f} s of processor time; longest "
        f"silence of the window (processor time), median {1000 * statistics.median(gaps):.0f} ms, worst "
        f"{1000 * gaps[-1]:.0f} ms; search {1000 * searches:.0f} ms; peak {peak:.0f} MiB, of which the empty window "
        f"{runs[0]['before']:.0f} MiB"
    )
    # As in benchmarks/formats.py: the wall clock also counts whatever else runs.
    return processor < LIMIT_SECONDS and peak < LIMIT_MIB


def main() -> int:
    """Make the files and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "layoutbench").mkdir()
        paths = (make_scenes(Path(folder) / "layoutbench"), make_coco(Path(folder) / "instances.json"))
        kept = [measure(path, times) for path in paths]
    print(f"limits ({LIMIT_SECONDS} s, {LIMIT_MIB} MiB): {'kept' if all(kept) else 'NOT kept'}")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
