"""Random draws that are the same on every machine and with every NumPy."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


class Draws:
    """A stream of random numbers for one scene.

    NumPy promises the raw output of its bit generators and seed sequences, but not what its distributions make of it;
    so only the raw 64-bit words are taken from it. Each scene has a stream of its own: scene 17 is the same whether
    10 or 1,000 scenes are made.
    """

    def __init__(self, seed: int, name: str, index: int) -> None:
        entropy = [seed & 0xFFFFFFFF, seed >> 32, zlib.crc32(name.encode()), index]
        self._raw = np.random.Philox(np.random.SeedSequence(entropy))

    def unit(self) -> float:
        """A number in [0, 1)."""
        return (int(self._raw.random_raw()) >> 11) * 2.0**-53

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.whole(0, len(items) - 1)]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in another order."""
        left = list(items)
        return [left.pop(self.whole(0, len(left) - 1)) for _ in range(len(left))]
