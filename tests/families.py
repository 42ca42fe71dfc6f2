"""Tiny real pipelines of every family: the published models' classes and configuration keys, few random weights.

Where the keys come from is said with each; values that only set a size are made small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.pipelines import make_tiny_pipeline, make_tokenizer


def make_sd2_inpainting(folder: Path) -> Path:
    """As stabilityai/stable-diffusion-2-inpainting: linear projections, a head size per level, an OpenCLIP encoder."""
    import torch
    from diffusers import PNDMScheduler, StableDiffusionInpaintPipeline

    torch.manual_seed(0)
    tokenizer = make_tokenizer(folder / "tokenizer")
    StableDiffusionInpaintPipeline(
        vae=_vae(),
        text_encoder=_clip(tokenizer, hidden_act="gelu"),
        tokenizer=tokenizer,
        unet=_unet(in_channels=9, use_linear_projection=True, attention_head_dim=[2, 4]),
        scheduler=PNDMScheduler(**_BETAS, skip_prk_steps=True, steps_offset=1, set_alpha_to_one=False),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(str(folder))
    return folder


def make_sdxl_inpainting(folder: Path) -> Path:
    """As diffusers/stable-diffusion-xl-1.0-inpainting-0.1: two text encoders, sizes and crops as further conditions."""
    import torch
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLInpaintPipeline
    from transformers import CLIPTextModelWithProjection

    torch.manual_seed(0)
    first, second = make_tokenizer(folder / "tokenizer"), make_tokenizer(folder / "tokenizer_2")
    unet = _unet(
        in_channels=9,
        sample_size=16,
        addition_embed_type="text_time",
        addition_time_embed_dim=4,
        transformer_layers_per_block=[1, 1],
        use_linear_projection=True,
        # Six numbers of sizes and crops, and the second encoder's summary of the text.
        projection_class_embeddings_input_dim=6 * 4 + 16,
        cross_attention_dim=32,
    )
    StableDiffusionXLInpaintPipeline(
        vae=_vae(force_upcast=True, scaling_factor=0.13025),
        text_encoder=_clip(first),
        text_encoder_2=_clip(second, CLIPTextModelWithProjection, hidden_act="gelu", projection_dim=16),
        tokenizer=first,
        tokenizer_2=second,
        unet=unet,
        scheduler=EulerDiscreteScheduler(**_BETAS, timestep_spacing="leading", steps_offset=1),
        force_zeros_for_empty_prompt=True,
        requires_aesthetics_score=False,
        add_watermarker=False,
    ).save_pretrained(str(folder))
    return folder


def make_flux_fill(folder: Path) -> Path:
    """As black-forest-labs/FLUX.1-Fill-dev: packed latents with masked latents and mask beside them, T5 and CLIP."""
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler, FluxFillPipeline, FluxTransformer2DModel
    from transformers import T5Config, T5EncoderModel, T5Tokenizer

    torch.manual_seed(0)
    tokenizer = make_tokenizer(folder / "tokenizer")
    letters = [(f"▁{letter}", -1.0) for letter in "abcdefghijklmnopqrstuvwxyz"]
    letters += [(letter, -1.0) for letter in "▁abcdefghijklmnopqrstuvwxyz"]
    t5 = T5Tokenizer(vocab=[("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *letters], extra_ids=0, model_max_length=64)
    vae = _vae(
        latent_channels=4, use_quant_conv=False, use_post_quant_conv=False, shift_factor=0.1159, scaling_factor=0.3611
    )
    FluxFillPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(
            shift=3.0,
            use_dynamic_shifting=True,
            base_shift=0.5,
            max_shift=1.15,
            base_image_seq_len=256,
            max_image_seq_len=4096,
        ),
        vae=vae,
        text_encoder=_clip(tokenizer),
        tokenizer=tokenizer,
        text_encoder_2=T5EncoderModel(
            T5Config(
                vocab_size=len(t5),
                d_model=16,
                d_kv=8,
                d_ff=16,
                num_layers=1,
                num_heads=2,
                feed_forward_proj="gated-gelu",
            )
        ),
        tokenizer_2=t5,
        transformer=FluxTransformer2DModel(
            patch_size=1,
            # Latents and masked latents of 2 × 2 patches, and the mask's 4 × 4 pixels of each of their latents.
            in_channels=4 * 4 + 4 * 4 + 4 * 16,
            out_channels=4 * 4,
            num_layers=1,
            num_single_layers=1,
            attention_head_dim=16,
            num_attention_heads=1,
            joint_attention_dim=16,
            pooled_projection_dim=16,
            guidance_embeds=True,
            axes_dims_rope=(4, 6, 6),
        ),
    ).save_pretrained(str(folder))
    return folder


def make_gligen(folder: Path, *, inpainting: bool = False) -> Path:
    """As masterful/gligen-1-4-generation-text-box (or -inpainting-): gated attention, and a network for the boxes."""
    import torch
    from diffusers import PNDMScheduler, StableDiffusionGLIGENPipeline
    from diffusers.models.attention import GatedSelfAttentionDense

    torch.manual_seed(0)
    tokenizer = make_tokenizer(folder / "tokenizer")
    unet = _unet(in_channels=9 if inpainting else 4, attention_type="gated")
    for module in unet.modules():
        if isinstance(module, GatedSelfAttentionDense):
            # The gates start closed; these are to be seen at work.
            torch.nn.init.ones_(module.alpha_attn)
            torch.nn.init.ones_(module.alpha_dense)
    StableDiffusionGLIGENPipeline(
        vae=_vae(),
        text_encoder=_clip(tokenizer),
        tokenizer=tokenizer,
        unet=unet,
        scheduler=PNDMScheduler(**_BETAS, skip_prk_steps=True, steps_offset=1),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(str(folder))
    return folder


def make_gligen_inpainting(folder: Path) -> Path:
    """The form of GLIGEN that paints boxes on a picture."""
    return make_gligen(folder, inpainting=True)


def make_controlnet(folder: Path) -> Path:
    """As Stable Diffusion 1.5 with lllyasviel/control_v11p_sd15_seg beside it, and its published UniPC scheduler."""
    import torch
    from diffusers import ControlNetModel, StableDiffusionControlNetPipeline, UniPCMultistepScheduler

    torch.manual_seed(0)
    tokenizer = make_tokenizer(folder / "tokenizer")
    unet = _unet(in_channels=4)
    controlnet = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(8, 16, 16))
    for part in (controlnet.controlnet_cond_embedding.conv_out, *controlnet.controlnet_down_blocks):
        # A ControlNet starts as one that changes nothing; this one is to be seen at work.
        torch.nn.init.normal_(part.weight, std=0.5)
    StableDiffusionControlNetPipeline(
        vae=_vae(),
        text_encoder=_clip(tokenizer),
        tokenizer=tokenizer,
        unet=unet,
        controlnet=controlnet,
        scheduler=UniPCMultistepScheduler(**_BETAS, steps_offset=1),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(str(folder))
    return folder


def make_sd15_inpainting(folder: Path) -> Path:
    """As stable-diffusion-v1-5/stable-diffusion-inpainting and the IterInpaint checkpoints, which start from it."""
    return make_tiny_pipeline(folder)


MAKERS: dict[str, Callable[[Path], Path]] = {
    "sd15": make_sd15_inpainting,
    "sd2": make_sd2_inpainting,
    "sdxl": make_sdxl_inpainting,
    "flux": make_flux_fill,
    "gligen": make_gligen,
    "gligen-inpaint": make_gligen_inpainting,
    "controlnet-seg": make_controlnet,
}
"""What makes a tiny pipeline of each family."""

_BETAS = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}


def _clip(tokenizer: Any, kind: type | None = None, **values: Any) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel

    config = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    ids = {name: getattr(tokenizer, name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    length = tokenizer.model_max_length
    config |= {"vocab_size": len(tokenizer), "max_position_embeddings": length, **ids, **values}
    return (kind or CLIPTextModel)(CLIPTextConfig(**config))


def _vae(**values: Any) -> Any:
    from diffusers import AutoencoderKL

    config = {
        "block_out_channels": (8, 8, 16),
        "down_block_types": ("DownEncoderBlock2D",) * 3,
        "up_block_types": ("UpDecoderBlock2D",) * 3,
        "latent_channels": 4,
        "norm_num_groups": 4,
        "sample_size": 64,
    }
    return AutoencoderKL(**{**config, **values})


def _unet(*, in_channels: int, **values: Any) -> Any:
    from diffusers import UNet2DConditionModel

    types: Sequence[tuple[str, Any]] = (
        ("sample_size", 16),
        ("out_channels", 4),
        ("block_out_channels", (8, 16)),
        ("layers_per_block", 1),
        ("norm_num_groups", 4),
        ("down_block_types", ("DownBlock2D", "CrossAttnDownBlock2D")),
        ("up_block_types", ("CrossAttnUpBlock2D", "UpBlock2D")),
        ("cross_attention_dim", 16),
        ("attention_head_dim", 2),
    )
    return UNet2DConditionModel(in_channels=in_channels, **{**dict(types), **values})
