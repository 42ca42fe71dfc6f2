"""Where an export keeps the steps of its pictures. Light to import: the window reads them too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.files import read_bytes
from engine.formats.source import parse_json

STEPS = "steps.json"
"""File in a picture's folder of steps that says which object each of them paints."""


def steps_folder(picture: Path) -> Path:
    """Where an export keeps the steps of a picture: ``<run>_iter/<name>`` beside ``<run>/<name>.png``."""
    return picture.parent.with_name(f"{picture.parent.name}_iter") / picture.stem


def read_steps(folder: Path) -> list[dict[str, Any]]:
    """The records of a picture's steps, in order; empty where none were kept.

    Raises:
        BoxpaintError: The record is broken.
    """
    file = folder / STEPS
    if not file.is_file():
        return []
    data = parse_json(read_bytes(file, limit=2**24, kind="run"), str(file))
    if not isinstance(data, list) or not all(isinstance(step, dict) for step in data):
        raise BoxpaintError("it is no record of steps.", "run", file=str(file), hint="Paint the picture again.")
    return data
