"""Layouts of a dataset as the browser sees them, and which of them a filter lets through. Pure values, no Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from engine.layout import Layout

_SMALL, _LARGE = 32**2, 96**2
"""Areas in square pixels that part small, medium and large objects, as COCO has them."""


class Item(Protocol):
    """One layout of a dataset or of a project."""

    @property
    def name(self) -> str: ...

    @property
    def layout(self) -> Layout: ...

    @property
    def split(self) -> str | None: ...

    @property
    def picture(self) -> Path | None:
        """The picture that belongs to it, if there is one."""
        ...


class Area(StrEnum):
    """How large an object is in pixels of its picture."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Filter:
    """What the layouts that are wanted have; the defaults let everything through.

    Attributes:
        words: Each must occur in the name, the split, the caption or a prompt; upper and lower case are the same.
        split: The split.
        label: The prompt of at least one object.
        least, most: Number of objects.
        area: The size of at least one object.
        size: Width and height of the picture in pixels.
    """

    words: str = ""
    split: str | None = None
    label: str | None = None
    least: int = 0
    most: int | None = None
    area: Area | None = None
    size: tuple[int, int] | None = None

    @property
    def conditions(self) -> int:
        """How many there are, the words left out."""
        wanted = (self.split, self.label, self.least or None, self.most, self.area, self.size)
        return sum(value is not None for value in wanted)


@dataclass(frozen=True, slots=True)
class Facets:
    """What a dataset's layouts can be told apart by, each with the number of layouts (labels: of objects)."""

    splits: dict[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    sizes: dict[tuple[int, int], int] = field(default_factory=dict)
    most_objects: int = 0


def facets_of(items: Sequence[Item]) -> Facets:
    """The facets of these layouts: splits as they come, labels by name, sizes by frequency."""
    layouts = [item.layout for item in items]
    splits = Counter(item.split for item in items if item.split is not None)
    labels = Counter(thing.prompt for layout in layouts for thing in layout.objects)
    return Facets(
        dict(splits),
        dict(sorted(labels.items())),
        dict(Counter(layout.size for layout in layouts).most_common()),
        max((len(layout.objects) for layout in layouts), default=0),
    )


class Searchable:
    """A list of layouts that can be filtered again and again; what a search looks at is prepared once."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items
        self._texts: list[str] | None = None

    def matching(self, wanted: Filter) -> list[int]:
        """The places of the layouts that a filter lets through, in order."""
        places: list[int] = list(range(len(self._items)))
        if words := wanted.words.casefold().split():
            texts = self._searched()
            places = [place for place in places if all(word in texts[place] for word in words)]
        if not wanted.conditions:
            return places
        return [place for place in places if fits(self._items[place], wanted)]

    def _searched(self) -> list[str]:
        if self._texts is None:
            self._texts = [_text(item) for item in self._items]
        return self._texts


def fits(item: Item, wanted: Filter) -> bool:
    """Whether a layout meets all conditions of a filter but its words."""
    layout = item.layout
    if wanted.split is not None and item.split != wanted.split:
        return False
    count = len(layout.objects)
    if count < wanted.least or (wanted.most is not None and count > wanted.most):
        return False
    if wanted.size is not None and layout.size != wanted.size:
        return False
    if wanted.label is not None and not any(thing.prompt == wanted.label for thing in layout.objects):
        return False
    if wanted.area is None:
        return True
    pixels = layout.width * layout.height
    return any(_area(thing.box.area * pixels) is wanted.area for thing in layout.objects)


def _area(pixels: float) -> Area:
    if pixels < _SMALL:
        return Area.SMALL
    return Area.MEDIUM if pixels < _LARGE else Area.LARGE


def _text(item: Item) -> str:
    layout = item.layout
    # Prompts once each: a layout of thirty cars is no longer than one of one car.
    prompts = dict.fromkeys(thing.prompt for thing in layout.objects)
    return "\n".join((item.name, item.split or "", layout.caption, *prompts)).casefold()
