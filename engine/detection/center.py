"""The built-in detector: from pictures through the centre network to detections."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.torch
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from engine.detection.kinds import CENTER, CONFIG
from engine.detection.network import STRIDE, CenterNetwork, Maps
from engine.errors import BoxpaintError
from engine.events import Detection
from engine.layout import Box

WEIGHTS = "model.safetensors"

MAX_OBJECTS = 100
"""Most detections per picture, as COCO counts."""

_FLOOR = 0.02
_CANDIDATES = 3
_OVERLAP = 0.6
_LARGEST_BATCH = 16


@dataclass(frozen=True, slots=True)
class CenterConfig:
    """The content of ``config.json``.

    Attributes:
        name: Name shown to people.
        side: Pictures are brought to this many pixels on both sides; a multiple of 32.
        widths, blocks, path: As in ``CenterNetwork``.
        groups: The words of the labels, group by group; a label is one word of each, joined by blanks.
    """

    name: str
    side: int
    widths: tuple[int, ...]
    blocks: tuple[int, ...]
    path: tuple[int, ...]
    groups: tuple[tuple[str, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """The JSON object of ``config.json``."""
        return {
            "schema_version": 1,
            "architecture": CENTER,
            "name": self.name,
            "side": self.side,
            "widths": list(self.widths),
            "blocks": list(self.blocks),
            "path": list(self.path),
            "groups": [list(group) for group in self.groups],
            "labels": list(self.labels),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CenterConfig:
        """The reverse of ``as_json``; KeyError, TypeError or ValueError where a field is missing or wrong."""
        widths, blocks, path = (tuple(int(number) for number in data[name]) for name in ("widths", "blocks", "path"))
        groups = tuple(tuple(str(word) for word in group) for group in data["groups"])
        config = cls(str(data["name"]), int(data["side"]), widths, blocks, path, groups)
        if config.side <= 0 or config.side % 32:
            raise ValueError(f"side is {config.side}, not a multiple of 32")
        lengths = (len(config.widths), len(config.blocks), len(config.path))
        if lengths != (4, 4, 3) or not config.groups or not all(config.groups):
            raise ValueError("widths, blocks, path and groups do not fit together")
        return config

    def network(self) -> CenterNetwork:
        """A network of this shape with random weights."""
        return CenterNetwork(self.widths, self.blocks, self.path, [len(group) for group in self.groups])

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label in alphabetical order."""
        return tuple(sorted(" ".join(words) for words in itertools.product(*self.groups)))


