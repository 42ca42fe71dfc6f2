"""Records of runs as they lie on the disk. Light to import: the window reads them too."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import psutil

from engine.errors import BoxpaintError
from engine.events import Detection
from engine.files import read_bytes, write_json
from engine.layout import Box

_log = logging.getLogger(__name__)

SCHEMA_VERSION = 1
RECORD = "run.json"
PICTURES = ("context", "mask", "raw", "composite")
"""The kinds of picture that each step leaves, in the order in which they come about."""
TERMINAL = ("finished", "cancelled", "failed")
_MAX_RECORD_BYTES = 32 * 2**20


def read_record(folder: Path) -> dict[str, Any]:
    """A run folder's record.

    Raises:
        BoxpaintError: It is missing, broken, or was written by a newer version.
    """
    file = folder / RECORD
    try:
        record = json.loads(read_bytes(file, limit=_MAX_RECORD_BYTES, kind="run"))
    except (ValueError, RecursionError) as error:
        raise BoxpaintError(f"it is not valid JSON ({error}).", "run", file=str(file)) from error
    if not isinstance(record, dict) or not isinstance(record.get("steps"), list):
        raise BoxpaintError("it is not the record of a run.", "run", file=str(file))
    if record.get("schema_version") != SCHEMA_VERSION:
        raise BoxpaintError(
            f"its version is {record.get('schema_version')!r}, this program reads {SCHEMA_VERSION}.",
            "run",
            file=str(file),
            field="schema_version",
            hint="Update Boxpaint.",
        )
    return record


def repair_orphans(root: Path) -> list[Path]:
    """Close the records of runs under ``root`` whose engine process is gone; the folders that were repaired."""
    repaired = []
    for file in sorted(root.glob(f"*/{RECORD}")):
        try:
            record = read_record(file.parent)
        except BoxpaintError as reason:
            # Another version's run, or a broken one: what cannot be read is not touched, and the others are seen to.
            _log.warning("A run was left as it is: %s", reason)
            continue
        if record.get("state") in TERMINAL or _alive(record.get("owner")):
            continue
        error = BoxpaintError(
            "the engine process ended while it was painting.", "engine", hint="Run it again or go on."
        )
        record.update(state="failed", owner=None, error=error.as_dict())
        write_json(file, record)
        repaired.append(file.parent)
    return repaired


def detections_from(data: Any) -> tuple[Detection, ...] | None:
    """A step's detections as its record tells them; None where no detector has looked, or they cannot be read."""
    if not isinstance(data, list):
        return None
    try:
        return tuple(Detection(Box(*entry["box"]), str(entry["label"]), float(entry["score"])) for entry in data)
    except (BoxpaintError, KeyError, TypeError, ValueError):
        return None


def this_process() -> dict[str, Any]:
    """The process that writes a record, so that others can tell whether it is still alive."""
    process = psutil.Process()
    return {"pid": process.pid, "started": process.create_time()}


def _alive(owner: Any) -> bool:
    if not isinstance(owner, dict):
        return False
    try:
        # A process id is used again after a while: the start time tells whether it is still the same process.
        return abs(psutil.Process(int(owner["pid"])).create_time() - float(owner["started"])) < 1.0
    except (psutil.Error, KeyError, TypeError, ValueError):
        return False
