"""The single-step siblings: trained, resumed and used on pictures of a few pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from diffusers import StableDiffusionInpaintPipeline

from engine.errors import BoxpaintError
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject
from engine.models.card import read_card
from engine.models.loading import load_pipeline
from engine.training import run
from engine.training.settings import SingleStepSettings
from engine.training.single_step import SingleStepTask, start_single_step
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
    assert read_card(run.train_single_step(again, quiet)).size == (32, 32), "its own result is a start too"
    larger = replace(again, out=tmp_path / "larger", side=64)
    assert read_card(run.train_single_step(larger, quiet)).size == (64, 64)


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


def test_a_sibling_of_the_other_form_is_a_start_whose_weights_fit(scenes, tmp_path):
    settings = SingleStepSettings(data=(scenes,), out=tmp_path, samples=1, device="cpu", side=32, prompt="ldm")
    first = start_single_step(settings, run.start_folder("built-in", "clevr-mini"))
    first.save_pretrained(tmp_path / "ldm")
    other = start_single_step(replace(settings, prompt="reco"), tmp_path / "ldm")
    assert "<bin000>" in other.tokenizer.get_vocab() and other.tokenizer.model_max_length > 100
    for name, tensor in other.unet.state_dict().items():
        assert torch.equal(tensor, first.unet.state_dict()[name]), name


def test_the_loss_counts_more_in_the_boxes(scenes, pictures, tmp_path):
    settings = SingleStepSettings(
        data=(scenes,), out=tmp_path, samples=1, device="cpu", side=32, pool=4, object_weight=3.0
    )
    pipeline = start_single_step(settings, run.start_folder("built-in", "clevr-mini"))
    task = SingleStepTask(settings, pictures, pipeline, Accelerator(cpu=True))
    batch, _ = task.draw(np.random.default_rng(0))
    assert set(batch["weights"].unique().tolist()) == {1.0, 3.0}
    weighted = task.loss(batch, torch.Generator().manual_seed(0))
    plain = task.loss({**batch, "weights": torch.ones_like(batch["weights"])}, torch.Generator().manual_seed(0))
    assert weighted > plain


@pytest.mark.parametrize(
    ("name", "value"), [("side", 40), ("prompt", "rhyme"), ("empty_captions", 2.0), ("object_weight", 0.0)]
)
def test_settings_that_make_no_sense_are_refused(scenes, tmp_path, name, value):
    with pytest.raises(BoxpaintError) as caught:
        SingleStepSettings(data=(scenes,), out=tmp_path, samples=1, **{name: value})
    assert caught.value.field == name


def test_a_single_step_sibling_needs_clevrs_classes(tmp_path, coco_dataset):
    settings = SingleStepSettings(data=(coco_dataset,), out=tmp_path, samples=2, device="cpu", side=32, hold_out=0)
    with pytest.raises(BoxpaintError, match="48 CLEVR classes"):
        run.train_single_step(settings, quiet)
