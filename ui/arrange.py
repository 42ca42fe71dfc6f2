"""Align, distribute and give the same size: pure functions on boxes in pixels. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

from ui.canvas.geometry import Edges, inside, nearest_pixel, shifted, union

Boxes = Mapping[str, Edges]

ALIGNMENTS: Mapping[str, tuple[int, float]] = {
    "left": (0, 0.0),
    "centre": (0, 0.5),
    "right": (0, 1.0),
    "top": (1, 0.0),
    "middle": (1, 0.5),
    "bottom": (1, 1.0),
}
"""For each alignment the axis, and which part of the boxes comes to lie on one line (0 start, 0.5 middle, 1 end)."""


def align(boxes: Boxes, how: str, size: tuple[int, int]) -> dict[str, Edges]:
    """The boxes moved so that their edges or middles lie on one line: that of the box round all of them.

    A single box is aligned with the picture.
    """
    axis, part = ALIGNMENTS[how]
    bounds = union(boxes.values()) if len(boxes) > 1 else Edges(0, 0, *size)
    if bounds is None:
        return {}
    line = bounds[axis] + (bounds[axis + 2] - bounds[axis]) * part
    moved = {}
    for name, edges in boxes.items():
        by = line - (edges[axis] + (edges[axis + 2] - edges[axis]) * part)
        by = nearest_pixel(by) if part == 0.5 else by
        moved[name] = inside(shifted(edges, by if axis == 0 else 0.0, by if axis == 1 else 0.0), size)
    return moved


def distribute(boxes: Boxes, axis: int, size: tuple[int, int]) -> dict[str, Edges]:
    """The boxes moved along an axis so that the gaps between them are equal; the outermost two stay."""
    if len(boxes) < 3:
        return dict(boxes)
    listed = sorted(boxes.items(), key=lambda entry: entry[1][axis] + entry[1][axis + 2])
    start, end = listed[0][1][axis], listed[-1][1][axis + 2]
    gap = (end - start - sum(edges[axis + 2] - edges[axis] for _, edges in listed)) / (len(listed) - 1)
    moved, place = {}, start
    for name, edges in listed:
        by = nearest_pixel(place - edges[axis])
        moved[name] = inside(shifted(edges, by if axis == 0 else 0.0, by if axis == 1 else 0.0), size)
        place += edges[axis + 2] - edges[axis] + gap
    moved[listed[0][0]], moved[listed[-1][0]] = listed[0][1], listed[-1][1]
    return moved


def same_size(boxes: Boxes, model: str, size: tuple[int, int]) -> dict[str, Edges]:
    """The boxes made as wide and as high as ``model``, each round its own middle."""
    width, height = boxes[model].width, boxes[model].height
    resized = {}
    for name, edges in boxes.items():
        cx, cy = edges.centre
        x0, y0 = nearest_pixel(cx - width / 2), nearest_pixel(cy - height / 2)
        resized[name] = edges if name == model else inside(Edges(x0, y0, x0 + width, y0 + height), size)
    return resized
