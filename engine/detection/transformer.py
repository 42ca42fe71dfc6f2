"""Detectors of the DETR family as transformers saves them (DETR, RT-DETR, D-FINE …), and converted DETR checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from engine.detection.boxes import detections
from engine.detection.detr import dilate_last_stage
from engine.detection.families import SOFTMAX
from engine.detection.labels import class_names, labels_of, named
from engine.errors import BoxpaintError
from engine.events import Detection

_LARGEST_BATCH = 4

Scored = tuple[Tensor, Tensor, Tensor]
"""(B, K) scores, class numbers and places of the queries that they belong to."""


def _softmax(logits: Tensor) -> Scored:
    """DETR: one class per query, the last logit stands for "no object"."""
    scores, classes = logits.softmax(-1)[..., :-1].max(-1)
    return scores, classes, torch.arange(logits.shape[1], device=logits.device).expand_as(classes)


def _sigmoid(logits: Tensor) -> Scored:
    """Deformable DETR and what came after it: every class of every query counts, the best as many as queries stay."""
    scores, places = logits.sigmoid().flatten(1).topk(logits.shape[1], dim=1)
    return scores, places % logits.shape[2], places // logits.shape[2]


class TransformerDetector:
    """A detection model of transformers with its image processor; see ``engine.detection.protocol.Detector``.

    Scores are what the model family calls so (``engine.detection.families``); nothing is thresholded. The families' own
    image processors tell the same, but a folder may name another family's, and would then be scored wrongly.
    """

    notes: tuple[str, ...] = ()

    def __init__(self, name: str, model: Any, processor: Any, device: str) -> None:
        self.name = name
        self._model, self._processor, self._device = model.to(device).eval(), processor, device
        self._score = _softmax if model.config.model_type in SOFTMAX else _sigmoid
        self._names = class_names(labels_of(model.config.id2label))
        self.labels: tuple[str, ...] = named(self._names)

    def detect(self, images: Sequence[Image.Image]) -> list[list[Detection]]:
        """See the protocol. Pictures of one size go through the model together."""
        results: dict[int, list[Detection]] = {}
        sizes: dict[tuple[int, int], list[int]] = {}
        for index, image in enumerate(images):
            sizes.setdefault(image.size, []).append(index)
        for indices in sizes.values():
            for start in range(0, len(indices), _LARGEST_BATCH):
                part = indices[start : start + _LARGEST_BATCH]
                for index, found in zip(part, self._detect([images[i].convert("RGB") for i in part]), strict=True):
                    results[index] = found
        return [results[index] for index in range(len(images))]

    @torch.inference_mode()
    def _detect(self, images: list[Image.Image]) -> list[list[Detection]]:
        inputs = self._processor(images=images, return_tensors="pt").to(self._device)
        outputs = self._model(**inputs)
        if not bool(torch.isfinite(outputs.logits).all() and torch.isfinite(outputs.pred_boxes).all()):
            raise BoxpaintError(
                f"the detector {self.name} gave numbers that are none.", "model", hint="Fetch or convert it again."
            )
        edges = corners(outputs.pred_boxes).clamp(0, 1)
        return [
            detections(boxes[queries].double().cpu().numpy(), scores.tolist(), classes.tolist(), self._names)
            for boxes, scores, classes, queries in zip(edges, *self._score(outputs.logits), strict=True)
        ]


def corners(boxes: Tensor) -> Tensor:
    """(…, 4) centre x and y, width and height as edges x0, y0, x1, y1."""
    center, half = boxes[..., :2], boxes[..., 2:] / 2
    return torch.cat([center - half, center + half], -1)


def load_transformer(folder: Path, name: str, device: str) -> TransformerDetector:
    """Load a folder that transformers saved: safetensors only, no network, no code from the folder.

    Raises:
        BoxpaintError: The weights or the processor are missing, broken or do not fit.
    """
    from transformers import AutoImageProcessor, AutoModelForObjectDetection

    model, processor = load_parts(folder, AutoModelForObjectDetection, AutoImageProcessor)
    if model.config.model_type == "detr" and getattr(model.config, "dilation", False):
        dilate_last_stage(model)
    return TransformerDetector(name, model, processor, device)


def load_parts(folder: Path, model_class: Any, processor_class: Any) -> tuple[Any, Any]:
    """The model and the processor of a folder, by transformers' automatic classes.

    Raises:
        BoxpaintError: The weights or the processor are missing, broken or do not fit.
    """
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        model, told = model_class.from_pretrained(
            str(folder), local_files_only=True, use_safetensors=True, output_loading_info=True
        )
        processor = processor_class.from_pretrained(str(folder), local_files_only=True)
    except Exception as error:  # transformers refuses folders by a dozen exception types
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        hint = "The folder needs config.json, preprocessor_config.json and model.safetensors."
        if isinstance(error, ImportError):
            hint = "Install the package that it names; of DETR's published checkpoints the revision no_timm needs none."
        raise BoxpaintError(f"the detector cannot be loaded: {first}", "model", file=str(folder), hint=hint) from error
    lacking = sorted(told["missing_keys"])
    if lacking:
        raise BoxpaintError(
            f"{len(lacking)} of the detector's weights are missing ({lacking[0]}, …).",
            "model",
            file=str(folder),
            hint="Fetch or convert it again.",
        )
    return model, processor


def save_converted(model: Any, folder: Path) -> None:
    """Write a converted DETR as a folder that ``load_transformer`` reads, with the processor that DETR was scored with.

    The shorter side is brought to 800 pixels, the longer to 1333 at most, and colours are normalised as ImageNet's.

    Raises:
        BoxpaintError: The folder cannot be written.
    """
    from transformers import DetrImageProcessor

    from engine.files import output_error

    try:
        model.save_pretrained(str(folder))
        DetrImageProcessor(size={"shortest_edge": 800, "longest_edge": 1333}).save_pretrained(str(folder))
        for path in folder.rglob("*.safetensors"):
            path.chmod(0o644)  # they are written for the owner alone
    except OSError as error:
        raise output_error(error, folder) from error
