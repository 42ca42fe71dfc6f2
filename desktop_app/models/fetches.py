"""Models on their way here: one at a time in a process of its own, the others wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop_app.child import Child, Ended
from engine.progress import readable, readable_bytes


@dataclass(frozen=True, slots=True)
class Wish:
    """A model that is to be fetched: its name, and what the command is to fetch, as its words."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a fetch is: bytes here, bytes in all (0 until it is known), and words about it."""

    done: int = 0
    total: int = 0
    text: str = ""


class Fetches(QObject):
    """The model that is fetched and those that wait. What is stopped stays on the disk and is continued when asked."""

    moved = Signal()
    """Something began, ended or went on."""
    fetched = Signal(str)
    """This model is here."""
    failed = Signal(str, str)
    """This model could not be fetched, and why."""

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self.child = Child(self)
        self.child.progressed.connect(self._progressed)
        self.child.ended.connect(self._ended)
        self.current: Wish | None = None
        """The model that is fetched."""
        self.waiting: list[Wish] = []
        self.standing = Standing()
        self._began = (0.0, 0)
        self._stopping = False
        self._again = False

    @property
    def names(self) -> list[str]:
        """Every model that is fetched or waits."""
        wishes = [self.current, *self.waiting] if self.current is not None else self.waiting
        return [wish.name for wish in wishes]

    def add(self, wish: Wish) -> None:
        """Fetch a model, after those that wait."""
        if wish == self.current and self._stopping:
            self._again = True  # its process is still ending
        elif wish.name not in self.names:
            self.waiting.append(wish)
        self._next()
        self.moved.emit()

    def pause(self, name: str) -> None:
        """Let a model be, with what is here of it; the next one has its turn."""
        self.waiting = [wish for wish in self.waiting if wish.name != name]
        if self.current is not None and self.current.name == name:
            self._stopping, self._again = True, False
            self.child.stop()
        self.moved.emit()

    async def close(self) -> None:
        """Stop everything."""
        self.waiting.clear()
        await self.child.close()

    def _next(self) -> None:
        if self.current is not None or not self.waiting:
            return
        self.current = self.waiting.pop(0)
        self._stopping = self._again = False
        self.standing = Standing(text=self.tr("asking the hub…"))
        self._began = (0.0, -1)
        self.child.start(["models", "fetch", *self.current.words])

    def _progressed(self, _what: str, done: int, total: int) -> None:
        now = self._clock()
        if self._began[1] < 0:
            self._began = (now, done)
        seconds, received = now - self._began[0], done - self._began[1]
        text = self.tr("{0} of {1}").format(readable_bytes(done), readable_bytes(total))
        if done >= total:
            text = self.tr("putting it together…")
        elif seconds > 0.5 and received > 0:
            speed = received / seconds
            told = self.tr("{0}, {1}/s, about {2} left")
            text = told.format(text, readable_bytes(speed), readable((total - done) / speed))
        self.standing = Standing(done, total, text)
        self.moved.emit()

    def _ended(self, ended: Ended) -> None:
        wish, self.current = self.current, None
        if wish is None:
            return
        if self._again:
            self.waiting.insert(0, wish)
        self._next()
        if ended.problem:
            self.failed.emit(wish.name, ended.problem)
        elif not ended.stopped:
            self.fetched.emit(wish.name)
        self.moved.emit()
