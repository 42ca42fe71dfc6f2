"""What a diffusion network learns: noise added to latents, what it predicts of it, and how much each step counts."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import DDPMScheduler
from torch import Tensor


class Diffusion:
    """The noise schedule and the prediction type of a pipeline's scheduler, for training.

    Args:
        scheduler: The pipeline's scheduler; its config is what counts.
        snr_limit: Limit of the signal-to-noise weighting (min-SNR, arXiv 2303.09556).
        device: Where the latents are.
    """

    def __init__(self, scheduler: Any, snr_limit: float, device: torch.device) -> None:
        self.prediction = scheduler.config.get("prediction_type", "epsilon")
        self.signal = DDPMScheduler.from_config(scheduler.config).alphas_cumprod.to(device)
        self._limit = snr_limit

    def draw(self, clean: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Random steps (B,), the noisy latents, what the network shall predict, and the weights (B, 1, 1, 1).

        Everything random is drawn on the CPU, so that a seed means the same on every device.
        """
        steps = torch.randint(len(self.signal), (len(clean),), generator=generator).to(clean.device)
        noise = torch.randn(clean.shape, generator=generator).to(clean.device)
        signal = self.signal[steps].view(-1, 1, 1, 1)
        noisy = signal.sqrt() * clean + (1 - signal).sqrt() * noise
        return steps, noisy, self._wanted(clean, noise, signal), self._weight(signal)

    def _wanted(self, clean: Tensor, noise: Tensor, signal: Tensor) -> Tensor:
        if self.prediction == "v_prediction":
            return signal.sqrt() * noise - (1 - signal).sqrt() * clean
        return clean if self.prediction == "sample" else noise

    def _weight(self, signal: Tensor) -> Tensor:
        """min-SNR weights; with v-prediction in the form that keeps the last, signal-free step trained."""
        ratio = signal / (1 - signal)
        if self.prediction == "v_prediction":
            return (ratio + 1).clamp(max=self._limit) / (ratio + 1)
        if self.prediction == "sample":
            return ratio.clamp(max=self._limit)
        return ratio.clamp(max=self._limit) / ratio
