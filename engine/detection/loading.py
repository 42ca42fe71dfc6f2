"""From a name, a folder or a file to a detector in memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.detection.kinds import ONNX, read_place, recognise
from engine.detection.protocol import Detector
from engine.errors import BoxpaintError
from engine.models.catalogue import how_to_get, list_models

BUILT_IN = Path(__file__).resolve().parents[2] / "resources" / "models" / "clevr-mini-detector"
"""The detector that comes with the program."""


def find_detector(name: str) -> Path:
    """The folder of an installed detector by its name, or a detector's folder or ONNX file by its path.

    Raises:
        BoxpaintError: There is none of these.
    """
    installed = {entry.name: entry.path for entry in list_models() if entry.kind == "detector"}
    if name in installed:
        return installed[name]
    path = Path(name)
    if path.is_dir() or (path.is_file() and path.suffix.lower() == ONNX):
        return path
    raise BoxpaintError(
        f"there is no detector {name!r}.",
        "model",
        field="detector",
        hint=f"{how_to_get(name)}Installed: {', '.join(sorted(installed)) or 'none'}. "
        f"Or name a detector's folder, or an {ONNX} file.",
    )


def load_detector(path: Path | str = BUILT_IN, device: str = "cpu", labels: Sequence[str] = ()) -> Detector:
    """The detector of a folder or an ONNX file, of any of the kinds in ``engine.detection.kinds``.

    Args:
        path: The folder or file.
        device: The torch device to run on.
        labels: Class names, for kinds whose files do not tell them.

    Raises:
        BoxpaintError: The folder or a file of it is missing, is of another program, or its weights do not fit.
    """
    place = read_place(Path(path), labels)
    return recognise(place).load(place, device)
