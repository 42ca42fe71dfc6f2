"""Finding the picture of each layout in a folder, and looking at them before they are scored."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from engine.detection.pictures import read_picture
from engine.errors import BoxpaintError
from engine.evaluation.preflight import Finding, counted
from engine.formats.dataset import PICTURE_SUFFIXES, Entry, safe_name

SIDE_FOLDERS = ("_boxes", "_bbox_viz", "_iter")
"""Folders whose names end so hold crops, overlays and steps, not the pictures that are scored."""

RUN_RECORD = "run.json"
RUN_PICTURE = "picture.png"

_FLAT = 3
"""Greatest difference of 8-bit values in a channel of a picture that counts as constant."""


@dataclass(frozen=True, slots=True)
class Located:
    """Which picture belongs to which layout.

    Attributes:
        pictures: For each entry its picture, or None.
        extra: Pictures without a layout, as paths within the folder.
        findings: Layouts without pictures, pictures without layouts, several pictures of one name.
    """

    pictures: tuple[Path | None, ...]
    extra: tuple[str, ...]
    findings: tuple[Finding, ...]


def pictures_in(folder: Path) -> list[Path]:
    """Every picture in a folder and below it, sorted; of a run's folder only the final picture.

    Raises:
        BoxpaintError: There is no such folder.
    """
    if not folder.is_dir():
        message = "it is a file, not a folder." if folder.exists() else "there is no such folder."
        raise BoxpaintError(message, "picture", file=str(folder), hint="Name the folder that holds the pictures.")
    return sorted(_walk(folder))


def _walk(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and not name.endswith(SIDE_FOLDERS)]
        is_run = RUN_RECORD in files
        for name in files:
            is_picture = name.lower().endswith(PICTURE_SUFFIXES) and not name.startswith(".")
            if is_picture and (name == RUN_PICTURE or not is_run):
                yield Path(here, name)


def picture_name(path: Path) -> str:
    """The name of the layout that a picture shows: its own, or for a run's picture that of the run's folder."""
    if path.name == RUN_PICTURE and (path.parent / RUN_RECORD).is_file():
        return path.parent.name
    return safe_name(path.name)


def locate(folder: Path, entries: Sequence[Entry], *, run: str | None = None, known: Sequence[str] = ()) -> Located:
    """Find the picture of each layout by its name, and where names repeat, by the split in its path.

    Args:
        folder: Where to look; folders below it count too.
        entries: The layouts.
        run: Name of the run, where a folder holds several of one split.
        known: Names of other layouts of the dataset whose pictures may lie here too.

    Raises:
        BoxpaintError: There is no such folder, no picture in it, or none of that run.
    """
    everything = pictures_in(folder)
    paths = [path for path in everything if run is None or run in path.relative_to(folder).parts[:-1]]
    if not paths:
        hint = f"There are runs called: {', '.join(_runs(folder, everything))}." if everything else None
        what = f"there is no picture of the run {run!r} in it." if run else "there is no picture in it."
        raise BoxpaintError(what, "picture", file=str(folder), field="run" if run else None, hint=hint)
    by_name: dict[str, list[Path]] = {}
    for path in paths:
        by_name.setdefault(picture_name(path), []).append(path)
    splits = {entry.split for entry in entries if entry.split}
    found: list[Path | None] = []
    doubled: dict[str, list[Path]] = {}
    for entry in entries:
        candidates = _of_split(by_name.get(entry.name, []), entry.split, splits, folder)
        if len(candidates) > 1:
            doubled[entry.name] = candidates
        found.append(candidates[0] if candidates else None)
    missing = [entry.name for entry, path in zip(entries, found, strict=True) if path is None]
    names = {entry.name for entry in entries} | set(known)
    extra = [str(path.relative_to(folder)) for name, group in by_name.items() if name not in names for path in group]
    return Located(tuple(found), tuple(extra), tuple(_placing_findings(missing, extra, doubled, folder, paths)))


def _of_split(candidates: list[Path], split: str | None, splits: set[str], folder: Path) -> list[Path]:
    """The candidates that lie in a folder of this split; those in a folder of another split never count."""
    parts = {path: set(path.relative_to(folder).parts[:-1]) for path in candidates}
    own = [path for path in candidates if split in parts[path]]
    return own or [path for path in candidates if not parts[path] & splits]


def _placing_findings(
    missing: list[str], extra: list[str], doubled: dict[str, list[Path]], folder: Path, paths: list[Path]
) -> Iterator[Finding]:
    if missing:
        message = f"{counted(missing, 'layout')} without a picture."
        yield Finding("missing-pictures", message, True, tuple(missing), "They are left out of the scores.")
    if extra:
        message = f"{counted(extra, 'picture')} without a layout."
        yield Finding("extra-pictures", message, False, tuple(extra), "They are not scored.")
    if doubled:
        names = tuple(
            f"{name}: {', '.join(str(path.relative_to(folder)) for path in group)}" for name, group in doubled.items()
        )
        runs = _runs(folder, paths)
        hint = f" Choose one with --run: {', '.join(runs)}." if len(runs) > 1 else ""
        message = f"{counted(names, 'layout')} with several pictures of one name.{hint}"
        yield Finding("doubled-pictures", message, True, names, "The first one was taken.")


def _runs(folder: Path, paths: Sequence[Path]) -> list[str]:
    return sorted({path.parent.name for path in paths if path.parent != folder})


def look_at(
    pictures: Sequence[tuple[str, Path]],
    size: tuple[int, int] | None,
    sizes: Sequence[tuple[int, int]],
    on_progress: Callable[[int], None] = lambda done: None,
) -> list[Finding]:
    """Open every picture once: unreadable, constant, doubled ones, and those of another size.

    Args:
        pictures: Name and path of each.
        size: The size to which the protocol brings pictures; None = that of each layout.
        sizes: The layouts' sizes.
        on_progress: Told how many were looked at.
    """
    unreadable: list[str] = []
    blank: list[str] = []
    other: dict[str, list[str]] = {}
    stretched: list[str] = []
    same: dict[bytes, list[str]] = {}
    for number, ((name, path), own) in enumerate(zip(pictures, sizes, strict=True), 1):
        wanted = size or own
        try:
            image = read_picture(path)
        except BoxpaintError:
            unreadable.append(name)
            continue
        if is_blank(image):
            blank.append(name)
        else:
            same.setdefault(hashlib.blake2b(image.tobytes(), digest_size=16).digest(), []).append(name)
        if image.size != wanted:
            other.setdefault(f"{image.width} × {image.height}", []).append(name)
            if abs(image.width * wanted[1] / (image.height * wanted[0]) - 1) > 0.02:
                stretched.append(name)
        on_progress(number)
    return list(_look_findings(unreadable, blank, other, stretched, list(same.values()), size))


def is_blank(image: Image.Image) -> bool:
    """Whether an RGB picture is black, or of one colour throughout: nothing was painted."""
    return all(high - low <= _FLAT for low, high in image.getextrema())  # type: ignore[misc]


def _look_findings(
    unreadable: list[str],
    blank: list[str],
    other: dict[str, list[str]],
    stretched: list[str],
    groups: list[list[str]],
    size: tuple[int, int] | None,
) -> Iterator[Finding]:
    if unreadable:
        message = f"{counted(unreadable, 'picture')} that cannot be read."
        yield Finding("unreadable-pictures", message, True, tuple(unreadable), "They are left out of the scores.")
    if blank:
        message = f"{counted(blank, 'black or constant picture')}."
        yield Finding("black-pictures", message, True, tuple(blank), "They are scored as they are: nothing is in them.")
    doubled = [group for group in groups if len(group) > 1]
    if doubled:
        names = tuple(" = ".join(group) for group in doubled)
        yield Finding("same-pictures", f"{counted(doubled, 'group')} of pictures with the same pixels.", False, names)
    if other:
        resized = tuple(name for names in other.values() for name in names)
        count = len(resized)
        shown = ", ".join(f"{len(names)} of {text}" for text, names in other.items())
        target = f"{size[0]} × {size[1]} pixels" if size else "their layout's size"
        message = f"{count} picture{'s' if count != 1 else ''} of another size than {target}: {shown}."
        done = "Resized (bicubic) before detection." if size else "Boxes were scaled to the layout's size."
        yield Finding("resized-pictures", message, False, resized, done)
    if stretched:
        message = f"{counted(stretched, 'picture')} of other proportions than the layout: they are stretched."
        yield Finding("stretched-pictures", message, False, tuple(stretched))
