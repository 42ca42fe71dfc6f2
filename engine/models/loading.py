"""From a model's name or folder to a pipeline in memory. The only module that loads generation weights."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.models.card import ModelCard
from engine.models.machine import choose_device
from engine.models.parts import check_parts


class Batches:
    """How many pictures one call of a model may paint: as many as are worth it, fewer where memory has run out."""

    def __init__(self, most: int = 16) -> None:
        self.most = most

    def too_many(self, pictures: int) -> None:
        """So many did not fit in memory."""
        self.most = max(1, pictures // 2)


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A pipeline ready to paint, where it is and in which number format."""

    card: ModelCard
    pipeline: Any
    device: str
    precision: str
    batches: Batches = field(default_factory=Batches, compare=False)


def choose_precision(wanted: str, device: str) -> str:
    """The number format for the setting ``precision``: half precision on CUDA, full precision elsewhere."""
    if wanted == "auto":
        return "fp16" if device == "cuda" else "fp32"
    return wanted


def load_pipeline(card: ModelCard, *, device: str, precision: str) -> LoadedModel:
    """Load a pipeline folder's weights, from safetensors only, with no network and no code from the folder.

    Raises:
        BoxpaintError: The weights are missing, broken, do not fit each other, or do not fit in memory.
    """
    check_parts(card.folder)
    # Nothing is fetched here: what is not in the folder is an error with a remedy, not a download.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import diffusers
    import torch

    _quiet()
    pipeline_class = getattr(diffusers, card.pipeline_class, None)
    if pipeline_class is None:
        raise BoxpaintError(
            f"diffusers {diffusers.__version__} has no {card.pipeline_class}.", "model", file=str(card.folder)
        )
    chosen_device = choose_device(device)
    chosen_precision = choose_precision(precision, chosen_device)
    dtype = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}[chosen_precision]

    def load() -> Any:
        pipeline = pipeline_class.from_pretrained(
            str(card.folder), dtype=dtype, use_safetensors=True, local_files_only=True
        )
        pipeline.set_progress_bar_config(disable=True)
        return pipeline.to(chosen_device)

    pipeline = _explained(load, card.folder)
    return LoadedModel(card, pipeline, chosen_device, chosen_precision)


def _explained(load: Callable[[], Any], folder: Path) -> Any:
    """Run a load and tell every way in which a library can refuse a folder as one kind of error."""
    try:
        return load()
    except MemoryError as error:
        raise BoxpaintError("the model does not fit in memory.", "memory", file=str(folder)) from error
    except Exception as error:
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        if "safetensors" in first and "no file" in first.lower():
            hint = "Only safetensors weights are loaded, since pickled ones can run code: fetch the safetensors files."
        else:
            hint = "The folder may be incomplete or from another version: fetch or copy it again."
        raise BoxpaintError(f"the pipeline cannot be loaded: {first}", "model", file=str(folder), hint=hint) from error


def _quiet() -> None:
    """No progress bars or advice of the libraries on our stderr; errors come as exceptions."""
    import diffusers
    import transformers

    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
