"""What is known about a model before its weights are read: its folder's ``model_index.json`` and ``boxpaint.json``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.models.configs import read_config
from engine.models.families import FAMILIES, Family, find_family
from engine.models.installed import CARD

FORMS = ("clevr", "coco")
"""The published forms of iterative inpainting."""

_MAX_SIDE = 65_536
"""Pixels or latents of a side that a model may name; what is larger is broken, not large."""
_MAX_BLOCKS = 12
_MAX_TEXT = 10_000
"""Characters of a text in a card: a sentence, or a template of prompts."""
_WORDS = ("name", "kind", "licence", "vocabulary", "about", "repository", "commit")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """A pipeline folder's facts and its defaults.

    Attributes:
        name: Name shown to people.
        folder: The diffusers pipeline folder.
        pipeline_class: Class of the pipeline in diffusers.
        size: Width and height in pixels that the model paints best.
        size_multiple: Both sides of a picture are multiples of this.
        working_sizes: Sides in pixels, ascending, at which area ``zoom`` paints its square windows; each window is
            brought to the one that it is nearest to.
        background_size: Longer side in pixels at which area ``zoom`` paints the background; None = the picture's own.
        window_factor: Side of that window over the longer side of the box.
        method, steps, guidance, area: Defaults of the settings of those names.
        foreground_prompt, background_prompt: Templates with ``{object}`` and ``{caption}``.
        vocabulary: Name of the vocabulary it was trained on, if it is limited to one.
        licence: SPDX name, where known.
        channels: Input channels of its network.
        has_checker: Whether the folder holds a safety checker, which blanks pictures that it takes for unfit for work.
        safety_checker: Default of the setting of that name.
        form: Which published script pixel mode ``reference`` follows: ``clevr`` (IterInpaint's) or ``coco``
            (LayoutBench-COCO's); FORMATS, section 2.
    """

    name: str
    folder: Path
    pipeline_class: str
    size: tuple[int, int]
    channels: int | None = None
    form: str = "clevr"
    has_checker: bool = False
    safety_checker: str = "on"
    size_multiple: int = 8
    working_sizes: tuple[int, ...] = (512,)
    background_size: int | None = None
    window_factor: float = 1.5
    method: str = "iterinpaint"
    steps: int = 50
    guidance: float = 4.0
    area: str = "full"
    foreground_prompt: str = "Add {object}"
    background_prompt: str = "Add gray background"
    vocabulary: str | None = None
    licence: str | None = None

    @property
    def family(self) -> Family:
        """How its pipeline is called and what it is for.

        Raises:
            BoxpaintError: The class of its pipeline is not known.
        """
        family = find_family(self.pipeline_class, self.channels)
        if family is None:
            raise BoxpaintError(
                f"Boxpaint does not know how to paint with {self.pipeline_class}{_channels(self.channels)}.",
                "model",
                file=str(self.folder),
                hint=f"It knows {', '.join(dict.fromkeys(known.pipeline_class for known in FAMILIES))}.",
            )
        return family

    @property
    def inpaints(self) -> bool:
        """Whether its pipeline paints a mask on a picture."""
        family = find_family(self.pipeline_class, self.channels)
        return family is not None and family.task == "inpainting"


def read_facts(folder: Path) -> dict[str, Any]:
    """What ``boxpaint.json`` in a model's folder says; its words, which are shown, are texts of a length to be read.

    Raises:
        BoxpaintError: It is missing or broken.
    """
    facts = read_config(folder / CARD)
    for name in _WORDS:
        _take(facts, folder / CARD, name, str)
    return facts


def read_card(folder: Path) -> ModelCard:
    """Read the card of a diffusers pipeline folder.

    Raises:
        BoxpaintError: There is no such folder, it is no pipeline, or its files are broken.
    """
    if not folder.is_dir():
        raise BoxpaintError(
            "there is no such model folder.", "model", file=str(folder), hint="See `boxpaint models list`."
        )
    index_file = folder / "model_index.json"
    if not index_file.is_file():
        raise BoxpaintError(
            "the folder is not a diffusers pipeline: it has no model_index.json.",
            "model",
            file=str(folder),
            hint="Choose a folder saved by diffusers' save_pretrained.",
        )
    index = read_config(index_file)
    pipeline_class = index.get("_class_name")
    if not isinstance(pipeline_class, str):
        raise BoxpaintError("it names no pipeline class.", "model", file=str(index_file), field="_class_name")
    network = _network(folder)
    channels = network.get("in_channels")
    channels = channels if isinstance(channels, int) else None
    family = find_family(pipeline_class, channels)
    scale = _scale_factor(folder)
    side = _sample_size(network, family) * scale
    extras_file = folder / CARD
    extras = read_facts(folder) if extras_file.is_file() else {}
    facts = {
        "name": folder.name,
        "size": (side, side),
        "working_sizes": (side,),
        "size_multiple": math.lcm(8, scale * (family.patch if family else 1)),
        # A text-to-image pipeline would ignore the boxes: that is for a person to choose, never a default.
        **({"method": family.methods[0]} if family and family.task != "text-to-image" else {}),
        **_facts(extras, extras_file),
    }
    return ModelCard(
        folder=folder,
        pipeline_class=pipeline_class,
        channels=channels,
        has_checker=_names_class(index.get("safety_checker")) and (folder / "safety_checker").is_dir(),
        **facts,
    )


def _names_class(part: object) -> bool:
    """Whether ``model_index.json`` says by what a part is loaded."""
    return isinstance(part, list) and part[:1] not in ([], [None])


def _facts(extras: Mapping[str, Any], file: Path) -> dict[str, Any]:
    """Those fields of ``boxpaint.json`` that the card takes, checked for their types."""
    defaults = _take(extras, file, "defaults", dict) or {}
    prompts = _take(extras, file, "prompts", dict) or {}
    size = _take(extras, file, "size", list)
    if size is not None and not (len(size) == 2 and all(map(_is_side, size))):
        raise BoxpaintError("the size is not two whole numbers.", "model", file=str(file), field="size")
    background = extras.get("background_size")
    if background is not None and not _is_side(background):
        raise _wrong(background, file, "background_size", f"It is a whole number from 1 to {_MAX_SIDE}.")
    form = _word(extras, file, "form", FORMS)
    checker = _word(defaults, file, "safety_checker", ("on", "off"))
    found = {
        "form": form,
        "safety_checker": checker,
        "name": _take(extras, file, "name", str),
        "size": tuple(size) if size else None,
        "working_sizes": _working_sizes(extras, file),
        "background_size": background,
        "window_factor": _take(extras, file, "window_factor", (int, float)),
        "method": _take(defaults, file, "method", str),
        "steps": _take(defaults, file, "steps", int),
        "guidance": _take(defaults, file, "guidance", (int, float)),
        "area": _take(defaults, file, "area", str),
        "foreground_prompt": _take(prompts, file, "foreground", str),
        "background_prompt": _take(prompts, file, "background", str),
        "vocabulary": _take(extras, file, "vocabulary", str),
        "licence": _take(extras, file, "licence", str),
    }
    return {name: value for name, value in found.items() if value is not None}


def _working_sizes(extras: Mapping[str, Any], file: Path) -> tuple[int, ...] | None:
    """One side of the windows, or a list of them."""
    value = extras.get("working_size")
    if value is None:
        return None
    sides = value if isinstance(value, list) else [value]
    if not sides or not all(map(_is_side, sides)):
        raise _wrong(value, file, "working_size", f"It is a whole number from 1 to {_MAX_SIDE}, or a list of such.")
    return tuple(sorted(set(sides)))


def _word(data: Mapping[str, Any], file: Path, name: str, words: tuple[str, ...]) -> str | None:
    value = data.get(name)
    if value is not None and value not in words:
        raise _wrong(value, file, name, f"It is one of: {', '.join(words)}.")
    return value


def _take(data: Mapping[str, Any], file: Path, name: str, types: type | tuple[type, ...]) -> Any:
    value = data.get(name)
    if value is not None and (not isinstance(value, types) or isinstance(value, bool)):
        raise _wrong(value, file, name, "The value has a wrong type.")
    if isinstance(value, str) and len(value) > _MAX_TEXT:
        raise _wrong(value, file, name, f"It has at most {_MAX_TEXT} characters.")
    if isinstance(value, (int, float)) and not abs(value) <= 10**6:  # NaN too
        raise _wrong(value, file, name, "The number cannot be meant.")
    return value


def _wrong(value: object, file: Path, name: str, hint: str) -> BoxpaintError:
    return BoxpaintError(f"{name} is {value!r}.", "model", file=str(file), field=name, hint=hint)


def _is_side(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MAX_SIDE


def _scale_factor(folder: Path) -> int:
    """Pixels per latent, as the pipelines derive it: each block of the autoencoder but the first halves the picture."""
    file = folder / "vae" / "config.json"
    config = read_config(file)
    for name in ("block_out_channels", "encoder_block_out_channels"):
        blocks = config.get(name)
        if isinstance(blocks, list) and blocks:
            if len(blocks) > _MAX_BLOCKS:
                raise BoxpaintError(f"it has {len(blocks)} blocks.", "model", file=str(file), field=name)
            return int(2 ** (len(blocks) - 1))
    return 8


def _network(folder: Path) -> dict[str, Any]:
    """The configuration of the network that denoises."""
    network = next((name for name in ("unet", "transformer") if (folder / name / "config.json").is_file()), None)
    if network is None:
        raise BoxpaintError(
            "the pipeline has neither a unet nor a transformer folder.",
            "model",
            file=str(folder),
            hint="Fetch or copy the folder again.",
        )
    return read_config(folder / network / "config.json")


def _sample_size(network: Mapping[str, Any], family: Family | None) -> int:
    """Latents a side that the network was made for."""
    size = network.get("sample_size")
    return size if isinstance(size, int) and _is_side(size) else family.size if family else 64


def _channels(count: int | None) -> str:
    return "" if count is None else f" with {count} input channels"
