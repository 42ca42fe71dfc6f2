"""Model folders that are not what they should be are told before any weight is read."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from engine.errors import BoxpaintError
from engine.models.card import read_card
from engine.models.catalogue import find_model, fingerprint, list_models
from engine.models.installed import CARD, ENVIRONMENT
from engine.models.loading import load_pipeline
from engine.models.offers import BROKEN, list_offers


@pytest.fixture
def copy(tiny_pipeline: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_pipeline, tmp_path / "copy"))


def edit(file: Path, **values: object) -> None:
    data = json.loads(file.read_text())
    data.update(values)
    file.write_text(json.dumps(data))


def refused(folder: Path) -> BoxpaintError:
    with pytest.raises(BoxpaintError) as caught:
        read_card(folder)
    assert caught.value.kind == "model" and caught.value.file is not None
    return caught.value


def test_a_plain_pipeline_folder_gets_a_card_from_its_configuration(tiny_pipeline: Path) -> None:
    card = read_card(tiny_pipeline)
    assert card.pipeline_class == "StableDiffusionInpaintPipeline"
    assert (card.size, card.size_multiple, card.working_sizes) == ((64, 64), 8, (64,))
    assert (card.steps, card.guidance, card.area) == (50, 4.0, "full")


def test_boxpaint_json_overrides_the_defaults(copy: Path) -> None:
    card_file = {"name": "mine", "size": [96, 64], "working_size": 32, "defaults": {"steps": 7, "area": "zoom"}}
    (copy / "boxpaint.json").write_text(json.dumps(card_file))
    card = read_card(copy)
    assert (card.name, card.size, card.working_sizes, card.steps, card.area) == ("mine", (96, 64), (32,), 7, "zoom")


def test_windows_may_have_several_working_sizes(copy: Path) -> None:
    (copy / "boxpaint.json").write_text('{"working_size": [96, 64, 96]}')
    assert read_card(copy).working_sizes == (64, 96)


@pytest.mark.parametrize(
    "content",
    [
        *(
            "{",
            "[]",
            "[" * 99_999,
            '{"size": [1]}',
            '{"working_size": "64"}',
            '{"working_size": []}',
            '{"defaults": 3}',
        ),
        *('{"about": 1}', '{"commit": ["a"]}', '{"prompts": {"foreground": "' + "x" * 10_001 + '"}}'),
    ],
)
def test_a_broken_boxpaint_json_is_refused_with_its_name(copy: Path, content: str) -> None:
    (copy / "boxpaint.json").write_text(content)
    assert "boxpaint.json" in str(refused(copy))


def test_a_missing_folder_and_one_that_is_no_pipeline_are_refused(tmp_path: Path) -> None:
    assert "no such model folder" in str(refused(tmp_path / "nothing"))
    assert "model_index.json" in str(refused(tmp_path))


def test_a_pipeline_that_is_not_for_inpainting_is_known_as_such(copy: Path) -> None:
    assert read_card(copy).inpaints
    edit(copy / "model_index.json", _class_name="StableDiffusionPipeline")
    assert not read_card(copy).inpaints


def test_a_folder_without_its_network_is_refused(copy: Path) -> None:
    shutil.rmtree(copy / "unet")
    assert "unet" in str(refused(copy))


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(BoxpaintError) as caught:
        find_model("no-such-model")
    assert "no-such-model" in str(caught.value) and caught.value.hint


def load_error(folder: Path) -> BoxpaintError:
    with pytest.raises(BoxpaintError) as caught:
        load_pipeline(read_card(folder), device="cpu", precision="fp32")
    return caught.value


def test_truncated_weights_are_refused(copy: Path) -> None:
    weights = copy / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    assert load_error(copy).kind == "model"


def test_pickled_weights_are_not_loaded(copy: Path) -> None:
    weights = copy / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_suffix(".bin"))
    assert load_error(copy).kind == "model"


def test_a_text_encoder_of_another_model_is_told(copy: Path) -> None:
    from transformers import CLIPTextConfig, CLIPTextModel

    vocabulary = json.loads((copy / "text_encoder" / "config.json").read_text())["vocab_size"]
    other = CLIPTextConfig(
        vocab_size=vocabulary, hidden_size=24, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2
    )
    CLIPTextModel(other).save_pretrained(str(copy / "text_encoder"))
    error = load_error(copy)
    assert "24" in error.message and "16" in error.message


def test_a_device_that_is_not_there_is_told(tiny_pipeline: Path) -> None:
    import torch

    absent = "mps" if not torch.backends.mps.is_available() else "cuda"
    with pytest.raises(BoxpaintError) as caught:
        load_pipeline(read_card(tiny_pipeline), device=absent, precision="auto")
    assert caught.value.field == "device"


def test_the_fingerprint_follows_the_weights(copy: Path) -> None:
    before = fingerprint(copy)
    assert fingerprint(copy) == before
    weights = copy / "unet" / "diffusion_pytorch_model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert fingerprint(copy) != before


@pytest.mark.parametrize(
    "facts",
    [
        {"vocabulary": ["red cube"]},
        {"licence": {}},
        {"kind": 7},
        {"name": ["a"]},
        {"about": "x" * 10_001},
        {"repository": None, "commit": 7},
    ],
)
def test_a_detector_with_an_absurd_card_is_listed_as_broken(tmp_path: Path, monkeypatch, facts) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / CARD).write_text(json.dumps({"kind": "detector"} | facts))
    (odd,) = (entry for entry in list_models() if entry.path.parent == tmp_path)
    assert not odd.installed and CARD in odd.problem
    assert next(offer for offer in list_offers() if offer.name == "odd").state == BROKEN


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes in the file system")
def test_a_pipe_or_a_folder_with_the_name_of_a_file_stops_no_hash(copy: Path) -> None:
    before = fingerprint(copy)
    os.mkfifo(copy / "pipe.json")
    (copy / "folder.json").mkdir()
    assert fingerprint(copy) == before
