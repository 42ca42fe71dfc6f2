"""COCO detectors of transformers: each family on tiny real models, against its own image processor and by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers as t
from PIL import Image

from engine.detection.families import SIGMOID, SOFTMAX
from engine.detection.loading import load_detector
from engine.layout.vocabulary import COCO_80

PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8))

COCO_91 = {identity: "N/A" for identity in range(91)} | {identity: name for name, identity in COCO_80.items()}
PAPER_80 = dict(enumerate("sofa" if name == "couch" else name for name in COCO_80))
"""As RT-DETR's checkpoints call COCO's classes."""


def names(id2label: dict[int, str]) -> dict[str, Any]:
    return {"id2label": id2label, "label2id": {label: number for number, label in id2label.items()}}


def resnet() -> t.ResNetConfig:
    return t.ResNetConfig(embedding_size=8, hidden_sizes=[8, 8, 16, 16], depths=[1, 1, 1, 1], out_features=["stage4"])


def several_levels() -> t.ResNetConfig:
    return t.ResNetConfig(
        embedding_size=8, hidden_sizes=[8, 8, 16, 16], depths=[1, 1, 1, 1], out_features=["stage2", "stage3", "stage4"]
    )


SMALL = {
    "d_model": 16, "encoder_layers": 1, "decoder_layers": 1, "encoder_ffn_dim": 16, "decoder_ffn_dim": 16,
    "encoder_attention_heads": 2, "decoder_attention_heads": 2, "num_queries": 12,
}  # fmt: skip
REAL_TIME = {
    "encoder_hidden_dim": 16, "d_model": 16, "encoder_in_channels": [8, 16, 16], "num_queries": 12,
    "decoder_in_channels": [16, 16, 16], "decoder_ffn_dim": 16, "encoder_ffn_dim": 16, "decoder_layers": 2,
    "decoder_attention_heads": 2, "encoder_attention_heads": 2, "num_denoising": 0,
}  # fmt: skip
SQUARE = {"size": {"height": 64, "width": 64}}
SHORTEST = {"size": {"shortest_edge": 64, "longest_edge": 96}}


def rt_backbone() -> t.RTDetrResNetConfig:
    return t.RTDetrResNetConfig(
        embedding_size=8, hidden_sizes=[8, 8, 16, 16], depths=[1, 1, 1, 1], out_features=["stage2", "stage3", "stage4"]
    )


def d_fine_backbone() -> t.HGNetV2Config:
    return t.HGNetV2Config(
        stage_in_channels=[8, 8, 16, 16], stage_mid_channels=[8, 8, 8, 8], stage_out_channels=[8, 16, 16, 16],
        stage_num_blocks=[1, 1, 1, 1], stage_downsample=[False, True, True, True],
        stage_light_block=[False, False, True, True], stage_kernel_size=[3, 3, 5, 5], stage_numb_of_layers=[1, 1, 1, 1],
        stem_channels=[3, 8, 8], embedding_size=8, hidden_sizes=[8, 16, 16, 16], depths=[1, 1, 1, 1],
        out_features=["stage2", "stage3", "stage4"],
    )  # fmt: skip


def make_detr(labels: dict[str, Any]) -> tuple[Any, Any]:
    config = t.DetrConfig(backbone_config=resnet(), **SMALL, **labels)
    return t.DetrForObjectDetection(config), t.DetrImageProcessor(**SHORTEST)


def make_conditional(labels: dict[str, Any]) -> tuple[Any, Any]:
    config = t.ConditionalDetrConfig(backbone_config=resnet(), **SMALL, **labels)
    return t.ConditionalDetrForObjectDetection(config), t.ConditionalDetrImageProcessor(**SHORTEST)


def make_deformable(labels: dict[str, Any]) -> tuple[Any, Any]:
    config = t.DeformableDetrConfig(
        backbone_config=several_levels(),
        num_feature_levels=3,
        **{**SMALL, "d_model": 32, "decoder_layers": 2},
        **labels,
    )
    return t.DeformableDetrForObjectDetection(config), t.DeformableDetrImageProcessor(**SHORTEST)


def make_yolos(labels: dict[str, Any]) -> tuple[Any, Any]:
    config = t.YolosConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, image_size=[64, 96],
        patch_size=16, num_detection_tokens=12, **labels,
    )  # fmt: skip
    return t.YolosForObjectDetection(config), t.YolosImageProcessor(**SHORTEST)


def make_rt_detr(labels: dict[str, Any]) -> tuple[Any, Any]:
    config = t.RTDetrConfig(backbone_config=rt_backbone(), **REAL_TIME, **labels)
    return t.RTDetrForObjectDetection(config), t.RTDetrImageProcessor(**SQUARE)


def make_rt_detr_v2(labels: dict[str, Any]) -> tuple[Any, Any]:
    config = t.RTDetrV2Config(backbone_config=rt_backbone(), **REAL_TIME, **labels)
    return t.RTDetrV2ForObjectDetection(config), t.RTDetrImageProcessor(**SQUARE)


def make_d_fine(labels: dict[str, Any]) -> tuple[Any, Any]:
    config = t.DFineConfig(
        backbone_config=d_fine_backbone(), **{**REAL_TIME, "encoder_in_channels": [16, 16, 16]}, **labels
    )
    return t.DFineForObjectDetection(config), t.RTDetrImageProcessor(**SQUARE)


Make = Callable[[dict[str, Any]], tuple[Any, Any]]
FAMILIES: dict[str, tuple[Make, dict[int, str]]] = {
    "detr": (make_detr, COCO_91),
    "conditional_detr": (make_conditional, COCO_91),
    "deformable_detr": (make_deformable, COCO_91),
    "yolos": (make_yolos, COCO_91),
    "rt_detr": (make_rt_detr, PAPER_80),
    "rt_detr_v2": (make_rt_detr_v2, PAPER_80),
    "d_fine": (make_d_fine, PAPER_80),
}


def saved(make: Make, labels: dict[int, str], folder: Path) -> tuple[Any, Any]:
    torch.manual_seed(3)
    model, processor = make(names(labels))
    # Fresh heads give all queries nearly the same scores: spread them, so that an order is an order.
    for name, weight in model.named_parameters():
        if "class_embed" in name or "class_labels_classifier" in name:
            torch.nn.init.normal_(weight, std=1.0)
    model.eval().save_pretrained(folder)
    processor.save_pretrained(folder)
    return model, processor


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_scores_as_its_own_processor_does_and_speaks_coco(family, tmp_path) -> None:
    make, labels = FAMILIES[family]
    model, processor = saved(make, labels, tmp_path)
    detector = load_detector(tmp_path)
    assert detector.labels == tuple(COCO_80)
    found = detector.detect([PICTURE])[0]
    assert {item.label for item in found} <= COCO_80.keys()
    with torch.inference_mode():
        outputs = model(**processor(images=PICTURE, return_tensors="pt"))
        options = {} if family in ("detr", "yolos") or "rt_" in family or family == "d_fine" else {"top_k": 12}
        (wanted,) = processor.post_process_object_detection(
            outputs, threshold=0.0, target_sizes=[(PICTURE.height, PICTURE.width)], **options
        )
    usual = {number: "couch" if label == "sofa" else label for number, label in labels.items()}
    rows = [
        (float(score), usual[int(label)], box)
        for score, label, box in zip(wanted["scores"], wanted["labels"], cut_off(wanted["boxes"]), strict=True)
        if usual[int(label)] != "N/A"
    ]
    rows = [row for row in sorted(rows, key=lambda row: -row[0]) if row[2][2] > row[2][0] and row[2][3] > row[2][1]]
    assert len(found) == len(rows) > 0
    for item, (score, label, box) in zip(found, rows, strict=True):
        assert item.score == pytest.approx(score, abs=1e-5) and item.label == label
        assert list(item.box.scaled(64, 48)) == pytest.approx(box, abs=1e-3)


def cut_off(boxes: torch.Tensor) -> list[list[float]]:
    """Boxes in pixels, cut off at the picture's edges."""
    sides = torch.tensor([PICTURE.width, PICTURE.height] * 2)
    return torch.minimum(boxes.clamp(min=0), sides).tolist()


def test_every_family_that_is_loaded_is_tested() -> None:
    assert FAMILIES.keys() == SOFTMAX | SIGMOID


def test_another_familys_processor_does_not_change_the_scores(tmp_path) -> None:
    """Folders name the wrong processor often enough; softmax over RT-DETR's logits would drop its last class."""
    model, _ = saved(make_rt_detr, PAPER_80, tmp_path / "right")
    model.save_pretrained(tmp_path / "wrong")
    t.DetrImageProcessor(size=SQUARE["size"], do_normalize=False, do_pad=False).save_pretrained(tmp_path / "wrong")
    right, wrong = (load_detector(tmp_path / name).detect([PICTURE])[0] for name in ("right", "wrong"))
    assert [item.label for item in right] == [item.label for item in wrong]
    assert [item.score for item in right] == pytest.approx([item.score for item in wrong], abs=1e-4)
