"""The small JSON files of models' folders, which may come from anybody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.files import read_bytes

_MAX_BYTES = 4 * 2**20
_HINT = "Fetch or copy the folder again."


def read_config(file: Path) -> dict[str, Any]:
    """The values of a configuration file.

    Raises:
        BoxpaintError: It is missing, larger than 4 MiB, no JSON, or no object.
    """
    if not file.exists():
        raise BoxpaintError("this part of the model is missing.", "model", file=str(file), hint=_HINT)
    try:
        data = json.loads(read_bytes(file, limit=_MAX_BYTES, kind="model"))
    except (ValueError, RecursionError) as error:
        raise BoxpaintError(f"it is not valid JSON ({error}).", "model", file=str(file), hint=_HINT) from error
    if not isinstance(data, dict):
        raise BoxpaintError("it is not a JSON object.", "model", file=str(file), hint=_HINT)
    return data
