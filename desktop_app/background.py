"""Work that takes long, done in a thread while the window goes on; the latest task is the one that counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop_app.errors import logger, sentence

Result = TypeVar("Result")


class Background(QObject):
    """Runs tasks of one kind. A task that is begun while another is under way replaces it: only its result is told.

    A thread cannot be stopped in the middle; what a task that was replaced returns is dropped.
    """

    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: set[asyncio.Task[None]] = set()
        self._latest: object = None

    @property
    def busy(self) -> bool:
        """Whether the latest task is under way."""
        return self._latest is not None

    def run(
        self, work: Callable[[], Result], done: Callable[[Result], object], failed: Callable[[Exception], object]
    ) -> None:
        """Call ``work`` in a thread, then ``done`` with what it returned, or ``failed`` with the exception, here."""
        token = self._latest = object()
        task = asyncio.get_running_loop().create_task(self._follow(token, work, done, failed))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.busy_changed.emit(True)

    def forget(self) -> None:
        """Nothing that is under way is wanted any more."""
        if self._latest is not None:
            self._latest = None
            self.busy_changed.emit(False)

    async def close(self) -> None:
        """Wait until no thread is at work."""
        self.forget()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _follow(
        self,
        token: object,
        work: Callable[[], Result],
        done: Callable[[Result], object],
        failed: Callable[[Exception], object],
    ) -> None:
        try:
            result = await asyncio.get_running_loop().run_in_executor(None, work)
        except Exception as error:  # noqa: BLE001  told to the user by whoever asked for the work
            if self._ended(token):
                failed(error)
            else:
                logger.info("Work that nobody waits for any more failed: %s", sentence(error))
        else:
            if self._ended(token):
                done(result)

    def _ended(self, token: object) -> bool:
        """Whether the task with this token is the latest, which is over then."""
        if self._latest is not token:
            return False
        self._latest = None
        self.busy_changed.emit(False)
        return True
