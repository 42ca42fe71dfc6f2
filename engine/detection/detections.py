"""What a detector finds: plain values."""

from __future__ import annotations

from dataclasses import dataclass

from engine.layout import Box


@dataclass(frozen=True, slots=True)
class Detection:
    """One object found in a picture.

    Attributes:
        box: Where it is, normalised to the picture.
        label: What it is, one of the detector's labels.
        score: How sure the detector is, 0 … 1.
    """

    box: Box
    label: str
    score: float
