"""From a model's name or folder to a pipeline in memory. The only module that loads generation weights."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.models.anatomy import read_anatomy
from engine.models.card import ModelCard
from engine.models.machine import this_machine
from engine.models.parts import check_parts
from engine.models.placement import choose
from engine.models.placing import Placing, is_out_of_memory
from engine.models.quantizing import NONE, quantization
from engine.models.texts import TextEmbeddings
from engine.models.tuning import Tuning

_log = logging.getLogger(__name__)


class Batches:
    """How many pictures one call of a model may paint: as many as are worth it, fewer where memory has run out."""

    def __init__(self, most: int = 16) -> None:
        self.most = most

    def too_many(self, pictures: int) -> None:
        """So many did not fit in memory."""
        self.most = max(1, pictures // 2)


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A pipeline ready to paint, and where it is: the notch may change while it works, device and precision do not."""

    card: ModelCard
    pipeline: Any
    placing: Placing
    batches: Batches = field(default_factory=Batches, compare=False)
    texts: TextEmbeddings = field(default_factory=TextEmbeddings, compare=False)
    tuning: Tuning = field(default_factory=Tuning, compare=False)

    @property
    def device(self) -> str:
        """Where it calculates: ``cuda``, ``mps`` or ``cpu``."""
        return self.placing.choice.device

    @property
    def precision(self) -> str:
        """Its number format: ``fp32``, ``fp16`` or ``bf16``."""
        return self.placing.choice.precision


def load_pipeline(
    card: ModelCard,
    *,
    device: str,
    precision: str,
    placement: str = "auto",
    quantize: str = NONE,
    size: tuple[int, int] | None = None,
) -> LoadedModel:
    """Load a pipeline folder's weights, from safetensors only, with no network and no code from the folder.

    Args:
        card: Which one.
        device, precision, placement, quantize: As in the generation settings.
        size: Width and height in pixels that will be painted; the card's own where it is not known yet.

    Raises:
        BoxpaintError: The weights are missing, broken, do not fit each other, or do not fit in memory; or they
            cannot be quantised.
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
    choice = choose(
        read_anatomy(card.folder),
        this_machine(device),
        size=size or card.size,
        precision=precision,
        placement=placement,
        quantize=quantize,
    )
    quantized = {} if quantize == NONE else {"quantization_config": quantization(quantize, card.folder)}
    _log.info("%s on %s", card.name, choice.text)
    dtype = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}[choice.precision]

    def load() -> Any:
        pipeline = pipeline_class.from_pretrained(
            str(card.folder), dtype=dtype, use_safetensors=True, local_files_only=True, **quantized
        )
        pipeline.set_progress_bar_config(disable=True)
        return pipeline

    pipeline = _explained(load, card.folder)
    placing = Placing(pipeline, choice)
    placing.settle()
    return LoadedModel(card, pipeline, placing)


def _explained(load: Callable[[], Any], folder: Path) -> Any:
    """Run a load and tell every way in which a library can refuse a folder as one kind of error."""
    try:
        return load()
    except Exception as error:
        if is_out_of_memory(error):
            raise BoxpaintError(
                "the model does not fit in this machine's memory.",
                "memory",
                file=str(folder),
                hint="Close other programs, or use a smaller model, --precision bf16 or fp16.",
            ) from error
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
    # diffusers imports torchao wherever it is installed, which then tells of GPUs that are not there.
    for name in ("torchao", "torch.utils._pytree"):
        logging.getLogger(name).setLevel(logging.ERROR)
