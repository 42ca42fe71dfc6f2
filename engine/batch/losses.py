"""Items whose painter ended in the middle: they are painted again, unless they take several painters along."""

from __future__ import annotations

from engine.batch.ledger import Ledger
from engine.errors import BoxpaintError


class Losses:
    """Counts the painters that each item lost.

    Args:
        ledger: The export's state.
        most: So many painters may end while they paint an item; with the last of them it counts as failed.
        hint: What may have happened, for people.
    """

    def __init__(self, ledger: Ledger, *, most: int, hint: str) -> None:
        self._ledger = ledger
        self._most = most
        self._hint = hint
        self._counts: dict[int, int] = {}

    def lost(self, identity: int, key: tuple[str, str, str], how: str) -> None:
        """Note that the painter of an item ended; the item is open again, or failed."""
        self._counts[identity] = self._counts.get(identity, 0) + 1
        if self._counts[identity] < self._most:
            self._ledger.release(identity)
            return
        often = "twice" if self._most == 2 else f"{self._most} times"
        message = f"the process that painted it ended {often} ({how})."
        self._ledger.fail(identity, BoxpaintError(message, "engine", item="/".join(key), hint=self._hint))
