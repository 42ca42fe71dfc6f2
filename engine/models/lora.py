"""LoRA files: small changes to a model's weights that a run may ask for, and that the next one does not inherit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import isfinite
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.models.card import ModelCard


@dataclass(frozen=True, slots=True)
class Lora:
    """A LoRA file, and how strongly it works: 0 not at all, 1 as it was trained."""

    file: str
    scale: float = 1.0

    @classmethod
    def parse(cls, text: str) -> Lora:
        """``FILE`` or ``FILE:scale``, as the command line takes it; the file's path is made absolute."""
        file, colon, scale = text.rpartition(":")
        if colon and file:
            try:
                return cls(str(Path(file).resolve()), float(scale))
            except ValueError:
                pass  # the colon belongs to the path, as in C:\lora.safetensors
        return cls(str(Path(text).resolve()))


def loras_from(data: Any) -> tuple[Lora, ...]:
    """LoRAs from JSON values, the inverse of ``dataclasses.asdict``.

    Raises:
        BoxpaintError: They are something else.
    """
    try:
        loras = tuple(Lora(**{**entry, "scale": float(entry.get("scale", 1.0))}) for entry in data)
    except (TypeError, ValueError, AttributeError):
        loras = None
    if loras is None or not all(isinstance(lora.file, str) and isfinite(lora.scale) for lora in loras):
        raise BoxpaintError(
            f"the setting loras is {data!r}.",
            "settings",
            field="loras",
            hint="It is a list of objects with file (a path) and scale (a number).",
        )
    return loras


def check_loras(loras: Sequence[Lora], card: ModelCard) -> None:
    """Refuse what cannot be loaded, before the model is.

    Raises:
        BoxpaintError: A file is missing, no safetensors file or holds no LoRA, one is named twice, or the model's
            pipelines take none.
    """
    if not loras:
        return
    if not card.family.loras:
        raise _refused(loras[0], f"{card.family.title} takes no LoRA files.", "Use another model.")
    if find_spec("peft") is None:
        raise _refused(loras[0], "LoRA files need the package peft.", 'Install it: pip install "boxpaint[lora]".')
    for number, lora in enumerate(loras):
        if any(other.file == lora.file for other in loras[:number]):
            raise _refused(lora, "it is named twice.", "Name each file once, with the scale that is meant.")
        _check_file(lora)


def _check_file(lora: Lora) -> None:
    from safetensors import SafetensorError, safe_open

    path = Path(lora.file)
    if not path.is_file():
        raise _refused(lora, "there is no such file.", "Give the path of a LoRA's .safetensors file.")
    if path.suffix != ".safetensors":
        raise _refused(
            lora, "it is no safetensors file.", "Pickled weights can run code: use the .safetensors form of this LoRA."
        )
    try:
        with safe_open(path, framework="numpy") as file:
            names = list(file.keys())
    except (OSError, SafetensorError) as error:
        raise _refused(lora, f"it cannot be read ({error}).", "Fetch or copy the file again.") from error
    if not any("lora" in name.lower() for name in names):
        raise _refused(lora, "it holds no LoRA weights.", "A whole model is taken in by `boxpaint models import`.")


def use_loras(pipeline: Any, loras: Sequence[Lora]) -> tuple[tuple[str, float], ...]:
    """Make a pipeline work with exactly these LoRAs; those of an earlier run are taken off.

    Returns:
        What tells these weights from those with other LoRAs.

    Raises:
        BoxpaintError: One does not fit the model; the pipeline is then without any.
    """
    wanted = {_adapter(lora): lora for lora in loras}
    if _present(pipeline) - set(wanted):
        pipeline.unload_lora_weights()
    for name, lora in wanted.items():
        if name not in _present(pipeline):
            _load(pipeline, name, lora)
    if wanted:
        pipeline.set_adapters(list(wanted), adapter_weights=[lora.scale for lora in loras])
    return tuple((name, lora.scale) for name, lora in wanted.items())


def lora_facts(loras: Sequence[Lora]) -> list[dict[str, Any]]:
    """What a run's record says of its LoRAs: file, scale and the SHA-256 of the content."""
    facts = []
    for lora in loras:
        with Path(lora.file).open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        facts.append({"file": lora.file, "scale": lora.scale, "sha256": digest})
    return facts


def _load(pipeline: Any, name: str, lora: Lora) -> None:
    path = Path(lora.file)
    try:
        pipeline.load_lora_weights(
            str(path.parent), weight_name=path.name, adapter_name=name, local_files_only=True, use_safetensors=True
        )
        fits = name in _present(pipeline)
    except Exception as error:
        # Libraries refuse what does not fit in many ways; all of them mean the same here.
        first = (str(error).strip() or type(error).__name__).splitlines()
        reason = next((line.strip() for line in first if "size mismatch" in line), first[0].strip())
        pipeline.unload_lora_weights()
        raise _refused(lora, f"it does not fit this model: {reason}", _WHICH) from error
    if not fits:
        pipeline.unload_lora_weights()
        raise _refused(lora, "none of its weights belongs to this model.", _WHICH)


_WHICH = "Use a LoRA that was trained for this kind of model (SD 1.5, SD 2, SDXL, FLUX)."


def _present(pipeline: Any) -> set[str]:
    """The adapters that a pipeline has loaded, whatever part they are in."""
    # Without peft diffusers refuses even to list them, and there can be none.
    if find_spec("peft") is None or not hasattr(pipeline, "get_list_adapters"):
        return set()
    return {name for names in pipeline.get_list_adapters().values() for name in names}


def _adapter(lora: Lora) -> str:
    """A name that changes with the file's content, so that one that was replaced is loaded anew."""
    state = Path(lora.file).stat()
    digest = hashlib.sha256(f"{lora.file}|{state.st_size}|{state.st_mtime_ns}".encode()).hexdigest()
    return f"lora_{digest[:16]}"


def _refused(lora: Lora, message: str, hint: str) -> BoxpaintError:
    return BoxpaintError(message, "settings", file=lora.file, field="lora", hint=hint)
