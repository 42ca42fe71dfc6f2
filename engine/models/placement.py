"""How a model is placed on a device: number format and notch, chosen from what it needs and what the device has.

A notch is one way of sharing the weights and the work between the device's own memory and the machine's. From one to
the next a model needs less of the device's memory and more time. Whatever the notch, a seed gives the same picture: on
pictures larger than the autoencoder's tiles (its training size) up to soft seams, on all others up to the rounding of
the numbers. Number format and quantised weights do change pictures and are therefore never changed on the way down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.errors import BoxpaintError
from engine.models.anatomy import Anatomy, Part
from engine.models.machine import Machine
from engine.models.quantizing import NONE

DEVICE, TILED, MODEL_OFFLOAD, SEQUENTIAL_OFFLOAD = "device", "tiled", "model-offload", "sequential-offload"
PLACEMENTS = (DEVICE, TILED, MODEL_OFFLOAD, SEQUENTIAL_OFFLOAD)
"""Every notch, from the fastest to the one that needs least."""

LADDERS: Mapping[str, tuple[str, ...]] = {"cuda": PLACEMENTS, "mps": (DEVICE, TILED), "cpu": (DEVICE, TILED)}
"""The notches of each device. Offloading moves weights to the machine's memory: where that is the device's own memory
(a CPU, Apple's chips) nothing would be won."""

MEANING: Mapping[str, str] = {
    DEVICE: "the whole model on the device",
    TILED: "the whole model on the device, the autoencoder in tiles",
    MODEL_OFFLOAD: "one part of the model on the device at a time, the autoencoder in tiles",
    SEQUENTIAL_OFFLOAD: "one layer of the model on the device at a time, the autoencoder in tiles",
}

BYTES: Mapping[str, int] = {"fp32": 4, "fp16": 2, "bf16": 2}

ROOM = 0.9
"""Share of the free memory that is counted on: other programs want some too, and allocators leave gaps."""

# What is alive at the peak of one call, in tensors of the part's widest level, counted with
# `benchmarks/placements.py --count`: every tensor of the published architectures, without the weights.
_WIDE_UNET, _NARROW_UNET, _TRANSFORMER, _DECODER = 26.1, 15.9, 17.7, 3.01
_WORKSPACE = 1.5
"""What kernels and the allocator take beside the tensors that are counted; an assumption."""
_TEXT_TOKENS = 512
_GUIDED = 2  # classifier-free guidance asks for each picture twice

BIG = 500_000_000
"""Parameters from which bfloat16 is taken on a CPU that is made for it: such networks are nearly twice as fast in it
(docs/performance.md), while small ones, as the built-in model's, hardly gain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Where and how a model works, and why.

    Attributes:
        device, precision, placement: As in the generation settings, none of them ``auto``.
        need: Estimated bytes of the device's memory at the peak.
        free: Bytes that the device had free.
        main_need: Bytes of the machine's memory that offloaded weights take; 0 without offloading.
        fits: Whether ``need`` is within what is counted on.
        reason: Why, in a sentence.
        quantize: As in the generation settings.
    """

    device: str
    precision: str
    placement: str
    need: int
    free: int
    main_need: int
    fits: bool
    reason: str
    quantize: str = NONE

    @property
    def text(self) -> str:
        """What was picked, and why, in a line for people."""
        return f"{placed_words(self)}: {self.reason}"


class Placed(Protocol):
    """What tells where and how a model works: a choice, or the event about it."""

    @property
    def device(self) -> str: ...
    @property
    def precision(self) -> str: ...
    @property
    def placement(self) -> str: ...
    @property
    def quantize(self) -> str: ...


def placed_words(placed: Placed) -> str:
    """Where and how a model works, in a few words: ``cuda, fp16, int8 weights, device``."""
    weights = "" if placed.quantize == NONE else f"{placed.quantize} weights, "
    return f"{placed.device}, {placed.precision}, {weights}{placed.placement}"


def needs(anatomy: Anatomy, *, precision: str, size: tuple[int, int], quantize: str = NONE) -> dict[str, int]:
    """Estimated bytes of device memory at the peak of painting ``size`` (width, height in pixels), for every notch.

    Weights count by their number of parameters in ``precision``, whatever they are stored in, quantised ones by one
    byte each; what is alive beside them by the width of each part's widest level. A U-Net and the autoencoder never
    work at the same time.
    """
    each = BYTES[precision]
    weights = {part.name: _weights(part, each, quantize) for part in anatomy.parts}
    denoising = _denoising(anatomy, each, size)
    whole = _decoding(anatomy, each, size)
    tiled = min(whole, _decoding(anatomy, each, (anatomy.tile, anatomy.tile)))
    largest = 2 * max((part.largest for part in anatomy.parts), default=0) * each  # one at work, one on its way

    def at_work(part: Part) -> int:
        return denoising if part.name in ("unet", "transformer") else tiled if part.name == "vae" else 0

    return {
        DEVICE: sum(weights.values()) + max(denoising, whole),
        TILED: sum(weights.values()) + max(denoising, tiled),
        MODEL_OFFLOAD: max((weights[part.name] + at_work(part) for part in anatomy.parts), default=0),
        SEQUENTIAL_OFFLOAD: largest + max(denoising, tiled),
    }


def choose(
    anatomy: Anatomy,
    machine: Machine,
    *,
    size: tuple[int, int],
    precision: str = "auto",
    placement: str = "auto",
    quantize: str = NONE,
) -> Choice:
    """The first notch that fits, in the number format that suits the device; what is wished for is kept to.

    When nothing fits, the last notch is chosen and ``fits`` is false: an estimate is no reason to refuse.

    Raises:
        BoxpaintError: The device has no such placement.
    """
    check_placement(placement, machine.device)
    ladder = LADDERS[machine.device]
    chosen, why = (precision, "as asked") if precision != "auto" else _precision(anatomy, machine, size, quantize)
    needed = needs(anatomy, precision=chosen, size=size, quantize=quantize)
    counted_on = int(machine.free * ROOM)
    fitting = [notch for notch in ladder if needed[notch] <= counted_on]
    notch = placement if placement != "auto" else fitting[0] if fitting else ladder[-1]
    fits = needed[notch] <= counted_on
    free = f"of {readable(machine.free)} free on {machine.name}"
    reason = f"needs about {readable(needed[notch])} {free}; {chosen}: {why}"
    if quantize != NONE:
        reason = f"{reason}; linear layers in {quantize} as asked"
    if placement != "auto":
        reason = f"as asked; {reason}"
    elif notch != ladder[0]:
        reason = f"{reason}; the whole model on the device would need {readable(needed[ladder[0]])}"
    if not fits:
        reason = f"{reason}; it may not fit"
    offloaded = notch in (MODEL_OFFLOAD, SEQUENTIAL_OFFLOAD)
    return Choice(
        device=machine.device,
        precision=chosen,
        placement=notch,
        need=needed[notch],
        free=machine.free,
        main_need=sum(_weights(part, BYTES[chosen], quantize) for part in anatomy.parts) if offloaded else 0,
        fits=fits,
        reason=reason,
        quantize=quantize,
    )


def check_placement(placement: str, device: str) -> None:
    """Refuse a placement that a device (``cuda``, ``mps`` or ``cpu``) does not have.

    Raises:
        BoxpaintError: It has not.
    """
    if placement not in ("auto", *LADDERS[device]):
        raise BoxpaintError(
            f"the placement {placement} is not for the device {device}, whose memory is the machine's own.",
            "settings",
            field="placement",
            hint=f"Use {', '.join(LADDERS[device])} or auto.",
        )


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a model fits a machine: ``whole``, ``offloaded``, ``tight`` or ``no``; and the sentence for people."""

    level: str
    text: str


def fit_bytes(stored: int, machine: Machine) -> Fit:
    """Whether a model whose weights have ``stored`` bytes on the disk fits; for one that is not here yet.

    Its shapes are not known, so a quarter of the weights is taken for what is alive beside them, which is about what
    Stable Diffusion 1.5 has at 512×512. For one that is here, ``choose`` knows more.
    """
    whole, counted_on = int(stored * 1.25), int(machine.free * ROOM)
    place = f"{machine.name} has {readable(machine.free)} free of {readable(machine.total)}"
    if whole <= counted_on:
        return Fit("whole", f"fits: it needs about {readable(whole)}, {place}.")
    if MODEL_OFFLOAD in LADDERS[machine.device] and stored <= machine.main_free * ROOM:
        return Fit(
            "offloaded", f"fits in parts, more slowly: it needs about {readable(whole)} to be whole there, {place}."
        )
    if whole <= machine.total * ROOM:
        return Fit("tight", f"fits once other programs are closed: it needs about {readable(whole)}, {place}.")
    return Fit("no", f"does not fit: it needs about {readable(whole)}, {place}.")


def readable(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.0f} MiB"


def _weights(part: Part, each: int, quantize: str) -> int:
    """Bytes of a part's weights. The scales of quantised ones, one per row, are too few to count."""
    return part.parameters * each - (0 if quantize == NONE else part.linear * (each - 1))


def _precision(anatomy: Anatomy, machine: Machine, size: tuple[int, int], quantize: str) -> tuple[str, str]:
    """The number format that suits a model on a device, and why."""
    if machine.device == "cuda":
        if anatomy.is_transformer and machine.bf16:
            return "bf16", "transformers overflow in fp16, and this device has bf16"
        return "fp16", "half the memory of fp32, and finer than bf16"
    full = needs(anatomy, precision="fp32", size=size, quantize=quantize)[DEVICE]
    if machine.device == "mps":
        if full > machine.free * ROOM:
            return ("bf16" if anatomy.is_transformer else "fp16"), f"fp32 would need {readable(full)}"
        return "fp32", "exact, and it fits"
    if machine.bf16 and full > machine.free * ROOM:
        return "bf16", f"this CPU has bf16, and fp32 would need {readable(full)}"
    if machine.bf16 and anatomy.parameters >= BIG:
        return "bf16", "this CPU has bf16, which is faster for large models"
    return "fp32", "exact, and the format that CPUs are made for"


def _denoising(anatomy: Anatomy, each: int, size: tuple[int, int]) -> int:
    """Bytes alive at the peak of a call of the denoiser, beside its weights."""
    places = -(-size[0] // (anatomy.scale * anatomy.patch)) * -(-size[1] // (anatomy.scale * anatomy.patch))
    if anatomy.is_transformer:
        tensors, places = _TRANSFORMER, places + _TEXT_TOKENS
    else:
        tensors = _WIDE_UNET if anatomy.wide_attention else _NARROW_UNET
    return int(_WORKSPACE * tensors * _GUIDED * anatomy.width * places * each)


def _decoding(anatomy: Anatomy, each: int, size: tuple[int, int]) -> int:
    """Bytes alive at the peak of decoding a picture, which takes more than encoding it."""
    each = 4 if anatomy.upcast else each
    return int(_WORKSPACE * _DECODER * anatomy.decoder_width * size[0] * size[1] * each)
