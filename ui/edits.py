"""Edits of a layout as pure functions: a layout in, the changed layout out. No Qt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from engine.layout import Box, Layout, LayoutObject, object_ids
from ui.canvas.geometry import Edges, box_of, edges_of, limited_shift, shifted, union


def add(layout: Layout, edges: Edges, prompt: str = "") -> tuple[Layout, str]:
    """The layout with one more object on top, and that object's id."""
    (new_id,) = object_ids(1, (item.id for item in layout.objects))
    item = LayoutObject(new_id, prompt, box_of(edges, layout.size))
    return layout.with_objects((*layout.objects, item)), new_id


def add_labelled(layout: Layout, labelled: Sequence[tuple[Box, str]]) -> tuple[Layout, tuple[str, ...]]:
    """The layout with an object on top for each box and prompt, and their ids."""
    ids = object_ids(len(labelled), (item.id for item in layout.objects))
    fresh = [LayoutObject(name, prompt, box) for name, (box, prompt) in zip(ids, labelled, strict=True)]
    return layout.with_objects((*layout.objects, *fresh)), tuple(ids)


def delete(layout: Layout, ids: Collection[str]) -> Layout:
    """The layout without these objects."""
    chosen = set(ids)
    return layout.with_objects(item for item in layout.objects if item.id not in chosen)


def duplicate(layout: Layout, ids: Collection[str], *, offset: float) -> tuple[Layout, tuple[str, ...]]:
    """Copies of these objects on top, ``offset`` pixels to the lower right (or upper left where no room is left)."""
    chosen = set(ids)
    originals = [item for item in layout.objects if item.id in chosen]
    return insert(layout, originals, offset=offset)


def insert(layout: Layout, items: Sequence[LayoutObject], *, offset: float = 0.0) -> tuple[Layout, tuple[str, ...]]:
    """These objects under fresh ids on top, moved together by ``offset`` pixels where there is room."""
    if not items:
        return layout, ()
    every = [edges_of(item.box, layout.size) for item in items]
    dx, dy = _room(every, offset, layout.size)
    fresh = object_ids(len(items), (item.id for item in layout.objects))
    copies = [
        replace(
            item,
            id=name,
            box=box_of(shifted(edges, dx, dy), layout.size) if dx or dy else item.box,
            locked=False,
        )
        for item, name, edges in zip(items, fresh, every, strict=True)
    ]
    return layout.with_objects((*layout.objects, *copies)), tuple(fresh)


def _room(every: Iterable[Edges], offset: float, size: tuple[int, int]) -> tuple[float, float]:
    listed = list(every)
    shift = []
    for low, high, limit in ((0, 2, size[0]), (1, 3, size[1])):
        start, end = min(edges[low] for edges in listed), max(edges[high] for edges in listed)
        shift.append(offset if end + offset <= limit else -offset if start >= offset else 0.0)
    return shift[0], shift[1]


def set_prompt(layout: Layout, ids: Collection[str], prompt: str) -> Layout:
    """The layout with this prompt on these objects."""
    chosen = set(ids)
    return layout.with_objects(
        replace(item, prompt=prompt) if item.id in chosen and item.prompt != prompt else item for item in layout.objects
    )


def with_seed(item: LayoutObject, seed: int | None) -> LayoutObject:
    """The object with this seed; BoxpaintError when it is none that the engine takes."""
    return item if item.seed == seed else replace(item, seed=seed)


def set_flag(layout: Layout, ids: Collection[str], *, locked: bool | None = None, hidden: bool | None = None) -> Layout:
    """The layout with these objects locked or hidden, or no longer."""
    chosen = set(ids)

    def changed(item: LayoutObject) -> LayoutObject:
        if item.id not in chosen:
            return item
        return replace(
            item,
            locked=item.locked if locked is None else locked,
            hidden=item.hidden if hidden is None else hidden,
        )

    return layout.with_objects(changed(item) for item in layout.objects)


def place(layout: Layout, edges: Mapping[str, Edges]) -> Layout:
    """The layout with these objects at new edges, in pixels; the others are the same values as before."""
    size = layout.size

    def moved(item: LayoutObject) -> LayoutObject:
        target = edges.get(item.id)
        if target is None:
            return item
        box = box_of(target, size)
        return item if box == item.box else replace(item, box=box)

    return layout.with_objects(moved(item) for item in layout.objects)


def move(layout: Layout, ids: Collection[str], dx: float, dy: float) -> Layout:
    """These objects moved together by so many whole pixels, as far as the picture reaches."""
    chosen = set(ids)
    places = {item.id: edges_of(item.box, layout.size) for item in layout.objects if item.id in chosen}
    bounds = union(places.values())
    if bounds is None:
        return layout
    dx, dy = limited_shift(bounds, dx, dy, layout.size)
    return place(layout, {name: shifted(edges, dx, dy) for name, edges in places.items()})


def reorder(layout: Layout, ids: Collection[str], row: int) -> Layout:
    """These objects, in their present order, put before the object that is at ``row`` now."""
    chosen = set(ids)
    block = [item for item in layout.objects if item.id in chosen]
    before = [item for item in layout.objects[:row] if item.id not in chosen]
    after = [item for item in layout.objects[row:] if item.id not in chosen]
    return layout.with_objects((*before, *block, *after))
