"""The real program, used by a hand and a keyboard inside it, until somebody kills it; `edit_kills` does.

    python -m benchmarks.editing FILE SETTINGS LOG SEED

Work from before a crash is brought back by the button that the window offers. Then boxes are drawn, named, moved,
annotated and deleted, changes are taken back, layouts are added and the file is saved, by mouse and key events. What
the window holds is written into LOG after each of them, with the time; stdout tells ``now`` when the editing begins and
``save`` before each saving.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop_app.gui import run_gui
from desktop_app.session import Session
from engine.formats.boxpaint_layout import layout_to_dict
from tests.ui.driver import CTRL, SHIFT, Hand

MOST = 12
"""Boxes on one layout; beyond, some are deleted."""

WORDS = ("red", "blue", "small", "large", "metal", "rubber", "cube", "sphere", "cylinder", "beside", "the", "mug")


class Editor:
    """The hand and the keyboard."""

    def __init__(self, session: Session, log: Path, chance: random.Random) -> None:
        self.window = session.window
        self.session = session
        self.chance = chance
        self.hand = Hand(session.window.canvas)
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def state(self) -> list[Any]:
        """Every layout of the window with its name, as it would be if what is under way ended now."""
        document, project = self.window.document, self.window.files.project
        unfinished = document.unfinished
        shown = unfinished.after if unfinished is not None else document.committed_layout
        if project is None:
            return [["", layout_to_dict(shown)]]
        sheets = [(each.name, shown if each is project.current else each.layout) for each in project.sheets]
        return [[name, layout_to_dict(layout)] for name, layout in sheets]

    def note(self, what: str, **more: Any) -> None:
        """Write a line into the log, durably."""
        line = {"at": time.time(), "what": what, **more}
        os.write(self._log, json.dumps(line).encode() + b"\n")
        os.fsync(self._log)

    def done(self) -> None:
        """Note what the window holds after an event."""
        self.note("state", state=self.state(), saved=not self.window.files.modified)

    async def live(self, path: Path) -> None:
        """Begin with what there is, then edit for ever."""
        while not (self.session.ready and self.window.files.file == path):
            await asyncio.sleep(0.01)
        offered = [button for button in self.window.messages.buttons if button.text() == "Bring it back"]
        if offered:
            QTest.mouseClick(offered[0], Qt.MouseButton.LeftButton)
        self.note("now", state=self.state(), offered=bool(offered))
        sys.stdout.write("now\n")
        sys.stdout.flush()
        acts = {
            self.draw: 6,
            self.move: 2,
            self.drag: 2,
            self.annotate: 2,
            self.delete: 1,
            self.go_back: 1,
            self.save: 1,
        }
        acts[self.add] = 1
        while True:
            await self.pause()
            await self.chance.choices(list(acts), list(acts.values()))[0]()

    async def pause(self, longest: float = 0.15) -> None:
        """Between two events a person takes a moment; the program goes on meanwhile."""
        await asyncio.sleep(self.chance.uniform(0.0, longest))

    async def key(self, widget: QWidget, key: Any, keys: Any = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key."""
        self.note("begin")
        QTest.keyClick(widget, key, keys)
        self.done()
        await self.pause()

    async def type(self, widget: QWidget) -> None:
        """Type a few words, letter by letter."""
        for letter in " ".join(self.chance.sample(WORDS, self.chance.randint(1, 5))):
            await self.key(widget, letter)

    async def pull(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag the mouse from one place of the picture to another."""
        self.note("begin")
        self.hand.press(*start)
        for part in (0.25, 0.5, 0.75, 1.0):
            self.hand.move(start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part)
            self.done()
            await self.pause()
            self.note("begin")
        self.hand.release(*end)
        self.done()

    def _somewhere(self) -> tuple[float, float]:
        layout = self.window.document.layout
        return self.chance.uniform(0, layout.width), self.chance.uniform(0, layout.height)

    async def draw(self) -> None:
        """A new box and its name."""
        if len(self.window.document.layout.objects) >= MOST:
            await self.delete()
            return
        QTest.keyClick(self.window.canvas, Qt.Key.Key_Escape)
        await self.pull(self._somewhere(), self._somewhere())
        editor = self.window.canvas.editor
        if editor.open:
            await self.type(editor)
            await self.key(editor, Qt.Key.Key_Escape if self.chance.random() < 0.1 else Qt.Key.Key_Return)

    async def pick(self) -> bool:
        """Select a box by a click; whether there is any."""
        objects = self.window.document.layout.objects
        if not objects:
            return False
        box, layout = self.chance.choice(objects).box, self.window.document.layout
        self.hand.click((box.x0 + box.x1) / 2 * layout.width, (box.y0 + box.y1) / 2 * layout.height)
        self.done()
        await self.pause()
        return bool(self.window.document.selection)

    async def move(self) -> None:
        """A box by the arrow keys."""
        if await self.pick():
            arrow = self.chance.choice([Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down])
            for _ in range(self.chance.randint(1, 6)):
                await self.key(self.window.canvas, arrow)

    async def drag(self) -> None:
        """A box by the mouse."""
        if await self.pick():
            layout, box = self.window.document.layout, self.window.document.selected[-1].box
            centre = ((box.x0 + box.x1) / 2 * layout.width, (box.y0 + box.y1) / 2 * layout.height)
            await self.pull(centre, self._somewhere())

    async def delete(self) -> None:
        """A box."""
        if await self.pick():
            await self.key(self.window.canvas, Qt.Key.Key_Delete)

    async def go_back(self) -> None:
        """Undo some changes, and redo some of them."""
        steps = self.chance.randint(1, 4)
        for _ in range(steps):
            await self.key(self.window, Qt.Key.Key_Z, CTRL)
        for _ in range(self.chance.randint(0, steps)):
            await self.key(self.window, Qt.Key.Key_Z, CTRL | SHIFT)

    async def annotate(self) -> None:
        """Write notes on a box."""
        if await self.pick():
            notes = self.window.objects.details.notes
            QTest.mouseClick(notes.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
            await self.type(notes)
            await self.key(notes, Qt.Key.Key_Return, CTRL)
            self.window.canvas.setFocus()

    async def save(self) -> None:
        """Save the file."""
        sys.stdout.write("save\n")
        sys.stdout.flush()
        await self.key(self.window, Qt.Key.Key_S, CTRL)

    async def add(self) -> None:
        """A layout to the project, or go to another one."""
        project, panel = self.window.files.project, self.window.library.project.panel
        if project is None or not panel.isVisible():
            return
        self.note("begin")
        if len(project.sheets) < MOST:
            QTest.mouseClick(panel.add, Qt.MouseButton.LeftButton)
        else:
            project.switch(self.chance.randrange(len(project.sheets)))
        self.done()


def start(session: Session, paths: Sequence[str], *, generate: bool) -> None:
    """As ``Session.start``, with an editor."""
    _start(session, paths, generate=generate)
    editor = Editor(session, Path(sys.argv[3]), random.Random(int(sys.argv[4])))
    task = asyncio.get_running_loop().create_task(editor.live(Path(paths[0])))
    task.add_done_callback(_end)


def _end(editing: asyncio.Task[None]) -> None:
    """Editing never ends unless it fails: whoever waits for the next line is not left waiting."""
    traceback.print_exception(editing.exception())
    os._exit(1)


if __name__ == "__main__":
    _start, Session.start = Session.start, start  # type: ignore[method-assign]
    sys.exit(run_gui([sys.argv[1]], settings_folder=Path(sys.argv[2])))
