"""Waves: which steps of a plan can be painted together without changing its pictures.

A step may share a call with earlier steps if none of them, nor any that has to wait for them, paints where it looks.
Each then gets exactly the input that it would get in its turn; only the rounding of a batched call differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.inpainting.areas import make_area
from engine.inpainting.plan import Plan
from engine.inpainting.settings import GenerationSettings
from engine.layout import PixelBox
from engine.models.card import ModelCard


@dataclass(frozen=True, slots=True)
class Reach:
    """The part of the picture that a step looks at, and the part that it changes."""

    seen: PixelBox
    changed: PixelBox


def number_waves(reaches: Sequence[Reach], first: int = 0) -> tuple[int, ...]:
    """The wave of each step, from ``first`` up: one more than the last wave that paints in what the step sees.

    So the order is kept wherever it matters, and the number of waves is that of the longest chain of steps of which
    each sees the one before.
    """
    waves: list[int] = []
    for number, reach in enumerate(reaches):
        waited = (waves[earlier] + 1 for earlier in range(number) if reaches[earlier].changed.meets(reach.seen))
        waves.append(max(waited, default=first))
    return tuple(waves)


def in_waves(plan: Plan, settings: GenerationSettings, card: ModelCard, *, first: int = 0) -> Plan:
    """The plan whose steps from index ``first`` on know their wave.

    They are painted one after the other where the settings say so, in pixel mode ``reference``, whose noise is one
    stream, and with compositing ``repaint``, which changes the whole picture at every step.
    """
    steps = plan.steps[first:]
    together = (settings.waves, settings.pixels, settings.compositing) == ("auto", "exact", "paste")
    if together:
        area, size = make_area(settings, card), (plan.width, plan.height)
        boxes = [plan.box_of(step) if step.kind == "foreground" else None for step in steps]
        whole = PixelBox(0, 0, *size)
        reaches = [Reach(area.seen(box, size), box.to_pixels(*size) if box else whole) for box in boxes]
        waves = number_waves(reaches, first)
    else:
        waves = tuple(range(first, len(plan.steps)))
    numbered = (replace(step, wave=wave) for step, wave in zip(steps, waves, strict=True))
    return replace(plan, steps=(*plan.steps[:first], *numbered))
