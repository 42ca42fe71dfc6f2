"""Detectors of the DETR family as transformers saves them (DETR, RT-DETR, D-FINE …), and converted DETR checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from engine.detection.detr import dilate_last_stage
from engine.errors import BoxpaintError
from engine.events import Detection
from engine.layout import Box

_LARGEST_BATCH = 4
_SMALLEST = 1e-6
"""Boxes thinner than this share of the picture are none."""


class TransformerDetector:
    """A detection model of transformers with its image processor; see ``engine.detection.protocol.Detector``.

    Scores are what the model family calls so: for DETR the largest softmax of a query without "no object", for RT-DETR
    and D-FINE the sigmoid. Nothing is thresholded, and every query's box is kept.
    """

    def __init__(self, name: str, model: Any, processor: Any, device: str) -> None:
        self.name = name
        self._model, self._processor, self._device = model.to(device).eval(), processor, device
        self.labels: tuple[str, ...] = tuple(model.config.id2label[index] for index in sorted(model.config.id2label))

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
        # A threshold below zero, so that a score of exactly 0 is kept as well.
        found = self._processor.post_process_object_detection(outputs, threshold=-1.0)
        return [self._detections(result) for result in found]

    def _detections(self, result: Any) -> list[Detection]:
        order = result["scores"].argsort(descending=True, stable=True)
        boxes = result["boxes"][order].clamp(0, 1).double().tolist()
        names = self._model.config.id2label
        triples = zip(boxes, result["labels"][order].tolist(), result["scores"][order].double().tolist(), strict=True)
        return [
            Detection(Box(x0, y0, x1, y1), names[label], min(max(score, 0.0), 1.0))
            for (x0, y0, x1, y1), label, score in triples
            if x1 - x0 > _SMALLEST and y1 - y0 > _SMALLEST
        ]


def load_transformer(folder: Path, name: str, device: str) -> TransformerDetector:
    """Load a folder that transformers saved: safetensors only, no network, no code from the folder.

    Raises:
        BoxpaintError: The weights or the processor are missing, broken or do not fit.
    """
    from transformers import AutoImageProcessor, AutoModelForObjectDetection
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        model, told = AutoModelForObjectDetection.from_pretrained(
            str(folder), local_files_only=True, use_safetensors=True, output_loading_info=True
        )
        processor = AutoImageProcessor.from_pretrained(str(folder), local_files_only=True)
    except Exception as error:  # transformers refuses folders by a dozen exception types
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise BoxpaintError(
            f"the detector cannot be loaded: {first}",
            "model",
            file=str(folder),
            hint="The folder needs config.json, preprocessor_config.json and model.safetensors.",
        ) from error
    lacking = sorted(told["missing_keys"])
    if lacking:
        raise BoxpaintError(
            f"{len(lacking)} of the detector's weights are missing ({lacking[0]}, …).",
            "model",
            file=str(folder),
            hint="Fetch or convert it again.",
        )
    if model.config.model_type == "detr" and getattr(model.config, "dilation", False):
        dilate_last_stage(model)
    return TransformerDetector(name, model, processor, device)


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
