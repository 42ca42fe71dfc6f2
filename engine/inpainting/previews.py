"""Rough pictures of latents inside a step, cheap enough to be made while the model works."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from engine.inpainting.settings import GenerationSettings
from engine.models.loading import LoadedModel

MIN_SECONDS = 0.25
"""At most four previews a second are made; more would only cost the model's time."""

_SWATCHES = 8
"""The colour chart has this many swatches a side, each several latents wide so that borders do not matter."""


class LatentPreview:
    """A linear reading of latents as colours, fitted to the model's own autoencoder.

    The autoencoder encodes a chart of known colours; the least-squares map from its latents to those colours then turns
    any latents into a picture of latent size, in microseconds instead of a decoder call.
    """

    def __init__(self, pipeline: Any) -> None:
        self._weights = _fit(pipeline)
        self._last = 0.0

    def due(self) -> bool:
        """Whether enough time has passed since the last picture."""
        return time.monotonic() - self._last >= MIN_SECONDS

    def picture(self, latents: Any) -> np.ndarray:
        """Latents (1, C, H, W) as 8-bit RGB (H, W, 3)."""
        self._last = time.monotonic()
        values = latents[0].float().cpu().numpy()
        channels, height, width = values.shape
        flat = np.concatenate([values.reshape(channels, -1), np.ones((1, height * width), np.float32)])
        colours = (self._weights.T @ flat).T.reshape(height, width, 3)
        return (np.clip(colours, 0.0, 1.0) * 255).round().astype(np.uint8)


def make_preview(settings: GenerationSettings, model: LoadedModel) -> LatentPreview | None:
    """The previews of a run, unless the settings switch them off."""
    if not settings.previews:
        return None
    return model.placing.within_memory(lambda: LatentPreview(model.pipeline), "fitting the previews")


def _fit(pipeline: Any) -> np.ndarray:
    """Weights (C + 1, 3) from latents and a constant to colours in [0, 1]."""
    import torch

    scale = pipeline.vae_scale_factor
    swatch = 4
    colours = np.random.default_rng(0).random((_SWATCHES, _SWATCHES, 3), dtype=np.float32)
    chart = colours.repeat(swatch * scale, axis=0).repeat(swatch * scale, axis=1)
    vae = pipeline.vae
    dtype = vae.dtype
    # Autoencoders that say so overflow in half precision; their pipelines work them in single precision as well.
    upcast = dtype == torch.float16 and bool(getattr(vae.config, "force_upcast", False))
    if upcast:
        vae.to(torch.float32)
    try:
        picture = torch.from_numpy(chart * 2 - 1).permute(2, 0, 1)[None].to(pipeline._execution_device, vae.dtype)
        with torch.no_grad():
            encoded = vae.encode(picture)
    finally:
        if upcast:
            vae.to(dtype)
    latents = encoded.latents if hasattr(encoded, "latents") else encoded.latent_dist.mode()
    latents = (latents - (getattr(vae.config, "shift_factor", None) or 0.0)) * vae.config.scaling_factor
    grid = latents[0].float().cpu().numpy()
    centres = grid[:, swatch // 2 :: swatch, swatch // 2 :: swatch].reshape(grid.shape[0], -1)
    known = np.concatenate([centres, np.ones((1, centres.shape[1]), np.float32)]).T
    return np.linalg.lstsq(known, colours.reshape(-1, 3), rcond=None)[0]
