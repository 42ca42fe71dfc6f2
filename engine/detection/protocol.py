"""What every detector can do, whatever network is inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PIL import Image

from engine.events import Detection


class Detector(Protocol):
    """Finds labelled objects in pictures."""

    @property
    def name(self) -> str:
        """Name shown to people."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that it can give, in the order of its classes."""
        ...

    def detect(self, images: Sequence[Image.Image]) -> list[list[Detection]]:
        """What is in each picture, best score first, with no threshold beyond the detector's own floor.

        Raises:
            BoxpaintError: The network gave numbers that are none.
        """
        ...
