"""Where a ruler has its marks. Pure values, no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

ROOM = 56.0
"""Screen pixels that a number needs."""

_NEAREST = 5.0
"""Screen pixels between the smallest marks, at least."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """The marks of a ruler, in picture pixels.

    Attributes:
        step: Spacing of the marks with a number: 1, 2 or 5 times a power of ten.
        part: Spacing of the small marks; a whole number of them makes a step.
    """

    step: int
    part: int

    def numbered(self, low: float, high: float) -> range:
        """The marks with a number from ``low`` to ``high``."""
        return _multiples(self.step, low, high)

    def small(self, low: float, high: float) -> range:
        """All marks from ``low`` to ``high``."""
        return _multiples(self.part, low, high)


def ticks(scale: float) -> Ticks:
    """Marks that can be read at ``scale`` screen pixels per picture pixel; never finer than a pixel."""
    least = max(ROOM / scale, 1.0)
    power = 10 ** math.floor(math.log10(least))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least - 1e-9)
    parts = next((number for number in (10, 5, 2) if step % number == 0 and step / number * scale >= _NEAREST), 1)
    return Ticks(step, step // parts)


def _multiples(step: int, low: float, high: float) -> range:
    return range(math.ceil(low / step) * step, math.floor(high / step) * step + 1, step)
