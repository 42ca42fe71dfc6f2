"""The tools of the canvas."""

from __future__ import annotations

from enum import StrEnum


class Tool(StrEnum):
    """What a drag on an empty place does: draw a box, or select with a rubber band."""

    SELECT = "select"
    DRAW = "draw"
