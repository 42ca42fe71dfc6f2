"""The networks of the built-in pipeline, with random weights."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from diffusers import AutoencoderTiny, DDIMScheduler, UNet2DConditionModel
from diffusers.models.attention_processor import AttnProcessor

WIDTHS = (48, 96, 160)
"""Channels of the U-Nets' three levels."""

_HIGHEST_BETA = 0.999
"""What the last step may take of the signal at most, as in diffusers' own cosine schedule."""


def build_unet(widths: tuple[int, ...] = WIDTHS, text_width: int = 128, latent: int = 16) -> UNet2DConditionModel:
    """An inpainting U-Net with attention in its lowest level only.

    Input (B, 9, h, w): 4 noisy latents, 1 mask, 4 latents of the masked picture; h and w are multiples of 4.
    """
    return _unet(9, widths, (False, False, True), text_width, latent)


def build_text_unet(widths: tuple[int, ...] = WIDTHS, text_width: int = 128, latent: int = 32) -> UNet2DConditionModel:
    """A text-to-image U-Net; its middle level looks at the prompt too, since places must be told finer than 1/8.

    Input (B, 4, h, w): noisy latents; h and w are multiples of 4.
    """
    return _unet(4, widths, (False, True, True), text_width, latent)


def _unet(
    channels: int, widths: tuple[int, ...], attention: tuple[bool, ...], text_width: int, latent: int
) -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=latent,
        in_channels=channels,
        out_channels=4,
        block_out_channels=widths,
        layers_per_block=1,
        down_block_types=tuple("CrossAttnDownBlock2D" if there else "DownBlock2D" for there in attention),
        up_block_types=tuple("CrossAttnUpBlock2D" if there else "UpBlock2D" for there in reversed(attention)),
        cross_attention_dim=text_width,
        attention_head_dim=5 if attention == (False, False, True) else (4, 4, 5),
        norm_num_groups=16,
    )


def build_scheduler() -> DDIMScheduler:
    """v-prediction with zero terminal signal, so that sampling from pure noise matches the training."""
    return DDIMScheduler(
        num_train_timesteps=1000,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=True,
        prediction_type="v_prediction",
        timestep_spacing="trailing",
        rescale_betas_zero_snr=True,
        steps_offset=1,  # trailing spacing does not use it; diffusers warns about any other value
    )


def cosine_noise(scheduler: Any, shift: float = 1.0) -> Any:
    """The scheduler with the cosine schedule (arXiv 2102.09672), its ratio of signal to noise times ``shift`` squared.

    The usual schedule is made for latents of 64×64. Those of a small window show their subject through far more noise,
    and what is faint in them, such as the edges between the faces of a matt cube, can be told from noise only in steps
    that the usual schedule hardly has. Shifted as in arXiv 2301.11093; the betas are listed in the scheduler's config.
    """
    steps = scheduler.config.num_train_timesteps
    times = np.arange(steps + 1) / steps
    signal = np.cos(np.arctan(np.tan(np.pi / 2 * times) / shift)) ** 2
    betas = np.minimum(1 - signal[1:] / signal[:-1], _HIGHEST_BETA)
    return type(scheduler).from_config(scheduler.config, trained_betas=betas.tolist())


def suit_training(unet: UNet2DConditionModel, accelerator: Accelerator) -> torch.memory_format:
    """Move a network to the device in the order of memory that it trains fastest in; that order, for its inputs.

    In bfloat16 on a CPU the order of channels last is slower than the usual one, and torch's fused attention than the
    plain one: the sequences of small latents are too short for what it prepares.
    """
    on_cpu = accelerator.device.type == "cpu" and accelerator.mixed_precision == "bf16"
    order = torch.contiguous_format if on_cpu else torch.channels_last
    if on_cpu:
        unet.set_attn_processor(AttnProcessor())
    unet.to(accelerator.device, memory_format=order)
    return order


def build_autoencoder() -> AutoencoderTiny:
    """An autoencoder of 0.46M parameters that makes 4 latent channels at a quarter of the picture's side."""
    return AutoencoderTiny(
        encoder_block_out_channels=(48, 48, 48),
        decoder_block_out_channels=(48, 48, 48),
        num_encoder_blocks=(0, 1, 2),
        num_decoder_blocks=(2, 1, 0),
        latent_channels=4,
        upsampling_scaling_factor=2,
        scaling_factor=1.0,
    )
