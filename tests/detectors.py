"""A real detector folder with few, random weights."""

from __future__ import annotations

import json
from pathlib import Path

import safetensors.torch
import torch

from engine.detection.center import WEIGHTS, CenterConfig
from engine.detection.kinds import CONFIG
from engine.layout.vocabulary import CLEVR_COLORS, CLEVR_MATERIALS, CLEVR_SHAPES


def make_tiny_detector(folder: Path) -> Path:
    """Write the detector into ``folder`` and return it."""
    config = CenterConfig(
        "tiny", 64, (8, 8, 8, 8), (0, 0, 0, 0), (8, 8, 8), (CLEVR_COLORS, CLEVR_MATERIALS, CLEVR_SHAPES)
    )
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    weights = config.network().state_dict()
    # It finds something everywhere, and prefers some labels: fresh biases find nothing in any picture.
    weights["output.bias"] = torch.randn_like(weights["output.bias"]) * 2
    weights["output.bias"][0] = weights["output.bias"][5] = 2.0
    safetensors.torch.save_file(weights, folder / WEIGHTS)
    (folder / CONFIG).write_text(json.dumps(config.as_json()))
    return folder


def make_tiny_inception(file: Path) -> Path:
    """A TorchScript file that gives three numbers for each picture, in the place of Inception's."""

    class Mean(torch.nn.Module):
        def forward(self, pictures: torch.Tensor) -> torch.Tensor:
            return pictures.mean((2, 3))

    torch.jit.save(torch.jit.script(Mean()), str(file))
    return file