class CenterDetector:
    """A trained centre network as a ``Detector``."""

    notes: tuple[str, ...] = ()

    def __init__(self, config: CenterConfig, network: CenterNetwork, device: str = "cpu") -> None:
        self.config = config
        self._network = network.to(device, torch.float32).eval()
        self._device = device

    @property
    def name(self) -> str:
        return self.config.name

    @property
    def labels(self) -> tuple[str, ...]:
        return self.config.labels

    @torch.inference_mode()
    def detect(self, images: Sequence[Image.Image]) -> list[list[Detection]]:
        """See ``Detector.detect``. Pictures of any size and mode are taken; they are scaled to the network's side."""
        found: list[list[Detection]] = []
        for start in range(0, len(images), _LARGEST_BATCH):
            maps = self._network(self._batch(images[start : start + _LARGEST_BATCH]))
            if not all(torch.isfinite(part).all() for part in (maps.heat, maps.distances, maps.quality, *maps.groups)):
                raise BoxpaintError(
                    "the detector gave numbers that are none.",
                    "model",
                    item=self.name,
                    hint="Its weights are damaged: install the model again.",
                )
            found += [self._decode(maps, row) for row in range(len(maps.heat))]
        return found

    @torch.inference_mode()
    def features(self, images: Sequence[Image.Image]) -> np.ndarray:
        """(N, C) what the network's deepest level sees in each picture, for comparing sets of pictures."""
        batches = [
            self._network.features(self._batch(images[start : start + _LARGEST_BATCH])).cpu().numpy()
            for start in range(0, len(images), _LARGEST_BATCH)
        ]
        return np.concatenate(batches) if batches else np.zeros((0, self.config.widths[-1]), np.float32)

    def _batch(self, images: Sequence[Image.Image]) -> Tensor:
        side = self.config.side
        resized = [
            image if image.size == (side, side) else image.resize((side, side), Image.Resampling.BICUBIC)
            for image in (picture.convert("RGB") for picture in images)
        ]
        pixels = torch.from_numpy(np.stack([np.asarray(image) for image in resized]))
        batch = pixels.permute(0, 3, 1, 2).to(self._device).float() / 127.5 - 1
        return batch.contiguous(memory_format=torch.channels_last)

    def _decode(self, maps: Maps, row: int) -> list[Detection]:
        """Peaks of one picture's heat map as detections, overlapping ones of a label removed."""
        heat = maps.heat[row].sigmoid()
        peaks = torch.where(F.max_pool2d(heat[None], 3, 1, 1)[0] == heat, heat, 0.0)[0]
        scores, flat = peaks.flatten().topk(min(MAX_OBJECTS, peaks.numel()))
        rows, columns = flat // peaks.shape[1], flat % peaks.shape[1]
        quality = maps.quality[row, 0, rows, columns].sigmoid()
        distances = maps.distances[row, :, rows, columns]
        center_x, center_y = (columns + 0.5) * STRIDE, (rows + 0.5) * STRIDE
        boxes = torch.stack(
            [center_x - distances[0], center_y - distances[1], center_x + distances[2], center_y + distances[3]], 1
        )
        boxes = (boxes / self.config.side).clamp(0, 1)
        classes = self._classes([group[row, :, rows, columns].softmax(0) for group in maps.groups])
        found = []
        for label, probability in classes:
            values = (scores * quality).sqrt() * probability
            found += _suppressed(boxes, values, label)
        return sorted(found, key=lambda detection: -detection.score)[:MAX_OBJECTS]

    def _classes(self, groups: Sequence[Tensor]) -> list[tuple[str, Tensor]]:
        """Each label with its probability at every peak; zero where it is not among the likeliest."""
        joint = groups[0]
        for group in groups[1:]:
            joint = (joint[:, None] * group[None]).flatten(0, 1)
        floor = joint.topk(min(_CANDIDATES, len(joint)), dim=0).values[-1]
        kept = torch.where(joint >= floor, joint, 0.0)
        names = [" ".join(words) for words in itertools.product(*self.config.groups)]
        return list(zip(names, kept, strict=True))


def _suppressed(boxes: Tensor, scores: Tensor, label: str) -> list[Detection]:
    """Detections of one label above the floor, without those that a better one overlaps."""
    kept: list[Detection] = []
    order = scores.argsort(descending=True)
    for index in order[scores[order] > _FLOOR].tolist():
        x0, y0, x1, y1 = boxes[index].tolist()
        if x1 <= x0 or y1 <= y0:
            continue
        box = Box(x0, y0, x1, y1)
        if all(box.iou(other.box) < _OVERLAP for other in kept):
            kept.append(Detection(box, label, float(scores[index])))
    return kept


def load_center(folder: Path, data: Mapping[str, Any], device: str) -> CenterDetector:
    """The detector of a folder.

    Args:
        folder: Holds ``config.json`` and ``model.safetensors``.
        data: Content of ``config.json``.
        device: The torch device to run on.

    Raises:
        BoxpaintError: A file is missing or broken, or the weights do not fit.
    """
    try:
        config = CenterConfig.from_json(data)
    except (KeyError, TypeError, ValueError) as error:
        raise _refusal(folder / CONFIG, f"it is not complete: {error}.") from error
    network = config.network()
    file = folder / WEIGHTS
    if not file.is_file():
        raise _refusal(file, "the weights are missing.", "Only safetensors are loaded; install the model again.")
    try:
        network.load_state_dict(safetensors.torch.load_file(file))
    except (OSError, safetensors.SafetensorError) as error:
        raise _refusal(file, "the weights cannot be read.") from error
    except RuntimeError as error:
        raise _refusal(file, "the weights do not fit the network of config.json.") from error
    return CenterDetector(config, network, device)


def _refusal(file: Path, message: str, hint: str = "Install the model again.") -> BoxpaintError:
    return BoxpaintError(message, "model", file=str(file), hint=hint)
