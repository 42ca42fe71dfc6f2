"""What the generation panel is set to, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_type_hints

from ui.texts import N_


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
    """Everything that the panel says about a run; None means the model's own default.

    ``detect``: the detector looks at every step. ``detector``: which one; ``auto`` is the built-in one, where it knows
    any of the prompts. ``attempts``: most paintings of an object until it is found.
    ``loras``: LoRA files, each as ``FILE`` or ``FILE:scale``.
    """

    model: str
    method: str | None = None
    steps: int | None = None
    guidance: float | None = None
    scheduler: str = "model"
    order: str = "given"
    compositing: str = "paste"
    pixels: str = "exact"
    area: str | None = None
    placement: str = "auto"
    quantize: str = "none"
    width: int | None = None
    height: int | None = None
    seed: int = 0
    previews: bool = True
    detect: bool = True
    detector: str = "auto"
    attempts: int = 1
    loras: tuple[str, ...] = ()
    safety_checker: str | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """Options under one name; those that it does not name go back to the model's own, model, size and seed stay."""

    id: str
    title: str
    values: Mapping[str, Any]


PRESETS: tuple[Preset, ...] = (
    Preset("own", N_("Presets", "Model's own"), {}),
    Preset(
        "paper-clevr",
        N_("Presets", "Paper, CLEVR"),
        {"steps": 50, "guidance": 4.0, "scheduler": "pndm", "pixels": "reference", "area": "full"},
    ),
    Preset(
        "paper-coco",
        N_("Presets", "Paper, COCO"),
        {"steps": 50, "guidance": 7.5, "scheduler": "model", "pixels": "reference", "area": "full"},
    ),
    Preset("fast", N_("Presets", "Fast"), {"steps": 8, "scheduler": "dpm++", "area": "zoom"}),
    Preset("best", N_("Presets", "Best"), {"steps": 30, "scheduler": "dpm++", "area": "zoom", "attempts": 4}),
)
"""What the paper's pictures were made with (arXiv 2304.06671 and the published scripts), and two for every day."""

PRESET_FIELDS = (
    *("steps", "guidance", "scheduler", "order", "compositing", "pixels", "area"),
    *("method", "attempts"),
)
"""The options that a preset sets."""

_KINDS = {name: kind for name, kind in get_type_hints(RunOptions).items() if name != "loras"}
_GREATEST = 2**31 - 1
"""Of the numbers that Qt's fields hold."""


def kept_options(kept: Mapping[str, Any]) -> RunOptions:
    """Options as a settings file has them; what is unknown here, or of another kind, is left at its default.

    The file may be of another version, or damaged.
    """
    known = {name: value for name, value in kept.items() if name in _KINDS and _fits(name, value)}
    loras = kept.get("loras")
    if isinstance(loras, list | tuple):
        known["loras"] = tuple(each for each in loras if isinstance(each, str))
    return RunOptions(**{"model": "", **known})


def _fits(name: str, value: Any) -> bool:
    kind = _KINDS[name]
    if isinstance(value, bool) or kind is bool:
        return isinstance(value, bool) and kind is bool
    if isinstance(value, int | float) and name != "seed" and not abs(value) <= _GREATEST:
        return False
    return isinstance(value, kind) or (isinstance(value, int) and name == "guidance")


def with_preset(options: RunOptions, preset: Preset) -> RunOptions:
    """These options as the preset sets them."""
    usual = RunOptions(model=options.model)
    return replace(options, **{name: preset.values.get(name, getattr(usual, name)) for name in PRESET_FIELDS})


def preset_of(options: RunOptions) -> Preset | None:
    """The preset that these options amount to, if any."""
    return next((preset for preset in PRESETS if with_preset(options, preset) == options), None)
