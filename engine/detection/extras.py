"""Libraries that only some detectors need."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError


def needed(module: str, extra: str, file: Path) -> Any:
    """The module, which comes with one of Boxpaint's optional extras.

    Raises:
        BoxpaintError: It is not installed; the hint says how to get it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise BoxpaintError(
            f"this detector needs {module}, which is not installed.",
            "model",
            file=str(file),
            hint=f'Install it by `pip install "boxpaint[{extra}]"`, or `pip install {module}`.',
        ) from error
