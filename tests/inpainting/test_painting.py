"""Painting with a real tiny pipeline: the published procedure to the byte, and what exact mode promises."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.inpainting.compositing import keep_drift
from engine.inpainting.iterinpaint import StepPictures
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout
from engine.models.card import read_card
from engine.models.loading import LoadedModel, load_pipeline


@pytest.fixture(scope="module")
def model(tiny_pipeline) -> LoadedModel:
    return load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")


def paint(model: LoadedModel, layout: Layout, **values) -> list[StepPictures]:
    settings = GenerationSettings(**{"steps": 2, "width": 64, "height": 48, "previews": False, **values})
    plan = make_plan(layout, settings, model.card)
    painter = make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=lambda _: None)
    return list(painter.paint())


def as_published(model: LoadedModel, layout: Layout, *, seed: int, repaint: bool) -> list[Image.Image]:
    """The published loop, written down from its description (FORMATS section 2) and from nothing of ours."""
    import torch

    width, height = 64, 48
    torch.manual_seed(seed)
    context = Image.new("RGB", (width, height))
    covered = Image.new("L", (width, height), 0)
    pictures = []
    for item in layout.objects:
        edges = (item.box.x0 * width, item.box.y0 * height, item.box.x1 * width, item.box.y1 * height)
        x0, y0, x1, y1 = (int(round(edge, 6)) for edge in edges)
        mask = Image.new("L", (width, height), 0)
        ImageDraw.Draw(mask).rectangle([x0, y0, x1, y1], fill=255)
        ImageDraw.Draw(covered).rectangle([x0, y0, x1, y1], fill=255)
        result = model.pipeline(
            prompt=f"Add {item.prompt}",
            image=context,
            mask_image=mask,
            height=height,
            width=width,
            num_inference_steps=2,
            guidance_scale=4.0,
        ).images[0]
        if repaint:
            context = result
        else:
            context = context.copy()
            crop = result.crop((x0, y0, x1, y1)).resize((x1 - x0 + 2, y1 - y0 + 2))
            context.paste(crop, (x0 - 1, y0 - 1, x1 + 1, y1 + 1))
        pictures.append(context)
    mask = Image.fromarray(255 - np.asarray(covered))
    pictures.append(
        model.pipeline(
            prompt="Add gray background",
            image=context,
            mask_image=mask,
            height=height,
            width=width,
            num_inference_steps=2,
            guidance_scale=4.0,
        ).images[0]
    )
    return pictures


@pytest.mark.parametrize("compositing", ["paste", "repaint"])
def test_reference_mode_gives_the_published_images_byte_for_byte(model, two_objects, compositing) -> None:
    ours = paint(model, two_objects, pixels="reference", compositing=compositing, guidance=4.0, seed=11)
    published = as_published(model, two_objects, seed=11, repaint=compositing == "repaint")
    assert [step.composite.tobytes() for step in ours] == [picture.tobytes() for picture in published]


def test_reference_mode_follows_the_seed(model, two_objects) -> None:
    first, second = (paint(model, two_objects, pixels="reference", seed=seed)[-1].composite for seed in (1, 2))
    assert first.tobytes() != second.tobytes()


@pytest.mark.parametrize("area", ["full", "zoom"])
def test_exact_mode_never_touches_pixels_outside_the_mask(model, two_objects, area) -> None:
    for step in paint(model, two_objects, area=area):
        assert keep_drift(step.context, step.composite, step.mask) == 0.0
        changed = np.asarray(step.composite) != np.asarray(step.context)
        assert changed.any(), "a step that changes nothing proves nothing"


def test_exact_masks_are_half_open_and_the_background_is_the_rest(model, two_objects) -> None:
    first, second, background = paint(model, two_objects)
    mask = np.asarray(first.mask) > 0
    assert mask.sum() == (27 - 4) * (31 - 6) and mask[6:31, 4:27].all()
    painted = mask | (np.asarray(second.mask) > 0)
    assert np.array_equal(painted, np.asarray(background.mask) == 0)


def test_repaint_takes_the_whole_result(model, two_objects) -> None:
    steps = paint(model, two_objects, compositing="repaint", area="full")
    assert all(step.composite.tobytes() == step.raw.tobytes() for step in steps)
    assert keep_drift(steps[1].context, steps[1].composite, steps[1].mask) > 0


@pytest.mark.parametrize("area", ["full", "zoom"])
def test_a_picture_does_not_depend_on_what_was_painted_elsewhere_before(model, two_objects, area) -> None:
    alone = paint(model, two_objects.with_objects(two_objects.objects[:1]), area=area)[0]
    first = paint(model, two_objects, area=area)[0]
    assert alone.composite.tobytes() == first.composite.tobytes()


def test_zero_objects_paint_the_background_alone(model) -> None:
    (only,) = paint(model, Layout(64, 48))
    assert (np.asarray(only.mask) == 255).all()
    assert only.composite.size == (64, 48)


@pytest.mark.parametrize("scheduler", ["ddim", "dpm++", "euler", "pndm", "unipc", "lcm", "tcd"])
def test_every_scheduler_paints_and_leaves_the_pipelines_own_alone(model, two_objects, scheduler) -> None:
    own = model.pipeline.scheduler
    steps = paint(model, two_objects, scheduler=scheduler)
    assert model.pipeline.scheduler is own
    assert np.asarray(steps[-1].composite).std() > 0


def test_progress_tells_every_denoising_step_with_a_preview(model, two_objects) -> None:
    settings = GenerationSettings(steps=3, width=64, height=48, scheduler="ddim")
    plan = make_plan(two_objects, settings, model.card)
    told = []
    painter = make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=told.append)
    list(painter.paint())
    assert [(progress.step.index, progress.iteration) for progress in told] == [
        (step, iteration) for step in range(3) for iteration in (1, 2, 3)
    ]
    assert told[0].picture is not None and told[0].picture.shape == (12, 16, 3)
