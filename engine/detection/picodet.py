"""PicoDet (arXiv 2111.00902) as PaddleDetection exports it, through OpenVINO, an optional extra.

The export ends in its own suppression (score over 0.025, overlap 0.6, at most 100 boxes), so no threshold is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engine.detection.boxes import detections
from engine.detection.extras import needed
from engine.detection.kinds import PICODET
from engine.detection.labels import class_names, named
from engine.errors import BoxpaintError
from engine.events import Detection

EXTRA = "openvino"

_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_SPREAD = np.array([0.229, 0.224, 0.225], np.float32)
_INPUTS = {"image", "scale_factor"}


class PicoDetector:
    """An exported PicoDet; see ``engine.detection.protocol.Detector``.

    Pictures are stretched to the network's square (bicubic) and normalised as ImageNet's.

    Args:
        name: Name shown to people.
        folder: Holds ``model.pdmodel`` and ``model.pdiparams``.
        labels: Class names in the order of its classes.

    Raises:
        BoxpaintError: OpenVINO is not installed, or the files cannot be loaded or are another network's.
    """

    notes: tuple[str, ...] = ()

    def __init__(self, name: str, folder: Path, labels: Sequence[str]) -> None:
        self.name = name
        self._names = class_names(labels)
        self.labels = named(self._names)
        openvino = needed("openvino", EXTRA, folder)
        for file in PICODET:
            if not (folder / file).is_file():
                raise BoxpaintError("it is missing.", "model", file=str(folder / file), hint="Fetch the model again.")
        core = openvino.Core()
        try:
            model = core.read_model(*(str(folder / file) for file in PICODET))
            inputs = {item.get_any_name(): item.get_partial_shape() for item in model.inputs}
            fitting = inputs.keys() == _INPUTS and len(model.outputs) == 2
            if fitting:
                self._size = int(inputs["image"][3].get_length()), int(inputs["image"][2].get_length())
                self._network: Any = core.compile_model(model, "CPU")
        except RuntimeError as error:
            first = (str(error).strip() or type(error).__name__).splitlines()[-1]
            raise BoxpaintError(
                f"the network cannot be loaded: {first}", "model", file=str(folder), hint="Fetch the model again."
            ) from error
        if not fitting:
            raise BoxpaintError(
                f"its inputs are {', '.join(sorted(inputs))}, not image and scale_factor.",
                "model",
                file=str(folder / PICODET[0]),
                hint="Only PaddleDetection's exports with suppression inside are read.",
            )

    def detect(self, images: Sequence[Image.Image]) -> list[list[Detection]]:
        """See the protocol."""
        return [self._detect(image.convert("RGB")) for image in images]

    def _detect(self, image: Image.Image) -> list[Detection]:
        width, height = self._size
        pixels = np.asarray(image.resize(self._size, Image.Resampling.BICUBIC), np.float32) / 255
        batch = ((pixels - _MEAN) / _SPREAD).transpose(2, 0, 1)[None]
        # The factor by which the network divides its boxes: 1 leaves them in pixels of its own input.
        result = self._network({"image": batch, "scale_factor": np.ones((1, 2), np.float32)})
        rows, count = (result[output] for output in self._network.outputs)
        rows = rows[: int(count[0])]
        if not np.isfinite(rows).all():
            raise BoxpaintError(
                f"the detector {self.name} gave numbers that are none.", "model", hint="Fetch the model again."
            )
        side = np.array([width, height, width, height], np.float64)
        boxes = np.clip(rows[:, 2:].astype(np.float64) / side, 0.0, 1.0)
        return detections(boxes, rows[:, 1].tolist(), rows[:, 0].astype(np.int64).tolist(), self._names)
