"""What an export paints: layouts chosen from a dataset, once for each run of a sweep."""

from __future__ import annotations

import hashlib
import itertools
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import PurePosixPath
from typing import Any

from engine.errors import BoxpaintError
from engine.formats.boxpaint_layout import layout_to_dict
from engine.formats.dataset import PICTURE_SUFFIXES, Dataset, Entry, is_safe_name
from engine.formats.registry import no_such_split
from engine.inpainting.seeds import derived_seed
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout

NO_SPLIT = "all"
"""Folder of the pictures of a dataset that names no splits."""

_NO_CHANGE = frozenset({"device", "waves", "compile", "placement", "previews"})
"""Settings that say where and how a picture is painted, not what it looks like; they may change its rounding."""
_DEFAULTS = (("quantize", "none"),)
"""Settings that came later and stand for how it was before: pictures painted then are still the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which layouts of a dataset are painted.

    Attributes:
        splits: Only these splits; empty = all.
        objects: Least and greatest number of visible objects; None = any.
        labels: Only layouts with an object whose prompt has one of these in it; empty = any.
        first: Only so many of each split, the first ones.
        sample: Only so many of each split, drawn at random.
        sample_seed: Seed of that draw.
    """

    splits: tuple[str, ...] = ()
    objects: tuple[int, int] | None = None
    labels: tuple[str, ...] = ()
    first: int | None = None
    sample: int | None = None
    sample_seed: int = 0


@dataclass(frozen=True, slots=True)
class ExportRun:
    """One run of an export: a folder name under each split, and the settings behind it."""

    name: str
    settings: GenerationSettings


@dataclass(frozen=True, slots=True)
class Item:
    """One picture to paint.

    Attributes:
        run: Name of the run.
        split, name: Of the layout.
        file_name: Name of the picture's file, as the dataset has it.
        layout: The layout.
        settings: How to paint it; the seed is the picture's own.
    """

    run: str
    split: str
    name: str
    file_name: str
    layout: Layout
    settings: GenerationSettings

    @property
    def key(self) -> tuple[str, str, str]:
        """Run, split and name: what tells the picture from all others of the export."""
        return self.run, self.split, self.name

    @property
    def folder(self) -> str:
        """The picture's folder within the export."""
        return f"{self.split}/{self.run}"

    def fingerprint(self, model: str) -> str:
        """A hash of everything that the picture's pixels depend on."""
        settings = {
            name: value
            for name, value in self.settings.to_dict().items()
            if name not in _NO_CHANGE and (name, value) not in _DEFAULTS
        }
        content = [layout_to_dict(self.layout), settings, model]
        return hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=16).hexdigest()


def select(dataset: Dataset, selection: Selection) -> list[Entry]:
    """The chosen layouts, in the order of the dataset.

    Raises:
        BoxpaintError: A split does not exist, or nothing is left.
    """
    for split in selection.splits:
        if split not in (*dataset.splits, NO_SPLIT):
            raise no_such_split(split, dataset)
    groups: dict[str, list[Entry]] = {}
    for entry in dataset.entries:
        split = entry.split or NO_SPLIT
        if (not selection.splits or split in selection.splits) and _fits(entry, selection):
            groups.setdefault(split, []).append(entry)
    chosen = [entry for split, group in groups.items() for entry in _some(group, split, selection)]
    if not chosen:
        raise BoxpaintError(
            "no layout is left after filtering.", "input", file=str(dataset.path), hint="Loosen the filters."
        )
    return chosen


def make_items(entries: Iterable[Entry], runs: Sequence[ExportRun]) -> list[Item]:
    """Every layout in every run, run after run.

    The seed of a picture comes from the run's seed and the layout's name alone; those of its objects follow from it.
    """
    listed = list(entries)
    return [
        Item(
            run.name,
            entry.split or NO_SPLIT,
            entry.name,
            _file_name(entry),
            entry.layout,
            replace(run.settings, seed=derived_seed(run.settings.seed, f"layout/{entry.split}/{entry.name}")),
        )
        for run in runs
        for entry in listed
    ]


def make_runs(name: str, settings: GenerationSettings, sweep: Mapping[str, Sequence[str]]) -> list[ExportRun]:
    """One run for each combination of the sweep's values; the name says which.

    Args:
        name: The name of the run, or the beginning of the names.
        settings: The settings that all runs share.
        sweep: For each setting its values, as written on the command line.

    Raises:
        BoxpaintError: The name cannot be that of a folder, a setting does not exist, or a value is wrong.
    """
    known = {field.name for field in fields(GenerationSettings)}
    for setting in sweep:
        if setting not in known:
            hint = f"There are: {', '.join(sorted(known))}."
            raise BoxpaintError(f"there is no setting {setting!r}.", "settings", field="--sweep", hint=hint)
    runs = []
    for values in itertools.product(*sweep.values()):
        changes = dict(zip(sweep, values, strict=True))
        tail = "".join(f"_{setting}-{value}" for setting, value in changes.items())
        run_name = f"{name}{tail}"
        if not is_safe_name(run_name):
            raise BoxpaintError(f"{run_name!r} cannot be a folder's name.", "usage", field="--name")
        runs.append(ExportRun(run_name, replace(settings, **{key: _value(text) for key, text in changes.items()})))
    return runs


def _value(text: str) -> Any:
    for reading in (int, float):
        try:
            return reading(text)
        except ValueError:
            continue
    return None if text == "none" else text


def _fits(entry: Entry, selection: Selection) -> bool:
    visible = [item for item in entry.layout.objects if not item.hidden]
    low, high = selection.objects or (0, len(visible))
    labelled = not selection.labels or any(
        label.lower() in item.prompt.lower() for item in visible for label in selection.labels
    )
    return low <= len(visible) <= high and labelled


def _some(group: list[Entry], split: str, selection: Selection) -> list[Entry]:
    if selection.sample is not None and selection.sample < len(group):
        drawn = random.Random(f"{selection.sample_seed}/{split}").sample(range(len(group)), selection.sample)
        group = [group[place] for place in sorted(drawn)]
    return group[: selection.first]


def _file_name(entry: Entry) -> str:
    """The file name that the dataset gives the picture, if it is the entry's; else a PNG."""
    for key in ("file_name", "image_filename"):
        value = entry.layout.extra.get(key)
        if isinstance(value, str):
            plain = PurePosixPath(value.replace("\\", "/"))
            if plain.stem == entry.name and plain.suffix.lower() in PICTURE_SUFFIXES:
                return plain.name
    return f"{entry.name}.png"
