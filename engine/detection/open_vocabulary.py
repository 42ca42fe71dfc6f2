"""Detectors that look for whatever they are told to, in words: OWL-ViT, OWLv2 and Grounding DINO of transformers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import torch
from PIL import Image
from torch import Tensor

from engine.detection.boxes import detections
from engine.detection.extras import needed
from engine.detection.families import OWL
from engine.detection.labels import named
from engine.detection.protocol import told_nothing
from engine.detection.transformer import corners, load_parts
from engine.errors import BoxpaintError
from engine.events import Detection

_MOST = 300
"""Boxes of a picture that stay, each with one of its labels: as many as Grounding DINO's own scoring keeps."""

_LABELS_AT_ONCE = 100


class Reading(Protocol):
    """A model family: from a picture and labels to scores."""

    def score(self, image: Image.Image, labels: Sequence[str]) -> Iterator[tuple[Sequence[str], Tensor, Tensor]]:
        """In one or several parts: some labels, (Q, L) their scores, (Q, 4) edges in shares of the picture."""
        ...


class OpenVocabularyDetector:
    """A detector before it was told what to look for; ``asked_for`` makes a ``Detector`` of it."""

    labels: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __init__(self, name: str, reading: Reading) -> None:
        self.name = name
        self._reading = reading

    def asked_for(self, labels: Sequence[str]) -> AskedDetector:
        """The same network, looking for these things. Nothing is loaded again."""
        return AskedDetector(self.name, self._reading, named([label for label in labels if label.strip()]))

    def detect(self, images: Sequence[Image.Image]) -> list[list[Detection]]:
        """Refused: it has to be told what to look for."""
        raise told_nothing(self.name)


class AskedDetector:
    """An open-vocabulary detector that knows what to look for; see ``engine.detection.protocol.Detector``."""

    notes: tuple[str, ...] = ()

    def __init__(self, name: str, reading: Reading, labels: tuple[str, ...]) -> None:
        self.name, self.labels = name, labels
        self._reading = reading

    def detect(self, images: Sequence[Image.Image]) -> list[list[Detection]]:
        """See the protocol."""
        return [self._detect(image.convert("RGB")) for image in images]

    @torch.inference_mode()
    def _detect(self, image: Image.Image) -> list[Detection]:
        found: list[Detection] = []
        for labels, scores, boxes in self._reading.score(image, self.labels) if self.labels else ():
            if not bool(torch.isfinite(scores).all() and torch.isfinite(boxes).all()):
                raise BoxpaintError(
                    f"the detector {self.name} gave numbers that are none.", "model", hint="Fetch it again."
                )
            best, places = scores.flatten().topk(min(_MOST, scores.numel()))
            edges = boxes[places // len(labels)].clamp(0, 1).double().cpu().numpy()
            found += detections(edges, best.tolist(), (places % len(labels)).tolist(), labels)
        return sorted(found, key=lambda detection: -detection.score)[:_MOST]


class Owl:
    """OWL-ViT (arXiv 2205.06230) and OWLv2 (arXiv 2306.09683): each label is a text of its own."""

    def __init__(self, model: Any, processor: Any, device: str) -> None:
        self._model, self._processor, self._device = model.to(device).eval(), processor, device
        self._length = model.config.text_config.max_position_embeddings
        # OWLv2 sees pictures padded to a square, with the picture in the upper left; OWL-ViT sees them stretched.
        self._padded = model.config.model_type == "owlv2"

    def score(self, image: Image.Image, labels: Sequence[str]) -> Iterator[tuple[Sequence[str], Tensor, Tensor]]:
        """See ``Reading``. Labels are asked for as "a photo of a …"; what is longer than the model reads is cut off."""
        pixels = self._processor.image_processor(images=image, return_tensors="pt")["pixel_values"].to(self._device)
        longer = max(image.size)
        for start in range(0, len(labels), _LABELS_AT_ONCE):
            part = labels[start : start + _LABELS_AT_ONCE]
            texts = self._processor.tokenizer(
                [f"a photo of a {label}" for label in part],
                padding="max_length",
                max_length=self._length,
                truncation=True,
                return_tensors="pt",
            ).to(self._device)
            output = self._model(
                input_ids=texts["input_ids"], attention_mask=texts["attention_mask"], pixel_values=pixels
            )
            edges = corners(output.pred_boxes[0])
            if self._padded:
                edges = edges * edges.new_tensor([longer / side for side in (*image.size, *image.size)])
            yield part, output.logits[0].sigmoid(), edges


class GroundingDino:
    """Grounding DINO (arXiv 2303.05499): all labels are one text, "a cat. a dog."; a label scores as its words do."""

    def __init__(self, model: Any, processor: Any, device: str) -> None:
        self._model, self._processor, self._device = model.to(device).eval(), processor, device
        self._length = model.config.max_text_len

    def score(self, image: Image.Image, labels: Sequence[str]) -> Iterator[tuple[Sequence[str], Tensor, Tensor]]:
        """See ``Reading``. As many labels go into one text as the model reads.

        A label's score is the mean of its words', which is how the model's own COCO scoring turns words into classes.
        """
        pixels = self._processor.image_processor(images=image, return_tensors="pt").to(self._device)
        for part in self._parts(labels):
            text, spans = _joined(part)
            words = self._processor.tokenizer(
                text, return_offsets_mapping=True, return_token_type_ids=True, return_tensors="pt"
            )
            offsets = words.pop("offset_mapping")[0]
            output = self._model(**words.to(self._device), **pixels)
            scores = output.logits[0].sigmoid()
            starts, ends = offsets[:, 0], offsets[:, 1]
            columns = []
            for first, last in spans:
                inside = ((starts >= first) & (ends <= last) & (ends > starts)).nonzero().flatten().to(scores.device)
                columns.append(scores[:, inside].mean(1))
            yield part, torch.stack(columns, 1), corners(output.pred_boxes[0])

    def _parts(self, labels: Sequence[str]) -> Iterator[list[str]]:
        """Labels in groups whose joint text the model can read."""
        part: list[str] = []
        for label in labels:
            if part and self._count([*part, label]) > self._length:
                yield part
                part = []
            part.append(label)
            if self._count(part) > self._length:
                raise BoxpaintError(
                    f"the detector reads at most {self._length} words and parts of words at once.",
                    "usage",
                    item=label[:60],
                    hint="Shorten this prompt.",
                )
        yield part

    def _count(self, labels: Sequence[str]) -> int:
        return len(self._processor.tokenizer(_joined(labels)[0])["input_ids"])


def _joined(labels: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """The text for these labels, and where in it each of them begins and ends."""
    text, spans = "", []
    for label in labels:
        words = " ".join(label.lower().replace(".", " ").replace("?", " ").split()) or "thing"
        spans.append((len(text), len(text) + len(words)))
        text += f"{words}. "
    return text.rstrip(), spans


def load_open_vocabulary(folder: Path, name: str, device: str, model_type: str) -> OpenVocabularyDetector:
    """Load a folder that transformers saved: safetensors only, no network, no code from the folder.

    Raises:
        BoxpaintError: The weights, the processor or the tokenizer are missing, broken or do not fit.
    """
    from transformers import AutoModelForZeroShotObjectDetection, AutoProcessor

    if model_type == "owlv2" and find_spec("torchvision") is None:
        needed("scipy", "owl", folder)  # transformers scales its pictures by one or the other
    model, processor = load_parts(folder, AutoModelForZeroShotObjectDetection, AutoProcessor)
    reading = Owl if model_type in OWL else GroundingDino
    return OpenVocabularyDetector(name, reading(model, processor, device))
