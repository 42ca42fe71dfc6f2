"""A pipeline on its way down: the same picture at every notch, real failures of the allocator, and what is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.errors import BoxpaintError
from engine.inpainting.sampler import Inputs, Sampler
from engine.inpainting.settings import GenerationSettings
from engine.models.card import read_card
from engine.models.loading import LoadedModel, load_pipeline
from engine.models.placement import DEVICE, PLACEMENTS, TILED
from engine.models.placing import Placing, SteppedDown, is_out_of_memory
from tests.hungry import Hungry

SIZE = (64, 48)


@pytest.fixture
def model(tiny_pipeline: Path) -> LoadedModel:
    """The tiny model with a GPU's ladder: offloading from the CPU to itself takes the same ways."""
    loaded = load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")
    return replace(loaded, placing=Placing(loaded.pipeline, loaded.placing.choice, ladder=PLACEMENTS))


def paint(model: LoadedModel, seed: int | None = 7) -> bytes:
    sampler = Sampler(model, scheduler="model", steps=2, guidance=3.0)
    if seed is None:
        torch.manual_seed(7)
    context = Image.fromarray(np.arange(64 * 48 * 3, dtype=np.uint8).reshape(48, 64, 3))
    mask = Image.new("L", SIZE, 0)
    mask.paste(255, (8, 8, 40, 32))
    inputs = Inputs(prompt="add red cube", context=context, mask=mask, seed=seed)
    return sampler.paint([inputs], lambda _: None)[0].tobytes()


@pytest.mark.parametrize("placement", PLACEMENTS)
def test_every_placement_paints_the_same_picture(model: LoadedModel, placement: str) -> None:
    expected = paint(model)
    placing = Placing(model.pipeline, replace(model.placing.choice, placement=placement), ladder=PLACEMENTS)
    placing.settle()
    moved = replace(model, placing=placing)
    assert paint(moved) == expected
    assert paint(moved) == expected, "and again, from where the first call left the weights"


@pytest.mark.parametrize("seed", [7, None])
def test_memory_that_runs_out_in_a_step_costs_one_notch_and_the_picture_is_the_same(
    model: LoadedModel, seed: int | None
) -> None:
    expected = paint(model, seed)
    calls: list[str] = []

    def in_the_second_denoising_step() -> bool:
        calls.append(model.placing.placement)
        return model.placing.placement == DEVICE and calls.count(DEVICE) == 2

    model.pipeline.unet.conv_out = Hungry(model.pipeline.unet.conv_out, in_the_second_denoising_step)
    told: list[SteppedDown] = []
    with model.placing.told(told.append):
        assert paint(model, seed) == expected
    assert [(news.before, news.now) for news in told] == [(DEVICE, TILED)]
    assert "can't allocate memory" in told[0].problem and "Memory ran out" in told[0].text
    assert calls.count(TILED) == 3, "the call was made again from its first denoising step"
    assert "memory ran out at device" in model.placing.choice.reason
    paint(model, seed)
    assert model.placing.placement == TILED and len(told) == 1, "nobody listens any more, and nothing went wrong"


def test_the_way_down_goes_through_every_notch_and_ends_with_what_to_do(model: LoadedModel) -> None:
    expected = paint(model)
    hungry = True
    model.pipeline.vae.decoder = Hungry(model.pipeline.vae.decoder, lambda: hungry)
    told: list[SteppedDown] = []
    with model.placing.told(told.append), pytest.raises(BoxpaintError) as caught:
        paint(model)
    assert [news.now for news in told] == list(PLACEMENTS[1:])
    assert caught.value.kind == "memory" and "painting 64×48 pixels" in str(caught.value)
    assert "--size" in str(caught.value.hint) and "--precision bf16" in str(caught.value.hint)
    hungry = False
    assert paint(model) == expected, "once there is room, the same program goes on"


def test_memory_that_runs_out_while_previews_are_fitted_costs_a_notch_too(model: LoadedModel) -> None:
    from engine.inpainting.previews import make_preview

    encoder = model.pipeline.vae.encoder
    model.pipeline.vae.encoder = Hungry(encoder, lambda: model.placing.placement != "sequential-offload")
    preview = make_preview(GenerationSettings(), model)
    assert preview is not None and model.placing.placement == "sequential-offload"
    assert preview.picture(torch.zeros(1, 4, 12, 16)).shape == (12, 16, 3)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (MemoryError(), True),
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"), True),
        (RuntimeError("MPS backend out of memory (MPS allocated: 8 GB, other allocations: 1 GB)"), True),
        (RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"), True),
        (OSError(12, "Cannot allocate memory"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
        (BoxpaintError("out of memory", "memory"), False),
    ],
)
def test_only_errors_of_allocators_count(error: Exception, expected: bool) -> None:
    assert is_out_of_memory(error) is expected


def test_other_errors_pass_and_nothing_is_tried_again(model: LoadedModel) -> None:
    calls = []

    def work() -> None:
        calls.append(1)
        raise ValueError("something else")

    with pytest.raises(ValueError, match="something else"):
        model.placing.within_memory(work, "working")
    assert calls == [1] and model.placing.placement == DEVICE


def test_the_built_in_models_autoencoder_works_on_every_notch() -> None:
    from engine.models.catalogue import find_model

    loaded = load_pipeline(find_model("clevr-mini"), device="cpu", precision="fp32")
    expected = paint(loaded)
    tiled = Placing(loaded.pipeline, replace(loaded.placing.choice, placement=TILED))
    tiled.settle()
    assert paint(replace(loaded, placing=tiled)) == expected
