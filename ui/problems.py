"""What is likely to go wrong with a layout, found while it is drawn, with a fix for each. Pure functions, no Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise

from engine.layout import Box, Layout, LayoutObject
from ui import edits
from ui.canvas.geometry import Edges, edges_of, inside

COVERED = 0.9
"""From this share on, an object that later ones paint over counts as nearly hidden."""

Fix = Callable[[Layout], Layout]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is likely to go wrong.

    Attributes:
        kind: ``empty``, ``covered``, ``small`` or ``unknown``.
        object_id: The object concerned.
        text: One sentence.
        fix_name: What the fix does; empty when only the user can tell.
        fix: The layout with the problem mended.
    """

    kind: str
    object_id: str
    text: str
    fix_name: str = ""
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """What the chosen model can do: see ``ui.panels.run_options.ModelChoice``."""

    vocabulary: frozenset[str] = frozenset()
    smallest_box: int = 0
    size: tuple[int, int] | None = None


def find_problems(layout: Layout, model: Model) -> list[Problem]:
    """The problems of all objects that will be painted, in painting order."""
    painted = [(str(number), item) for number, item in enumerate(layout.objects, start=1) if not item.hidden]
    found: list[Problem] = []
    for place, (name, item) in enumerate(painted):
        found.extend(_of_prompt(item, name, model))
        found.extend(_of_size(item, name, layout, model))
        found.extend(_of_cover(item, name, [later for _, later in painted[place + 1 :]]))
    return found


def _of_prompt(item: LayoutObject, name: str, model: Model) -> Iterator[Problem]:
    prompt = item.prompt.strip()
    if not prompt:
        yield Problem("empty", item.id, f"Object {name} has no prompt.")
        return
    if not model.vocabulary or prompt.lower() in model.vocabulary:
        return
    near = get_close_matches(prompt.lower(), sorted(model.vocabulary), n=1, cutoff=0.6)
    text = f"Object {name}: the model does not know “{prompt}”."
    if near:
        better = near[0]
        yield Problem(
            "unknown", item.id, text, f"Use “{better}”", lambda layout: edits.set_prompt(layout, (item.id,), better)
        )
    else:
        yield Problem("unknown", item.id, text)


def _of_size(item: LayoutObject, name: str, layout: Layout, model: Model) -> Iterator[Problem]:
    if not model.smallest_box:
        return
    width, height = model.size or layout.size
    # Rounded up by less than a pixel of either picture: a box exactly as large as allowed must pass.
    if item.box.width * width > model.smallest_box - 0.5 and item.box.height * height > model.smallest_box - 0.5:
        return
    sides = model.smallest_box * layout.width / width, model.smallest_box * layout.height / height

    def enlarge(changed: Layout) -> Layout:
        edges = edges_of(changed.find(item.id).box, changed.size)
        cx, cy = edges.centre
        half_x, half_y = max(edges.width, sides[0]) / 2, max(edges.height, sides[1]) / 2
        larger = inside(Edges(cx - half_x, cy - half_y, cx + half_x, cy + half_y), changed.size)
        return edits.place(changed, {item.id: larger})

    text = f"Object {name} is smaller than the model can paint ({sides[0]:.0f} × {sides[1]:.0f} pixels)."
    yield Problem("small", item.id, text, "Enlarge it", enlarge)


def _of_cover(item: LayoutObject, name: str, later: Sequence[LayoutObject]) -> Iterator[Problem]:
    over = [other for other in later if _overlap(item.box, other.box) > 0]
    if over and covered_share(item.box, [other.box for other in over]) >= COVERED:
        yield Problem(
            "covered",
            item.id,
            f"Object {name} is painted over by what comes after it.",
            "Paint it last",
            lambda layout: edits.reorder(layout, (item.id,), len(layout.objects)),
        )


def covered_share(box: Box, others: Sequence[Box]) -> float:
    """The share of ``box`` that the others together cover, 0 … 1."""
    xs = sorted({box.x0, box.x1, *(_within(x, box.x0, box.x1) for other in others for x in (other.x0, other.x1))})
    ys = sorted({box.y0, box.y1, *(_within(y, box.y0, box.y1) for other in others for y in (other.y0, other.y1))})
    covered = 0.0
    for x0, x1 in pairwise(xs):
        column = [other for other in others if other.x0 <= x0 and other.x1 >= x1]
        for y0, y1 in pairwise(ys):
            if any(other.y0 <= y0 and other.y1 >= y1 for other in column):
                covered += (x1 - x0) * (y1 - y0)
    return covered / box.area


def _within(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _overlap(one: Box, other: Box) -> float:
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(width, 0.0) * max(height, 0.0)
