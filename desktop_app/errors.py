"""What happens to exceptions that nobody expected: logged with everything, shown as one sentence."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

from engine.errors import BoxpaintError

logger = logging.getLogger("boxpaint")


def sentence(error: BaseException) -> str:
    """What the user is told about an error."""
    if isinstance(error, BoxpaintError):
        return str(error)
    return f"Something unexpected went wrong ({type(error).__name__}: {error}). Your layout is intact; please save it."


class UnexpectedErrors:
    """Catches what slots and tasks let through, for as long as it is installed."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self._former = sys.excepthook

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take over Python's hook and the event loop's."""
        sys.excepthook = self._caught
        loop.set_exception_handler(self._caught_in_loop)

    def remove(self) -> None:
        """Give Python's hook back."""
        sys.excepthook = self._former

    def _caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._former(kind, error, trace)
            return
        logger.error("Unexpected error", exc_info=(kind, error, trace))
        self._show(sentence(error))

    def _caught_in_loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is None:
            loop.default_exception_handler(context)
        else:
            self._caught(type(error), error, error.__traceback__)
