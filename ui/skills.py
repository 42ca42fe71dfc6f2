"""Making a layout harder in number, position, size or shape: pure functions, a layout in and a layout out. No Qt.

Each works on the objects named by ``ids``; locked objects stay as they are. The skills are LayoutBench's.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from engine.layout import Layout, LayoutObject
from ui import edits
from ui.canvas.geometry import Edges, clamp, edges_of, inside, nearest_pixel
from ui.texts import N_

MANY = 16
"""How many objects "number" leads to: the most that LayoutBench's split number_many has."""
STRETCH = 2.0
SCALE = 1.4
TRIES = 60

Tool = Callable[[Layout, Collection[str], random.Random], Layout]


def fill_up(layout: Layout, ids: Collection[str], chance: random.Random) -> Layout:
    """Copies of the objects, one after the other at places where they overlap least, until there are ``MANY``."""
    originals = [item for item in layout.objects if item.id in ids]
    number = 0
    while originals and len(layout.objects) < MANY:
        item = originals[number % len(originals)]
        place = _free_place(layout, edges_of(item.box, layout.size), chance)
        layout, new_id = edits.add(layout, place, item.prompt)
        layout = layout.with_object(replace(layout.find(new_id), extra=item.extra))
        number += 1
    return layout


def to_boundary(layout: Layout, ids: Collection[str], chance: random.Random) -> Layout:
    """Each box pushed to the picture's nearest edge."""
    width, height = layout.size

    def pushed(edges: Edges) -> Edges:
        ways = {
            (-edges.x0, 0.0): edges.x0,
            (width - edges.x1, 0.0): width - edges.x1,
            (0.0, -edges.y0): edges.y0,
            (0.0, height - edges.y1): height - edges.y1,
        }
        dx, dy = min(ways, key=lambda way: ways[way])
        return Edges(edges.x0 + dx, edges.y0 + dy, edges.x1 + dx, edges.y1 + dy)

    return _each(layout, ids, pushed)


def to_centre(layout: Layout, ids: Collection[str], chance: random.Random) -> Layout:
    """The boxes drawn together round the picture's middle: all distances from it halved."""
    middle = (layout.width / 2, layout.height / 2)

    def drawn(edges: Edges) -> Edges:
        cx, cy = edges.centre
        dx, dy = nearest_pixel((middle[0] - cx) / 2), nearest_pixel((middle[1] - cy) / 2)
        return Edges(edges.x0 + dx, edges.y0 + dy, edges.x1 + dx, edges.y1 + dy)

    return _each(layout, ids, drawn)


def scaled(across: float, along: float) -> Tool:
    """A tool that makes each box wider and higher by these factors, round its middle."""

    def tool(layout: Layout, ids: Collection[str], chance: random.Random) -> Layout:
        def changed(edges: Edges) -> Edges:
            cx, cy = edges.centre
            width = clamp(nearest_pixel(edges.width * across), 1.0, layout.width)
            height = clamp(nearest_pixel(edges.height * along), 1.0, layout.height)
            x0, y0 = nearest_pixel(cx - width / 2), nearest_pixel(cy - height / 2)
            return inside(Edges(x0, y0, x0 + width, y0 + height), layout.size)

        return _each(layout, ids, changed)

    return tool


def mirror(layout: Layout, ids: Collection[str], chance: random.Random) -> Layout:
    """The boxes mirrored left to right."""
    return _each(layout, ids, lambda edges: Edges(layout.width - edges.x1, edges.y0, layout.width - edges.x0, edges.y1))


def shuffle_labels(layout: Layout, ids: Collection[str], chance: random.Random) -> Layout:
    """The prompts dealt out anew among the objects."""
    free = [item for item in layout.objects if item.id in ids and not item.locked]
    prompts = [item.prompt for item in free]
    chance.shuffle(prompts)
    dealt = dict(zip((item.id for item in free), prompts, strict=True))
    return layout.with_objects(
        replace(item, prompt=dealt[item.id]) if item.id in dealt else item for item in layout.objects
    )


TOOLS: Mapping[str, tuple[str, Tool]] = {
    "number": (N_("Actions", "Number: duplicate to 16"), fill_up),
    "boundary": (N_("Actions", "Position: push to the edges"), to_boundary),
    "centre": (N_("Actions", "Position: draw to the centre"), to_centre),
    "enlarge": (N_("Actions", "Size: enlarge"), scaled(SCALE, SCALE)),
    "shrink": (N_("Actions", "Size: shrink"), scaled(1 / SCALE, 1 / SCALE)),
    "wide": (N_("Actions", "Shape: stretch horizontally"), scaled(STRETCH, 1.0)),
    "tall": (N_("Actions", "Shape: stretch vertically"), scaled(1.0, STRETCH)),
    "mirror": (N_("Actions", "Mirror"), mirror),
    "labels": (N_("Actions", "Shuffle the labels"), shuffle_labels),
}
"""The tools by name, with what menus show."""


def _each(layout: Layout, ids: Collection[str], change: Callable[[Edges], Edges]) -> Layout:
    def free(item: LayoutObject) -> bool:
        return item.id in ids and not item.locked

    return edits.place(
        layout, {item.id: change(edges_of(item.box, layout.size)) for item in layout.objects if free(item)}
    )


def _free_place(layout: Layout, edges: Edges, chance: random.Random) -> Edges:
    """Of some random places for a box of this size, the one where it overlaps the others least."""
    taken = [edges_of(item.box, layout.size) for item in layout.objects]
    best: tuple[float, Edges] | None = None
    for _ in range(TRIES):
        x0 = float(chance.randint(0, max(int(layout.width - edges.width), 0)))
        y0 = float(chance.randint(0, max(int(layout.height - edges.height), 0)))
        place = inside(Edges(x0, y0, x0 + edges.width, y0 + edges.height), layout.size)
        shared = sum(_shared(place, other) for other in taken)
        if best is None or shared < best[0]:
            best = (shared, place)
        if not shared:
            break
    assert best is not None
    return best[1]


def _shared(one: Edges, other: Edges) -> float:
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(width, 0.0) * max(height, 0.0)
