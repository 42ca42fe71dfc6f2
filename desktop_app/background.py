"""Work that takes long, done in a thread while the window goes on; the latest task is the one that counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

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
        self._under_way: set[asyncio.Future[Any]] = set()
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
        future = asyncio.get_running_loop().run_in_executor(None, work)
        self._under_way.add(future)
        # Not by a task: `done` may open a dialog that waits for an answer, and while a task is inside such a dialog's
        # event loop no other task can go on, not even the one that follows a run.
        future.add_done_callback(partial(self._finished, token, done, failed))
        self.busy_changed.emit(True)

    def forget(self) -> None:
        """Nothing that is under way is wanted any more."""
        if self._latest is not None:
            self._latest = None
            self.busy_changed.emit(False)

    async def close(self) -> None:
        """Wait until no thread is at work."""
        self.forget()
        if self._under_way:
            await asyncio.wait(self._under_way)

    def _finished(
        self,
        token: object,
        done: Callable[[Result], object],
        failed: Callable[[Exception], object],
        future: asyncio.Future[Result],
    ) -> None:
        self._under_way.discard(future)
        current = self._ended(token)
        try:
            result = future.result()
        except Exception as error:  # noqa: BLE001  told to the user by whoever asked for the work
            if current:
                failed(error)
            else:
                logger.info("Work that nobody waits for any more failed: %s", sentence(error))
        else:
            if current:
                done(result)

    def _ended(self, token: object) -> bool:
        """Whether the task with this token is the latest, which is over then."""
        if self._latest is not token:
            return False
        self._latest = None
        self.busy_changed.emit(False)
        return True
