"""Reads layout files for the window: small ones at once, large ones in a thread; asks what a file leaves open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop_app.background import Background
from desktop_app.errors import sentence
from desktop_app.questions import Questions
from engine.errors import BoxpaintError

if TYPE_CHECKING:
    from engine.formats.dataset import Dataset
    from engine.formats.source import ReadOptions

LARGE = 2**19
"""Bytes from which on a file is read in a thread, as every folder is."""
LARGE_PACKED = 2**14
"""The same for projects and pictures, whose layouts unpack to up to a thousand times as much."""
_PACKED = (b"PK", b"\x89P")


class Reader(QObject):
    """Turns paths into datasets."""

    def __init__(self, questions: Questions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self.background = Background(self)

    def read(
        self,
        path: Path,
        done: Callable[[Dataset], bool],
        failed: Callable[[str], object],
        options: ReadOptions | None = None,
    ) -> bool:
        """Read a file or folder and hand its dataset to ``done``, or a sentence to ``failed``.

        Returns:
            What ``done`` returned; True while a thread is still reading; False after a failure.
        """
        # The formats are imported when a file is first opened: the window's start is measured.
        from engine.formats.source import ReadOptions

        options = replace(options or ReadOptions(), skip_broken=True)

        def work() -> Dataset:
            return read_dataset(path, options)

        def finish(dataset: Dataset) -> bool:
            accepted = self._accept(dataset, path, options)
            return accepted is not None and done(accepted)

        def refuse(error: Exception) -> bool:
            return self._refused(path, error, done, failed, options)

        if is_large(path):
            self.background.run(work, finish, refuse)
            return True
        try:
            dataset = work()
        except BoxpaintError as error:
            return refuse(error)
        return finish(dataset)

    def _accept(self, dataset: Dataset, path: Path, options: ReadOptions) -> Dataset | None:
        """The dataset, once the user has seen how its boxes were read if that was a guess."""
        guess = dataset.guess
        if guess is None or guess.decided or not any(entry.layout.objects for entry in dataset.entries):
            return dataset
        return self._questions.accept_reading(
            dataset, lambda reading: read_dataset(path, replace(options, boxes=reading))
        )

    def _refused(
        self,
        path: Path,
        error: Exception,
        done: Callable[[Dataset], bool],
        failed: Callable[[str], object],
        options: ReadOptions,
    ) -> bool:
        if isinstance(error, BoxpaintError) and error.field == "size" and options.size is None:
            size = self._questions.picture_size(path.name)
            return size is not None and self.read(path, done, failed, replace(options, size=size))
        failed(sentence(error))
        return False


def is_large(path: Path) -> bool:
    """Whether reading may take longer than a blink."""
    try:
        if not path.is_file():
            return path.is_dir()
        size = path.stat().st_size
        with path.open("rb") as file:
            return size >= (LARGE_PACKED if file.read(2) in _PACKED else LARGE)
    except OSError:
        return False  # reading will say what is wrong


def read_dataset(path: Path, options: ReadOptions) -> Dataset:
    """The dataset in a file or folder; may be called in a thread.

    Raises:
        BoxpaintError: As `registry.read`.
    """
    from engine.formats.registry import read

    return read(path, size=options.size, boxes=options.boxes, skip_broken=options.skip_broken)
