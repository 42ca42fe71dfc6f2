"""Quantised weights on a tiny real pipeline: at work, counted, told and recorded; and refused where they cannot be."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from desktop_app.__main__ import main
from engine.errors import BoxpaintError
from engine.events import AnyEvent, ModelPlaced, RunFinished
from engine.formats.boxpaint_layout import layout_to_dict
from engine.inpainting.sampler import check_sampling
from engine.inpainting.settings import GenerationSettings
from engine.models import quantizing
from engine.models.anatomy import read_anatomy
from engine.models.card import read_card
from engine.models.loading import load_pipeline
from engine.models.lora import Lora
from engine.models.placement import PLACEMENTS, needs
from engine.models.quantizing import check_quantize
from engine.runs.execute import RunExecution
from engine.runs.records import read_record
from engine.runs.request import GenerationRequest, new_run_id
from engine.runs.saved import read_run

SIZE = (64, 48)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks run as if torchao were there, whether it is or not."""
    monkeypatch.setattr(quantizing, "version", lambda name: "0.18.0")


@pytest.fixture
def folder(tiny_pipeline: Path, tmp_path: Path) -> Path:
    """A copy of the tiny pipeline that a test may change."""
    return Path(shutil.copytree(tiny_pipeline, tmp_path / "tiny"))


@pytest.fixture
def layout_file(two_objects, tmp_path: Path) -> Path:
    file = tmp_path / "layout.json"
    file.write_text(json.dumps(layout_to_dict(two_objects)))
    return file


def test_the_estimate_counts_one_byte_for_the_weights_of_linear_layers(tiny_pipeline: Path) -> None:
    import torch
    from diffusers import StableDiffusionInpaintPipeline

    anatomy = read_anatomy(tiny_pipeline)
    pipeline = StableDiffusionInpaintPipeline.from_pretrained(str(tiny_pipeline), local_files_only=True)
    for part in anatomy.parts:
        layers = [layer for layer in getattr(pipeline, part.name).modules() if isinstance(layer, torch.nn.Linear)]
        assert part.linear == (sum(layer.weight.numel() for layer in layers) if part.name != "vae" else 0)
    linear = sum(part.linear for part in anatomy.parts)
    for precision, saved in (("fp32", 3), ("bf16", 1)):
        whole = needs(anatomy, precision=precision, size=SIZE)
        less = needs(anatomy, precision=precision, size=SIZE, quantize="int8")
        assert whole["device"] - less["device"] == saved * linear > 0
        assert all(less[notch] <= whole[notch] for notch in PLACEMENTS)


def test_quantised_weights_paint_nearly_the_same_and_are_told_and_recorded(
    tiny_pipeline: Path, two_objects, tmp_path: Path
) -> None:
    pytest.importorskip("torchao", reason="the extra quantize is not installed")
    import numpy as np
    from PIL import Image
    from torchao.quantization import Int8Tensor

    def paint(quantize: str, placement: str) -> tuple[np.ndarray, ModelPlaced]:
        name = f"{quantize}-{placement}"
        model = load_pipeline(
            read_card(tiny_pipeline), device="cpu", precision="fp32", quantize=quantize, placement=placement
        )
        weights = [*model.pipeline.unet.parameters(), *model.pipeline.text_encoder.parameters()]
        held = sum(weight.qdata.numel() for weight in weights if isinstance(weight, Int8Tensor))
        assert held == (0 if quantize == "none" else sum(part.linear for part in read_anatomy(tiny_pipeline).parts))
        settings = GenerationSettings(steps=2, width=SIZE[0], height=SIZE[1], quantize=quantize, placement=placement)
        request = GenerationRequest(new_run_id(), two_objects, settings, str(tiny_pipeline), str(tmp_path / name))
        events: list[AnyEvent] = []
        RunExecution(request, emit=events.append, load=lambda *_: model, cancelled=lambda: False).run()
        last = events[-1]
        assert isinstance(last, RunFinished), last
        assert read_record(tmp_path / name)["model"]["quantize"] == quantize
        (placed,) = (event for event in events if isinstance(event, ModelPlaced))
        (saved,) = (event for event in read_run(tmp_path / name).events if isinstance(event, ModelPlaced))
        assert placed.quantize == saved.quantize == quantize
        with Image.open(last.picture) as picture:
            return np.asarray(picture.convert("RGB"), dtype=float), placed

    plain, _ = paint("none", "device")
    less, placed = paint("int8", "device")
    tiled, _ = paint("int8", "tiled")
    assert "linear layers in int8" in placed.reason
    assert 0 < np.abs(plain - less).mean() < 8, "another picture, but a near one"
    assert np.array_equal(less, tiled)


def test_the_command_line_refuses_before_anything_is_started(
    layout_file: Path, tiny_pipeline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(quantizing, "version", missing)
    out = tmp_path / "out"
    command = ["generate", str(layout_file), "--model", str(tiny_pipeline), "--out", str(out), "--device", "cpu"]
    assert main([*command, "--quantize", "int8"]) == 2
    said = capsys.readouterr().err
    assert "torchao" in said and 'pip install "boxpaint[quantize]"' in said
    assert main([*command, "--placement", "model-offload"]) == 2
    said = capsys.readouterr().err
    assert "model-offload is not for the device cpu" in said and "device, tiled or auto" in said
    assert not out.exists()


def test_an_old_torchao_is_named(tiny_pipeline: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantizing, "version", lambda name: "0.9.0+cpu")
    with pytest.raises(BoxpaintError) as caught:
        check_quantize("int8", tiny_pipeline)
    assert "0.9.0" in str(caught.value) and caught.value.field == "quantize"


@pytest.mark.usefixtures("installed")
def test_what_cannot_be_quantised_is_refused(folder: Path) -> None:
    settings = GenerationSettings(quantize="int8", loras=(Lora("a.safetensors"),))
    with pytest.raises(BoxpaintError) as caught:
        check_quantize(settings.quantize, folder, loras=bool(settings.loras))
    assert "LoRA" in str(caught.value)
    check_sampling(GenerationSettings(quantize="int8"), read_card(folder))

    config = folder / "unet" / "config.json"
    before = config.read_text()
    config.write_text(json.dumps({**json.loads(before), "quantization_config": {"quant_method": "gguf"}}))
    with pytest.raises(BoxpaintError) as caught:
        check_sampling(GenerationSettings(quantize="int8"), read_card(folder))
    assert "already" in str(caught.value) and caught.value.file == str(config)
    config.write_text(before)

    index = folder / "model_index.json"
    index.write_text(json.dumps({**json.loads(index.read_text()), "unet": ["elsewhere", "UNet2DConditionModel"]}))
    with pytest.raises(BoxpaintError) as caught:
        check_quantize("int8", folder)
    assert "nothing to quantise" in str(caught.value) and caught.value.hint == "Use --quantize none."
