"""A transformer detector trained from scratch on the built-in detector's data, to be put beside it.

    python benchmarks/transformer_detector.py --data PATH... --out DIR [--minutes 48]
    python benchmarks/detector_table.py --data PATH... --model DIR/model

A small RT-DETR (arXiv 2304.08069) learns from the same augmented crops, with the same pictures held out, for as many
minutes of processor time as `boxpaint train detector` was given. DIR/log.csv tells how far it came. The averaged
weights are in DIR/model, a folder that transformers saved.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from transformers import RTDetrConfig, RTDetrForObjectDetection, RTDetrImageProcessor
from transformers.models.rt_detr import RTDetrResNetConfig

from engine.layout.vocabulary import CLEVR_48
from engine.training.augment import Scene, draw_scene
from engine.training.data import load_pictures
from engine.training.detector import SIDE, split_weights

CROP, BATCH, RATE, WARM_UP, EMA = 256, 8, 6e-4, 200, 0.998
LONGEST_GRADIENT = 0.5
EVERY = 100


def build() -> RTDetrForObjectDetection:
    """About as many weights as the built-in detector can spend, with random values."""
    backbone = RTDetrResNetConfig(
        embedding_size=32, hidden_sizes=[32, 64, 96, 128], depths=[1, 1, 1, 1], layer_type="basic",
        downsample_in_bottleneck=False, out_features=["stage2", "stage3", "stage4"],
    )  # fmt: skip
    config = RTDetrConfig(
        backbone_config=backbone, d_model=128, encoder_hidden_dim=128, encoder_in_channels=[64, 96, 128],
        encoder_ffn_dim=256, encoder_attention_heads=4, decoder_in_channels=[128, 128, 128], decoder_ffn_dim=256,
        decoder_attention_heads=4, decoder_layers=2, num_queries=60, num_denoising=60, hidden_expansion=0.5,
        anchor_image_size=None, freeze_backbone_batch_norms=False, id2label=dict(enumerate(CLEVR_48)),
    )  # fmt: skip
    return RTDetrForObjectDetection(config)


def batch_of(scenes: list[Scene]) -> tuple[Tensor, list[Mapping[str, Tensor]]]:
    """Pixels (B, 3, S, S) in [0, 1]; per crop class numbers, and boxes as centre and size in shares of the side."""
    pixels = torch.from_numpy(np.stack([scene.pixels for scene in scenes])).permute(0, 3, 1, 2) / 255
    truth = []
    for scene in scenes:
        edges = torch.from_numpy(scene.boxes).float().reshape(-1, 4) / CROP
        boxes = torch.cat([(edges[:, :2] + edges[:, 2:]) / 2, edges[:, 2:] - edges[:, :2]], 1)
        numbers = torch.tensor([CLEVR_48.index(label) for label in scene.labels], dtype=torch.long)
        truth.append({"class_labels": numbers, "boxes": boxes})
    return pixels.contiguous(), truth


def train(model: RTDetrForObjectDetection, args: argparse.Namespace) -> Any:
    """Train until the time is up; the averaged network."""
    pictures = load_pictures(args.data, report=print, hold_out=args.hold_out).train
    weights = split_weights([picture.group for picture in pictures])
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=1e-4)
    averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(EMA), use_buffers=True)
    rng = np.random.default_rng(args.seed)
    started, step, losses = time.process_time(), 0, []
    with (args.out / "log.csv").open("w", encoding="utf-8") as log:
        log.write("step,crops,minutes,loss\n")
        while (done := (time.process_time() - started) / 60 / args.minutes) < 1:
            rate = RATE * min(1, (step + 1) / WARM_UP) * (1 + math.cos(math.pi * done)) / 2
            for group in optimizer.param_groups:
                group["lr"] = rate
            pixels, truth = batch_of([draw_scene(pictures, weights, CROP, rng) for _ in range(BATCH)])
            loss = model(pixel_values=pixels, labels=truth).loss
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), LONGEST_GRADIENT)
            optimizer.step()
            averaged.update_parameters(model)
            losses.append(loss.item())
            step += 1
            if step % EVERY == 0:
                log.write(f"{step},{step * BATCH},{done * args.minutes:.2f},{np.mean(losses[-EVERY:]):.4f}\n")
                log.flush()
    return averaged.module


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=48)
    parser.add_argument("--hold-out", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    model = build().train()
    print(f"{sum(parameter.numel() for parameter in model.parameters()):,} weights")
    averaged = train(model, args)
    averaged.save_pretrained(args.out / "model")
    RTDetrImageProcessor(size={"height": SIDE, "width": SIDE}, do_normalize=False).save_pretrained(args.out / "model")


if __name__ == "__main__":
    main()
