"""Painting at Stable Diffusion 1.5's size on a GPU beside the published loop, and beside what the device can do.

    python -m benchmarks.gpu [--precision fp16 bf16] [--layouts 64] [--steps 20] [--json FILE]
    python -m benchmarks.gpu --tiny --device cpu --precision fp32 --layouts 3 --steps 1 --compile off   # a try-out

The weights are random: speed does not depend on them, and no model has to be fetched. For each precision, in one
process on one pipeline at 512 × 512: the rate of a large matrix product; the published loop; an export whose layouts
share calls; one layout of eight objects in turn, by waves, and by waves compiled. The share of the device's rate counts
the products and convolutions of U-Net and autoencoder that painting needs, however they are computed.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import torch

from desktop_app.commands.bench import SAMPLE
from engine.batch.items import make_items, make_runs
from engine.batch.published_loop import paint_as_published
from engine.clevr.rules import rules_of
from engine.clevr.sampler import sample_scenes
from engine.formats.dataset import Entry
from engine.formats.registry import read_entry
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout
from engine.models.card import read_card
from engine.models.loading import LoadedModel, load_pipeline
from tests.pipelines import make_tiny_pipeline, make_tokenizer


def make_pipeline(folder: Path) -> Path:
    """Save a pipeline of SD 1.5 inpainting's shapes with random weights, in half precision (2 GiB)."""
    from diffusers import AutoencoderKL, PNDMScheduler, StableDiffusionInpaintPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    torch.manual_seed(0)
    tokenizer = make_tokenizer(folder / "tokenizer", 77)
    text = CLIPTextConfig(
        vocab_size=49408,
        hidden_size=768,
        intermediate_size=3072,
        num_hidden_layers=12,
        num_attention_heads=12,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    vae = AutoencoderKL(
        block_out_channels=(128, 256, 512, 512),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=2,
        sample_size=512,
    )
    pipeline = StableDiffusionInpaintPipeline(
        vae=vae,
        text_encoder=CLIPTextModel(text),
        tokenizer=tokenizer,
        unet=UNet2DConditionModel(sample_size=64, in_channels=9, cross_attention_dim=768),
        scheduler=PNDMScheduler(
            beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012, skip_prk_steps=True, steps_offset=1
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.to(dtype=torch.float16).save_pretrained(str(folder))
    return folder


def timed(device: str, work: Callable[[], object]) -> float:
    """Seconds on the clock until the device has done the work."""
    wait = torch.cuda.synchronize if device == "cuda" else lambda: None
    wait()
    started = time.perf_counter()
    work()
    wait()
    return time.perf_counter() - started


def matrix_rate(model: LoadedModel, side: int, times: int = 20) -> float:
    """Floating-point operations a second of a square matrix product in the model's precision."""
    left, right = (torch.randn(side, side, device=model.device, dtype=model.pipeline.unet.dtype) for _ in range(2))
    for _ in range(3):
        left @ right
    return 2 * side**3 / median(timed(model.device, lambda: left @ right) for _ in range(times))


def operations(model: LoadedModel, size: int, steps: int, guidance: float) -> float:
    """Floating-point operations that one inpainting call for one picture needs, by torch's own count."""
    from torch.utils.flop_counter import FlopCounterMode

    unet, vae, scale = model.pipeline.unet, model.pipeline.vae, model.pipeline.vae_scale_factor
    side, count = size // scale, 2 if guidance > 1 else 1
    place = {"device": model.device, "dtype": unet.dtype}
    latents = torch.randn(count, unet.config.in_channels, side, side, **place)
    texts = torch.randn(count, model.pipeline.tokenizer.model_max_length, unet.config.cross_attention_dim, **place)
    with torch.no_grad(), FlopCounterMode(display=False) as once:
        unet(latents, 10, texts)
    with torch.no_grad(), FlopCounterMode(display=False) as around:
        vae.encode(torch.randn(1, 3, size, size, **place))
        vae.decode(torch.randn(1, vae.config.latent_channels, side, side, **place))
    return steps * once.get_total_flops() + around.get_total_flops()


def paint(model: LoadedModel, layout: Layout, settings: GenerationSettings) -> None:
    """One picture by the program's own path."""
    plan = make_plan(layout, settings, model.card)
    for _ in make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=lambda _: None).paint():
        continue


def export_rate(model: LoadedModel, entries: Sequence[Entry], settings: GenerationSettings, together: int) -> float:
    """Pictures a second of an export into a folder, files and all; the model is loaded and warm before."""
    from engine.batch.export import plan_export
    from engine.batch.together import TogetherWorker
    from engine.batch.worker import Job

    runs = make_runs("run", settings, {})
    with tempfile.TemporaryDirectory() as folder:
        job = Job(Path(folder), str(model.card.folder), tuple(make_items(entries, runs)), together=together)
        with closing(plan_export(job, runs)):
            worker = TogetherWorker(job, lambda: False)
            worker.painter.keep(job.items[0], model)
            return len(entries) / timed(model.device, worker.run)


def measure(folder: Path, args: argparse.Namespace, precision: str) -> dict[str, Any]:
    """All figures of one precision."""
    model = load_pipeline(read_card(folder), device=args.device, precision=precision)
    model.batches.most = args.together
    side = 64 if args.tiny else 512
    base = GenerationSettings(
        steps=args.steps,
        guidance=4.0,
        width=side,
        height=side,
        area="full",
        previews=False,
        device=args.device,
        precision=precision,
    )
    zoom, quick = replace(base, area="zoom"), replace(base, area="zoom", compile=args.compile)
    eight = read_entry(SAMPLE).layout
    scenes = sample_scenes(rules_of("clevr"), args.layouts, 0)
    entries = [Entry(f"l{number}", scene.layout) for number, scene in enumerate(scenes)]

    def published(layout: Layout, steps: int = args.steps) -> None:
        model.tuning.use(model.pipeline, compiled=None, device=model.device)
        paint_as_published(model.pipeline, layout, model.card, size=(side, side), seed=0, steps=steps, guidance=4.0)

    published(eight, 2)
    few = entries[: args.published]
    loop = sum(timed(model.device, lambda entry=entry: published(entry.layout)) for entry in few)  # type: ignore[misc]
    steps_of = [len(make_plan(entry.layout, base, model.card).steps) for entry in entries]
    rate = matrix_rate(model, 256 if args.tiny else 8192)
    call = operations(model, side, args.steps, 4.0)
    found: dict[str, Any] = {
        "precision": precision,
        "matrix_tflops": rate / 1e12,
        "tflop_per_call": call / 1e12,
        "published_calls_per_second": sum(steps_of[: len(few)]) / loop,
    }
    for name, settings in (("export", base), ("export_compiled", replace(base, compile=args.compile))):
        export_rate(model, entries[: 2 * args.together], settings, args.together)
        pictures = export_rate(model, entries, settings, args.together)
        calls = pictures * sum(steps_of) / len(steps_of)
        found[name] = {
            "calls_per_second": calls,
            "times_the_published_loop": calls / found["published_calls_per_second"],
            "share_of_matrix_rate": calls * call / rate,
        }
    ways = {"in_turn": replace(zoom, waves="sequential"), "waves": zoom, "waves_compiled": quick}
    seconds = {"published": timed(model.device, lambda: published(eight))}
    for name, settings in ways.items():
        paint(model, eight, settings)
        seconds[name] = timed(model.device, lambda chosen=settings: paint(model, eight, chosen))  # type: ignore[misc]
    found["eight_objects"] = {
        name: {"seconds": value, "times_the_published_loop": seconds["published"] / value}
        for name, value in seconds.items()
    }
    return found


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    parser.add_argument("--precision", nargs="+", default=["fp16", "bf16"], choices=("fp32", "fp16", "bf16"))
    parser.add_argument("--layouts", type=int, default=64, help="layouts of the export (64)")
    parser.add_argument("--published", type=int, default=2, help="of which the published loop paints so many (2)")
    parser.add_argument("--together", type=int, default=16, help="pictures that share a call (16)")
    parser.add_argument("--steps", type=int, default=20, help="denoising steps of every way (20)")
    parser.add_argument("--compile", default="on", choices=("on", "off"))
    parser.add_argument("--tiny", action="store_true", help="tiny shapes, to try the script out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as root:
        folder = (make_tiny_pipeline if args.tiny else make_pipeline)(Path(root) / "shapes")
        report = {
            "device": torch.cuda.get_device_name() if args.device == "cuda" else "cpu",
            "torch": torch.__version__,
            "layouts": args.layouts,
            "steps": args.steps,
            "precisions": [measure(folder, args, precision) for precision in args.precision],
        }
    text = json.dumps(report, indent=1)
    if args.json is not None:
        args.json.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
