"""Detectors of transformers' DETR family: tiny real ones, saved and loaded as folders."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.detection.detr import convert, read_checkpoint
from engine.detection.loading import load_detector
from engine.detection.transformer import save_converted
from engine.errors import BoxpaintError
from engine.events import Detection
from tests.detection.detr_reference import Detr, randomise
from tests.detection.test_detr import SMALL, save

PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8))
MEAN, SPREAD = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])


@pytest.fixture(scope="module")
def reference() -> Detr:
    model = Detr(**SMALL).eval()
    randomise(model)
    return model


@pytest.fixture
def folder(reference, tmp_path) -> Path:
    model = convert(read_checkpoint(save(tmp_path, reference, nheads=4)), ("red cube", "b", "c"))
    save_converted(model, tmp_path / "detr")
    return tmp_path / "detr"


@torch.no_grad()
def published(reference: Detr, picture: Image.Image) -> list[tuple[float, int, list[float]]]:
    """Score, class and box (edges in [0, 1]) of every query as LayoutBench scores them (FORMATS, Scoring)."""
    large = picture.resize((800, 800), Image.Resampling.BILINEAR)
    pixels = (torch.from_numpy(np.asarray(large).copy()).float() / 255 - MEAN) / SPREAD
    logits, boxes = reference(pixels.permute(2, 0, 1)[None])
    scores, classes = logits.softmax(-1)[0, :, :-1].max(-1)
    x, y, width, height = boxes[0].T
    edges = torch.stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2], 1).clamp(0, 1)
    return sorted(zip(scores.tolist(), classes.tolist(), edges.tolist(), strict=True), reverse=True)


def edges_of(detection: Detection) -> list[float]:
    box = detection.box
    return [box.x0, box.y0, box.x1, box.y1]


def test_a_converted_checkpoint_scores_as_published(reference, folder) -> None:
    detector = load_detector(folder)
    assert detector.labels == ("red cube", "b", "c")
    found, wanted = detector.detect([PICTURE])[0], published(reference, PICTURE)
    assert len(found) == len(wanted) == 7, "every query's box is kept"
    for detection, (score, label, edges) in zip(found, wanted, strict=True):
        assert detection.score == pytest.approx(score, abs=2e-3)
        assert detection.label == detector.labels[label]
        assert edges_of(detection) == pytest.approx(edges, abs=2e-3)


def test_pictures_of_several_sizes_keep_their_places(folder) -> None:
    detector = load_detector(folder)
    wide = PICTURE.resize((96, 64))
    together = detector.detect([PICTURE, wide, PICTURE])
    for one, other in zip(together[0], together[2], strict=True):
        assert edges_of(one) == pytest.approx(edges_of(other), abs=1e-5)
    alone = detector.detect([wide])[0]
    assert [item.label for item in together[1]] == [item.label for item in alone]


def test_real_time_detrs_load_as_well(tmp_path) -> None:
    from transformers import RTDetrConfig, RTDetrForObjectDetection, RTDetrImageProcessor, RTDetrResNetConfig

    backbone = RTDetrResNetConfig(
        embedding_size=8, hidden_sizes=[8, 16, 16, 16], depths=[1, 1, 1, 1], out_features=["stage2", "stage3", "stage4"]
    )
    config = RTDetrConfig(
        backbone_config=backbone, encoder_hidden_dim=16, d_model=16, encoder_in_channels=[16, 16, 16], num_queries=10,
        decoder_in_channels=[16, 16, 16], decoder_ffn_dim=16, encoder_ffn_dim=16, decoder_layers=1,
        decoder_attention_heads=2, encoder_attention_heads=2, num_denoising=0, id2label={0: "cat", 1: "dog"},
        label2id={"cat": 0, "dog": 1},
    )  # fmt: skip
    RTDetrForObjectDetection(config).save_pretrained(tmp_path)
    RTDetrImageProcessor(size={"height": 64, "width": 64}).save_pretrained(tmp_path)
    detector = load_detector(tmp_path)
    assert detector.labels == ("cat", "dog")
    scores = [item.score for item in detector.detect([PICTURE])[0]]
    assert scores == sorted(scores, reverse=True) and 0 < len(scores) <= 10


def test_missing_weights_and_processors_are_named(folder) -> None:
    (folder / "preprocessor_config.json").unlink()
    with pytest.raises(BoxpaintError) as caught:
        load_detector(folder)
    assert "preprocessor_config.json" in str(caught.value.hint)
    (folder / "model.safetensors").unlink()
    with pytest.raises(BoxpaintError, match="cannot be loaded"):
        load_detector(folder)


def test_weights_that_lack_a_part_are_refused(folder) -> None:
    import safetensors.torch

    state = safetensors.torch.load_file(folder / "model.safetensors")
    del state["class_labels_classifier.weight"]
    safetensors.torch.save_file(state, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(BoxpaintError, match="class_labels_classifier"):
        load_detector(folder)


def test_numbers_that_are_none_are_told(folder) -> None:
    import safetensors.torch

    state = safetensors.torch.load_file(folder / "model.safetensors")
    state["class_labels_classifier.bias"][:] = float("nan")
    safetensors.torch.save_file(state, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(BoxpaintError, match="numbers that are none"):
        load_detector(folder).detect([PICTURE])


def test_an_unknown_architecture_lists_the_known_ones(folder) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "model_type": "bert"}))
    with pytest.raises(BoxpaintError, match="bert"):
        load_detector(folder)


def test_a_folder_that_needs_another_package_says_which(folder) -> None:
    if find_spec("timm") is not None:
        pytest.skip("timm is installed")
    config = json.loads((folder / "config.json").read_text())
    timm = {"model_type": "timm_backbone", "backbone": "resnet50", "out_indices": [1, 2, 3, 4]}
    (folder / "config.json").write_text(json.dumps({**config, "backbone_config": timm}))
    with pytest.raises(BoxpaintError, match="timm") as caught:
        load_detector(folder)
    assert "Install the package" in str(caught.value.hint)
