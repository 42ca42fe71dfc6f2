"""Looking at a detector before anything is done with it: what is missing, and whether it can run here."""

from __future__ import annotations

from pathlib import Path

from engine.detection.kinds import read_place, recognise
from engine.errors import BoxpaintError
from engine.models.checking import Finding


def check_detector(path: Path) -> list[Finding]:
    """What is found beyond ``engine.models.checking.check_folder``; an empty list means that the detector is sound.

    Kinds that load in a moment are loaded, which tells a broken graph and a missing library.
    """
    try:
        place = read_place(path)
        kind = recognise(place)
    except BoxpaintError as error:
        return [_finding(error, path)]
    missing = [
        Finding(True, names[0], "it is missing: fetch or copy the folder again")
        for names in kind.files
        if not any((path / name).is_file() for name in names)
    ]
    if missing or not kind.loads_quickly:
        return missing
    try:
        detector = kind.load(place, "cpu")
    except BoxpaintError as error:
        return [_finding(error, path)]
    return [Finding(False, "", note) for note in detector.notes]


def _finding(error: BoxpaintError, path: Path) -> Finding:
    file = Path(error.file) if error.file else path
    name = file.relative_to(path).as_posix() if file.is_relative_to(path) and file != path else ""
    return Finding(True, name, f"{error.message} {error.hint or ''}".strip())
