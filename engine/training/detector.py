"""Training of the convolutional detector."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
import torch
from accelerate import Accelerator
from PIL import Image, ImageDraw
from torch import Tensor, nn
from torch.nn import functional as F

from engine.detection.center import WEIGHTS, CenterConfig, CenterDetector
from engine.detection.kinds import CONFIG
from engine.detection.network import STRIDE, CenterNetwork
from engine.errors import BoxpaintError
from engine.files import write_atomic, write_bytes, write_json
from engine.layout.vocabulary import CLEVR_48, CLEVR_COLORS, CLEVR_MATERIALS, CLEVR_SHAPES
from engine.training.augment import Scene, draw_scene
from engine.training.cards import TrainingFacts, detector_card
from engine.training.data import Pictures
from engine.training.settings import DetectorSettings

SIDE = 320
WIDTHS, BLOCKS, PATH = (32, 64, 96, 128), (1, 1, 2, 2), (64, 48, 32)

_SIGMA = 0.09
"""Spread of a centre's Gaussian as a share of the object's side."""

_NEAR, _NEAR_PIXELS = 0.12, 2.5
"""Cells this close to a centre, as a share of the side or in pixels, learn the object's box and class too."""

_SHEET_PICTURES = 6
_SHOWN_SCORE = 0.4


@dataclass(frozen=True, slots=True)
class Targets:
    """What the maps of one crop shall say; n = side / 4.

    Attributes:
        heat: (n, n), 1 at centres.
        counted: (n, n), 0 where objects are seen that do not count.
        cells: (K, 2) row and column of the cells that learn a box.
        owners: (K,) index of the object of each such cell.
    """

    heat: np.ndarray
    counted: np.ndarray
    cells: np.ndarray
    owners: np.ndarray


