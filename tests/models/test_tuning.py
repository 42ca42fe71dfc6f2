"""How a network computes is switched in place, both ways; pictures differ by rounding only."""

from __future__ import annotations

import os

import numpy as np
import pytest

from engine.errors import BoxpaintError
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.settings import GenerationSettings
from engine.models.card import read_card
from engine.models.loading import LoadedModel, load_pipeline
from engine.models.tuning import CACHE, Tuning, check_compiler


@pytest.fixture
def model(tiny_pipeline) -> LoadedModel:
    return load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")


def predicted(model: LoadedModel):
    import torch

    noise = torch.Generator().manual_seed(1)
    latents, texts = torch.randn(2, 9, 16, 16, generator=noise), torch.randn(2, 16, 16, generator=noise)
    with torch.no_grad():
        return model.pipeline.unet(latents, 10, texts, return_dict=False)[0].numpy()


def test_the_order_of_weights_in_memory_changes_and_comes_back(model) -> None:
    import torch

    tuning, before = Tuning(), predicted(model)
    weights = {"unet": model.pipeline.unet.conv_in.weight, "vae": model.pipeline.vae.decoder.conv_in.weight}
    for parts in (frozenset({"unet", "vae"}), frozenset({"vae"}), frozenset({"unet"})):
        tuning.use(model.pipeline, channels_last=parts, compiled=None, device="cpu")
        for name, weight in weights.items():
            assert weight.is_contiguous(memory_format=torch.channels_last) is (name in parts)
            assert weight.is_contiguous() is (name not in parts)
        assert np.allclose(predicted(model), before, atol=1e-4)
    tuning.use(model.pipeline, compiled=None, device="cpu")
    assert all(weight.is_contiguous() for weight in weights.values()) and np.array_equal(predicted(model), before)


def test_a_network_is_compiled_once_and_can_be_had_uncompiled_again(model, monkeypatch, tmp_path) -> None:
    from torch._inductor.runtime.cache_dir_utils import default_cache_dir

    monkeypatch.setenv(CACHE, default_cache_dir())  # as importing torch's compiler sets it
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    tuning = Tuning()
    before = predicted(model)
    tuning.use(model.pipeline, compiled="default", device="cpu", backend="eager")
    assert os.environ[CACHE] == str(tmp_path / "boxpaint" / "compiled")
    compiled = model.pipeline.unet._compiled_call_impl
    assert compiled is not None and np.allclose(predicted(model), before, atol=1e-5)
    tuning.use(model.pipeline, compiled=None, device="cpu")
    assert model.pipeline.unet._compiled_call_impl is None and np.array_equal(predicted(model), before)
    tuning.use(model.pipeline, compiled="default", device="cpu", backend="eager")
    assert model.pipeline.unet._compiled_call_impl is compiled


def test_pixel_mode_reference_gets_the_network_as_diffusers_made_it(model, two_objects) -> None:
    for pixels in ("exact", "reference"):
        settings = GenerationSettings(pixels=pixels, steps=1, width=64, height=48, previews=False)
        plan = make_plan(two_objects, settings, model.card)
        make_painter(plan, settings, model, on_step=lambda *_: None, on_progress=lambda _: None)
        assert model.tuning.channels_last == (frozenset({"unet", "vae"}) if pixels == "exact" else frozenset())
        assert model.pipeline.unet.conv_in.weight.is_contiguous() is (pixels == "reference")


def test_without_a_compiler_it_is_refused_before_anything_is_painted(model, monkeypatch) -> None:
    from torch._inductor import cpp_builder, exc

    def none():
        raise exc.InvalidCxxCompiler

    monkeypatch.setattr(cpp_builder, "get_cpp_compiler", none)
    with pytest.raises(BoxpaintError) as caught:
        check_compiler("cpu")
    assert caught.value.field == "compile" and "g++" in str(caught.value)
