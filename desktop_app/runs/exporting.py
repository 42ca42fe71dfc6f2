"""Getting pictures of a run out of the window: as files or to the clipboard."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.errors import BoxpaintError
from ui.message_bar import Severity
from ui.timeline.model import FrameKind

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow
    from engine.runs.export import Cell

PICTURES = "PNG (*.png);;WebP (*.webp);;JPEG (*.jpg)"
FILMS = "WebP (*.webp);;GIF (*.gif);;MP4 (*.mp4)"

Ask = Callable[[str, str, str], "Path | None"]
"""From a title, a suggested file and kinds of files to the file to write; None to leave it."""


def ask_for_file(parent: QWidget) -> Ask:
    """Asks by the usual dialog."""

    def ask(title: str, suggestion: str, kinds: str) -> Path | None:
        name, chosen = QFileDialog.getSaveFileName(parent, title, suggestion, kinds)
        if not name:
            return None
        # "PNG (*.png)": the ending of the kind that was chosen, where none was typed.
        return Path(name) if Path(name).suffix else Path(f"{name}.{chosen.partition('*.')[2].rstrip(')')}")

    return ask


class Exporting(QObject):
    """Saves and copies frames, steps, strips, contact sheets and films of the shown run."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._run = window.run_model
        self.ask: Ask = ask_for_file(window)
        self._tasks: set[asyncio.Task[None]] = set()

    def slots(self) -> dict[str, Callable[[], object]]:
        """The functions of the commands."""
        return {
            "save_frame": self.save_frame,
            "save_step": self.save_step,
            "save_strip": self.save_strip,
            "save_sheet": self.save_sheet,
            "save_film": self.save_film,
            "copy_frame": self.copy_frame,
            "copy_strip": self.copy_strip,
            "copy_sheet": self.copy_sheet,
        }

    # -- single frames

    def _frame(self) -> QImage | None:
        position = self._run.position
        image = self._window.viewer.composer.picture(position).image if position is not None else None
        if image is None:
            self._window.messages.show_message(self.tr("There is no frame to save: show one in the timeline first."))
        return image

    def copy_frame(self) -> None:
        """Put the shown frame on the clipboard."""
        image = self._frame()
        if image is not None:
            QGuiApplication.clipboard().setImage(image)
            self._window.messages.show_message(self.tr("The frame is on the clipboard."))

    def save_frame(self) -> None:
        """Save the shown frame in a file; the final picture keeps the layout that it carries."""
        image, position = self._frame(), self._run.position
        if image is None or position is None:
            return
        name = f"{self._run.run}-{position.step + 1:03d}-{position.kind.value}"
        target = self.ask(self.tr("Save the frame"), self._suggest(f"{name}.png"), PICTURES)
        if target is None:
            return
        path = self._run.frame_path(position)
        if path is not None and position.kind is not FrameKind.PREVIEW:
            self._do(lambda: _copy_picture(Path(path), target), target)
            return
        self._do(lambda: _write_image(image, target), target)

    def save_step(self) -> None:
        """Save the shown step's pictures beside each other: context, mask, raw output and composite."""
        view = self._run.shown
        if view is None or not view.frames:
            self._frame()
            return
        cells = [(path, kind.value) for kind, path in view.frames.items()]
        name = f"{self._run.run}-{view.step.index + 1:03d}.png"
        self._save_sheet(self.tr("Save the step"), name, lambda: _cells(cells), columns=len(cells))

    # -- whole runs

    def _composites(self) -> list[str]:
        found = [view.frames[FrameKind.COMPOSITE] for view in self._run.steps if FrameKind.COMPOSITE in view.frames]
        if not found:
            self._window.messages.show_message(self.tr("There is no finished step yet."))
        return found

    def _step_cells(self) -> list[tuple[str, str]]:
        return [
            (view.frames[FrameKind.COMPOSITE], f"{view.step.index + 1}. {view.label}")
            for view in self._run.steps
            if FrameKind.COMPOSITE in view.frames
        ]

    def save_strip(self) -> None:
        """Save all steps beside each other."""
        paths = self._composites()
        if paths:
            name = f"{self._run.run}-strip.png"
            cells = [(path, "") for path in paths]
            self._save_sheet(self.tr("Save the strip"), name, lambda: _cells(cells), columns=len(cells))

    def copy_strip(self) -> None:
        """Put all steps beside each other on the clipboard."""
        paths = self._composites()
        if paths:
            self._copy_sheet([(path, "") for path in paths], columns=len(paths))

    def save_sheet(self) -> None:
        """Save all steps with their names as a contact sheet."""
        cells = self._step_cells()
        if cells or self._composites():
            self._save_sheet(self.tr("Save the contact sheet"), f"{self._run.run}-sheet.png", lambda: _cells(cells))

    def copy_sheet(self) -> None:
        """Put the contact sheet on the clipboard."""
        cells = self._step_cells()
        if cells or self._composites():
            self._copy_sheet(cells)

    def save_film(self) -> None:
        """Save the run as a film: GIF, WebP or MP4."""
        paths = self._composites()
        if not paths:
            return
        target = self.ask(self.tr("Save as a film"), self._suggest(f"{self._run.run}.webp"), FILMS)
        if target is None:
            return
        seconds = 1 / self._window.timeline.player.speed

        def work() -> None:
            from engine.runs.export import save_animation

            save_animation(paths, target, seconds=seconds)

        self._do(work, target)

    def save_cells(self, cells: list[tuple[str, str]], columns: int, name: str) -> None:
        """Ask for a file and write these pictures (file, words) to it as a contact sheet."""
        self._save_sheet(self.tr("Save the contact sheet"), f"{name}.png", lambda: _cells(cells), columns=columns)

    def write_cells(self, cells: list[tuple[str, str]], columns: int, target: Path) -> None:
        """Write these pictures (file, words) to a file as a contact sheet."""

        def work() -> None:
            from engine.runs.export import save_picture, sheet

            save_picture(sheet(_cells(cells), columns=columns), target)

        self._do(work, target)

    # -- doing it beside the window's work

    def _save_sheet(self, title: str, name: str, cells: Callable[[], list[Cell]], *, columns: int = 5) -> None:
        target = self.ask(title, self._suggest(name), PICTURES)
        if target is None:
            return

        def work() -> None:
            from engine.runs.export import save_picture, sheet

            save_picture(sheet(cells(), columns=columns), target)

        self._do(work, target)

    def _copy_sheet(self, cells: list[tuple[str, str]], *, columns: int = 5) -> None:
        def work() -> bytes:
            from engine.runs.export import sheet

            buffer = io.BytesIO()
            sheet(_cells(cells), columns=columns).save(buffer, "PNG", compress_level=1)
            return buffer.getvalue()

        async def copy() -> None:
            content = await asyncio.get_running_loop().run_in_executor(None, work)
            QGuiApplication.clipboard().setImage(QImage.fromData(content))
            self._window.messages.show_message(self.tr("The picture is on the clipboard."))

        self._start(copy())

    def _do(self, work: Callable[[], None], target: Path) -> None:
        async def save() -> None:
            await asyncio.get_running_loop().run_in_executor(None, work)
            folder = QUrl.fromLocalFile(str(target.parent))
            self._window.messages.show_message(
                self.tr("Saved as {}.").format(target),
                actions=((self.tr("Show the folder"), lambda: QDesktopServices.openUrl(folder)),),
            )

        self._start(save())

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        async def guarded() -> None:
            try:
                await work
            except BoxpaintError as error:
                self._window.messages.show_message(str(error), Severity.ERROR)

        task = asyncio.get_running_loop().create_task(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def busy(self) -> bool:
        """Whether something is being written."""
        return bool(self._tasks)

    def _suggest(self, name: str) -> str:
        return str(Path(self._window.files.folder) / name)

    async def close(self) -> None:
        """Wait for what is being written."""
        if self._tasks:
            await asyncio.wait(self._tasks)


def _cells(entries: list[tuple[str, str]]) -> list[Cell]:
    from engine.runs.export import Cell

    return [Cell(path, title) for path, title in entries]


def _copy_picture(source: Path, target: Path) -> None:
    from engine.runs.export import copy_picture

    copy_picture(source, target)


def _write_image(image: QImage, target: Path) -> None:
    from PIL import Image

    from engine.runs.export import save_picture

    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    stride = plain.bytesPerLine()
    picture = Image.frombuffer(
        "RGB", (plain.width(), plain.height()), bytes(plain.constBits()), "raw", "RGB", stride, 1
    )
    save_picture(picture, target)
