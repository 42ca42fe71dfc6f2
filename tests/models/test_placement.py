"""Where a model is placed: estimates from the folder alone, and the choice on machines of every kind."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import BoxpaintError
from engine.models.anatomy import Anatomy, Part, read_anatomy, read_header, weight_files
from engine.models.machine import Machine, this_machine
from engine.models.placement import LADDERS, PLACEMENTS, choose, fit_bytes, needs

GIB = 2**30
SD15 = Anatomy(
    parts=(
        Part("text_encoder", 123_060_480, 492_000_000, 49408 * 768),
        Part("unet", 859_535_364, 3_438_000_000, 1280 * 2560 * 9),
        Part("vae", 83_653_863, 334_000_000, 512 * 512 * 9),
    )
)
FLUX = replace(
    SD15, parts=(Part("transformer", 11_900_000_000, 23_800_000_000, 3072 * 21504), SD15.parts[2]), width=3072, patch=2
)
SIZE = (512, 512)


def gpu(free: float, *, bf16: bool = True, main: float = 32) -> Machine:
    return Machine(
        device="cuda", name="a GPU", free=int(free * GIB), total=24 * GIB, main_free=int(main * GIB), bf16=bf16
    )


def cpu(free: float, *, bf16: bool = False) -> Machine:
    bytes_free = int(free * GIB)
    return Machine(device="cpu", name="a CPU", free=bytes_free, total=64 * GIB, main_free=bytes_free, bf16=bf16)


def test_parts_are_read_from_configuration_and_headers_alone(tiny_pipeline: Path) -> None:
    from diffusers import StableDiffusionInpaintPipeline

    anatomy = read_anatomy(tiny_pipeline)
    pipeline = StableDiffusionInpaintPipeline.from_pretrained(str(tiny_pipeline), local_files_only=True)
    for part in anatomy.parts:
        network = getattr(pipeline, part.name)
        assert part.parameters == sum(weight.numel() for weight in network.parameters())
        assert part.largest == max(weight.numel() for weight in network.parameters())
    assert {part.name for part in anatomy.parts} == {"text_encoder", "unet", "vae"}
    assert (anatomy.scale, anatomy.width, anatomy.decoder_width, anatomy.tile) == (4, 8, 8, 64)
    assert not anatomy.wide_attention and not anatomy.is_transformer
    assert anatomy.stored == sum(file.stat().st_size for file in tiny_pipeline.rglob("*.safetensors"))


def test_only_the_files_that_are_loaded_count(tmp_path: Path) -> None:
    for name in ("a-00001.safetensors", "a-00002.safetensors", "model.fp16.safetensors"):
        (tmp_path / name).write_bytes(b"")
    index = {"weight_map": {"one": "a-00001.safetensors", "two": "a-00002.safetensors", "three": "a-00001.safetensors"}}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps(index))
    assert [file.name for file in weight_files(tmp_path)] == ["a-00001.safetensors", "a-00002.safetensors"]
    assert weight_files(tmp_path / "nothing") == []


@pytest.mark.parametrize("content", [b"", b"short", struct.pack("<Q", 2**40), struct.pack("<Q", 2) + b"[]"])
def test_a_broken_header_is_told_with_its_file(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(content)
    with pytest.raises(BoxpaintError) as caught:
        read_header(file)
    assert caught.value.file == str(file) and caught.value.hint


def test_every_notch_needs_less_than_the_one_before_and_larger_pictures_need_more() -> None:
    for size in (SIZE, (1024, 768), (2048, 2048)):
        needed = needs(SD15, precision="fp16", size=size)
        amounts = [needed[notch] for notch in PLACEMENTS]
        assert amounts == sorted(amounts, reverse=True)
    # At the size of the autoencoder's tile there is nothing to cut into tiles; beyond it there is.
    small, large = needs(SD15, precision="fp16", size=SIZE), needs(SD15, precision="fp16", size=(1024, 1024))
    assert small["device"] == small["tiled"] and large["device"] > large["tiled"] > small["tiled"]
    assert needs(SD15, precision="fp32", size=SIZE)["device"] == pytest.approx(2 * small["device"])


def test_the_whole_model_is_on_a_device_that_has_room_and_less_of_it_where_not() -> None:
    needed = needs(SD15, precision="fp16", size=(1024, 1024))
    for notch in PLACEMENTS:
        machine = gpu(needed[notch] / 0.9 / GIB + 0.001)
        chosen = choose(SD15, machine, size=(1024, 1024))
        assert (chosen.placement, chosen.precision, chosen.fits) == (notch, "fp16", True)
        assert "a GPU" in chosen.reason
    assert choose(SD15, gpu(24), size=SIZE).main_need == 0
    assert choose(SD15, gpu(1.9), size=SIZE).placement == "sequential-offload"
    assert choose(SD15, gpu(2.4), size=SIZE).main_need == SD15.parameters * 2


def test_where_nothing_fits_the_last_notch_is_tried_and_told() -> None:
    chosen = choose(SD15, gpu(0.2), size=SIZE)
    assert (chosen.placement, chosen.fits) == ("sequential-offload", False)
    assert "may not fit" in chosen.text
    assert choose(SD15, cpu(1), size=SIZE).placement == "tiled"


def test_what_is_asked_for_is_kept_to() -> None:
    chosen = choose(SD15, gpu(24), size=SIZE, precision="fp32", placement="model-offload")
    assert (chosen.precision, chosen.placement) == ("fp32", "model-offload")
    assert chosen.reason.startswith("as asked")


SMALL = replace(SD15, parts=tuple(replace(part, parameters=part.parameters // 100) for part in SD15.parts))


@pytest.mark.parametrize(
    ("anatomy", "machine", "precision"),
    [
        (SD15, gpu(24), "fp16"),
        (FLUX, gpu(80), "bf16"),
        (FLUX, gpu(80, bf16=False), "fp16"),
        (SD15, cpu(32), "fp32"),
        (SD15, cpu(32, bf16=True), "bf16"),
        (SMALL, cpu(32, bf16=True), "fp32"),
        (SD15, cpu(4, bf16=True), "bf16"),
        (SD15, cpu(4), "fp32"),
        (FLUX, cpu(64, bf16=True), "bf16"),
        (SD15, replace(gpu(24), device="mps"), "fp32"),
        (SD15, replace(gpu(4), device="mps"), "fp16"),
    ],
)
def test_the_number_format_follows_the_device_and_the_model(anatomy: Anatomy, machine: Machine, precision: str) -> None:
    assert choose(anatomy, machine, size=SIZE).precision == precision


def test_a_placement_that_the_device_does_not_have_is_refused() -> None:
    assert LADDERS["cuda"] == PLACEMENTS
    for device in ("cpu", "mps"):
        with pytest.raises(BoxpaintError) as caught:
            choose(SD15, replace(cpu(8), device=device), size=SIZE, placement="model-offload")
        assert caught.value.field == "placement" and "device, tiled or auto" in str(caught.value)


def test_whether_a_model_that_is_not_here_yet_fits() -> None:
    size = 4 * GIB
    assert fit_bytes(size, gpu(8)).level == "whole"
    assert fit_bytes(size, gpu(4)).level == "offloaded"
    assert fit_bytes(size, gpu(4, main=2)).level == "tight"
    assert fit_bytes(size, cpu(4)).level == "tight"
    assert fit_bytes(80 * GIB, cpu(4)).level == "no"
    assert "a GPU has 8.0 GiB free of 24.0 GiB" in fit_bytes(size, gpu(8)).text


def test_this_machine_is_told_with_its_memory() -> None:
    machine = this_machine("cpu")
    assert machine.device == "cpu" and machine.name
    assert 0 < machine.free <= machine.total and machine.main_free == pytest.approx(machine.free, rel=0.5)
