"""What a file of layouts holds once it is read: entries, warnings, and what the file said beyond them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.layout import Layout

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
"""Endings that count as pictures; any other ending belongs to the name (``"a photo. of a cat"``)."""

MAX_NAME = 150
"""Longest entry name in characters; with a suffix it stays a legal file name everywhere."""

_PLAIN = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_NAME}}}")
_FORBIDDEN = frozenset('<>:"/\\|?*\0')
_RESERVED = frozenset({"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)})


@dataclass(frozen=True, slots=True)
class Entry:
    """One layout of a dataset.

    Attributes:
        name: File name without ending, for whatever is made from the layout: never empty, no folder in it.
        layout: The layout itself.
        split: The set that it belongs to, e.g. ``"number_few"``, if the file says so.
        picture: The picture that was found beside the file, if any.
    """

    name: str
    layout: Layout
    split: str | None = None
    picture: Path | None = None

    def __post_init__(self) -> None:
        if not is_safe_name(self.name):
            raise BoxpaintError(f"{self.name!r} cannot be a file name.", "layout", field="name")
        if self.split is not None and not is_safe_name(self.split):
            raise BoxpaintError(f"{self.split!r} cannot be the name of a split.", "layout", field="split")


@dataclass(frozen=True, slots=True)
class BoxGuess:
    """Which reading of unlabelled box numbers was taken, and why.

    Attributes:
        reading: The reading that was used, e.g. ``"xywh"`` or ``"xyxy-1000"``; ``--boxes`` takes the same words.
        reason: One sentence.
        scores: Every reading with the share of boxes (0 … 1) that make sense under it, best first.
        decided: True when the person said so, False when it is a guess that wants a look.
    """

    reading: str
    reason: str
    scores: tuple[tuple[str, float], ...] = ()
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Dataset:
    """All layouts of a file or folder.

    Attributes:
        entries: The layouts in the order of the file.
        format: Name of the format that it was read from.
        warnings: What was clipped, left out or assumed; one sentence each.
        path: Where it was read from.
        extra: Fields at the top of the file that Boxpaint does not interpret; kept on writing the same format.
        guess: How the boxes were read, where the file leaves that open.
        broken: Why files of the folder were left out, one error each; empty unless that was asked for.
        empty: The names of splits whose files hold no layout.
    """

    entries: tuple[Entry, ...]
    format: str
    warnings: tuple[str, ...] = ()
    path: Path | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)
    guess: BoxGuess | None = None
    broken: tuple[BoxpaintError, ...] = ()
    empty: tuple[str, ...] = ()

    @property
    def splits(self) -> tuple[str, ...]:
        """The names of the splits in the order of their first entry."""
        return tuple(dict.fromkeys(entry.split for entry in self.entries if entry.split is not None))


def is_safe_name(name: object) -> bool:
    """Whether ``name`` is a plain file name on every system, and cannot lead to another folder."""
    if isinstance(name, str) and _PLAIN.fullmatch(name):
        return name.lower() not in _RESERVED
    return (
        isinstance(name, str)
        and 0 < len(name) <= MAX_NAME
        and not _FORBIDDEN.intersection(name)
        and name == name.strip(" .")
        and name.isprintable()
        and name.split(".", 1)[0].lower() not in _RESERVED
    )


def safe_name(text: str, *, default: str = "layout") -> str:
    """``text`` as a plain file name: folders, picture endings and forbidden characters taken out.

    A name that is safe already comes back as it is, so that pictures keep the names a benchmark gives them.
    """
    if (stem := without_suffix(text)) and is_safe_name(stem):
        return stem
    cleaned = "".join(_plain(character) for character in stem).strip(" ._")[:MAX_NAME].strip(" .")
    if not cleaned:
        return default
    return cleaned if is_safe_name(cleaned) else f"_{cleaned}"[:MAX_NAME]


def without_suffix(name: str) -> str:
    """``name`` without its ending, if that is the ending of a picture."""
    stem, dot, ending = name.rpartition(".")
    return stem if dot and f".{ending.lower()}" in PICTURE_SUFFIXES else name


def unique_names(names: Iterable[str]) -> list[str]:
    """The names, where each repeated one gets ``-2``, ``-3``, … behind it; upper and lower case count as the same."""
    wanted = list(names)
    keys = [name.casefold() for name in wanted]
    taken = set(keys)
    if len(taken) == len(keys):
        return wanted
    seen: set[str] = set()
    counts: dict[str, int] = {}
    unique = []
    for name, key in zip(wanted, keys, strict=True):
        candidate = name
        while candidate.casefold() in seen or (candidate is not name and candidate.casefold() in taken):
            counts[key] = counts.get(key, 1) + 1
            tail = f"-{counts[key]}"
            candidate = name[: MAX_NAME - len(tail)] + tail
        seen.add(candidate.casefold())
        unique.append(candidate)
    return unique


def renamed_entries(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries, where a name that its split has already gets a number behind it."""
    listed = tuple(entries)
    places: dict[str | None, list[int]] = {}
    for index, entry in enumerate(listed):
        places.setdefault(entry.split, []).append(index)
    unique = [entry.name for entry in listed]
    for indices in places.values():
        for index, name in zip(indices, unique_names(unique[index] for index in indices), strict=True):
            unique[index] = name
    return tuple(
        entry if entry.name == name else replace(entry, name=name) for entry, name in zip(listed, unique, strict=True)
    )


def _plain(character: str) -> str:
    if character in _FORBIDDEN or not character.isprintable() or unicodedata.category(character).startswith("C"):
        return "_"
    return character
