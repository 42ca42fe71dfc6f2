"""Training of the small autoencoder: pictures to latents of a quarter of their side, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from diffusers import AutoencoderTiny
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F

from engine.training.data import Pictures
from engine.training.latents import ZOOM_VIEWS, SampleSource
from engine.training.settings import AutoencoderSettings
from engine.training.sheets import pair_sheet
from engine.training.tasks import Sample

LATENT_NOISE = 0.05
"""Noise on the latents in training: what the diffusion model gives later is never exact."""

_WORKING = 64
_HOLED = 0.15
_PERMUTED = 0.4
_CENTRED = 0.7
_SHEET_PATCHES = 16

_BLACK = 10 / 127.5 - 1
"""Pixels whose every channel is darker than this count as empty context."""

_EDGE = 4
"""Pixels beyond a crop's edge, one latent, that the decoder may fill as it likes."""

# Luminance and two colour differences: small coloured objects on a gray ground would otherwise hardly count.
_LUMA_CHROMA = ((0.299, 0.587, 0.114), (-0.3376, -0.6624, 1.0), (1.0, -0.8374, -0.1626))


class _RoundTrip(nn.Module):
    """There and back in one call, so that wrappers for several devices see a plain forward pass."""

    def __init__(self, model: AutoencoderTiny) -> None:
        super().__init__()
        self.model = model

    def forward(self, pictures: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        latents = self.model.encode(pictures).latents
        return latents, self.model.decode(latents + noise).sample.float()


class AutoencoderTask:
    """Reconstruction of patches of what the inpainter will meet; see ``engine.training.loop.Task``.

    Patches are small, so that a step is cheap and there are many. Some have their colour channels permuted: the
    encoder must keep every colour apart, and a few gray renders alone would not teach it.
    """

    kind = "autoencoder"

    def __init__(
        self,
        settings: AutoencoderSettings,
        pictures: Pictures,
        model: AutoencoderTiny,
        accelerator: Accelerator,
    ) -> None:
        self.settings = settings
        self.device = accelerator.device
        self.model = model.to(self.device, memory_format=torch.channels_last)
        if settings.parts == "decoder":
            self.model.encoder.requires_grad_(False)
        self.modules: dict[str, nn.Module] = {"autoencoder": accelerator.prepare_model(_RoundTrip(self.model))}
        self.samples = _draw_samples(pictures.train, settings.seed, settings.pool)
        self.shares = np.array([view.pool for view in ZOOM_VIEWS])
        self.held_out = _draw_samples(pictures.held_out or pictures.train, settings.seed, _SHEET_PATCHES)[0]
        self.colours = torch.tensor(_LUMA_CHROMA, device=self.device).view(3, 3, 1, 1)

    def draw(self, rng: np.random.Generator) -> tuple[Mapping[str, Any], int]:
        """A batch of patches, uint8 (B, side, side, 3)."""
        side = self.settings.patch
        patches = np.empty((self.settings.batch, side, side, 3), np.uint8)
        for row in range(len(patches)):
            view = int(rng.choice(len(self.samples), p=self.shares / self.shares.sum()))
            sample = self.samples[view][int(rng.integers(len(self.samples[view])))]
            patches[row] = _patch(sample, side, view == 0, rng)
        return {"patches": torch.from_numpy(patches)}, len(patches)

    def loss(self, batch: Mapping[str, Any], generator: torch.Generator) -> Tensor:
        """L1 at three scales, L1 of gradients, a little squared error, and latents pulled to mean 0 and spread 1.

        The decoder alone is trained with ``seen_weight``.
        """
        wanted = _pictures(batch["patches"]).to(self.device)
        weight = seen_weight(wanted) if self.settings.parts == "decoder" else torch.ones_like(wanted[:, :1])
        side = wanted.shape[-1] // 2 ** (len(self.model.config.block_out_channels) - 1)
        shape = (len(wanted), self.model.config.latent_channels, side, side)
        noise = LATENT_NOISE * torch.randn(shape, generator=generator).to(self.device)
        latents, given = self.modules["autoencoder"](wanted, noise)
        difference = F.conv2d(given - wanted, self.colours) * weight
        loss = difference.abs().mean() + 2 * difference.square().mean()
        for axis in (2, 3):
            last = wanted.shape[axis] - 1
            both = torch.minimum(weight.narrow(axis, 0, last), weight.narrow(axis, 1, last))
            loss = loss + 0.7 * ((given - wanted).diff(dim=axis) * both).abs().mean()
        for factor in (4, 8):
            loss = loss + F.avg_pool2d(difference, factor).abs().mean()
        loss = loss / weight.mean().clamp(min=0.1)
        latents = latents.float()
        spread = latents.std((0, 2, 3)) - 1
        return loss + 0.01 * (latents.mean((0, 2, 3)).square().mean() + spread.square().mean())

    def sheet(self) -> Image.Image:
        """Held-out windows above their reconstructions."""
        wanted = np.stack([sample.target for sample in self.held_out])
        return pair_sheet(list(zip(wanted, self.reconstruct(wanted), strict=True)))

    @torch.inference_mode()
    def reconstruct(self, pictures: np.ndarray) -> np.ndarray:
        """What becomes of uint8 pictures (B, S, S, 3) on the way through the latents."""
        output = self.model(_pictures(torch.from_numpy(pictures)).to(self.device)).sample
        restored = ((output.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
        result: np.ndarray = restored.permute(0, 2, 3, 1).cpu().numpy()
        return result

    def figures(self) -> dict[str, float]:
        """Peak signal-to-noise ratio in decibels over the held-out windows."""
        wanted = np.stack([sample.target for sample in self.held_out])
        error = np.square(self.reconstruct(wanted).astype(np.float64) - wanted).mean((1, 2, 3))
        return {"psnr": float((10 * np.log10(255**2 / np.maximum(error, 1e-3))).mean())}


def seen_weight(pictures: Tensor) -> Tensor:
    """Weights (B, 1, S, S): 1 on picture, 0 on black next to it, 0.3 on other black; pictures lie in [-1, 1].

    A latent cannot say to the pixel where a crop ends on black, so a decoder that must draw this edge hedges, and
    stripes run along every box. Only what is inside a box is ever used; the decoder may go on beyond its edge.
    """
    seen = (pictures.amax(1, keepdim=True) >= _BLACK).float()
    near = F.max_pool2d(seen, 2 * _EDGE + 1, 1, _EDGE)
    return seen + 0.3 * (1 - near)


def _draw_samples(pictures: Any, seed: int, count: int) -> list[list[Sample]]:
    both = [mirrored for picture in pictures for mirrored in (picture, picture.flipped())]
    source = SampleSource(both, seed)
    numbers = (range(max(1, round(count * view.pool))) for view in ZOOM_VIEWS)
    return [[source.sample(ZOOM_VIEWS, index, n, _WORKING) for n in some] for index, some in enumerate(numbers)]


def _patch(sample: Sample, side: int, centred: bool, rng: np.random.Generator) -> np.ndarray:
    slack = sample.target.shape[0] - side
    low, high = (slack // 4, slack - slack // 4) if centred and rng.random() < _CENTRED else (0, slack)
    left, top = (int(edge) for edge in rng.integers(low, high + 1, 2))
    patch = sample.target[top : top + side, left : left + side]
    if rng.random() < _HOLED:
        mask = sample.mask[top : top + side, left : left + side, None]
        patch = np.where(mask > 0, np.uint8(128), patch)
    if rng.random() < _PERMUTED:
        patch = patch[..., rng.permutation(3)]
    return patch


def _pictures(patches: Tensor) -> Tensor:
    """uint8 (B, S, S, 3) as floats (B, 3, S, S) in [-1, 1]."""
    return (patches.permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)