def build_targets(scene: Scene) -> Targets:
    """The maps for a crop; where objects overlap, the smaller one owns the cell, and every centre is its own."""
    cells = scene.pixels.shape[0] // STRIDE
    rows, columns = np.mgrid[:cells, :cells]
    center_x, center_y = (columns + 0.5) * STRIDE, (rows + 0.5) * STRIDE
    heat, counted = np.zeros((cells, cells), np.float32), np.ones((cells, cells), np.float32)
    owners = np.full((cells, cells), -1)
    for x0, y0, x1, y1 in scene.ignored / STRIDE:
        counted[int(y0) : int(np.ceil(y1)), int(x0) : int(np.ceil(x1))] = 0
    sizes = scene.boxes[:, 2:] - scene.boxes[:, :2]
    middles = (scene.boxes[:, 2:] + scene.boxes[:, :2]) / 2
    homes = np.minimum(middles // STRIDE, cells - 1).astype(int)
    for index in np.argsort(-sizes.prod(1)):
        (width, height), (x, y), (column, row) = sizes[index], middles[index], homes[index]
        across, down = (max(side / STRIDE * _SIGMA, 0.35) for side in (width, height))
        bump = np.exp(-(((columns - column) / across) ** 2 + ((rows - row) / down) ** 2) / 2)
        heat = np.maximum(heat, bump.astype(np.float32))
        close_x = abs(center_x - x) < max(width * _NEAR, _NEAR_PIXELS)
        close_y = abs(center_y - y) < max(height * _NEAR, _NEAR_PIXELS)
        owners[close_x & close_y] = index
    for index, (column, row) in enumerate(homes):
        owners[row, column] = index
        counted[row, column] = 1
    places = np.argwhere(owners >= 0)
    return Targets(heat, counted, places, owners[places[:, 0], places[:, 1]])


class DetectorTask:
    """Heat, box, quality and class losses; see ``engine.training.loop.Task``."""

    kind = "detector"

    def __init__(
        self,
        settings: DetectorSettings,
        pictures: Pictures,
        network: CenterNetwork,
        config: CenterConfig,
        accelerator: Accelerator,
    ) -> None:
        if settings.crop % 64:
            raise BoxpaintError(f"crop is {settings.crop}.", "settings", field="crop", hint="It is a multiple of 64.")
        self.settings, self.config = settings, config
        self.device = accelerator.device
        self.network = network.to(self.device)
        self.modules: dict[str, nn.Module] = {"network": accelerator.prepare_model(self.network)}
        self.pictures = list(pictures.train)
        self.held_out = list(pictures.held_out or pictures.train)
        self.weights = split_weights([picture.group for picture in self.pictures])
        self.classes = [{word: index for index, word in enumerate(group)} for group in config.groups]

    def draw(self, rng: np.random.Generator) -> tuple[Mapping[str, Any], int]:
        """A batch of crops and their target maps."""
        count = self.settings.batch
        scenes = [draw_scene(self.pictures, self.weights, self.settings.crop, rng) for _ in range(count)]
        targets = [build_targets(scene) for scene in scenes]
        rows = [np.full(len(target.cells), row) for row, target in enumerate(targets)]
        boxes = [scene.boxes[target.owners] for scene, target in zip(scenes, targets, strict=True)]
        words = [self._words(scene)[target.owners] for scene, target in zip(scenes, targets, strict=True)]
        batch = {
            "pixels": np.stack([scene.pixels for scene in scenes]),
            "heat": np.stack([target.heat for target in targets]),
            "counted": np.stack([target.counted for target in targets]),
            "rows": np.concatenate(rows),
            "cells": np.concatenate([target.cells for target in targets]),
            "boxes": np.concatenate(boxes).astype(np.float32),
            "words": np.concatenate(words),
        }
        return {name: torch.from_numpy(value) for name, value in batch.items()}, count

    def _words(self, scene: Scene) -> np.ndarray:
        rows = [
            [group[word] for group, word in zip(self.classes, _split(label, self.config.groups), strict=True)]
            for label in scene.labels
        ]
        return np.array(rows, np.int64).reshape(-1, len(self.classes))

    def loss(self, batch: Mapping[str, Any], generator: torch.Generator) -> Tensor:
        """Focal loss of the heat, overlap and relative distance of the boxes, overlap prediction and classes."""
        there = {name: value.to(self.device) for name, value in batch.items()}
        pixels = (there["pixels"].permute(0, 3, 1, 2) / 127.5 - 1).contiguous(memory_format=torch.channels_last)
        maps = self.modules["network"](pixels)
        rows, (i, j) = there["rows"], there["cells"].T
        loss = _heat_loss(maps.heat[:, 0], there["heat"], there["counted"])
        if not len(rows):
            return loss
        center_x, center_y = (j + 0.5) * STRIDE, (i + 0.5) * STRIDE
        left, top, right, bottom = maps.distances[rows, :, i, j].T
        boxes = torch.stack([center_x - left, center_y - top, center_x + right, center_y + bottom], 1)
        overlap, apart, relative = _box_terms(boxes, there["boxes"])
        loss = loss + 2 * (1 - overlap + apart).mean() + relative
        loss = loss + 0.5 * F.binary_cross_entropy_with_logits(maps.quality[rows, 0, i, j], overlap.detach())
        for index, group in enumerate(maps.groups):
            loss = loss + F.cross_entropy(group[rows, :, i, j], there["words"][:, index])
        return loss

    def sheet(self) -> Image.Image:
        """Held-out pictures with what is found in them."""
        pictures = [picture.image.copy() for picture in self.held_out[:: max(1, len(self.held_out) // _SHEET_PICTURES)]]
        pictures = pictures[:_SHEET_PICTURES]
        detector = CenterDetector(self.config, self.network, str(self.device))
        try:
            results = detector.detect(pictures)
        finally:
            self.network.train()
        sheet = Image.new("RGB", (sum(picture.width for picture in pictures), max(p.height for p in pictures)))
        left = 0
        for picture, found in zip(pictures, results, strict=True):
            draw = ImageDraw.Draw(picture)
            for detection in found:
                if detection.score >= _SHOWN_SCORE:
                    draw.rectangle(detection.box.scaled(*picture.size), outline="white")
                    draw.text(detection.box.scaled(*picture.size)[:2], detection.label, fill="white")
            sheet.paste(picture, (left, 0))
            left += picture.width
        return sheet


def split_weights(groups: Sequence[str]) -> np.ndarray:
    """Probability of each picture: rare splits are drawn more often, by the square root of their rarity."""
    counts = Counter(groups)
    weights = np.array([counts[group] ** -0.5 for group in groups])
    result: np.ndarray = weights / weights.sum()
    return result


def start_network(folder: Path | None, labels: Sequence[str]) -> tuple[CenterNetwork, CenterConfig]:
    """A network with random weights for these labels, or that of a detector folder.

    Raises:
        BoxpaintError: The folder is no such detector, or knows other labels.
    """
    if folder is None:
        config = CenterConfig("clevr-mini-detector", SIDE, WIDTHS, BLOCKS, PATH, _groups(labels))
        return config.network(), config
    try:
        config = CenterConfig.from_json(json.loads((folder / CONFIG).read_text("utf-8")))
        network = config.network()
        network.load_state_dict(safetensors.torch.load_file(folder / WEIGHTS))
    except (OSError, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise BoxpaintError(f"it is no detector to start from: {error}", "model", file=str(folder)) from error
    unknown = sorted(set(labels) - set(config.labels))
    if unknown:
        raise BoxpaintError(f"it does not know the label {unknown[0]!r}.", "model", file=str(folder), field="labels")
    return network, config


def save_detector(network: CenterNetwork, config: CenterConfig, folder: Path, facts: TrainingFacts) -> None:
    """Write a detector folder in half precision."""
    state = {
        name: (value.half() if value.dtype.is_floating_point else value).cpu().contiguous()
        for name, value in network.state_dict().items()
    }
    content = safetensors.torch.save(state)
    write_atomic(folder / WEIGHTS, lambda file: file.write(content))
    write_json(folder / CONFIG, config.as_json())
    known = set(config.labels) == set(CLEVR_48)
    card = {"schema_version": 1, "name": config.name, "kind": "detector"}  # the licence is its maker's to choose
    write_json(folder / "boxpaint.json", {**card, "vocabulary": "clevr-48"} if known else card)
    write_bytes(folder / "README.md", detector_card(facts).encode())


def _groups(labels: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """CLEVR's labels word by word; any others as one group."""
    if set(labels) <= set(CLEVR_48):
        return CLEVR_COLORS, CLEVR_MATERIALS, CLEVR_SHAPES
    return (tuple(labels),)


def _split(label: str, groups: Sequence[Sequence[str]]) -> list[str]:
    return [label] if len(groups) == 1 else label.split(" ")


def _heat_loss(logits: Tensor, wanted: Tensor, counted: Tensor) -> Tensor:
    """The focal loss of CenterNet (arXiv 1904.07850, equation 1) per object."""
    given = logits.sigmoid().clamp(1e-4, 1 - 1e-4)
    centers = (wanted >= 0.999).float()
    hit = centers * (1 - given) ** 2 * given.log()
    quiet = (1 - centers) * (1 - wanted) ** 4 * given**2 * (1 - given).log()
    return -((hit + quiet) * counted).sum() / centers.sum().clamp(min=1)


def _box_terms(boxes: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Overlap (IoU) and relative squared distance of the centres, each (K,), and the mean relative edge error."""
    low, high = torch.maximum(boxes[:, :2], wanted[:, :2]), torch.minimum(boxes[:, 2:], wanted[:, 2:])
    shared = (high - low).clamp(min=0).prod(1)
    sizes, wanted_sizes = boxes[:, 2:] - boxes[:, :2], wanted[:, 2:] - wanted[:, :2]
    overlap = shared / (sizes.prod(1) + wanted_sizes.prod(1) - shared).clamp(min=1e-3)
    around = torch.maximum(boxes[:, 2:], wanted[:, 2:]) - torch.minimum(boxes[:, :2], wanted[:, :2])
    between = (boxes[:, :2] + boxes[:, 2:] - wanted[:, :2] - wanted[:, 2:]) / 2
    apart = between.square().sum(1) / around.square().sum(1).clamp(min=1)
    relative = ((boxes - wanted).abs() / wanted_sizes.repeat(1, 2)).mean()
    return overlap, apart, 0.5 * relative
