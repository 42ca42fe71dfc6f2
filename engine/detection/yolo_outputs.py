"""What the output of an exported YOLO means. Exports differ; the shape tells which one it is.

| shape of one picture's rows | whose | holds |
|---|---|---|
| (N, 5 + C) | YOLOv5, v6, v7 | centre, size, objectness, a score per class |
| (4 + C, N) or (N, 4 + C) | YOLOv8, v9, v11 and later | centre, size, a score per class |
| (N, 6) | YOLOv10 and exports with suppression inside | edges, score, class |
| (N, 7) | YOLOv7's ``--end2end`` | number of the picture, edges, class, score |

C is the number of classes, boxes are in pixels of the network's input.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.errors import BoxpaintError

_STRIDES = ((8, 16, 32), (8, 16, 32, 64))
_ANCHORS = 3


@dataclass(frozen=True, slots=True)
class Rows:
    """Boxes of one picture.

    Attributes:
        boxes: (N, 4) edges x0, y0, x1, y1 in pixels of the network's input.
        scores: (N,) scores.
        classes: (N,) class numbers.
    """

    boxes: np.ndarray
    scores: np.ndarray
    classes: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputForm:
    """How an export tells its boxes.

    Attributes:
        title: For people.
        classes: Number of classes; None where the shape does not tell.
        objectness: Whether a box has a score of its own beside those of the classes.
        turned: Whether boxes are columns, not rows.
        suppressed: Whether overlapping boxes were removed inside the network.
        rows: From one picture's (N, columns) or (columns, N) array and the least score to boxes that score more.
    """

    title: str
    classes: int | None
    objectness: bool = False
    turned: bool = False
    suppressed: bool = False
    rows: Callable[[np.ndarray, float], Rows]


def recognise(
    shapes: Sequence[tuple[int, ...]], classes: int | None, size: tuple[int, int], *, file: str
) -> OutputForm:
    """The form of these outputs.

    Args:
        shapes: Shapes of all outputs, as one run gave them.
        classes: Number of class names, where they are known.
        size: Width and height of the network's input in pixels.
        file: The model's file, for errors.

    Raises:
        BoxpaintError: The shape is none of a YOLO's, or does not fit the number of class names.
    """
    if any(len(shape) >= 4 for shape in shapes):
        raise _refusal(
            shapes, file, "Its boxes are not decoded: export it anew with the decoding inside (YOLOv7: --grid)."
        )
    shape = shapes[0]
    if len(shape) == 2 and shape[1] == 7:
        return _END_TO_END[7]
    if len(shape) != 3:
        raise _refusal(shapes, file, "Export it as a detector with one output.")
    first, second = shape[1:]
    if second in _END_TO_END and first not in _grid_rows(size):
        return _END_TO_END[second]
    forms = _forms(first, second)
    if max(first, second) in _grid_rows(size):
        # Three boxes for every cell: only the generations with objectness have them.
        forms = [form for form in forms if form.objectness]
    if classes is not None:
        fitting = [form for form in forms if form.classes == classes]
    else:
        # Without names: there are more boxes than columns, and COCO's 80 classes where that fits.
        upright = [form for form in forms if form.turned == (second > first)]
        fitting = [form for form in upright if form.classes == 80] or upright[:1]
    if not fitting:
        names = f"{classes} class names do not fit it" if classes is not None else "it fits no number of classes"
        raise _refusal(shapes, file, f"{names}: give the names that it was trained with by --labels.")
    return fitting[0]


def _grid_rows(size: tuple[int, int]) -> set[int]:
    """How many rows a network of this input size has that tells three boxes for every cell of its grids."""
    cells = ([(size[0] // stride) * (size[1] // stride) for stride in strides] for strides in _STRIDES)
    return {_ANCHORS * sum(counts) for counts in cells}


def _forms(first: int, second: int) -> list[OutputForm]:
    """All readings of a (first, second) array: rows with and columns without objectness come before the unusual."""
    return [
        _dense(second - 5, objectness=True, turned=False),
        _dense(first - 4, objectness=False, turned=True),
        _dense(second - 4, objectness=False, turned=False),
        _dense(first - 5, objectness=True, turned=True),
    ]


def _dense(classes: int, *, objectness: bool, turned: bool) -> OutputForm:
    columns = f"{5 if objectness else 4} + {classes}"
    shape = f"({columns}, N)" if turned else f"(N, {columns})"
    return OutputForm(
        title=f"{shape} {'with' if objectness else 'without'} objectness",
        classes=classes,
        objectness=objectness,
        turned=turned,
        rows=partial(_dense_rows, objectness=objectness, turned=turned),
    )


def _dense_rows(array: np.ndarray, floor: float, *, objectness: bool, turned: bool) -> Rows:
    """Every class of a box that scores more than the floor counts, as in YOLO's own scoring."""
    table = (array.T if turned else array).astype(np.float32)
    scores = table[:, 5:] * table[:, 4:5] if objectness else table[:, 4:]
    row, number = np.nonzero(scores > floor)
    center, half = table[row, :2], table[row, 2:4] / 2
    return Rows(np.concatenate([center - half, center + half], axis=1), scores[row, number], number)


def _ended(array: np.ndarray, floor: float, *, boxes: int, score: int, number: int) -> Rows:
    table = array.astype(np.float32)
    table = table[table[:, score] > floor]
    return Rows(table[:, boxes : boxes + 4], table[:, score], table[:, number].astype(np.int64))


_END_TO_END = {
    6: OutputForm(
        title="(N, 6) with suppression inside",
        classes=None,
        suppressed=True,
        rows=partial(_ended, boxes=0, score=4, number=5),
    ),
    7: OutputForm(
        title="(N, 7) with suppression inside",
        classes=None,
        suppressed=True,
        rows=partial(_ended, boxes=1, score=6, number=5),
    ),
}
"""By the number of columns."""


def _refusal(shapes: Sequence[tuple[int, ...]], file: str, hint: str) -> BoxpaintError:
    told = ", ".join(str(shape) for shape in shapes[:4])
    return BoxpaintError(f"its output {told} is not that of a YOLO detector.", "model", file=file, hint=hint)
