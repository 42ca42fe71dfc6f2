"""Takes the pictures of docs/guide from the real window: python -m benchmarks.guide_pictures EXPORT --out docs/guide

Needs a display with a window manager (Xvfb and openbox will do) and an export of the built-in model with its steps, two
runs of which are scored, as docs/guide/benchmark.md makes it. Done anew when what the pictures show has changed; look
at each of them afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QWidget
from qasync import QEventLoop

from desktop_app.gui import make_application
from desktop_app.session import Session
from desktop_app.settings import Settings
from tests.ui.driver import CTRL, Hand, press_key, type_label
from ui.compare.view import Mode
from ui.timeline.model import FrameKind, Position, RunState

PATIENCE = 400
"""Seconds that the engine may take for what is waited for."""

LARGEST = 180_000
"""Bytes of a picture from which on it gets fewer colours."""

SIZE = 1200, 800
BOXES = (
    ((60, 70, 220, 230), "red metal cube"),
    ((290, 60, 420, 190), "blue rubber sphere"),
    ((100, 300, 220, 460), "green rubber cylinder"),
    ((300, 290, 450, 440), "yellow metal sphere"),
)


class Photographer:
    """Waits for what shall be seen, and takes pictures of windows as the screen shows them."""

    def __init__(self, out: Path) -> None:
        self.out = out

    async def until(self, ready: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not ready():
            if time.monotonic() > end:
                raise SystemExit("What was waited for did not come.")
            await asyncio.sleep(0.02)

    async def take(self, name: str, widget: QWidget) -> None:
        """Save what the screen shows where the widget's window is."""
        window = widget.window()
        window.raise_()
        await self.until(lambda: window.isVisible() and window.windowHandle().isExposed())
        await asyncio.sleep(1)  # the window manager and the last repaint
        frame = window.frameGeometry()
        shot = QGuiApplication.primaryScreen().grabWindow(0, frame.x(), frame.y(), frame.width(), frame.height())
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        shot.save(buffer, "PNG")
        path = self.out / f"{name}.png"
        picture = Image.open(io.BytesIO(buffer.data().data())).convert("RGB")
        picture.save(path, optimize=True)
        if path.stat().st_size > LARGEST:
            # Pillow mixes colours only where the palette is given.
            palette = picture.quantize(256)
            picture.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)
        print(f"{path}: {path.stat().st_size // 1024} KiB")


async def draw_and_paint(session: Session, photographer: Photographer) -> None:
    """Boxes by hand, a run while it paints, a step of it with what the detector found."""
    window, run = session.window, session.window.run_model
    hand = Hand(window.canvas)
    for (x0, y0, x1, y1), prompt in BOXES:
        hand.drag((x0, y0), (x1, y1))
        if prompt is BOXES[-1][1]:
            QTest.keyClicks(window.canvas.editor, "yellow m")
            await photographer.take("draw", window)
            QTest.keyClicks(window.canvas.editor, prompt.removeprefix("yellow m"))
            press_key(window.canvas.editor, Qt.Key.Key_Return)
        else:
            type_label(window.canvas, prompt)
    press_key(window.canvas, Qt.Key.Key_Return, CTRL)
    await photographer.until(lambda: run.done_steps >= 2)
    await photographer.take("generate", window)
    await photographer.until(lambda: run.state is RunState.FINISHED and not window.runs.busy)
    await photographer.until(lambda: all(window.results.hit(step) is not None for step in range(len(BOXES))))
    run.go_to(Position(2, FrameKind.COMPOSITE))
    await photographer.take("scrub", window)


async def branch_and_compare(session: Session, photographer: Photographer) -> None:
    """A box is moved and the run goes on from the step before; the branches, and the two pictures."""
    window, run = session.window, session.window.run_model
    press_key(window.canvas, Qt.Key.Key_V)
    Hand(window.canvas).drag((370, 380), (300, 330))
    press_key(window.canvas, Qt.Key.Key_B, CTRL)
    await photographer.until(lambda: not window.runs.busy and run.state is RunState.FINISHED)
    await photographer.until(lambda: len(window.room.runs_panel.lines) == 2)
    window.room.show_branches()
    window.room.branches.resize(640, 280)
    await photographer.take("branch", window.room.branches)
    window.room.branches.close()
    run.go_to(Position(len(BOXES), FrameKind.COMPOSITE))
    compare = window.room.compare()
    compare.resize(1000, 560)
    await asyncio.sleep(1)
    compare.view.set_mode(Mode.SIDE)
    await photographer.take("compare", compare)
    compare.close()


async def benchmarks(session: Session, photographer: Photographer, export: Path) -> None:
    """The export, its scores and its gallery."""
    room = session.window.benchmarks
    room.show("export")
    room.open_export(export, "export")
    await photographer.until(lambda: room.page.gallery.model.rowCount() > 0)
    room.page.gallery.bar.sort.setCurrentIndex(room.page.gallery.bar.sort.findData("ap"))
    room.page.gallery.view.show_row(0)
    for dock in session.window.findChildren(QDockWidget):
        dock.hide()
    for name in ("export", "scores", "gallery"):
        room.show(name)
        await photographer.take(name, session.window)
    room.leave()


async def models(session: Session, photographer: Photographer) -> None:
    """The list of models, when this machine has told what fits it."""
    manager = session.window.models
    manager.show()
    await photographer.until(lambda: manager._fits)
    press_key(manager.panel.view, Qt.Key.Key_Down)
    press_key(manager.panel.view, Qt.Key.Key_Down)
    await photographer.take("models", manager.panel)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path, help="a scored export with its steps")
    parser.add_argument("--out", type=Path, required=True, help="where the pictures go")
    args = parser.parse_args()
    app = make_application()
    app.setQuitOnLastWindowClosed(False)
    loop = QEventLoop(app)
    asyncio.set_event_loop(loop)
    with tempfile.TemporaryDirectory() as name, loop:
        settings = Settings(Path(name) / "settings")
        settings.update({"start_page": False, "theme": "light", "offer_tour": False})

        async def run() -> None:
            session = Session(app, settings, runs_folder=Path(name) / "runs", recovery_folder=Path(name) / "recovery")
            session.window.setGeometry(4, 26, *SIZE)
            session.start((), generate=False)
            photographer = Photographer(args.out)
            await photographer.until(lambda: session.ready)
            await draw_and_paint(session, photographer)
            await branch_and_compare(session, photographer)
            await benchmarks(session, photographer, args.export)
            await models(session, photographer)
            session.window.document.mark_saved(session.window.document.layout)
            session.window.close()
            await session.close()

        loop.run_until_complete(run())


if __name__ == "__main__":
    main()
