"""How long the canvas takes from a mouse event to the painted window: 95th percentile for 1,000 and 5,000 boxes.

    python benchmarks/canvas.py [--json]

Offscreen, 1600×1000, rulers and minimap on, with real mouse events; each event is sent and the canvas is painted before
the next one.
The time on the clock is what counts; the CPU time beside it tells how much of that is owed to other busy programs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from engine.layout import Box, Layout, LayoutObject
from engine.layout.vocabulary import CLEVR_48
from ui.canvas.canvas import Canvas, Tool
from ui.canvas.frame import CanvasFrame
from ui.canvas.ruler import THICKNESS
from ui.completion import Vocabulary
from ui.document import Document

LIMITS = {1000: 16.0, 5000: 50.0}
NO_KEYS = Qt.KeyboardModifier.NoModifier


def layout_of(count: int) -> Layout:
    """``count`` labelled boxes strewn over a 1024 × 1024 picture."""
    chance = random.Random(count)
    objects = []
    for number in range(count):
        x, y = chance.uniform(0, 0.93), chance.uniform(0, 0.93)
        box = Box(x, y, x + chance.uniform(0.01, 0.07), y + chance.uniform(0.01, 0.07))
        objects.append(LayoutObject(f"o{number}", chance.choice(CLEVR_48), box))
    return Layout(1024, 1024, tuple(objects))


class Bench:
    """A canvas with so many boxes, and the clock."""

    def __init__(self, app: QApplication, count: int) -> None:
        self.app = app
        self.worked: list[float] = []
        self.canvas = Canvas(Document(Layout(16, 16)), Vocabulary().suggest)
        self.frame = CanvasFrame(self.canvas)
        self.frame.resize(1600 + THICKNESS, 1000 + THICKNESS)
        self.frame.show()
        self.canvas.document.replace(layout_of(count))
        self.canvas.set_tool(Tool.SELECT)
        app.processEvents()

    def timed(self, send: Callable[[], object]) -> float:
        begun, worked = time.perf_counter(), time.process_time()
        send()
        # Paints what the event made dirty, and whatever else became due.
        self.app.sendPostedEvents()
        self.app.processEvents()
        self.worked.append((time.process_time() - worked) * 1000)
        return (time.perf_counter() - begun) * 1000

    def mouse(self, kind: QEvent.Type, x: float, y: float, *, held: bool) -> Callable[[], object]:
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        buttons = Qt.MouseButton.LeftButton if held else Qt.MouseButton.NoButton
        event = QMouseEvent(kind, QPointF(x, y), QPointF(x, y), button, buttons, NO_KEYS)
        return lambda: QApplication.sendEvent(self.canvas, event)

    def drag(self, start: tuple[float, float], end: tuple[float, float], steps: int) -> Iterator[float]:
        yield self.timed(self.mouse(QEvent.Type.MouseButtonPress, *start, held=True))
        for step in range(1, steps + 1):
            part = step / steps
            x, y = (a + (b - a) * part for a, b in zip(start, end, strict=True))
            yield self.timed(self.mouse(QEvent.Type.MouseMove, x, y, held=True))
        yield self.timed(self.mouse(QEvent.Type.MouseButtonRelease, *end, held=False))

    def drag_one(self) -> list[float]:
        """One box is dragged across all others."""
        item = self.canvas.document.layout.objects[-1]
        width, height = self.canvas.document.layout.size
        x, y = (item.box.x0 + item.box.x1) / 2 * width, (item.box.y0 + item.box.y1) / 2 * height
        start = self.canvas.viewport.to_screen(x, y)
        return list(self.drag(start, (1500 - start[0], 950 - start[1]), 120))

    def drag_zoomed(self) -> list[float]:
        """One box is dragged in a part of the picture, with the minimap in the corner."""
        item = self.canvas.document.layout.objects[-1]
        width, height = self.canvas.document.layout.size
        self.canvas.zoom(3)
        self.canvas.views.centre_on((item.box.x0 + item.box.x1) / 2 * width, (item.box.y0 + item.box.y1) / 2 * height)
        self.timed(self.canvas.update)
        self.worked.clear()
        return list(self.drag((800, 500), (1000, 700), 120))

    def band_all(self) -> list[float]:
        """A rubber band grows until it holds everything."""
        return list(self.drag((5, 5), (1595, 995), 120))

    def zoom(self) -> list[float]:
        """The wheel zooms in and out again at a point."""
        times = []
        for delta in [120] * 12 + [-120] * 24 + [120] * 12:
            event = QWheelEvent(
                QPointF(700, 400),
                QPointF(700, 400),
                QPoint(),
                QPoint(0, delta),
                Qt.MouseButton.NoButton,
                NO_KEYS,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            times.append(self.timed(lambda event=event: QApplication.sendEvent(self.canvas, event)))
        return times

    def hover(self) -> list[float]:
        """The pointer moves over the boxes with no button held."""
        return [
            self.timed(self.mouse(QEvent.Type.MouseMove, 300 + 8 * step, 100 + 7 * step, held=False))
            for step in range(120)
        ]


def measure(count: int) -> dict[str, dict[str, float]]:
    """95th percentile, median and worst in milliseconds of each gesture."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    figures = {}
    for gesture in ("drag_one", "drag_zoomed", "band_all", "zoom", "hover"):
        bench = Bench(app, count)
        times = getattr(bench, gesture)()
        bench.frame.close()
        figures[gesture] = {
            "p95": statistics.quantiles(times, n=20)[-1],
            "p95_cpu": statistics.quantiles(bench.worked, n=20)[-1],
            "median": statistics.median(times),
            "worst": max(times),
        }
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    results = {count: measure(count) for count in LIMITS}
    if options.json:
        print(json.dumps(results, indent=2))
    else:
        for count, figures in results.items():
            for gesture, figure in figures.items():
                print(
                    f"{count:5d} boxes  {gesture:11s} p95 {figure['p95']:6.1f} ms (CPU {figure['p95_cpu']:5.1f} ms)  "
                    f"median {figure['median']:5.1f} ms  worst {figure['worst']:6.1f} ms  limit {LIMITS[count]:.0f} ms"
                )
    slow = [count for count in results if any(figure["p95"] > LIMITS[count] for figure in results[count].values())]
    return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
