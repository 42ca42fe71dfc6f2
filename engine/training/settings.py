"""What a training takes to run: one frozen value per kind, shared by scripts and the command line."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from engine.errors import BoxpaintError

SCRATCH = "scratch"
"""Value of ``start`` for networks with random weights."""

BUILT_IN = "built-in"
"""Value of ``start`` for the model that comes with the program."""

FREE_TO_CHANGE = frozenset(
    {"data", "out", "start", "samples", "minutes", "device", "interval", "autoencoder", "tensorboard"}
)
"""Settings that a resumed training may change; the others belong to its state."""


@dataclass(frozen=True, kw_only=True)
class TrainSettings:
    """What every training shares.

    Attributes:
        data: Layout files or folders with pictures; whatever the readers of ``engine.formats`` know.
        out: Folder for checkpoints, logs and the trained model.
        start: ``scratch``, ``built-in`` or the path of a model folder.
        samples: Stop after this many samples; None = no such limit.
        minutes: Stop after this many minutes, counted over all resumptions; None = no such limit.
        batch: Samples per step.
        lr: Highest learning rate; it warms up over 100 steps and falls along a cosine to 2 % at the end.
        seed: Seed of the weights, the order of the data and the noise.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        precision: ``auto``, ``fp32``, ``fp16`` or ``bf16``.
        ema: Decay of the averaged weights, which are what is sampled and exported.
        hold_out: How many of the last pictures of each source are never trained on; below 1 a share of them.
        interval: Samples between two log rows, picture sheets and checkpoints.
        tensorboard: Whether TensorBoard's events are written beside the CSV log.
    """

    data: tuple[Path, ...]
    out: Path
    start: str = SCRATCH
    samples: int | None = None
    minutes: float | None = None
    batch: int = 32
    lr: float = 1e-3
    seed: int = 0
    device: str = "auto"
    precision: str = "auto"
    ema: float = 0.999
    hold_out: float = 60
    interval: int = 12_800
    tensorboard: bool = False

    def __post_init__(self) -> None:
        if self.samples is None and self.minutes is None:
            raise BoxpaintError(
                "the training has no end.", "settings", field="samples", hint="Give --samples, --minutes or both."
            )
        for name in ("samples", "minutes", "batch", "lr", "interval"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise BoxpaintError(f"{name} is {value!r}.", "settings", field=name, hint="It is more than 0.")
        if not 0 <= self.ema < 1:
            raise BoxpaintError(f"ema is {self.ema!r}.", "settings", field="ema", hint="It lies in [0, 1).")
        if self.hold_out < 0:
            raise BoxpaintError(f"hold_out is {self.hold_out!r}.", "settings", field="hold_out")

    def fixed(self) -> dict[str, Any]:
        """The settings that must stay as they are when a training is resumed."""
        return {name: value for name, value in asdict(self).items() if name not in FREE_TO_CHANGE}


@dataclass(frozen=True, kw_only=True)
class AutoencoderSettings(TrainSettings):
    """Training of the autoencoder.

    Attributes:
        parts: ``all``, or ``decoder`` to sharpen the pictures without changing what latents mean.
        patch: Side in pixels of the patches that it learns on, a multiple of 8.
        pool: Windows that are drawn once and kept in memory; patches are cut out of them.
    """

    batch: int = 16
    lr: float = 2e-3
    ema: float = 0.995
    interval: int = 4_800
    parts: Literal["all", "decoder"] = "all"
    patch: int = 32
    pool: int = 12_000


@dataclass(frozen=True, kw_only=True)
class InpainterSettings(TrainSettings):
    """Training of the inpainting U-Net and its text encoder.

    Attributes:
        autoencoder: Folder of the frozen autoencoder, for a start from scratch.
        views: ``zoom`` mixes windows round one object with whole pictures and crops at native scale, for the built-in
            model; ``published`` crops whole pictures at the model's own size, as IterInpaint did.
        foreground_ratio: Share of the steps that add an object; the others add the background. The published models
            used 0.3; in ``zoom`` windows hold one object each, and more of them are needed.
        pool: Samples whose latents are made once and kept in memory; 0 encodes every batch afresh.
        empty_captions: Share of samples trained without their caption, for classifier-free guidance.
        snr_limit: Limit of the signal-to-noise weighting (min-SNR, arXiv 2303.09556).
        noise: ``own`` keeps the noise schedule of the pipeline that it starts from; ``cosine`` takes one that spends
            more of its steps on little noise, where small pictures get their faint details.
        noise_shift: With ``cosine``, how many times less noise there is beside the signal at every step.
        outside_weight: Weight of the loss outside the mask, where the context only has to be kept.
    """

    batch: int = 24
    start: str = BUILT_IN
    autoencoder: Path | None = None
    views: Literal["zoom", "published"] = "zoom"
    foreground_ratio: float = 0.8
    pool: int = 40_200
    empty_captions: float = 0.1
    snr_limit: float = 5.0
    noise: Literal["own", "cosine"] = "own"
    noise_shift: float = 1.0
    outside_weight: float = 0.2

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("foreground_ratio", "empty_captions", "outside_weight"):
            if not 0 <= getattr(self, name) <= 1:
                raise BoxpaintError(f"{name} is {getattr(self, name)!r}.", "settings", field=name, hint="0 to 1.")
        if not self.noise_shift > 0:
            raise BoxpaintError(
                f"noise_shift is {self.noise_shift!r}.", "settings", field="noise_shift", hint="It is more than 0."
            )


@dataclass(frozen=True, kw_only=True)
class SingleStepSettings(TrainSettings):
    """Training of a text-to-image sibling that reads the whole layout from its prompt.

    Attributes:
        prompt: The form of the prompt: ``reco`` (phrases and coordinate tokens) or ``ldm`` (class and corner tokens).
        autoencoder: Folder of the frozen autoencoder, for a start from scratch.
        side: Side of the pictures in pixels, a multiple of 16.
        pool: Pictures and prompts that are encoded once and kept in memory.
        empty_captions: Share of samples trained without their prompt, for classifier-free guidance.
        snr_limit: Limit of the signal-to-noise weighting (min-SNR, arXiv 2303.09556).
        object_weight: Weight of the loss in the boxes, beside 1 outside of them: most of a picture is ground, which
            says nothing about the prompt.
    """

    batch: int = 16
    start: str = BUILT_IN
    prompt: Literal["reco", "ldm"] = "reco"
    autoencoder: Path | None = None
    side: int = 128
    pool: int = 9_600
    empty_captions: float = 0.1
    snr_limit: float = 5.0
    object_weight: float = 4.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.prompt not in ("reco", "ldm"):
            raise BoxpaintError(f"prompt is {self.prompt!r}.", "settings", field="prompt", hint="reco or ldm.")
        if self.side <= 0 or self.side % 16:
            raise BoxpaintError(f"side is {self.side!r}.", "settings", field="side", hint="It is a multiple of 16.")
        if not 0 <= self.empty_captions <= 1:
            raise BoxpaintError(
                f"empty_captions is {self.empty_captions!r}.", "settings", field="empty_captions", hint="0 to 1."
            )
        if not 0 < self.object_weight < float("inf"):
            raise BoxpaintError(
                f"object_weight is {self.object_weight!r}.",
                "settings",
                field="object_weight",
                hint="It is more than 0.",
            )


@dataclass(frozen=True, kw_only=True)
class DetectorSettings(TrainSettings):
    """Training of the convolutional detector.

    Attributes:
        crop: Side in pixels of the crops that it learns on, a multiple of 64.
    """

    batch: int = 8
    lr: float = 1.5e-3
    ema: float = 0.998
    hold_out: float = 0.2
    interval: int = 3_200
    crop: int = 256
