"""Everything besides the layout and the model that affects a painted picture."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from engine.errors import BoxpaintError
from engine.layout import check_seed
from engine.layout.layout import MAX_SIDE
from engine.models.lora import Lora, loras_from
from engine.models.placement import PLACEMENTS
from engine.models.quantizing import NONE, QUANTIZATIONS

CHOICES: Mapping[str, tuple[str, ...]] = {
    "scheduler": ("model", "ddim", "dpm++", "euler", "pndm", "unipc", "lcm", "tcd"),
    "order": ("given", "random", "top-down", "bottom-up", "large-to-small", "small-to-large"),
    "compositing": ("paste", "repaint"),
    "pixels": ("exact", "reference"),
    "area": ("full", "zoom"),
    "waves": ("auto", "sequential"),
    "device": ("auto", "cpu", "cuda", "mps"),
    "precision": ("auto", "fp32", "fp16", "bf16"),
    "compile": ("off", "on"),
    "safety_checker": ("on", "off"),
    "placement": ("auto", *PLACEMENTS),
    "quantize": QUANTIZATIONS,
}
"""The words that each setting takes."""

_AS_THE_CARD_SAYS = ("area", "safety_checker")
"""Those of them that may also be None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationSettings:
    """How a layout is painted. None means: as the model's card says.

    Attributes:
        method: How a layout becomes a picture; the names are in ``engine.inpainting.methods``.
        steps: Denoising steps of each inpainting call, 1 … 500.
        guidance: Classifier-free guidance scale, ≥ 0; 1 and below switch it off.
        scheduler: ``model`` is the pipeline's own; others replace it, keeping its noise schedule.
        order: In which order the objects are painted.
        compositing: ``paste`` keeps only the box of each result, ``repaint`` the whole result.
        pixels: ``exact``, or ``reference`` to reproduce the published code to the pixel.
        area: ``full`` paints on the whole picture, ``zoom`` on a window round each box.
        waves: ``auto`` paints steps together that do not see each other (docs/methods.md), ``sequential`` never does.
        width, height: Size of the picture in pixels; both or neither.
        seed: The run's seed, 0 … 2**63 − 1.
        background_seed: The background step's own seed; None derives it from the run's seed.
        device, precision: Where and in which number format the model works.
        placement: How much of the model is on the device at a time (docs/models.md, "Memory").
        quantize: Whether linear layers are held in one byte per weight, which changes pictures a little.
        compile: Whether the network is compiled first: slow at first, faster then (docs/performance.md).
        previews: Whether rough pictures are shown inside a step.
        loras: LoRA files that change the model's weights for this run.
        safety_checker: ``on`` or ``off``: whether the model's own checker holds back pictures that it takes for
            unfit for work.
    """

    method: str | None = None
    steps: int | None = None
    guidance: float | None = None
    scheduler: str = "model"
    order: str = "given"
    compositing: str = "paste"
    pixels: str = "exact"
    area: str | None = None
    waves: str = "auto"
    width: int | None = None
    height: int | None = None
    seed: int = 0
    background_seed: int | None = None
    device: str = "auto"
    precision: str = "auto"
    placement: str = "auto"
    quantize: str = NONE
    compile: str = "off"
    previews: bool = True
    loras: tuple[Lora, ...] = ()
    safety_checker: str | None = None

    def __post_init__(self) -> None:
        self._check_words()
        if self.method is not None and not (isinstance(self.method, str) and self.method):
            raise _refused("method", self.method, "It is the name of a method.")
        if self.steps is not None and not (_whole(self.steps) and 1 <= self.steps <= 500):
            raise _refused("steps", self.steps, "It is a whole number from 1 to 500.")
        if self.guidance is not None and not (_number(self.guidance) and 0 <= self.guidance <= 100):
            raise _refused("guidance", self.guidance, "It is a number from 0 to 100.")
        if (self.width is None) != (self.height is None):
            raise _refused("size", (self.width, self.height), "Give both width and height, or neither.")
        for name in ("width", "height"):
            value = getattr(self, name)
            if value is not None and not (_whole(value) and 16 <= value <= MAX_SIDE):
                raise _refused(name, value, f"It is a whole number from 16 to {MAX_SIDE}.")
        check_seed(self.seed)
        check_seed(self.background_seed or 0, name="background_seed")
        if not (isinstance(self.loras, tuple) and all(isinstance(lora, Lora) for lora in self.loras)):
            raise _refused("loras", self.loras, "It is a list of LoRA files.")
        if self.pixels == "reference" and self.area == "zoom":
            raise _refused("area", "zoom", "Pixel mode reference paints on the whole picture: use area full.")

    def _check_words(self) -> None:
        for name, words in CHOICES.items():
            value = getattr(self, name)
            if value not in words and not (name in _AS_THE_CARD_SAYS and value is None):
                raise _refused(name, value, f"It is one of: {', '.join(words)}.")

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height of the picture in pixels; None: as the layout and the model's card say."""
        return None if self.width is None or self.height is None else (self.width, self.height)

    def to_dict(self) -> dict[str, Any]:
        """The settings as JSON values."""
        return {**asdict(self), "loras": [asdict(lora) for lora in self.loras]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> GenerationSettings:
        """The settings from JSON values; unknown names and wrong values are refused."""
        known = {field.name for field in fields(cls)}
        for name in data:
            if name not in known:
                raise _refused(name, data[name], "There is no such setting.")
        return cls(**{**data, "loras": loras_from(data.get("loras", ()))})


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _refused(name: str, value: object, hint: str) -> BoxpaintError:
    return BoxpaintError(f"the setting {name} is {value!r}.", "settings", field=name, hint=hint)
