"""How long a person waits after the program was killed, and after its engine was: by mouse and keyboard, on a screen.

    python -m benchmarks.recovery [--times 5]

What ``tests/end_to_end/test_recovery.py`` does, with a clock: a box is drawn and not saved, the program killed, started
again, and the work brought back; then a run is begun, its engine killed, and the run continued. Told is the time from
the start of the program until the work is seen in the window, and from the kill of the engine until the next step is
seen being painted, the clicks and the looking of the script included. Needs what the end-to-end tests need
(CONTRIBUTING.md).
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

from tests.end_to_end.desk import Desk
from tests.end_to_end.program import Program

DRAWN = (20, 20), (120, 120)


def recover(desk: Desk, home: Path) -> tuple[float, float]:
    """Kill both once; the seconds until the work was there, and until the run went on."""
    program = Program(desk, home)
    program.press("push button", "New")
    program.draw(DRAWN, "red metal cube")
    program.see("list item", "Object 1: red metal cube")
    program.kill()
    begun = time.perf_counter()
    program = Program(desk, home)
    program.press("push button", "Bring it back")
    program.see("list item", "Object 1: red metal cube")
    there = time.perf_counter() - begun

    program.fill("spin box", "Denoising steps", "30")
    program.press("push button", "Generate")
    program.see("list item", "Step 1 of 2: red metal cube, done.*")
    program.kill_engine()
    begun = time.perf_counter()
    program.press("push button", "Continue")
    program.see("list item", "Step 2 of 2: background, being painted.*")
    painted = time.perf_counter() - begun
    program.clear()
    return there, painted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args()
    desk = Desk()
    times = []
    try:
        for _ in range(args.times):
            with tempfile.TemporaryDirectory() as name:
                home = Path(name) / "home"
                home.mkdir()
                times.append(recover(desk, home))
    finally:
        desk.close()
    for what, seconds in zip(
        ("the work is back", "the next step is being painted"), zip(*times, strict=True), strict=True
    ):
        print(f"{what}: {statistics.median(seconds):.1f} s (median of {len(seconds)}, most {max(seconds):.1f} s)")
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
