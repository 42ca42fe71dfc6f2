"""From a folder to a detector in memory."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch

from engine.detection.center import ARCHITECTURE, CenterConfig, CenterDetector
from engine.detection.protocol import Detector
from engine.errors import BoxpaintError
from engine.models.catalogue import list_models

CONFIG = "config.json"
WEIGHTS = "model.safetensors"

BUILT_IN = Path(__file__).resolve().parents[2] / "resources" / "models" / "clevr-mini-detector"
"""The detector that comes with the program."""


def find_detector(name: str) -> Path:
    """The folder of an installed detector by its name, or a detector's folder by its path.

    Raises:
        BoxpaintError: There is neither.
    """
    installed = {entry.name: entry.path for entry in list_models() if entry.kind == "detector"}
    if name in installed:
        return installed[name]
    folder = Path(name)
    if folder.is_dir():
        return folder
    raise BoxpaintError(
        f"there is no detector {name!r}.",
        "model",
        field="detector",
        hint=f"Installed: {', '.join(sorted(installed)) or 'none'}. Or name a detector's folder.",
    )


def load_detector(path: Path | str = BUILT_IN, device: str = "cpu") -> Detector:
    """The detector of a folder with ``config.json`` and ``model.safetensors``, ours or of transformers' DETR family.

    Args:
        path: The folder.
        device: The torch device to run on.

    Raises:
        BoxpaintError: The folder or a file of it is missing, is of another program, or its weights do not fit.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise _refusal(folder, "there is no such detector folder.", "See `boxpaint models list`.")
    config = _read_config(folder / CONFIG)
    architecture = config.get("architecture") or config.get("model_type")
    build = _BUILDERS.get(architecture) if isinstance(architecture, str) else None
    if build is None:
        known = ", ".join(_BUILDERS)
        found = architecture or "none is named"
        raise _refusal(folder / CONFIG, f"the architecture is not known ({found}).", f"Known ones: {known}.")
    return build(folder, config, device)


def _center(folder: Path, data: Mapping[str, Any], device: str) -> Detector:
    try:
        config = CenterConfig.from_json(data)
    except (KeyError, TypeError, ValueError) as error:
        raise _refusal(folder / CONFIG, f"it is not complete: {error}.", "Install the model again.") from error
    network = config.network()
    file = folder / WEIGHTS
    if not file.is_file():
        raise _refusal(file, "the weights are missing.", "Only safetensors are loaded; install the model again.")
    try:
        network.load_state_dict(safetensors.torch.load_file(file))
    except (OSError, safetensors.SafetensorError) as error:
        raise _refusal(file, "the weights cannot be read.", "Install the model again.") from error
    except RuntimeError as error:
        raise _refusal(
            file, "the weights do not fit the network of config.json.", "Install the model again."
        ) from error
    return CenterDetector(config, network, device)


def _transformer(folder: Path, data: Mapping[str, Any], device: str) -> Detector:
    # Loads slowly, and the built-in detector does without.
    from engine.detection.transformer import load_transformer

    return load_transformer(folder, str(data.get("name") or folder.name), device)


_FAMILY = ("conditional_detr", "d_fine", "deformable_detr", "detr", "rt_detr", "rt_detr_v2", "yolos")
"""Values of transformers' ``model_type`` that are loaded."""

_BUILDERS: dict[str, Callable[[Path, Mapping[str, Any], str], Detector]] = {
    ARCHITECTURE: _center,
    **dict.fromkeys(_FAMILY, _transformer),
}
"""Architectures by the name that ``config.json`` gives them."""


def _read_config(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_text("utf-8"))
    except FileNotFoundError as error:
        raise _refusal(
            file, "it is missing, so this is no detector folder.", "Choose the detector's folder."
        ) from error
    except (OSError, ValueError) as error:
        raise _refusal(file, "it cannot be read as JSON.", "Install the model again.") from error
    if not isinstance(data, dict):
        raise _refusal(file, "it is not a JSON object.", "Install the model again.")
    return data


def _refusal(file: Path, message: str, hint: str) -> BoxpaintError:
    return BoxpaintError(message, "model", file=str(file), hint=hint)
