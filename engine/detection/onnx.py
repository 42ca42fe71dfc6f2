"""A network from an ONNX file through onnxruntime, an optional extra."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from engine.detection.extras import needed
from engine.errors import BoxpaintError

EXTRA = "onnx"
_CPU = "CPUExecutionProvider"


class OnnxNetwork:
    """A network with one picture input (N, 3, H, W).

    Attributes:
        file: The ONNX file.
        metadata: What its maker wrote into it.
        size: Width and height of its input in pixels; None where any size is taken.
        batch: Pictures of one call.
        note: What people should know about how it runs; empty when there is nothing.

    Raises:
        BoxpaintError: onnxruntime is not installed, or the file cannot be loaded or has other inputs.
    """

    def __init__(self, file: Path, device: str = "cpu") -> None:
        self.file = file
        runtime = needed("onnxruntime", EXTRA, file)
        wanted = "CUDAExecutionProvider" if device == "cuda" else _CPU
        there = wanted in runtime.get_available_providers()
        self.note = "" if there else "this onnxruntime has no CUDA, so the detector runs on the CPU"
        options = runtime.SessionOptions()
        options.log_severity_level = 3  # warnings about the graph help nobody who did not export it
        try:
            self._session: Any = runtime.InferenceSession(
                str(file), options, providers=list(dict.fromkeys([*((wanted,) if there else ()), _CPU]))
            )
        except Exception as error:  # onnxruntime has a dozen exception types of its own
            raise BoxpaintError(
                f"the network cannot be loaded: {_first_line(error)}",
                "model",
                file=str(file),
                hint="Copy or export it again, as one file without custom operators.",
            ) from error
        self.metadata: dict[str, str] = dict(self._session.get_modelmeta().custom_metadata_map)
        self._input, *others = self._session.get_inputs()
        shape = self._input.shape
        if others or len(shape) != 4 or shape[1] not in (3, "3") or self._input.type not in _TYPES:
            told = "; ".join(f"{item.name} {item.shape} {item.type}" for item in self._session.get_inputs())
            raise BoxpaintError(
                f"its input is not one picture (N, 3, H, W): {told}.",
                "model",
                file=str(file),
                hint="Export it as a detector of RGB pictures.",
            )
        fixed = [side if isinstance(side, int) and side > 0 else None for side in shape]
        self.size = (fixed[3], fixed[2]) if fixed[2] and fixed[3] else None
        self.batch = fixed[0] or 1

    def run(self, batch: np.ndarray) -> list[np.ndarray]:
        """All outputs for (``batch``, 3, H, W) values.

        Raises:
            BoxpaintError: The network failed.
        """
        try:
            outputs: list[np.ndarray] = self._session.run(
                None, {self._input.name: batch.astype(_TYPES[self._input.type])}
            )
        except Exception as error:
            raise BoxpaintError(f"the network failed: {_first_line(error)}", "model", file=str(self.file)) from error
        return outputs


_TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16}


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
