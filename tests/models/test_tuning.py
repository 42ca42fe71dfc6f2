"""How a network computes is switched in place, both ways; pictures differ by rounding only."""

from __future__ import annotations

import os

import numpy as np
import pytest

from engine.errors import BoxpaintError
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.settings import GenerationSettings
from engine.models.card import read_card
from engine.models.halves import blind_layers
from engine.models.loading import LoadedModel, load_pipeline
from engine.models.tuning import CACHE, Tuning, check_compiler
from tests.families import make_sdxl_inpainting


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


def doubled(model: LoadedModel):
    """What the network predicts in a call that guidance doubled: one picture, with two texts."""
    import torch

    noise = torch.Generator().manual_seed(2)
    latents, texts = torch.randn(1, 9, 16, 16, generator=noise), torch.randn(2, 16, 16, generator=noise)
    with torch.no_grad():
        return model.pipeline.unet(torch.cat([latents, latents]), 10, texts, return_dict=False)[0].numpy()


@pytest.mark.parametrize("compiled", [None, "default"])
def test_what_guidance_does_not_change_is_computed_once_and_compiled_anew(
    model, monkeypatch, tmp_path, compiled
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    tuning, before, different = Tuning(), doubled(model), predicted(model)
    assert not np.allclose(before[0], before[1], atol=1e-4)
    for shared in (True, False, True):
        tuning.use(model.pipeline, shared=shared, compiled=compiled, device="cpu", backend="eager")
        assert np.allclose(doubled(model), before, atol=1e-5)
        # Two different pictures are told apart only where nothing is shared.
        assert np.allclose(predicted(model), different, atol=1e-4) is not shared


def test_a_network_whose_time_embedding_knows_the_text_shares_nothing(tmp_path) -> None:
    folder = make_sdxl_inpainting(tmp_path)
    network = load_pipeline(read_card(folder), device="cpu", precision="fp32").pipeline.unet
    assert list(blind_layers(network)) == []


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
        assert bool(model.pipeline.unet.conv_in._forward_hooks) is (pixels == "exact")


def test_without_a_compiler_it_is_refused_before_anything_is_painted(model, monkeypatch) -> None:
    from torch._inductor import cpp_builder, exc

    def none():
        raise exc.InvalidCxxCompiler

    monkeypatch.setattr(cpp_builder, "get_cpp_compiler", none)
    with pytest.raises(BoxpaintError) as caught:
        check_compiler("cpu")
    assert caught.value.field == "compile" and "g++" in str(caught.value)
