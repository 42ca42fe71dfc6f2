"""Which picture and class a row of COCO results means: ids and names are compared, never taken for granted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from engine.errors import BoxpaintError
from engine.evaluation.preflight import Finding, counted
from engine.evaluation.truth import Found, Truth
from engine.formats.coco_detections import ImageId, ResultColumns
from engine.formats.dataset import PICTURE_SUFFIXES, Entry
from engine.layout.matching import plain

_UNKNOWN, _ELSEWHERE = -1, -2


def own_id(entry: Entry) -> int | None:
    """The number that the dataset's own file gives to a picture."""
    for name in ("id", "image_index"):
        value = entry.layout.extra.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def result_ids(entries: Sequence[Entry]) -> list[ImageId]:
    """The ids under which detections of these layouts are written: their own numbers, else names, else split/name."""
    numbers = [own_id(entry) for entry in entries]
    if None not in numbers and len(set(numbers)) == len(numbers):
        return [number for number in numbers if number is not None]
    names = [entry.name for entry in entries]
    if len(set(names)) == len(names):
        return list(names)
    return [f"{entry.split}/{entry.name}" for entry in entries]


def resolve(
    columns: ResultColumns,
    truth: Truth,
    entries: Sequence[Entry],
    every: Sequence[Entry],
    categories: Mapping[str, int],
    file: str,
) -> tuple[Found, list[Finding]]:
    """Results as detections on the truth's pictures and classes.

    Args:
        columns: The results.
        truth: The targets of ``entries``.
        entries: The layouts that are scored.
        every: All layouts of the dataset: results of those that are not scored are passed over.
        categories: Class names of the dataset with their ids.
        file: Name of the results file, for errors.

    Raises:
        BoxpaintError: No result belongs to the dataset.
    """
    lookup = _lookup(entries, every)
    places = np.array([lookup.get(identity, _UNKNOWN) for identity in columns.image_ids], np.int64)
    strangers = [str(columns.image_ids[row]) for row in np.flatnonzero(places == _UNKNOWN)]
    if columns.image_ids and len(strangers) == len(columns.image_ids):
        examples = ", ".join(map(str, result_ids(entries)[:3]))
        raise BoxpaintError(
            f"these are results of another dataset: none of their image ids ({', '.join(strangers[:3])}, …) is in it.",
            "preflight",
            file=file,
            item=strangers[0],
            field="image_id",
            hint=f"Ids of this dataset are {examples}, …; where splits share numbers, score one with --split.",
        )
    numbers = {plain(label): index for index, label in enumerate(truth.labels)}
    labels = {identity: numbers.get(plain(name), _UNKNOWN) for name, identity in categories.items()}
    category = np.asarray(columns.categories, np.int64)
    known, inverse = np.unique(category, return_inverse=True)
    label = np.array([labels.get(int(identity), _UNKNOWN) for identity in known], np.int64)[inverse]
    image = places[np.asarray(columns.images, np.int64)]
    found = Found(image, label, np.asarray(columns.boxes).reshape(-1, 4), np.asarray(columns.scores))
    wrong = sorted({int(identity) for identity in category[label == _UNKNOWN]})
    kept = found.kept((image >= 0) & (label >= 0))
    return kept, _findings(strangers, wrong, kept, truth)


def _findings(strangers: list[str], wrong: list[int], found: Found, truth: Truth) -> list[Finding]:
    findings = []
    if strangers:
        message = f"The results name {counted(strangers, 'picture')} that the dataset does not have."
        findings.append(Finding("other-dataset", message, True, tuple(strangers), "Their detections are left out."))
    if wrong:
        message = f"The results use {counted(wrong, 'category id')} that the dataset does not have."
        findings.append(
            Finding("unknown-categories", message, True, tuple(map(str, wrong)), "Their detections are left out.")
        )
    empty = np.setdiff1d(np.arange(len(truth.images)), found.image)
    if len(empty):
        names = tuple(truth.images[number].name for number in empty)
        findings.append(Finding("no-detections", f"{counted(names, 'picture')} without any detection.", False, names))
    return findings


def _lookup(entries: Sequence[Entry], every: Sequence[Entry]) -> dict[ImageId, int]:
    """Every id and name by which a picture can be meant; those that mean several are left out."""
    scored = {id(entry): number for number, entry in enumerate(entries)}
    lookup: dict[ImageId, int] = {}
    for group in (every, entries):
        names = Counter(name for entry in group for name in _names(entry))
        numbers = Counter(own_id(entry) for entry in group)
        numbered = max(numbers.values(), default=0) == 1
        for entry in group:
            place = scored.get(id(entry), _ELSEWHERE)
            lookup.update({name: place for name in _names(entry) if names[name] == 1})
            number = own_id(entry)
            if numbered and number is not None:
                lookup[number] = place
    return lookup


def _names(entry: Entry) -> set[str]:
    names = {entry.name, *(entry.name + suffix for suffix in PICTURE_SUFFIXES)}
    names |= {value for key in ("file_name", "image_filename") if isinstance(value := entry.layout.extra.get(key), str)}
    if entry.split:
        names |= {f"{entry.split}/{name}" for name in set(names)}
    return names
