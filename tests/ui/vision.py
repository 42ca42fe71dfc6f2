"""How colours look to people with a colour vision deficiency, and how far apart they are.

The matrices are those for severity 1.0 of G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15 (2009); they work on linear RGB.
Distances are Euclidean in OKLab (B. Ottosson, "A perceptual color space for image processing", 2020), where black and
white are 1 apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

RGB = tuple[int, int, int]

VISIONS = {
    "usual": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}

_TO_CONES = ((0.4122214708, 0.5363325363, 0.0514459929), (0.2119034982, 0.6806995451, 0.1073969566))
_TO_CONES += ((0.0883024619, 0.2817188376, 0.6299787005),)
_TO_LAB = ((0.2104542553, 0.7936177850, -0.0040720468), (1.9779984951, -2.4285922050, 0.4505937099))
_TO_LAB += ((0.0259040371, 0.7827717662, -0.8086757660),)


def distance(one: RGB, other: RGB, vision: str = "usual") -> float:
    """How far apart two colours are to somebody with this vision."""
    pairs = zip(_lab(one, vision), _lab(other, vision), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def closest(colors: Iterable[RGB]) -> tuple[float, str, RGB, RGB]:
    """The two colours that are hardest to tell apart, and to whom."""
    pairs = list(combinations(colors, 2))
    return min((distance(one, other, vision), vision, one, other) for vision in VISIONS for one, other in pairs)


def _lab(color: RGB, vision: str) -> list[float]:
    linear = [_linear(value / 255) for value in color]
    seen = [min(max(value, 0.0), 1.0) for value in _times(VISIONS[vision], linear)]
    return _times(_TO_LAB, [value ** (1 / 3) for value in _times(_TO_CONES, seen)])


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _times(matrix: Iterable[Iterable[float]], vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]
