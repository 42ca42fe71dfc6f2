"""The small autoencoder: pictures to latents of a quarter of their size and back."""

from __future__ import annotations

import numpy as np
import torch
from diffusers import AutoencoderTiny
from torch import Tensor, nn
from torch.nn import functional as F

from engine.training import tasks
from engine.training.data import Picture


def build_autoencoder() -> AutoencoderTiny:
    return AutoencoderTiny(
        encoder_block_out_channels=(48, 48, 48),
        decoder_block_out_channels=(48, 48, 48),
        num_encoder_blocks=(0, 1, 2),
        num_decoder_blocks=(2, 1, 0),
        latent_channels=4,
        upsampling_scaling_factor=2,
        scaling_factor=1.0,
    )


def draw_patches(pictures: list[Picture], count: int, side: int, rng: np.random.Generator) -> np.ndarray:
    """uint8 array (count, 3, side, side) of what the autoencoder will meet in the inpainter."""
    patches = np.empty((count, side, side, 3), np.uint8)
    for row in range(count):
        picture = pictures[int(rng.integers(len(pictures)))]
        target = int(rng.integers(len(picture.boxes)))
        kind = rng.random()
        if kind < 0.5:
            sample = tasks.foreground_window(picture, target, side, rng)
        elif kind < 0.65:
            sample = tasks.foreground_native(picture, target, side, rng)
        elif kind < 0.8:
            sample = tasks.background_native(picture, side, rng)
        else:
            whole = tasks.background_whole(picture, 2 * side, rng)
            x, y = rng.integers(0, side + 1, 2)
            sample = tasks.Sample(whole.target[y : y + side, x : x + side], whole.mask[y : y + side, x : x + side], "")
        holed = rng.random() < 0.25
        patches[row] = np.where((sample.mask > 0)[..., None], np.uint8(128), sample.target) if holed else sample.target
    return np.ascontiguousarray(patches.transpose(0, 3, 1, 2))


def _gradients(x: Tensor) -> tuple[Tensor, Tensor]:
    return x[..., :, 1:] - x[..., :, :-1], x[..., 1:, :] - x[..., :-1, :]


def autoencoder_loss(model: nn.Module, x: Tensor, noise: float) -> tuple[Tensor, Tensor]:
    """Loss and reconstruction of a batch (B, 3, S, S) in [-1, 1]."""
    z = model.encode(x).latents
    y = model.decode(z + noise * torch.randn_like(z)).sample
    loss = (y - x).abs().mean()
    for a, b in zip(_gradients(y), _gradients(x), strict=True):
        loss = loss + (a - b).abs().mean()
    for factor in (2, 4):
        loss = loss + 0.5 * F.avg_pool2d(y - x, factor).abs().mean()
    mean, std = z.mean((0, 2, 3)), z.std((0, 2, 3))
    return loss + 0.01 * (mean.square().mean() + (std - 1).square().mean()), y
