"""Any YOLO that was exported to ONNX, with the published thresholds of LayoutBench-COCO (FORMATS, Scoring)."""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from engine.detection.boxes import detections, letterbox, suppress
from engine.detection.labels import class_names, coco_classes, named
from engine.detection.onnx import OnnxNetwork
from engine.detection.yolo_outputs import recognise
from engine.errors import BoxpaintError
from engine.events import Detection

SIDE = 640
"""Published: the longer side of a picture in pixels, where the network takes any."""

_GRID = 32
_MARGIN = 0.5
"""Published: a canvas is this many cells of the grid larger than the picture in it, and rounded up to whole cells."""

FLOOR = 0.001
"""Published: boxes that score this or less are left out."""

OVERLAP = 0.65
"""Published: of two boxes of a class that overlap more, the better one stays."""

_CANDIDATES = 30_000
_MOST = 300
"""Published as well: the best candidates that suppression looks at, and the boxes of a picture that stay."""


class YoloDetector:
    """An exported YOLO; see ``engine.detection.protocol.Detector``.

    ``classes`` are the names of all its classes in their order, as they were told.

    Pictures are letterboxed into the network's input, RGB in [0, 1]. A box counts for every class that it scores for.

    Args:
        name: Name shown to people.
        network: The network.
        labels: Class names in the order of its classes, where the file does not name them.

    Raises:
        BoxpaintError: It is no detector, its output is not a YOLO's, or nobody says its classes.
    """

    def __init__(self, name: str, network: OnnxNetwork, labels: Sequence[str] = ()) -> None:
        self.name = name
        self._network = network
        size = network.size or (SIDE, SIDE)
        file = str(network.file)
        _refuse_other_tasks(network)
        told = tuple(labels) or names_in(network)
        # One run on nothing: the shapes that a file declares are often symbols, and a broken graph shows here.
        outputs = network.run(np.zeros((network.batch, 3, size[1], size[0]), np.float32))
        self._form = recognise([output.shape for output in outputs], len(told) or None, size, file=file)
        self.classes = told or tuple(name or "N/A" for name in coco_classes(self._form.classes or 0))
        self._names = class_names(self.classes)
        if not self._names:
            raise BoxpaintError(
                "the file does not name its classes.",
                "usage",
                file=file,
                field="--labels",
                hint="Give the names that it was trained with, one per line: --labels FILE.",
            )
        self.labels = named(self._names)
        taken = "" if told else "; its classes are taken for COCO's 80, since the file does not name them"
        input_size = f"{size[0]} × {size[1]} pixels" if network.size else f"any size, pictures of {SIDE} pixels"
        note = f"{name}: {self._form.title} at {input_size}{taken}"
        self.notes = (note, *((network.note,) if network.note else ()))

    def detect(self, images: Sequence[Image.Image]) -> list[list[Detection]]:
        """See the protocol."""
        # Pictures of one call have one canvas: where canvases follow the pictures, each is a call of its own.
        together = self._network.batch if self._network.size else 1
        found: list[list[Detection]] = []
        for start in range(0, len(images), together):
            found += self._detect([image.convert("RGB") for image in images[start : start + together]])
        return found

    def _detect(self, images: Sequence[Image.Image]) -> list[list[Detection]]:
        if self._network.size:
            width, height = self._network.size
            fitted = [letterbox(image, width, height) for image in images]
        else:
            width, height = published_canvas(images[0].size)
            fitted = [letterbox(image, width, height, SIDE) for image in images]
        batch = np.zeros((self._network.batch, 3, height, width), np.float32)
        for place, box in enumerate(fitted):
            batch[place] = box.pixels.transpose(2, 0, 1) / np.float32(255)
        output = self._network.run(batch)[0]
        if not np.isfinite(output).all():
            raise BoxpaintError(
                f"the detector {self.name} gave numbers that are none.", "model", hint="Copy or export it again."
            )
        results = []
        for place, box in enumerate(fitted):
            # Where all pictures' boxes share one table, its first column names the picture.
            table = output[place] if output.ndim == 3 else output[output[:, 0] == place]
            rows = self._form.rows(table, FLOOR)
            best = np.argsort(-rows.scores, kind="stable")[:_CANDIDATES]
            boxes, scores, classes = rows.boxes[best], rows.scores[best], rows.classes[best]
            if not self._form.suppressed:
                kept = suppress(boxes, scores, classes, overlap=OVERLAP, most=_MOST)
                boxes, scores, classes = boxes[kept], scores[kept], classes[kept]
            results.append(detections(box.shares(boxes), scores.tolist(), classes.tolist(), self._names))
        return results


def published_canvas(size: tuple[int, int]) -> tuple[int, int]:
    """Width and height in pixels of the canvas for a picture of this size: 672 × 672 for squares."""
    width, height = (math.ceil(side / max(size) * SIDE / _GRID + _MARGIN) * _GRID for side in size)
    return width, height


def load_yolo(file: Path, name: str, device: str, labels: Sequence[str] = ()) -> YoloDetector:
    """Load an ONNX file; see ``YoloDetector`` and ``OnnxNetwork`` for what can be wrong with it."""
    return YoloDetector(name, OnnxNetwork(file, device), labels)


def names_in(network: OnnxNetwork) -> tuple[str, ...]:
    """The class names that the exporter wrote into the file, in the order of their numbers; empty when it did not."""
    text = network.metadata.get("names", "")
    if not text:
        return ()
    try:
        names = ast.literal_eval(text)  # exporters write Python's notation; a literal runs nothing
        if isinstance(names, dict):
            names = [names[number] for number in sorted(names)]
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):  # TypeError: keys that are no numbers
        return ()
    return tuple(str(name) for name in names) if isinstance(names, list | tuple) else ()


def _refuse_other_tasks(network: OnnxNetwork) -> None:
    task = network.metadata.get("task", "detect")
    if task != "detect":
        raise BoxpaintError(
            f"it was made for {task}, not to find boxes.", "model", file=str(network.file), hint="Export a detector."
        )
