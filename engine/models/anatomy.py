"""What a pipeline folder holds, read from its configuration and the headers of its weights; no weights are read."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.models.configs import read_config

_MAX_HEADER_BYTES = 16 * 2**20  # the largest models have some MiB
_MAX_NUMBER = 10**7
"""Channels, tokens or heads that a network may have; what is more is broken."""
_MAX_PARAMETERS = 10**14
_NAMES = ("diffusion_pytorch_model", "model")  # of diffusers' and transformers' weights
DENOISERS = ("unet", "transformer")
"""The parts that a pipeline may denoise with."""
_NOT_LINEAR = ("embed", "shared.", "relative_attention_bias", ".wo.")
"""In the names of text encoders' tables, and of T5's layers that transformers keeps in full precision."""


@dataclass(frozen=True, slots=True)
class Part:
    """One network of a pipeline.

    Attributes:
        name: Its folder, e.g. ``unet``.
        parameters: How many numbers its weights have.
        stored: Bytes of its weights on the disk.
        largest: Numbers in its largest tensor.
        linear: Numbers in the weights of linear layers, which can be quantised.
    """

    name: str
    parameters: int
    stored: int
    largest: int
    linear: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """The networks of a pipeline folder, and what their memory at work depends on.

    Attributes:
        parts: The networks, in the order of ``model_index.json``.
        scale: Pixels per latent.
        width: Channels of the denoiser's first level, or of a transformer's tokens.
        patch: Latents per token on a side, for a transformer; 1 for a U-Net.
        wide_attention: Whether a U-Net attends in its first level, at the full size of the latents.
        decoder_width: Channels that the autoencoder holds at the full size of the picture.
        tile: Side in pixels of the tiles in which the autoencoder can work.
        upcast: Whether the autoencoder works in full precision whatever the weights are in.
    """

    parts: tuple[Part, ...]
    scale: int = 8
    width: int = 320
    patch: int = 1
    wide_attention: bool = True
    decoder_width: int = 256
    tile: int = 512
    upcast: bool = False

    @property
    def parameters(self) -> int:
        return sum(part.parameters for part in self.parts)

    @property
    def stored(self) -> int:
        """Bytes of all weights on the disk."""
        return sum(part.stored for part in self.parts)

    @property
    def is_transformer(self) -> bool:
        return any(part.name == "transformer" for part in self.parts)


def read_anatomy(folder: Path) -> Anatomy:
    """Read a pipeline folder's anatomy.

    Raises:
        BoxpaintError: A file of it is missing or broken.
    """
    index = read_config(folder / "model_index.json")
    names = [name for name, value in index.items() if name.isidentifier() and isinstance(value, list)]
    found = ((name, weight_files(folder / name)) for name in names)
    parts = tuple(_part(name, files) for name, files in found if files)
    denoiser = next((read_config(folder / name / "config.json") for name in DENOISERS if (folder / name).is_dir()), {})
    vae_file = folder / "vae" / "config.json"
    vae = read_config(vae_file) if vae_file.is_file() else {}
    widths = _numbers(vae.get("block_out_channels") or vae.get("decoder_block_out_channels"))
    levels = denoiser.get("down_block_types")
    heads = _numbers([denoiser.get("num_attention_heads"), denoiser.get("attention_head_dim")])
    tokens = prod(heads) if len(heads) == 2 else 0
    return Anatomy(
        parts=parts,
        scale=2 ** (min(len(widths), 12) - 1) if widths else 8,
        width=next(iter(_numbers(denoiser.get("block_out_channels"))), tokens or 320),
        patch=max([2, *_numbers([denoiser.get("patch_size")])]) if (folder / "transformer").is_dir() else 1,
        wide_attention="Attn" in str(levels[0]) if isinstance(levels, list) and levels else True,
        decoder_width=(widths[1] if len(widths) > 1 else widths[0]) if widths else 256,
        tile=next(iter(_numbers([vae.get("sample_size")])), 512),
        upcast=str(index.get("_class_name")).startswith("StableDiffusionXL") and vae.get("force_upcast", True) is True,
    )


def weight_files(folder: Path) -> list[Path]:
    """The safetensors files that are read when this part is loaded: not its other variants (``….fp16.safetensors``)."""
    for name in _NAMES:
        index = folder / f"{name}.safetensors.index.json"
        if index.is_file():
            shards = read_config(index).get("weight_map")
            names = {str(shard) for shard in shards.values()} if isinstance(shards, dict) else set()
            for shard in names:
                if Path(shard).name != shard or not shard.endswith(".safetensors"):
                    message = f"it names {shard[:100]!r}, which is no safetensors file beside it."
                    raise BoxpaintError(message, "model", file=str(index), hint="Fetch or copy the folder again.")
            return [folder / shard for shard in sorted(names)]
        if (folder / f"{name}.safetensors").is_file():
            return [folder / f"{name}.safetensors"]
    return sorted(folder.glob("*.safetensors")) if folder.is_dir() else []


def read_header(file: Path) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor in a safetensors file.

    Raises:
        BoxpaintError: The file is missing, its header broken, or it is not as long as its header says.
    """
    try:
        if not file.is_file():
            raise ValueError("there is no such file")
        with file.open("rb") as content:
            size = struct.unpack("<Q", content.read(8))[0]
            if size > _MAX_HEADER_BYTES:
                raise ValueError(f"a header of {size} bytes")
            header = json.loads(content.read(size))
        tensors = {name: entry for name, entry in header.items() if name != "__metadata__"}
        wanted = 8 + size + max((int(entry["data_offsets"][1]) for entry in tensors.values()), default=0)
        if (length := file.stat().st_size) != wanted:
            raise ValueError(f"{length} of {wanted} bytes are there")
        shapes = {name: tuple(map(int, entry["shape"])) for name, entry in tensors.items()}
        for name, shape in shapes.items():
            if len(shape) > 16 or any(not 0 <= side <= _MAX_PARAMETERS for side in shape):
                raise ValueError(f"the shape of {name[:100]!r} cannot be")
        return shapes
    except (
        OSError,
        ValueError,
        TypeError,
        LookupError,
        ArithmeticError,
        AttributeError,
        RecursionError,
        struct.error,
    ) as error:
        raise BoxpaintError(
            f"the weights cannot be read ({error}).", "model", file=str(file), hint="Fetch or copy the file again."
        ) from error


def _part(name: str, files: list[Path]) -> Part:
    shapes: Mapping[str, tuple[int, ...]] = {}
    for file in files:
        shapes = {**shapes, **read_header(file)}
    counts = [prod(shape) for shape in shapes.values()]
    if sum(counts) > _MAX_PARAMETERS:
        raise BoxpaintError("its weights are more than any model has.", "model", file=str(files[0].parent))
    linear = sum(prod(shape) for tensor, shape in shapes.items() if _is_linear(name, tensor, shape))
    return Part(name, sum(counts), sum(file.stat().st_size for file in files), max(counts, default=0), linear)


def _is_linear(part: str, tensor: str, shape: tuple[int, ...]) -> bool:
    """Whether a tensor is the weight of a linear layer of a part that can be quantised."""
    if len(shape) != 2 or not tensor.endswith(".weight"):
        return False
    return part in DENOISERS or (part.startswith("text_encoder") and not any(word in tensor for word in _NOT_LINEAR))


def _numbers(value: Any) -> list[int]:
    """The whole numbers of a list, as far as they are such as networks have."""
    numbers = value if isinstance(value, list) else []
    return [number for number in numbers if type(number) is int and 0 < number <= _MAX_NUMBER]
