"""Memory and speed of every placement, with a model of Stable Diffusion 1.5's size and random weights.

    python benchmarks/placements.py [--size 512] [--steps 20] [--tiny] [--device cuda]
    python benchmarks/placements.py --count

The first form needs a GPU. It builds the inpainting pipeline of the published configuration, saves it in half precision
and paints with each placement: the most memory that was allocated at any time, beside the estimate that
`--placement auto` goes by, and the time of a picture as a ratio to the whole model on the device. `--tiny --device cpu`
tries the script itself with a model of a few thousand weights; no memory is measured then.

The second form needs none. It counts the bytes that are alive at the peak of a call of each part, on torch's device
`meta` and with an attention that keeps no matrix of scores: what the estimates are made of.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_iter

from engine.inpainting.sampler import Inputs, Sampler
from engine.models.anatomy import read_anatomy
from engine.models.card import read_card
from engine.models.loading import load_pipeline
from engine.models.placement import LADDERS, needs, readable
from tests.pipelines import make_tiny_pipeline, make_tokenizer

CLIP_L = {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "vocab_size": 49408,
    "max_position_embeddings": 77,
}
SD15_UNET = {"in_channels": 9, "cross_attention_dim": 768, "attention_head_dim": 8, "sample_size": 64}
SDXL_UNET = {
    "in_channels": 9,
    "cross_attention_dim": 2048,
    "attention_head_dim": [5, 10, 20],
    "sample_size": 128,
    "use_linear_projection": True,
    "block_out_channels": (320, 640, 1280),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "transformer_layers_per_block": [1, 2, 10],
}
SD_VAE = {
    "block_out_channels": (128, 256, 512, 512),
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "layers_per_block": 2,
    "latent_channels": 4,
    "sample_size": 512,
}


def make_full_pipeline(folder: Path) -> Path:
    """Save an inpainting pipeline of Stable Diffusion 1.5's configuration with random weights, in half precision."""
    from diffusers import AutoencoderKL, PNDMScheduler, StableDiffusionInpaintPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    torch.manual_seed(0)
    scheduler = PNDMScheduler(
        beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012, skip_prk_steps=True, steps_offset=1
    )
    pipeline = StableDiffusionInpaintPipeline(
        vae=AutoencoderKL(**SD_VAE).half(),
        text_encoder=CLIPTextModel(CLIPTextConfig(**CLIP_L)).half(),
        tokenizer=make_tokenizer(folder / "tokenizer", 77),
        unet=UNet2DConditionModel(**SD15_UNET).half(),
        scheduler=scheduler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(str(folder))
    return folder


def measure(folder: Path, device: str, side: int, steps: int) -> None:
    """Print a row per placement of the device."""
    card = read_card(folder)
    first: float | None = None
    print(f"{'placement':20} {'estimated':>10} {'allocated':>10} {'seconds':>8} {'ratio':>6}")
    for placement in LADDERS[device]:
        model = load_pipeline(card, device=device, precision="auto", placement=placement, size=(side, side))
        sampler = Sampler(model, scheduler="model", steps=steps, guidance=7.5)
        inputs = Inputs("add red metal cube", Image.new("RGB", (side, side)), Image.new("L", (side, side), 255), 1)
        sampler.paint([inputs], lambda _: None)  # kernels are chosen and buffers made in the first call
        if device == "cuda":
            torch.cuda.reset_peak_memory_stats()
        started = time.perf_counter()
        sampler.paint([inputs], lambda _: None)
        seconds = time.perf_counter() - started
        first = first or seconds
        peak = readable(torch.cuda.max_memory_allocated()) if device == "cuda" else "-"
        estimate = needs(read_anatomy(folder), precision=model.precision, size=(side, side))[placement]
        assert model.placing.placement == placement, f"memory ran out: {model.placing.choice.text}"
        print(f"{placement:20} {readable(estimate):>10} {peak:>10} {seconds:8.2f} {seconds / first:6.2f}", flush=True)
        del model, sampler
        gc.collect()
        if device == "cuda":
            torch.cuda.empty_cache()


class Alive(TorchDispatchMode):
    """Counts the bytes of the tensors that are alive, and the most there were; the weights of ``part`` do not count."""

    def __init__(self, part: torch.nn.Module) -> None:
        super().__init__()
        self._now = self.peak = 0
        self._sizes = {weight.untyped_storage()._cdata: 0 for weight in part.parameters()}

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = function(*args, **(kwargs or {}))
        for tensor in tree_iter(result):
            if isinstance(tensor, torch.Tensor) and tensor.untyped_storage()._cdata not in self._sizes:
                storage = tensor.untyped_storage()
                self._sizes[storage._cdata] = storage.nbytes()
                self._now += storage.nbytes()
                self.peak = max(self.peak, self._now)
                weakref.finalize(storage, self._gone, storage._cdata)
        return result

    def _gone(self, storage: int) -> None:
        self._now -= self._sizes.pop(storage, 0)


def count() -> None:
    """Print what is alive at the peak of each part, in tensors of its widest level."""
    from diffusers import AutoencoderKL, FluxTransformer2DModel, UNet2DConditionModel

    torch.nn.functional.scaled_dot_product_attention = lambda query, key, value, **_: torch.empty_like(query)
    made: dict[str, Any] = {"dtype": torch.float16, "device": "meta"}

    def row(name: str, part: torch.nn.Module, call: Callable[[], object], unit: int) -> None:
        with torch.no_grad(), Alive(part) as alive:
            call()
        tensors = alive.peak / (2 * unit)
        print(f"{name:34} {alive.peak / 2**20:8.1f} MiB = {tensors:5.2f} tensors of its widest level")

    with torch.device("meta"):
        unets = {"U-Net of SD 1.5": (SD15_UNET, 768), "U-Net of SDXL": (SDXL_UNET, 2048)}
        for name, (config, width) in unets.items():
            unet = UNet2DConditionModel(**config).half()
            for side in (64, 128):
                latents, text = torch.empty(2, 9, side, side, **made), torch.empty(2, 77, width, **made)
                call = lambda unet=unet, latents=latents, text=text: unet(latents, torch.tensor(1), text)  # noqa: E731
                row(f"{name}, {side * 8} pixels", unet, call, 2 * 320 * side * side)
        vae = AutoencoderKL(**SD_VAE).half()
        latents, pixels = torch.empty(1, 4, 64, 64, **made), torch.empty(1, 3, 512, 512, **made)
        row("autoencoder, decoding 512 pixels", vae, lambda: vae.decode(latents), 256 * 512 * 512)
        row("autoencoder, encoding 512 pixels", vae, lambda: vae.encode(pixels), 256 * 512 * 512)
        flux = FluxTransformer2DModel(
            in_channels=384, out_channels=64, num_layers=1, num_single_layers=1, guidance_embeds=True
        ).half()
        tokens = {
            "hidden_states": torch.empty(1, 4096, 384, **made),
            "encoder_hidden_states": torch.empty(1, 512, 4096, **made),
            "pooled_projections": torch.empty(1, 768, **made),
            "timestep": torch.empty(1, **made),
            "guidance": torch.empty(1, **made),
            "img_ids": torch.empty(4096, 3, **made),
            "txt_ids": torch.empty(512, 3, **made),
        }
        row("transformer of FLUX, 1024 pixels", flux, lambda: flux(**tokens), 3072 * (4096 + 512))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", action="store_true", help="count bytes instead; needs no GPU")
    parser.add_argument("--device", default="cuda", choices=tuple(LADDERS))
    parser.add_argument("--size", type=int, help="side of the picture in pixels (default: 512, tiny: 64)")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--tiny", action="store_true", help="a model of a few thousand weights")
    arguments = parser.parse_args()
    if arguments.count:
        count()
        return
    if arguments.device == "cuda" and not torch.cuda.is_available():
        print("This machine has no CUDA device: nothing was measured. --count needs none.")
        return
    with tempfile.TemporaryDirectory() as folder:
        make = make_tiny_pipeline if arguments.tiny else make_full_pipeline
        side = arguments.size or (64 if arguments.tiny else 512)
        measure(make(Path(folder) / "model"), arguments.device, side, arguments.steps)


if __name__ == "__main__":
    main()
