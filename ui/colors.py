"""The colour of an object: its own, else its CLEVR colour word's, else one of a safe palette. No Qt."""

from __future__ import annotations

import zlib
from functools import lru_cache

from engine.layout import LayoutObject
from engine.layout.notes import own_color
from engine.layout.vocabulary import clevr_color

CLEVR_COLORS: dict[str, tuple[int, int, int]] = {
    "gray": (172, 171, 174),
    "red": (246, 25, 0),
    "blue": (112, 141, 227),
    "green": (74, 209, 58),
    "brown": (153, 112, 91),
    "purple": (142, 77, 251),
    "cyan": (85, 248, 251),
    "yellow": (253, 236, 49),
}
"""The generator's colours by their names, in shades that differ in brightness too: people with a colour vision
deficiency can tell them apart (a test measures it)."""

SAFE_PALETTE: tuple[tuple[int, int, int], ...] = (
    (94, 114, 190),
    (230, 159, 0),
    (0, 158, 115),
    (204, 121, 167),
    (86, 180, 233),
    (213, 94, 0),
    (235, 236, 33),
    (106, 252, 238),
)
"""After Okabe and Ito, Color Universal Design (2008); its black, which vanishes on pictures, is replaced, its yellow
and blue are brighter, and all differ for people with a colour vision deficiency (a test measures it)."""

EMPTY: tuple[int, int, int] = (110, 118, 129)


@lru_cache(maxsize=4096)
def object_color(prompt: str) -> tuple[int, int, int]:
    """The colour of every object with this prompt, as 8-bit RGB."""
    word = clevr_color(prompt)
    if word is not None:
        return CLEVR_COLORS[word]
    if not prompt.strip():
        return EMPTY
    # crc32, not hash(): the same prompt has the same colour in every session.
    return SAFE_PALETTE[zlib.crc32(prompt.strip().lower().encode()) % len(SAFE_PALETTE)]


def color_of(item: LayoutObject) -> tuple[int, int, int]:
    """The colour that the object was given, else that of its prompt, as 8-bit RGB."""
    own = own_color(item) if item.extra else None
    return own if own is not None else object_color(item.prompt)


def luminance(color: tuple[int, int, int]) -> float:
    """Relative luminance in [0, 1] (WCAG 2.2)."""
    parts = [value / 255 for value in color]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Contrast ratio, 1 … 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def text_on(color: tuple[int, int, int]) -> tuple[int, int, int]:
    """Black or white, whichever reads better on ``color``."""
    black, white = (0, 0, 0), (255, 255, 255)
    return white if contrast(white, color) >= contrast(black, color) else black
