"""What every detector can do, whatever network is inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from PIL import Image

from engine.errors import BoxpaintError
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

    @property
    def notes(self) -> tuple[str, ...]:
        """What was taken for granted when it was loaded, in sentences for people; mostly nothing."""
        ...

    def detect(self, images: Sequence[Image.Image]) -> list[list[Detection]]:
        """What is in each picture, best score first, with no threshold beyond the detector's own floor.

        Raises:
            BoxpaintError: The network gave numbers that are none.
        """
        ...


@runtime_checkable
class OpenVocabulary(Protocol):
    """A detector that looks for what it is told to; until then it has no labels."""

    def asked_for(self, labels: Sequence[str]) -> Detector:
        """The same network, looking for these things."""
        ...


def told_nothing(name: str) -> BoxpaintError:
    """The error of an open-vocabulary detector that nobody told what to look for."""
    return BoxpaintError(
        f"the detector {name} looks for what it is told, and was told nothing.",
        "usage",
        field="--labels",
        hint="Give layouts, whose prompts it takes, or --labels.",
    )


def asked(detector: Detector, labels: Sequence[str]) -> Detector:
    """The detector, told what to look for if it has to be told."""
    return detector.asked_for(labels) if isinstance(detector, OpenVocabulary) else detector
