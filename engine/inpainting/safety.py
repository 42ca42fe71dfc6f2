"""The safety checker that some models bring: whether it looks, and that a picture it blanks is no result."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine.errors import BoxpaintError
from engine.inpainting.settings import GenerationSettings
from engine.models.card import ModelCard


def checker_state(settings: GenerationSettings, card: ModelCard) -> str:
    """``on``, ``off``, or ``none`` where the model has no checker, as a run's record tells it.

    Raises:
        BoxpaintError: A checker is asked for that the model does not have.
    """
    if not card.has_checker:
        if settings.safety_checker == "on":
            raise BoxpaintError(
                f"{card.name} has no safety checker.",
                "settings",
                file=str(card.folder),
                field="safety_checker",
                hint="Leave the setting out, or use a model that has one (`boxpaint models list` tells).",
            )
        return "none"
    return settings.safety_checker or card.safety_checker


@contextmanager
def looking_away(pipeline: Any, state: str) -> Iterator[None]:
    """Take a pipeline's checker off for a call when it is ``off``; it is there again for the next run."""
    checker = getattr(pipeline, "safety_checker", None)
    if state != "off" or checker is None:
        yield
        return
    pipeline.safety_checker = None
    try:
        yield
    finally:
        pipeline.safety_checker = checker


def refuse_blanked(output: Any) -> None:
    """Refuse a pipeline's output that its checker has blanked: a black picture is not what was asked for.

    Raises:
        BoxpaintError: It took a picture for unfit for work.
    """
    if any(getattr(output, "nsfw_content_detected", None) or ()):
        raise BoxpaintError(
            "the model's safety checker took the picture for unfit for work and blanked it.",
            "safety",
            hint="Use another seed or other words. If it errs, --safety-checker off switches it off.",
        )
