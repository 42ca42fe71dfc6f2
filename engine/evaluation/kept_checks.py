"""What kept scores must look like, so that whoever shows them can rely on it: they may come from anybody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.formats.checks import bad, four, mapping, number, required, sequence, text, whole
from engine.layout.layout import MAX_OBJECTS

MAX_FIGURES = 100_000
"""Most numbers of a document: each becomes a cell of a table."""

_FIGURES: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "overall": (1, ()),
    "classes": (1, ()),
    "distances": (1, ()),
    "splits": (2, ()),
    "skills": (2, ()),
    "gains": (2, ("count", "AP", "AP50")),
    "bins": (3, ("AP", "targets")),
}
"""How deep the numbers of each part of a document lie, and what each group of them has."""

_COUNTS = {"overall": 1, "splits": 2, "skills": 2}
"""The same for the parts of its verdicts."""


def check_document(document: Mapping[str, Any]) -> None:
    """Refuse a document with other figures than `boxpaint evaluate --json` prints.

    Raises:
        BoxpaintError: Something is missing, is no number, or there are too many.
    """
    for name in ("overall", "splits"):
        required(document, name)
    counts = mapping(document.get("verdicts", {}), field="verdicts")
    found = [
        *(_numbers(document.get(name, {}), depth, name, needed) for name, (depth, needed) in _FIGURES.items()),
        *(_numbers(counts.get(name, {}), depth, f"verdicts {name}") for name, depth in _COUNTS.items()),
    ]
    for seen, _ in enumerate(each for numbers in found for each in numbers):
        if seen >= MAX_FIGURES:
            raise bad(f"it has more than {MAX_FIGURES} figures.")


def _numbers(value: object, depth: int, field: str, needed: tuple[str, ...] = ()) -> Iterator[float]:
    """Every number of a part, which lie in mappings within each other."""
    for name, inner in mapping(value, field=field).items():
        text(name, field=field)
        if depth == 1:
            yield number(inner, field=field)
        else:
            yield from _numbers(inner, depth - 1, field, needed)
    if depth == 1:
        for name in needed:
            required(mapping(value), name)


def check_counts(verdicts: object) -> dict[str, int]:
    """How often each verdict was given."""
    counts = mapping(verdicts, field="verdicts")
    if len(counts) > MAX_OBJECTS:
        raise bad(f"it has {len(counts)} kinds of verdicts.", field="verdicts")
    return {text(name, field="verdicts"): whole(count, field="verdicts") for name, count in counts.items()}


def check_detail(detail: object) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Targets and surplus detections of a picture.

    Raises:
        BoxpaintError: A field is missing or of another kind, or there are too many.
    """
    parts = sequence(detail, field="detail")
    if len(parts) != 2:
        raise bad("it is no pair of targets and other detections.", field="detail")
    targets, surplus = (sequence(part, field="detail") for part in parts)
    if len(targets) > MAX_OBJECTS or len(surplus) > MAX_OBJECTS:
        raise bad(f"it has more than {MAX_OBJECTS} objects.", field="detail")
    for target in targets:
        _check_found(mapping(target, field="detail"), needed=False)
        text(required(target, "object"), field="object")
        four(required(target, "box"), field="box")
        if target.get("iou") is not None:
            number(target["iou"], field="iou")
    for other in surplus:
        _check_found(mapping(other, field="detail"), needed=True)
    return targets, surplus


def _check_found(item: Mapping[str, Any], *, needed: bool) -> None:
    for name in ("label", "verdict"):
        text(required(item, name), field=name)
    found = required(item, "found")
    if found is not None or needed:
        four(required(mapping(found, field="found"), "box"), field="box")
        text(required(found, "label"), field="label")
        number(required(found, "score"), field="score")
