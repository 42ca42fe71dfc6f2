"""All formats in one place: reading by content, writing by name. Nothing else in Boxpaint knows a file format."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from engine.errors import BoxpaintError
from engine.formats.amounts import check_amount
from engine.formats.boxes import LabelledBoxes
from engine.formats.boxpaint_layout import BoxpaintLayout
from engine.formats.boxpaint_png import BoxpaintPng
from engine.formats.checks import KIND
from engine.formats.clevr import ClevrScenes
from engine.formats.coco import CocoInstances
from engine.formats.coco_results import CocoResults
from engine.formats.dataset import BoxGuess, Dataset, Entry
from engine.formats.instance_diffusion import InstanceDiffusion
from engine.formats.iterinpaint_ann import IterInpaintAnnotations
from engine.formats.iterinpaint_custom import IterInpaintCustom
from engine.formats.labelme import Labelme
from engine.formats.layoutbench import LayoutBenchScenes
from engine.formats.layoutbench_coco import LayoutBenchCoco
from engine.formats.layoutbench_root import LayoutBenchRoot
from engine.formats.nsr1k import Nsr1k
from engine.formats.project import BoxpaintProject
from engine.formats.sevenbench import SevenBench
from engine.formats.source import ReadOptions, Source
from engine.formats.yolo import Yolo
from engine.layout import Layout

__all__ = ["BoxGuess", "Dataset", "Entry", "Format", "Registry", "default_registry", "read", "read_entry", "write"]


class Format(Protocol):
    """One file format.

    Attributes:
        name: The word that ``--to`` and ``--from`` take.
        title: The name in the window.
        suffixes: File endings, the usual one first.
        can_read, can_write: What it can do.
        in_folder: Whether several layouts are written as a folder rather than as one file.
        readings: The words that ``--boxes`` takes for it; empty where the format itself says what boxes mean.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    can_read: bool
    can_write: bool
    in_folder: bool
    readings: tuple[str, ...]

    def sniff(self, source: Source) -> int:
        """How sure the format is that it can read the source: 0 not at all … 100 certain."""
        ...

    def read(self, source: Source) -> Dataset:
        """All layouts of the source; BoxpaintError for whatever is wrong with it."""
        ...

    def write(self, path: Path, dataset: Dataset) -> None:
        """Write the entries whole or not at all; BoxpaintError otherwise."""
        ...


MANY_VALUES = 100_000
"""Values made by one reading from which on the cycle collector is told to leave them alone."""


@dataclass(frozen=True)
class Registry:
    """The formats that a program knows."""

    formats: tuple[Format, ...]

    def get(self, name: str) -> Format:
        """The format of this name."""
        for entry in self.formats:
            if entry.name == name:
                return entry
        names = ", ".join(entry.name for entry in self.formats)
        raise BoxpaintError(f"there is no format {name!r}.", KIND, field="format", hint=f"Known formats: {names}.")

    def sniff(self, source: Source) -> Format:
        """The format that is surest about the source."""
        scored = [(entry.sniff(source), entry) for entry in self.formats if entry.can_read]
        best, found = max(scored, key=lambda pair: pair[0])
        if best <= 0:
            raise _unknown(source)
        return found


@cache
def default_registry() -> Registry:
    """Every format that Boxpaint comes with."""
    return Registry(
        (
            BoxpaintLayout(),
            BoxpaintProject(),
            BoxpaintPng(),
            LayoutBenchScenes(),
            LayoutBenchRoot(),
            ClevrScenes(),
            IterInpaintAnnotations(),
            IterInpaintCustom(),
            LayoutBenchCoco(),
            CocoInstances(),
            CocoResults(),
            Labelme(),
            Yolo(),
            InstanceDiffusion(),
            SevenBench(),
            Nsr1k(),
            LabelledBoxes(),
        )
    )


def read(
    path: Path | str,
    *,
    format: str | None = None,
    size: tuple[int, int] | None = None,
    boxes: str | None = None,
    skip_broken: bool = False,
    registry: Registry | None = None,
) -> Dataset:
    """Read every layout of a file or folder.

    Args:
        path: The file or folder.
        format: Name of its format; found out from the content when not given.
        size: Width and height of the pictures, for files that do not say it.
        boxes: How box numbers are to be read where the file leaves it open.
        skip_broken: Whether a folder's broken files are left out, and told in `Dataset.broken`, rather than refused.
        registry: The formats to choose from.

    Raises:
        BoxpaintError: Naming file, item, field and what to do.
    """
    known = registry or default_registry()
    source = Source(Path(path), ReadOptions(size, boxes, skip_broken))
    with _collector_paused():
        chosen = known.get(format) if format else known.sniff(source)
        if not chosen.can_read:
            raise BoxpaintError(f"the format {chosen.name} can only be written.", KIND, file=source.file)
        _check_boxes(boxes, chosen, source)
        try:
            dataset = chosen.read(source)
            if source.broken and not dataset.entries:
                raise source.broken[0]
            for entry in dataset.entries:
                check_amount(entry)
            return replace(dataset, broken=tuple(source.broken)) if source.broken else dataset
        except BoxpaintError as error:
            error.file = error.file or source.file
            raise


