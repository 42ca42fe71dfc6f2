"""The user of `soaking`: what is done in one cycle, by mouse and keys where a person would use them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QWidget

from desktop_app.model_choices import folder_choice
from desktop_app.session import Session
from tests.ui.driver import CTRL, LEFT, NO_KEYS, SHIFT, Hand, type_label
from ui.message_bar import Severity
from ui.timeline.model import RunState

RUNS_KEPT = 12
"""Older runs are deleted, as a list that grows makes the window grow rightly."""

PARTS = (
    *("draw", "save_and_open", "paint", "look", "branch", "paint_other", "paint_built_in", "scrub_long_run"),
    *("dialogs", "candidates", "project", "export", "paint"),  # the same model is in memory at the end of each cycle
)
"""What a cycle consists of."""

EVERY = {"paint_built_in": 4, "export": 8}
"""Cycles from one to the next of what takes long."""

SCRUBBED = 60
"""Frames of the long run that are looked at in a cycle."""

PATIENCE = 900.0
"""Seconds after which something that was waited for is not coming."""

DIALOGS = (
    ("preferences", "preferences"),
    ("shortcuts", "shortcutsDialog"),
    ("vocabularies", "vocabularyDialog"),
    ("log", "logViewer"),
    ("about", "about"),
    ("palette", "commandPalette"),
    ("statistics", "statisticsDialog"),
    ("export", "exportDialog"),
    ("models", "modelsDialog"),
    ("sweep", "sweepDialog"),
    ("compare", "compareWindow"),
    ("branches", "branchView"),
)
"""Commands that open a window, and its name."""

Widget = TypeVar("Widget", bound=QWidget)


class User:
    """Works in the window.

    Args:
        session: The window.
        folder: Has tiny pipelines in ``one`` and ``two``, ``layouts.json`` and a long ``run``.
        parts: Some of `PARTS`.
    """

    def __init__(self, session: Session, folder: Path, parts: Sequence[str] = PARTS) -> None:
        self.session = session
        self.parts = parts
        self.window = session.window
        self.folder = folder
        self.hand = Hand(session.window.canvas)
        self.errors: list[str] = []
        """What the window said of something wrong."""
        self.window.messages.said.connect(lambda text, how: self.errors.append(text) if how is Severity.ERROR else None)

    # -- the whole

    async def begin(self) -> None:
        """Wait for the window, choose the models, and fill the cache of pictures: until it is full, memory grows."""
        await self.until(lambda: self.session.ready, "the window")
        self.window.resize(1400, 900)
        for name in ("one", "two"):
            self.window.generation.form.add_model(folder_choice(str(self.folder / name)))
        if "scrub_long_run" in self.parts:
            await self.scrub_long_run(len(list((self.folder / "run").glob("*.png"))))

    async def end(self) -> None:
        """Close the window."""
        self.window.document.mark_saved(self.window.document.layout)
        self.window.close()

    async def cycle(self, number: int) -> None:
        """Each part once; what takes long, now and then."""
        for part in self.parts:
            if number % EVERY.get(part, 1) == 0:
                await getattr(self, part)()
        await self.leave()
        assert not self.errors, self.errors

    # -- means

    async def until(self, there: Callable[[], object], what: str) -> None:
        """Wait until it is there."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + PATIENCE
        while not there():
            if loop.time() > ends:
                raise TimeoutError(f"waited in vain for {what}; the window says: {self.window.messages.text.text()}")
            await asyncio.sleep(0.01)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NO_KEYS, widget: QWidget | None = None) -> None:
        """Press a key in a widget, or on the canvas."""
        QTest.keyClick(widget or self.window.canvas, key, keys)

    def do(self, command: str) -> None:
        """Give a command, as from the menu."""
        self.window.actions_by_id[command].trigger()

    async def asked(self, kind: type[Widget], answer: Callable[[Widget], object], command: str) -> None:
        """Give a command that opens a dialog and waits for it, and answer it."""
        answered: list[Widget] = []
        over = asyncio.Event()

        def look() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, kind) and not answered:
                answered.append(dialog)
                answer(dialog)

        def act() -> None:
            self.do(command)
            over.set()

        timer = QTimer(interval=10)
        timer.timeout.connect(look)
        timer.start()
        QTimer.singleShot(
            0, act
        )  # from Qt's loop, as a click: no task can go on while a dialog waits inside another one
        await self.until(over.is_set, f"the end of {command}")
        timer.stop()
        assert answered, f"no {kind.__name__} was opened"

    def name_file(self, path: Path) -> Callable[[QFileDialog], None]:
        """The answer to a dialog that asks for a file."""

        def answer(dialog: QFileDialog) -> None:
            line = dialog.findChild(QLineEdit, "fileNameEdit")
            line.setText(str(path))
            QTest.keyClick(line, Qt.Key.Key_Return)

        return answer

    async def new(self, command: str = "new") -> None:
        """Another document; changes are given up, for which the window asks."""
        if self.window.files.modified:
            discard = QMessageBox.StandardButton.Discard
            await self.asked(QMessageBox, lambda box: box.button(discard).click(), command)
        else:
            self.do(command)

    async def save_as(self, name: str) -> None:
        """Under a name that no file has."""
        path = self.folder / name
        path.unlink(missing_ok=True)
        await self.asked(QFileDialog, self.name_file(path), "save_as")
        assert not self.window.files.modified and path.is_file()

    async def idle(self) -> None:
        """Wait until nothing is painted and nothing waits for it."""
        await self.until(
            lambda: not self.window.runs.busy and not self.window.room.waiting.queue.items, "the end of painting"
        )
        assert self.window.run_model.state is RunState.FINISHED, self.window.run_model.message

    # -- the layout

    async def draw(self) -> None:
        """Draw, name, move, resize, duplicate, delete, undo and redo."""
        await self.new()
        canvas, document = self.window.canvas, self.window.document
        for place, words in enumerate(("red metal cube", "blue rubber sphere", "green metal cylinder")):
            self.hand.drag((30 + 150 * place, 60), (150 + 150 * place, 200))
            type_label(canvas, words)
            await asyncio.sleep(0)
        self.key(Qt.Key.Key_V, widget=canvas)
        self.hand.drag((240, 130), (260, 320))
        self.hand.click(250, 320)
        for _ in range(5):
            self.key(Qt.Key.Key_Right, widget=canvas)
        box = document.selected[0].box
        corner = box.x1 * document.layout.width, box.y1 * document.layout.height
        self.hand.drag(corner, (corner[0] + 30, corner[1] + 20))
        for command in ("duplicate", "align_left", "lock", "lock", "hide", "hide", "delete", "sort_random"):
            self.do(command)
        assert len(document.layout.objects) == 3
        for _ in range(6):
            self.key(Qt.Key.Key_Z, CTRL)
        for _ in range(6):
            self.key(Qt.Key.Key_Z, CTRL | SHIFT)
        assert len(document.layout.objects) == 3

    async def save_and_open(self) -> None:
        """Save under a name, go elsewhere, and open it again."""
        name = "mine.layout.json"
        await self.save_as(name)
        await self.new()
        await self.asked(QFileDialog, self.name_file(self.folder / name), "open")
        await self.until(lambda: self.window.files.file == self.folder / name, "the file")

    # -- painting

    async def paint(self, model: str = "one", side: int = 64) -> None:
        """Paint with a model, to the end."""
        window = self.window
        panel = window.generation.form
        await self.until(lambda: len(window.document.layout.objects) > 0, "the layout")
        name = model if model == "clevr-mini" else str(self.folder / model)
        panel.model.setCurrentIndex(panel.model.findData(name))
        panel.steps.setValue(2)
        panel.width_box.setValue(side)
        panel.height_box.setValue(side)
        QTest.mouseClick(window.generation.generate, LEFT)
        assert window.runs.busy, window.messages.text.text()
        await self.idle()

    async def paint_other(self) -> None:
        """The same with another tiny pipeline."""
        await self.paint("two")

    async def paint_built_in(self) -> None:
        """The same with the built-in model."""
        await self.paint("clevr-mini", side=128)

    async def look(self) -> None:
        """Go through all frames of the run by the keyboard, play it, and take a frame to the clipboard."""
        slider = self.window.timeline.slider
        slider.setFocus()
        self.key(Qt.Key.Key_Home, widget=slider)
        for key in (*[Qt.Key.Key_Down] * 20, *[Qt.Key.Key_Left] * 3, Qt.Key.Key_L, Qt.Key.Key_K, Qt.Key.Key_End):
            self.key(key, widget=slider)
            await asyncio.sleep(0)
        self.do("copy_frame")

    async def scrub_long_run(self, frames: int = SCRUBBED) -> None:
        """Open a run of large frames and go through the last of them; all together are more than is kept in memory."""
        shown = self.window.run_model.folder
        assert self.window.room.open_run(self.folder / "run")
        slider = self.window.timeline.slider
        slider.setFocus()
        for _ in range(frames):
            self.key(Qt.Key.Key_Up, widget=slider)
            await asyncio.sleep(0)
        if shown:
            assert self.window.room.open_run(Path(shown))

    async def branch(self) -> None:
        """Change a box, run on from a step, and paint the change into the finished picture."""
        window = self.window
        window.run_model.go_to_step(1)
        self.hand.click(250, 320)
        self.key(Qt.Key.Key_Down, widget=window.canvas)
        for command in ("branch", "reseed_step", "retouch"):
            window.run_model.go_to_step(1)
            self.do(command)
            await self.idle()

    async def candidates(self) -> None:
        """Paint a step with other seeds, and take none."""
        window = self.window
        window.run_model.go_to_step(0)
        dialog = window.room.show_candidates()
        assert dialog is not None
        dialog.count.setValue(2)
        QTest.mouseClick(dialog.paint, LEFT)
        await self.idle()
        await self.close(dialog)

    # -- dialogs

    async def close(self, dialog: QWidget) -> None:
        """Close a window and wait until it is away."""
        name = dialog.objectName()
        dialog.close()
        del dialog
        await self.until(lambda: self.opened(name) is None, f"the end of {name}")

    def opened(self, name: str) -> QWidget | None:
        """The window of this name that is open."""
        shown = (each for each in QApplication.topLevelWidgets() if each.isVisible())
        return next((each for each in shown if each.objectName() == name), None)

    async def dialogs(self) -> None:
        """Open every dialog and close it."""
        for command, name in DIALOGS:
            self.do(command)
            await self.until(lambda name=name: self.opened(name), name)
            await asyncio.sleep(0.05)
            await self.close(self.opened(name))

    # -- projects and datasets

    async def project(self) -> None:
        """Make a project of some layouts, go through them, save it, leave it, open it; browse a dataset."""
        window = self.window
        await self.new("new_project")
        panel = window.library.project.panel
        for _ in range(3):
            QTest.mouseClick(panel.add, LEFT)
            self.hand.drag((50, 50), (200, 200))
            type_label(window.canvas, "gray cube")
        for _ in range(4):
            self.do("next_layout")
        await self.save_as("all.boxpaint")
        await self.new()
        window.files.open(self.folder / "all.boxpaint")
        await self.until(lambda: window.files.project is not None, "the project")
        await self.new()
        window.files.open(self.folder / "layouts.json")
        await self.until(lambda: not window.files.reader.background.busy, "the dataset")
        window.library.browse()
        for _ in range(5):
            self.do("next_layout")
        window.docks["browser"].close()

    # -- exports

    async def export(self) -> None:
        """Paint a small benchmark in a process of its own, score it, and look at the pictures."""
        window = self.window
        out = self.folder / "export"
        if out.exists():
            shutil.rmtree(out)
        self.do("bench_export")
        page = window.benchmarks.page
        form = page.export.form
        form.dataset.set_text(str(self.folder / "layouts.json"))
        form.out.set_text(str(out))
        form.workers.setValue(1)
        QTest.mouseClick(page.export.start, LEFT)
        assert window.benchmarks.busy
        await self.until(lambda: not window.benchmarks.busy, "the export")
        await self.until(lambda: window.benchmarks.export is not None, "what was exported")
        self.do("bench_scores")
        page.scores.form.layouts.set_text(str(self.folder / "layouts.json"))
        QTest.mouseClick(page.scores.score, LEFT)
        assert window.benchmarks.scoring is not None
        await self.until(lambda: not window.benchmarks.scoring.busy, "the scores")
        self.do("bench_gallery")
        await asyncio.sleep(0.5)
        self.do("bench_leave")

    # -- the end of a cycle

    async def leave(self) -> None:
        """Tidy up: an empty canvas, old runs deleted."""
        window = self.window
        await self.new()
        folders = sorted(window.runs.runs_folder.glob("*/run.json"), key=lambda file: file.stat().st_mtime)
        for file in folders[:-RUNS_KEPT]:
            shutil.rmtree(file.parent)
        window.room.refresh()
        await asyncio.sleep(0.5)
