"""What the generation panel is set to, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model that can be chosen.

    Attributes:
        name: What the engine calls it: a name or a folder.
        title: How it is shown.
        size: Width and height that it paints best, if known.
        vocabulary: Prompts that it knows; empty when it takes any.
        smallest_box: Side in pixels under which a box is too small for it.
    """

    name: str
    title: str
    size: tuple[int, int] | None = None
    vocabulary: tuple[str, ...] = ()
    smallest_box: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Everything that the panel says about a run; None means the model's own default."""

    model: str
    steps: int | None = None
    guidance: float | None = None
    scheduler: str = "model"
    order: str = "given"
    compositing: str = "paste"
    pixels: str = "exact"
    area: str | None = None
    width: int | None = None
    height: int | None = None
    seed: int = 0
    previews: bool = True
