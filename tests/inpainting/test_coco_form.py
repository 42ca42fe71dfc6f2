"""The COCO form of iterative inpainting in pixel mode ``reference``: the published script to the byte."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.errors import BoxpaintError
from engine.inpainting.compositing import pixel_mode
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject
from engine.models.card import read_card
from engine.models.loading import LoadedModel, load_pipeline
from engine.models.published import PUBLISHED

SIDE = 64
LAYOUT = Layout(
    512,
    512,
    (
        LayoutObject("a", "cube", Box(0.0834, 0.1211, 0.527, 0.61)),
        LayoutObject("b", "sphere", Box(0.31, 0.404, 1.0, 0.967)),
    ),
    caption="add red",
)


@pytest.fixture(scope="module")
def model(tiny_pipeline) -> LoadedModel:
    """A tiny inpainting pipeline with the card that the published COCO checkpoint gets."""
    facts = next(entry for entry in PUBLISHED if entry.name == "iterinpaint-coco").card
    prompts = facts["prompts"]
    card = replace(
        read_card(tiny_pipeline),
        form=facts["form"],
        foreground_prompt=prompts["foreground"],
        background_prompt=prompts["background"],
        guidance=facts["defaults"]["guidance"],
    )
    return load_pipeline(card, device="cpu", precision="fp32")


def as_published(model: LoadedModel, *, seed: int, paste: bool = True, parallel: bool = False) -> list[Image.Image]:
    """LayoutBench-COCO's loop, written down from its description (FORMATS section 2) and from nothing of ours.

    Guidance and strength are the pipeline's own, so they are not given.
    """
    import torch

    torch.manual_seed(seed)
    boxes = [[item.box.x0, item.box.y0, item.box.x1, item.box.y1] for item in LAYOUT.objects]
    corners = np.clip((np.array(boxes) * SIDE).astype(int), 0, SIDE).tolist()
    context, rest = Image.new("RGB", (SIDE, SIDE)), Image.new("L", (SIDE, SIDE), 255)
    masks = []
    for corner in corners:
        mask = Image.new("L", (SIDE, SIDE))
        ImageDraw.Draw(mask).rectangle(corner, fill=255)
        ImageDraw.Draw(rest).rectangle(corner, fill=0)
        masks.append(mask)
    phrases = [item.prompt for item in LAYOUT.objects]
    if parallel:
        union = Image.fromarray(np.maximum(*(np.asarray(mask) for mask in masks)))
        phrases, masks = [" and ".join(phrases)], [union]
    pictures = []
    for phrase, mask in zip(phrases, masks, strict=True):
        result = model.pipeline(
            prompt=f"{LAYOUT.caption}; Add {phrase}",
            image=context,
            mask_image=mask,
            height=SIDE,
            width=SIDE,
            num_inference_steps=2,
        ).images[0]
        context = Image.composite(result, context, mask) if paste else result
        pictures.append(context)
    pictures.append(model.pipeline("Add background", context, rest, num_inference_steps=2).images[0])
    return pictures


@pytest.mark.parametrize("compositing", ["paste", "repaint"])
@pytest.mark.parametrize("method", ["iterinpaint", "iterinpaint-parallel"])
def test_the_published_coco_images_come_byte_for_byte(model, method, compositing) -> None:
    settings = GenerationSettings(
        method=method, steps=2, pixels="reference", compositing=compositing, seed=5, previews=False
    )
    plan = make_plan(LAYOUT, settings, model.card)
    painter = make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=lambda _: None)
    ours = [step.composite.tobytes() for step in painter.paint()]
    parallel = method == "iterinpaint-parallel"
    published = as_published(model, seed=5, paste=compositing == "paste", parallel=parallel)
    assert ours == [picture.tobytes() for picture in published]


def test_the_two_published_forms_differ_in_what_they_paste() -> None:
    raw, context = Image.new("RGB", (64, 64), "white"), Image.new("RGB", (64, 64))
    box = LAYOUT.objects[0].box
    clevr, coco = (pixel_mode("reference", form).paste(context, raw, box) for form in ("clevr", "coco"))
    assert np.count_nonzero(np.asarray(coco)[..., 0]) == (33 - 5 + 1) * (39 - 7 + 1), "inclusive corners, nothing more"
    assert clevr.tobytes() != coco.tobytes()


def test_an_unknown_form_is_refused(tiny_pipeline, tmp_path: Path) -> None:
    for part in tiny_pipeline.iterdir():
        (tmp_path / part.name).symlink_to(part)
    (tmp_path / "boxpaint.json").write_text(json.dumps({"form": "imagenet"}))
    with pytest.raises(BoxpaintError) as caught:
        read_card(tmp_path)
    assert caught.value.field == "form" and "coco" in str(caught.value.hint)