def read_entry(
    path: Path | str,
    *,
    format: str | None = None,
    size: tuple[int, int] | None = None,
    boxes: str | None = None,
    name: str | None = None,
) -> Entry:
    """Read one layout: that of ``name``, or the only one in the file.

    Raises:
        BoxpaintError: As `read`; or there are several and no name, or none of that name.
    """
    entries = read(path, format=format, size=size, boxes=boxes).entries
    if name is None and len(entries) == 1:
        return entries[0]
    names = [entry.name for entry in entries]
    some = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
    if name is None:
        raise BoxpaintError(
            f"it holds {len(entries)} layouts; one was asked for.", KIND, file=str(path), hint=f"Name one: {some}."
        )
    if name not in names:
        raise BoxpaintError(f"there is no layout {name!r} in it.", KIND, file=str(path), hint=f"There are: {some}.")
    return entries[names.index(name)]


def write(
    path: Path | str,
    entries: Iterable[Entry | Layout],
    format: str,
    *,
    extra: Mapping[str, Any] | None = None,
    registry: Registry | None = None,
) -> None:
    """Write layouts as a file or folder of the format ``format``, whole or not at all.

    Args:
        path: The file or folder.
        entries: The layouts; bare ones are named ``layout_000000`` and so on.
        format: Name of the format.
        extra: Fields for the top of the file, as `Dataset.extra` has them.
        registry: The formats to choose from.

    Raises:
        BoxpaintError: The format cannot hold the layouts, or the file cannot be written.
    """
    chosen = (registry or default_registry()).get(format)
    path = Path(path)
    if not chosen.can_write:
        raise BoxpaintError(
            f"the format {chosen.name} can only be read.",
            "output",
            file=str(path),
            hint="Formats to write: " + ", ".join(f.name for f in default_registry().formats if f.can_write) + ".",
        )
    named = tuple(
        entry if isinstance(entry, Entry) else Entry(f"layout_{index:06d}", entry)
        for index, entry in enumerate(entries)
    )
    try:
        chosen.write(path, Dataset(named, chosen.name, path=path, extra=extra or {}))
    except BoxpaintError as error:
        error.file = error.file or str(path)
        raise


def no_such_split(split: str | None, dataset: Dataset) -> BoxpaintError:
    """The error for a split that a dataset does not have."""
    known = ", ".join(dataset.splits)
    hint = f"There are: {known}." if known else "The file names no splits: leave it out."
    return BoxpaintError(f"there is no split {split!r} in it.", KIND, file=str(dataset.path), field="split", hint=hint)


def _check_boxes(boxes: str | None, chosen: Format, source: Source) -> None:
    """Refuse a way to read boxes that would be ignored."""
    if boxes is None or boxes in chosen.readings:
        return
    if not chosen.readings:
        hint = f"The format {chosen.name} says itself what its boxes mean: leave --boxes out."
    else:
        hint = f"For the format {chosen.name} choose from: {', '.join(chosen.readings)}."
    raise BoxpaintError(f"boxes cannot be read as {boxes!r} here.", KIND, file=source.file, field="boxes", hint=hint)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python's cycle collector from walking over a growing heap again and again while a file is read.

    A big file makes millions of values, none of them in a cycle; the collector would double the time. Those that stay
    are kept out of its way for good: walking over them would stop a window for a moment each time. They go, as all
    values do, when nothing refers to them any more.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if gc.get_count()[0] > MANY_VALUES:
            gc.freeze()
        gc.enable()


def _unknown(source: Source) -> BoxpaintError:
    if source.is_folder:
        names = [path.name for path in source.items(".json", ".csv", ".boxpaint", ".png")]
        some = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
        return BoxpaintError(
            "as a folder, it is of no kind that Boxpaint knows.",
            KIND,
            file=source.file,
            hint=f"Name one of its files: {some}." if names else "There is no layout file in it.",
        )
    if source.looks_like_json and source.json in ([], {}):
        return BoxpaintError("it is empty: there is no layout in it.", KIND, file=source.file)
    if not source.content.strip():
        return BoxpaintError("the file is empty.", KIND, file=source.file)
    return BoxpaintError(
        "this is no layout file that Boxpaint knows.",
        KIND,
        file=source.file,
        hint="If you know the format, name it with --from; `boxpaint convert --help` lists them.",
    )
