"""A trained pipeline or network as a folder to ship: half precision, small files, a card that says how it was made."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from diffusers import DiffusionPipeline
from torch import nn

from engine.errors import BoxpaintError
from engine.files import output_error, write_bytes, write_json

MAX_SHARD = "16MB"
MAX_BYTES = 48 * 10**6


def export_pipeline(
    pipeline: DiffusionPipeline, folder: Path, card: str, facts: Mapping[str, Any] | None = None
) -> None:
    """Write a pipeline folder in half precision, no file over 16 MB, with a README and ``boxpaint.json``.

    Args:
        pipeline: The trained pipeline; left as it is.
        folder: Where to; created if need be, files of the same names are replaced.
        card: Text of the README.
        facts: Content of ``boxpaint.json``: name, sizes, default settings; None writes none.

    Raises:
        BoxpaintError: The weights are not finite in half precision, or the folder cannot be written.
    """
    for name in ("vae", "text_encoder", "unet"):
        _check_finite(name, getattr(pipeline, name))
    shipped = copy.deepcopy(pipeline).to("cpu", torch.float16)
    try:
        shipped.save_pretrained(str(folder), safe_serialization=True, max_shard_size=MAX_SHARD)
        for path in folder.rglob("*.safetensors"):
            path.chmod(0o644)  # they are written for the owner alone, which no installed program could read
    except OSError as error:
        raise output_error(error, folder) from error
    _neutral_configs(folder)
    write_bytes(folder / "README.md", card.encode())
    if facts is not None:
        write_json(folder / "boxpaint.json", facts)


def _neutral_configs(folder: Path) -> None:
    """Take the place where a part was loaded from out of its config: it means nothing elsewhere."""
    for path in folder.rglob("*.json"):
        content = json.loads(path.read_text("utf-8"))
        if isinstance(content, dict) and content.pop("_name_or_path", None) is not None:
            write_json(path, content)


def _check_finite(name: str, module: nn.Module) -> None:
    for key, tensor in module.state_dict().items():
        if tensor.dtype.is_floating_point and not torch.isfinite(tensor.half()).all():
            raise BoxpaintError(
                f"the weights of {name} ({key}) are not finite in half precision.",
                "training",
                hint="The training went astray: start again with a lower learning rate.",
            )


def clevr_mini_facts(working: int) -> dict[str, Any]:
    """``boxpaint.json`` of a pipeline trained in zoomed windows."""
    return {
        "schema_version": 1,
        "name": "clevr-mini",
        "kind": "pipeline",
        "licence": "Apache-2.0",
        "size": [5 * working, 5 * working],
        "working_size": [working, working * 3 // 2],
        "window_factor": 1.5,
        "defaults": {"steps": 12, "guidance": 2.0, "area": "zoom", "scheduler": "model"},
        "background_size": 2 * working,
        "prompts": {"foreground": "Add {object}", "background": "Add gray background"},
        "vocabulary": "clevr-48",
    }


def single_step_facts(prompt: str, side: int) -> dict[str, Any]:
    """``boxpaint.json`` of a single-step sibling whose prompts have the form ``reco`` or ``ldm``."""
    return {
        "schema_version": 1,
        "name": f"{prompt}-mini",
        "kind": "pipeline",
        "licence": "Apache-2.0",
        "size": [side, side],
        "defaults": {"method": prompt, "steps": 30, "guidance": 3.0, "area": "full", "scheduler": "model"},
        "vocabulary": "clevr-48",
    }
