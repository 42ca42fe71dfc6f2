"""The single-step siblings: trained, resumed and used on pictures of a few pixels."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from diffusers import StableDiffusionInpaintPipeline

from engine.errors import BoxpaintError
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject
from engine.models.card import read_card
from engine.models.loading import load_pipeline
from engine.training import run
from engine.training.settings import SingleStepSettings
from engine.training.single_step import start_single_step
from tests.training.test_training import check_resume, quiet


@pytest.mark.parametrize("prompt", ["reco", "ldm"])
def test_a_single_step_sibling_is_trained_resumed_and_paints(scenes, tmp_path, prompt):
    settings = SingleStepSettings(
        data=(scenes,), out=tmp_path, prompt=prompt, samples=12, batch=2, interval=4, hold_out=2, device="cpu",
        side=32, pool=6,
    )  # fmt: skip
    check_resume(run.train_single_step, settings, tmp_path)
    folder = tmp_path / "whole" / run.MODEL
    card = read_card(folder)
    assert (card.method, card.size) == (prompt, (32, 32))
    layout = Layout(320, 320, (LayoutObject("a", "red metal cube", Box(0.2, 0.2, 0.5, 0.5)),))
    model = load_pipeline(card, device="cpu", precision="fp32")
    plan = make_plan(layout, GenerationSettings(steps=2), card)
    painter = make_painter(
        plan, GenerationSettings(steps=2), model, on_step=lambda *_: None, on_progress=lambda _: None
    )
    assert [step.composite.size for step in painter.paint()] == [(32, 32)]
    again = replace(settings, out=tmp_path / "again", start=str(folder), samples=2)
    assert (run.train_single_step(again, quiet) / "unet").is_dir(), "its own result is a start too"


def test_a_single_step_sibling_takes_over_what_fits(scenes, tmp_path):
    settings = SingleStepSettings(data=(scenes,), out=tmp_path, samples=1, device="cpu", side=32)
    built_in = run.start_folder("built-in", "clevr-mini")
    pipeline = start_single_step(settings, built_in)
    source = StableDiffusionInpaintPipeline.from_pretrained(built_in, safety_checker=None)
    name = "down_blocks.0.resnets.0.conv1.weight"
    assert torch.equal(pipeline.unet.state_dict()[name], source.unet.state_dict()[name].float())
    assert torch.equal(pipeline.unet.conv_in.weight, source.unet.conv_in.weight[:, :4].float())
    words = [part.text_encoder.get_input_embeddings().weight for part in (pipeline, source)]
    rows = [part.tokenizer.convert_tokens_to_ids("cube</w>") for part in (pipeline, source)]
    assert torch.equal(words[0][rows[0]], words[1][rows[1]].float())


@pytest.mark.parametrize(("name", "value"), [("side", 40), ("prompt", "rhyme"), ("empty_captions", 2.0)])
def test_settings_that_make_no_sense_are_refused(scenes, tmp_path, name, value):
    with pytest.raises(BoxpaintError) as caught:
        SingleStepSettings(data=(scenes,), out=tmp_path, samples=1, **{name: value})
    assert caught.value.field == name


def test_a_single_step_sibling_needs_clevrs_classes(tmp_path, coco_dataset):
    settings = SingleStepSettings(data=(coco_dataset,), out=tmp_path, samples=2, device="cpu", side=32, hold_out=0)
    with pytest.raises(BoxpaintError, match="48 CLEVR classes"):
        run.train_single_step(settings, quiet)
