"""Quantised weights: the linear layers of a model's network and text encoders in one byte per weight, through torchao.

diffusers and transformers quantise each layer as they read it. Convolutions, embeddings and the autoencoder keep the
number format. What is painted differs from the unquantised model's pictures, by a little.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.models.anatomy import DENOISERS, read_anatomy
from engine.models.configs import read_config

NONE, INT8 = "none", "int8"
QUANTIZATIONS = (NONE, INT8)
"""Every word. The four-bit formats of torchao 0.18 work on one kind of device each, or win no memory."""

_OLDEST = (0, 18)
_INSTALL = 'Install it: pip install "boxpaint[quantize]".'


def check_quantize(quantize: str, folder: Path, *, loras: bool = False) -> None:
    """Refuse quantised weights where they cannot be had, before any weights are read.

    Args:
        quantize: One of ``QUANTIZATIONS``.
        folder: A diffusers pipeline's.
        loras: Whether LoRA files are asked for as well.

    Raises:
        BoxpaintError: torchao is missing or too old, the pipeline has no network of diffusers with linear layers, one
            of its parts is quantised already, or LoRA files are asked for.
    """
    if quantize == NONE:
        return
    if loras:
        raise _refused("LoRA files cannot be added to quantised weights.", "Use --quantize none, or no --lora.")
    try:
        installed = version("torchao")
    except PackageNotFoundError:
        raise _refused("quantised weights need the package torchao.", _INSTALL) from None
    if tuple(int(number) for number in installed.split(".")[:2] if number.isdigit()) < _OLDEST:
        raise _refused(f"quantised weights need a newer torchao than {installed}.", _INSTALL)
    parts = quantised_parts(folder)
    linear = {part.name: part.linear for part in read_anatomy(folder).parts}
    if not any(name in DENOISERS and linear.get(name) for name in parts):
        raise _refused(
            "the pipeline has no network of diffusers' with linear layers: there is nothing to quantise.",
            "Use --quantize none.",
            file=folder,
        )
    for name in parts:
        file = folder / name / "config.json"
        if read_config(file).get("quantization_config"):
            raise _refused("these weights are quantised already.", "Use --quantize none.", file=file)


def quantised_parts(folder: Path) -> dict[str, str]:
    """The parts of a pipeline folder that can be quantised, and which library they are of."""
    parts = {}
    for name, value in read_config(folder / "model_index.json").items():
        library = value[0] if isinstance(value, list) and value else None
        denoiser = name in DENOISERS and library == "diffusers"
        encoder = name.startswith("text_encoder") and library == "transformers"
        if (denoiser or encoder) and (folder / name / "config.json").is_file():
            parts[name] = str(library)
    return parts


def quantization(quantize: str, folder: Path) -> Any:
    """diffusers' configuration that loads a pipeline folder this way; None: as it is.

    Raises:
        BoxpaintError: See ``check_quantize``.
    """
    check_quantize(quantize, folder)
    if quantize == NONE:
        return None
    import diffusers
    import transformers
    from torchao.quantization import Int8WeightOnlyConfig

    libraries = {"diffusers": diffusers, "transformers": transformers}
    return diffusers.PipelineQuantizationConfig(
        quant_mapping={
            name: libraries[library].TorchAoConfig(Int8WeightOnlyConfig())
            for name, library in quantised_parts(folder).items()
        }
    )


def _refused(message: str, hint: str, *, file: Path | None = None) -> BoxpaintError:
    return BoxpaintError(message, "settings", file=str(file) if file else None, field="quantize", hint=hint)
