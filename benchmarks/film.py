"""Takes the film of the README in the real window: python -m benchmarks.film --out docs/pictures/eight_objects.gif

The boxes of the sample of eight objects are drawn by a mouse, named by a keyboard, painted, and the steps are gone
through, on a screen of its own. Needs what the tests in tests/end_to_end need (CONTRIBUTING.md), and ffmpeg.
Look at the film afterwards.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

from engine.formats.registry import read_entry
from engine.layout import LayoutObject
from tests.end_to_end.desk import Desk
from tests.end_to_end.program import Program

SAMPLE = Path(__file__).parents[1] / "resources/layouts/eight_objects.layout.json"
SPEED = 3
"""The film shows so many seconds in one."""
RATE = 4
"""Frames in a second of the film."""
WIDTH = 880
"""Pixels."""
DRAG = 16
"""Moves of the mouse in a drag."""
PAUSE = 0.03
"""Seconds between two of them, and some more between two boxes, as a hand needs."""


class Camera:
    """Films a part of the screen from `start` to `stop`."""

    def __init__(self, desk: Desk, frame: tuple[int, int, int, int]) -> None:
        left, top, width, height = frame
        self._size = f"{width - width % 2}x{height - height % 2}"
        self._input = f"{desk.environment['DISPLAY']}+{left},{top}"
        self._folder = tempfile.TemporaryDirectory()
        self._file = Path(self._folder.name) / "film.mkv"
        self._filming: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["ffmpeg", "-loglevel", "error", "-f", "x11grab", "-framerate", "8", "-video_size", self._size]
        command += ["-i", self._input, "-c:v", "ffv1", str(self._file)]
        self._filming = subprocess.Popen(command, stdin=subprocess.PIPE)

    def stop(self, out: Path) -> None:
        assert self._filming is not None
        self._filming.communicate(b"q")
        scaled = f"setpts=PTS/{SPEED},fps={RATE},scale={WIDTH}:-1:flags=lanczos"
        colours = "split[a][b];[a]palettegen=max_colors=96:stats_mode=diff[p];[b][p]paletteuse=dither=none"
        command = ["ffmpeg", "-loglevel", "error", "-y", "-i", str(self._file), "-vf", f"{scaled},{colours}", str(out)]
        subprocess.run(command, check=True)
        self._folder.cleanup()


def drag(desk: Desk, start: tuple[int, int], end: tuple[int, int], moves: int = DRAG) -> None:
    """As a hand does it."""
    desk.do("mousemove", *start, "mousedown", 1)
    for step in range(1, moves + 1):
        place = (round(a + (b - a) * step / moves) for a, b in zip(start, end, strict=True))
        desk.do("mousemove", *place)
        time.sleep(PAUSE)
    desk.do("mouseup", 1)


def draw(program: Program, item: LayoutObject, size: tuple[int, int]) -> None:
    """Draw and name one box, where it is in the sample."""
    zoom = int(program.see("label", r"\d+ %").name.removesuffix(" %")) / 100
    middle = program.see("list", "Canvas").middle
    left, top, right, bottom = item.box.x0, item.box.y0, item.box.x1, item.box.y1
    corners = (
        tuple(round(at + (part - 0.5) * side * zoom) for at, part, side in zip(middle, corner, size, strict=True))
        for corner in ((left, top), (right, bottom))
    )
    drag(program.desk, *corners)  # type: ignore[arg-type]
    program.see("text", "Prompt of the object")
    program.desk.do("type", "--delay", 25, item.prompt)
    program.desk.key("Return")
    time.sleep(10 * PAUSE)


def scrub(program: Program) -> None:
    """Go through all frames of the slider and back to the last."""
    left, top, width, height = program.see("slider", "Frame").rectangle
    row = top + height // 2
    first, last = (left + 6, row), (left + width - 6, row)
    drag(program.desk, last, first, moves=2 * DRAG)
    drag(program.desk, first, last, moves=12 * DRAG)
    time.sleep(2)


def film(out: Path) -> None:
    layout = read_entry(SAMPLE).layout
    desk = Desk()
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "film").mkdir()
        program = Program(desk, Path(home) / "film")
        try:
            program.press("push button", "New")
            program.see("list", "Canvas")
            window = program.window
            assert window is not None
            camera = Camera(desk, window.rectangle)
            camera.start()
            began = time.monotonic()
            for item in layout.objects:
                draw(program, item, layout.size)
            print(f"drawing and labelling took {time.monotonic() - began:.0f} s")
            program.press("push button", "Generate")
            program.told("Step 1 of")
            program.told(f"{len(layout.objects) + 1} steps in")
            scrub(program)
            camera.stop(out)
        finally:
            program.clear()
            desk.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    film(parser.parse_args().out)


if __name__ == "__main__":
    main()
