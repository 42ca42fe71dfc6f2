"""Model cards: what a model was trained on, for how long, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class TrainingFacts:
    """What a finished training can say about itself.

    Attributes:
        kind: ``autoencoder``, ``inpainter``, ``single-step`` or ``detector``.
        pictures, boxes: How many it was trained on.
        samples, steps: How long it was trained.
        minutes: Wall-clock time over all resumptions.
        settings: The settings that the result depends on.
        figures: What was measured on held-out pictures, by name.
    """

    kind: str
    pictures: int
    boxes: int
    samples: int
    steps: int
    minutes: float
    settings: dict[str, Any]
    figures: dict[str, float] = field(default_factory=dict)


def pipeline_card(facts: TrainingFacts) -> str:
    """README of an inpainting pipeline."""
    intro = (
        "A diffusers `StableDiffusionInpaintPipeline`, trained by Boxpaint on the tasks of IterInpaint "
        "(arXiv 2304.06671).\nPrompts: `Add <object>` paints an object into the mask, `Add gray background` the ground."
    )
    return _card("Inpainting pipeline", intro, facts, "StableDiffusionInpaintPipeline")


def single_step_card(facts: TrainingFacts) -> str:
    """README of a single-step sibling."""
    form = {
        "reco": "phrases and coordinate tokens, as in ReCo",
        "ldm": "class and corner tokens, as in the LDM baseline",
    }
    intro = (
        "A diffusers `StableDiffusionPipeline`, trained by Boxpaint to paint a whole layout in one call.\n"
        f"Prompt: {form[facts.settings['prompt']]} (`engine/inpainting/prompts.py`)."
    )
    return _card("Single-step pipeline", intro, facts, "StableDiffusionPipeline")


def autoencoder_card(facts: TrainingFacts) -> str:
    """README of an autoencoder."""
    return _card("Autoencoder", "A diffusers `AutoencoderTiny`, trained by Boxpaint.", facts, "AutoencoderTiny")


def detector_card(facts: TrainingFacts) -> str:
    """README of a detector."""
    intro = "A convolutional centre-heat-map detector (`engine/detection/network.py`), trained by Boxpaint."
    return _card("Detector", intro, facts, "boxpaint")


def _card(title: str, intro: str, facts: TrainingFacts, library: str) -> str:
    rows = [
        ("Pictures", str(facts.pictures)),
        ("Boxes", str(facts.boxes)),
        ("Samples", str(facts.samples)),
        ("Steps", str(facts.steps)),
        ("Minutes", f"{facts.minutes:.1f}"),
        *((name, f"{value:.3f}") for name, value in facts.figures.items()),
    ]
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    settings = "\n".join(f"- {name}: {value}" for name, value in sorted(facts.settings.items()))
    return (
        f"---\nlicense: apache-2.0\nlibrary_name: {library}\n---\n\n# {title}\n\n{intro}\n\n"
        f"| | |\n|---|---|\n{table}\n\nSettings:\n\n{settings}\n"
    )
