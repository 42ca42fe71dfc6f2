"""The networks of the built-in pipeline, with random weights."""

from __future__ import annotations

from diffusers import AutoencoderTiny, DDIMScheduler, UNet2DConditionModel


def build_unet(
    widths: tuple[int, int, int] = (48, 96, 160), text_width: int = 128, latent: int = 16
) -> UNet2DConditionModel:
    """An inpainting U-Net with attention in its lowest level only.

    Input (B, 9, h, w): 4 noisy latents, 1 mask, 4 latents of the masked picture; h and w are multiples of 4.
    """
    return UNet2DConditionModel(
        sample_size=latent,
        in_channels=9,
        out_channels=4,
        block_out_channels=widths,
        layers_per_block=1,
        down_block_types=("DownBlock2D", "DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D", "UpBlock2D"),
        cross_attention_dim=text_width,
        attention_head_dim=5,
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
