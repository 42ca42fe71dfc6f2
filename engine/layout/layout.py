"""A layout: a size, an optional caption and an ordered list of objects. Pure values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.errors import BoxpaintError
from engine.layout.box import Box

MAX_SIDE = 16384
"""Longest side of a layout in pixels; beyond it, a file is more likely broken than large."""

MAX_PROMPT = 10_000
"""Longest prompt, id or caption in characters, for the same reason."""

MAX_OBJECTS = 10_000
"""Most objects of a layout that is read from a file; a window shows so many in under a second."""


@dataclass(frozen=True, slots=True)
class LayoutObject:
    """One thing to paint: a box with a prompt.

    Attributes:
        id: Unique inside its layout; seeds and undo entries refer to it.
        prompt: What to paint, e.g. ``"red metal cube"``. May be empty while it is being edited.
        box: Where to paint it.
        locked: The canvas must not move or resize it.
        hidden: Neither shown nor painted.
        seed: Its own noise seed (0 … 2**63 − 1), or None to derive one from the run's seed and ``id``.
        extra: Fields of the file it came from that Boxpaint does not interpret; kept on saving.
    """

    id: str
    prompt: str
    box: Box
    locked: bool = False
    hidden: bool = False
    seed: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id:
            raise BoxpaintError(f"the id is {self.id!r}, not a non-empty text.", "layout", field="id")
        if len(self.id) > MAX_PROMPT:
            raise BoxpaintError(
                f"the id has {len(self.id)} characters; {MAX_PROMPT} are allowed.", "layout", field="id"
            )
        if not isinstance(self.prompt, str):
            raise BoxpaintError(f"the prompt is {self.prompt!r}, not a text.", "layout", field="prompt")
        if len(self.prompt) > MAX_PROMPT:
            raise BoxpaintError(
                f"the prompt has {len(self.prompt)} characters; {MAX_PROMPT} are allowed.", "layout", field="prompt"
            )
        if self.seed is not None:
            check_seed(self.seed)


@dataclass(frozen=True, slots=True)
class Layout:
    """What to paint, where, on which size of picture.

    Attributes:
        width, height: Size of the picture in pixels, 1 … ``MAX_SIDE``.
        objects: The objects in the order in which they are painted; a later one paints over.
        caption: Optional text about the whole picture.
        extra: Uninterpreted fields of the file it came from.
    """

    width: int
    height: int
    objects: tuple[LayoutObject, ...] = ()
    caption: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for name in ("width", "height"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_SIDE:
                raise BoxpaintError(
                    f"the {name} is {value!r}.",
                    "layout",
                    field=name,
                    hint=f"It is a whole number from 1 to {MAX_SIDE}.",
                )
        if not isinstance(self.caption, str) or len(self.caption) > MAX_PROMPT:
            raise BoxpaintError(
                f"the caption is not a text of at most {MAX_PROMPT} characters.", "layout", field="caption"
            )
        seen: set[str] = set()
        for index, item in enumerate(self.objects):
            if item.id in seen:
                raise BoxpaintError(
                    f"the id {item.id!r} is used twice.",
                    "layout",
                    item=f"object {index}",
                    field="id",
                    hint="Give each object an id of its own.",
                )
            seen.add(item.id)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.width, self.height

    def find(self, object_id: str) -> LayoutObject:
        """The object with this id; KeyError when there is none."""
        for item in self.objects:
            if item.id == object_id:
                return item
        raise KeyError(object_id)

    def with_objects(self, objects: Iterable[LayoutObject]) -> Layout:
        """The same layout with other objects."""
        return replace(self, objects=tuple(objects))

    def with_object(self, changed: LayoutObject) -> Layout:
        """The same layout in which the object of the same id is replaced."""
        self.find(changed.id)
        return self.with_objects(changed if item.id == changed.id else item for item in self.objects)


def check_seed(seed: object, *, name: str = "seed") -> int:
    """The seed if it is a whole number that torch accepts (0 … 2**63 − 1); an error otherwise."""
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        raise BoxpaintError(
            f"the {name} is {seed!r}.", "layout", field=name, hint="It is a whole number from 0 to 9223372036854775807."
        )
    return seed


def object_ids(count: int, taken: Iterable[str] = ()) -> list[str]:
    """``count`` fresh ids (``"o1"``, ``"o2"``, …) that are not among ``taken``."""
    used = set(taken)
    ids: list[str] = []
    number = 1
    while len(ids) < count:
        if (candidate := f"o{number}") not in used:
            ids.append(candidate)
        number += 1
    return ids
