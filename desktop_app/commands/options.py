"""The options that every painting command shares, and the settings they make."""

from __future__ import annotations

import argparse

from engine.errors import BoxpaintError
from engine.inpainting.settings import CHOICES, GenerationSettings
from engine.models.catalogue import DEFAULT_MODEL
from engine.models.lora import Lora
from engine.models.machine import choose_device
from engine.models.placement import LADDERS, check_placement


def add_generation_options(parser: argparse.ArgumentParser) -> None:
    """The common options of DESIGN.md; what is not given is left to the model's card."""
    group = parser.add_argument_group("painting")
    group.add_argument(
        "--model", default=DEFAULT_MODEL, help="a name from `boxpaint models list`, or a diffusers inpainting folder"
    )
    group.add_argument("--steps", type=whole_number, help="denoising steps of each inpainting call")
    group.add_argument("--guidance", type=_number, help="classifier-free guidance scale")
    group.add_argument("--size", type=parse_size, metavar="WxH", help="size of the picture in pixels, e.g. 320x320")
    group.add_argument("--seed", type=whole_number, default=0, help="the run's seed (default 0)")
    group.add_argument("--method", metavar="NAME", help="see `boxpaint methods`; default: as the model's card says")
    defaults = {"order": "given", "compositing": "paste", "pixels": "exact"}
    for name, words in CHOICES.items():
        default = defaults.get(name, words[0] if name not in ("area", "safety_checker") else None)
        shown = default or "as the model's card says"
        group.add_argument(f"--{name.replace('_', '-')}", choices=words, default=default, help=f"default: {shown}")

    group.add_argument(
        "--lora",
        type=Lora.parse,
        action="append",
        default=[],
        metavar="FILE[:SCALE]",
        help="a LoRA's .safetensors file that changes the model for this run (scale 1: as trained); repeatable",
    )


def settings_from(args: argparse.Namespace) -> GenerationSettings:
    """The settings that the common options say.

    Raises:
        BoxpaintError: They are out of range, or the placement is not for the device.
    """
    width, height = args.size or (None, None)
    if args.placement not in ("auto", *LADDERS["cpu"]):
        # Only here: asking for the device loads torch, which takes seconds, and every device has the others.
        check_placement(args.placement, choose_device(args.device))
    return GenerationSettings(
        method=args.method,
        steps=args.steps,
        guidance=args.guidance,
        width=width,
        height=height,
        seed=args.seed,
        previews=False,
        loras=tuple(args.lora),
        **{name: getattr(args, name) for name in CHOICES},
    )


def add_patience_option(parser: argparse._ActionsContainer, about: str) -> None:
    """How long nothing may get done before what paints is replaced."""
    parser.add_argument("--patience", type=_minutes, metavar="MINUTES", help=about)


def _minutes(text: str) -> float:
    minutes = _number(text)
    if not 0 < minutes < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no time in minutes")
    return minutes


def parse_size(text: str) -> tuple[int, int]:
    """``"640x480"`` or ``"512"`` (a square) as width and height in pixels."""
    parts = text.lower().replace("×", "x").split("x")
    if len(parts) not in (1, 2) or not all(part.isascii() and part.isdigit() for part in parts):
        raise BoxpaintError(f"the size is {text!r}.", "usage", field="--size", hint="Write it like 320x320.")
    return int(parts[0]), int(parts[-1])


def whole_number(text: str) -> int:
    """The number that an option was given."""
    try:
        return int(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from error
