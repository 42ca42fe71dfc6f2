"""The built-in pipeline: its folder, and what the stock diffusers pipeline paints with it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionInpaintPipeline
from PIL import Image, ImageDraw

from engine.models.card import read_card
from engine.training.captions import CLEVR_WORDS

FOLDER = Path(__file__).parents[2] / "resources" / "models" / "clevr-mini"
BOX = (14, 12, 50, 52)


@pytest.fixture(scope="module")
def pipeline() -> StableDiffusionInpaintPipeline:
    loaded = StableDiffusionInpaintPipeline.from_pretrained(str(FOLDER), local_files_only=True, dtype=torch.float32)
    loaded.set_progress_bar_config(disable=True)
    return loaded


def paint(pipeline: StableDiffusionInpaintPipeline, prompt: str, side: int, mask: Image.Image) -> np.ndarray:
    picture = pipeline(
        prompt=prompt,
        image=Image.new("RGB", (side, side)),
        mask_image=mask,
        height=side,
        width=side,
        num_inference_steps=12,
        guidance_scale=2.0,
        generator=torch.Generator().manual_seed(3),
    ).images[0]
    return np.asarray(picture).astype(float)


def box_mask() -> Image.Image:
    mask = Image.new("L", (64, 64))
    ImageDraw.Draw(mask).rectangle((BOX[0], BOX[1], BOX[2] - 1, BOX[3] - 1), fill=255)
    return mask


def test_the_folder_is_small_half_precision_and_knows_no_machine():
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 48_000_000
    assert max(path.stat().st_size for path in files) <= 16_000_000
    assert not [path for path in files if path.suffix in (".bin", ".pt", ".ckpt", ".pth")]
    for path in files:
        if path.suffix in (".json", ".md"):
            assert "_name_or_path" not in path.read_text() and "/home" not in path.read_text()
    card = read_card(FOLDER)
    assert (card.working_sizes, card.background_size, card.size) == ((64, 96), 128, (320, 320))
    assert json.loads((FOLDER / "model_index.json").read_text())["requires_safety_checker"] is False


def test_every_word_of_the_prompts_is_one_token(pipeline):
    assert all(len(pipeline.tokenizer.tokenize(word)) == 1 for word in CLEVR_WORDS)


@pytest.mark.parametrize(
    ("prompt", "strongest"),
    [("Add red rubber sphere", 0), ("Add green metal cylinder", 1), ("Add blue rubber cube", 2)],
)
def test_an_object_gets_its_colour_inside_its_box(pipeline, prompt, strongest):
    picture = paint(pipeline, prompt, 64, box_mask())
    centre = picture[24:42, 22:42].mean((0, 1))
    others = [centre[channel] for channel in range(3) if channel != strongest]
    assert centre[strongest] > max(others) + 25, centre
    outside = picture[:, 58:].mean()
    assert outside < 15, "what lies outside the mask stays black"


def test_the_background_is_a_smooth_gray(pipeline):
    picture = paint(pipeline, "Add gray background", 128, Image.new("L", (128, 128), 255))
    mean = picture.mean((0, 1))
    assert 70 < mean.mean() < 190 and np.ptp(mean) < 25, mean
