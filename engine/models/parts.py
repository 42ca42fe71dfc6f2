"""Whether a pipeline folder has all its parts and they fit each other, without loading weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.models.anatomy import read_anatomy
from engine.models.configs import read_config

Config = Mapping[str, Any]

_WEIGHTLESS = frozenset(
    {"scheduler", "tokenizer", "tokenizer_2", "tokenizer_3", "feature_extractor", "image_processor"}
)


def check_complete(folder: Path) -> None:
    """Refuse a pipeline of which something is missing or cut short, as half a download or a copy that broke off.

    Raises:
        BoxpaintError: A part or its weights are not there, or a file is not as long as it says.
    """
    for part, text, remedy in missing(folder, read_config(folder / "model_index.json")):
        raise BoxpaintError(f"{text}.", "model", file=str(folder / part), hint=remedy)
    read_anatomy(folder)


def missing(folder: Path, index: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What ``model_index.json`` names and is not in the folder: the part, what is wrong, and the remedy."""
    for part, classes in index.items():
        named = isinstance(classes, list) and len(classes) == 2 and all(isinstance(word, str) for word in classes)
        if part.startswith("_") or not named:
            continue
        if not part.isidentifier():
            yield "model_index.json", f"it names a part {part[:100]!r}", "Parts are folders in the model's own."
        elif not (folder / part).is_dir():
            yield part, "this part is missing", "Fetch or copy the folder again."
        elif part not in _WEIGHTLESS and not list((folder / part).glob("*.safetensors")):
            remedy = "Fetch them; where there are only pickled ones, `boxpaint models import FOLDER` converts them."
            yield part, "it has no safetensors weights", remedy


def check_parts(folder: Path) -> None:
    """Refuse a pipeline whose parts come from different models.

    Raises:
        BoxpaintError: A text encoder's features are not what the network takes, the tokenizer writes more tokens than
            the text encoder knows, or the network's channels are not those of the autoencoder.
    """
    for file, text in misfits(folder):
        raise BoxpaintError(f"{text}.", "model", file=str(folder / file), hint="The parts come from different models.")


def misfits(folder: Path) -> Iterator[tuple[str, str]]:
    """What does not fit in a pipeline folder: the part's configuration file, and what is wrong with it."""
    encoders = [
        config for name in ("text_encoder", "text_encoder_2", "text_encoder_3") if (config := _read(folder, name))
    ]
    if unet := _read(folder, "unet"):
        yield from _unet(unet, encoders, _read(folder, "vae"))
        controlnet = _read(folder, "controlnet")
        if controlnet and controlnet.get("cross_attention_dim") != unet.get("cross_attention_dim"):
            yield (
                "controlnet/config.json",
                f"the ControlNet takes {controlnet.get('cross_attention_dim')} features of a text, "
                f"the U-Net {unet.get('cross_attention_dim')}",
            )
    elif transformer := _read(folder, "transformer"):
        yield from _transformer(transformer, encoders)
    yield from _lengths(folder, encoders)


def _unet(unet: Config, encoders: list[Config], vae: Config) -> Iterator[tuple[str, str]]:
    wanted = unet.get("cross_attention_dim")
    given = sum(_width(config) for config in encoders)
    if encoders and isinstance(wanted, int) and given and given != wanted and unet.get("encoder_hid_dim") is None:
        who = "the text encoder gives" if len(encoders) == 1 else "the text encoders give"
        yield "text_encoder/config.json", f"{who} {given} features, the U-Net takes {wanted}"
    latents = vae.get("latent_channels")
    # diffusers has latents and masked latents of one kind, and one channel of mask between them.
    if isinstance(latents, int) and isinstance(unet.get("out_channels"), int) and unet["out_channels"] != latents:
        yield (
            "vae/config.json",
            f"the autoencoder has latents of {latents} channels, the U-Net of {unet['out_channels']}",
        )


def _transformer(transformer: Config, encoders: list[Config]) -> Iterator[tuple[str, str]]:
    for number, name in enumerate(("pooled_projection_dim", "joint_attention_dim")):
        wanted = transformer.get(name)
        if number < len(encoders) and isinstance(wanted, int) and _width(encoders[number]) not in (0, wanted):
            part = "text_encoder" if number == 0 else "text_encoder_2"
            yield (
                f"{part}/config.json",
                f"the text encoder gives {_width(encoders[number])} features, the transformer takes {wanted}",
            )


def _lengths(folder: Path, encoders: list[Config]) -> Iterator[tuple[str, str]]:
    longest = encoders[0].get("max_position_embeddings") if encoders else None
    tokens = _read(folder, "tokenizer", "tokenizer_config.json").get("model_max_length")
    if isinstance(longest, int) and isinstance(tokens, int) and longest < tokens < 10**9:
        yield (
            "tokenizer/tokenizer_config.json",
            f"the tokenizer writes up to {tokens} tokens, the text encoder reads {longest}",
        )


def _width(encoder: Config) -> int:
    """Features of a text encoder: CLIP and T5 name them differently."""
    for name in ("hidden_size", "d_model"):
        if isinstance(encoder.get(name), int):
            return int(encoder[name])
    return 0


def _read(folder: Path, part: str, file: str = "config.json") -> Config:
    """A part's configuration; empty where there is none, or a broken one, which ``checking`` and loading tell."""
    try:
        return read_config(folder / part / file)
    except BoxpaintError:
        return {}
