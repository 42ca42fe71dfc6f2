"""Box numbers whose meaning a file leaves open: the readings are scored, one is taken, and the reason is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from engine.formats.checks import PIXEL_DIGITS, Notes, pixel_box
from engine.formats.dataset import BoxGuess
from engine.layout import Box

Four = tuple[float, float, float, float]

_CORNERS: dict[str, Callable[[float, float, float, float], Four]] = {
    "xyxy": lambda a, b, c, d: (a, b, c, d),
    "xywh": lambda a, b, c, d: (a, b, a + c, b + d),
    "cxcywh": lambda a, b, c, d: (a - c / 2, b - d / 2, a + c / 2, b + d / 2),
    "yxyx": lambda a, b, c, d: (b, a, d, c),
}
"""Four numbers to left, top, right, bottom; in the order in which a tie is decided."""

_SCALES = ("", "-normalised", "-1000")

READINGS = tuple(corners + scale for scale in _SCALES for corners in _CORNERS)
"""Every word that ``--boxes`` takes for box numbers: pixels, shares of the sides (0 … 1), or thousandths (0 … 1000)."""

_SLACK = 0.01
"""Share of the side by which a box may stick out and still count as fitting: annotators round."""


def read_box(values: Four, reading: str, size: tuple[int, int], notes: Notes, at: tuple[int, ...]) -> Box | None:
    """The box of four numbers under a reading; outcomes as `checks.pixel_box`."""
    width, height = _units(reading, size)
    x0, y0, x1, y1 = (round(edge, PIXEL_DIGITS + 3) for edge in _CORNERS[_corners(reading)](*values))
    return pixel_box(x0, y0, x1, y1, width, height, notes, at)


def decide(
    boxes: Sequence[tuple[Four, tuple[int, int]]],
    *,
    asked: str | None,
    candidates: Iterable[str] = READINGS,
    usual: str | None = None,
) -> BoxGuess:
    """Which reading to take for these boxes.

    Args:
        boxes: Four numbers each, with width and height of the picture in pixels.
        asked: The reading that the person asked for, one of `READINGS`; taken as it is.
        candidates: The readings to choose from.
        usual: The reading that decides a tie, because the file's field name or source suggests it.

    Returns:
        The reading with the largest share of boxes that lie in the picture and have an area.
    """
    if asked is not None:
        return BoxGuess(asked, "as asked for", decided=True)
    allowed = tuple(candidates)
    if not boxes:
        return BoxGuess(usual or allowed[0], "there are no boxes to judge by")
    largest = max(max(values) for values, _ in boxes)
    shares = [(reading, _share(boxes, reading)) for reading in allowed]
    ranked = sorted(
        shares, key=lambda pair: (-pair[1] * _weight(pair[0], largest), pair[0] != usual, READINGS.index(pair[0]))
    )
    second = ranked[1] if len(ranked) > 1 else None
    return BoxGuess(ranked[0][0], _reason(ranked[0], second, len(boxes), usual), tuple(ranked))


def guess_warning(guess: BoxGuess) -> tuple[str, ...]:
    """The guess as a warning; nothing if the person decided."""
    if guess.decided:
        return ()
    return (f"Boxes were read as {guess.reading}: {guess.reason}. Another reading is chosen with --boxes.",)


def _share(boxes: Sequence[tuple[Four, tuple[int, int]]], reading: str) -> float:
    """Share of the boxes that make sense under the reading."""
    to_corners = _CORNERS[_corners(reading)]
    good = 0
    for values, size in boxes:
        width, height = _units(reading, size)
        x0, y0, x1, y1 = to_corners(*values)
        inside = (
            x0 >= -_SLACK * width
            and y0 >= -_SLACK * height
            and x1 <= (1 + _SLACK) * width
            and y1 <= (1 + _SLACK) * height
        )
        good += inside and x1 > x0 and y1 > y0
    return good / len(boxes)


def _weight(reading: str, largest: float) -> float:
    """How well the unit of a reading goes with the largest number that occurs.

    Numbers up to 1 fit a picture of 512 pixels too, as specks, and numbers up to 512 fit 0 … 1000: the unit whose range
    the numbers fill is the likely one, unless fewer boxes fit under it.
    """
    small = largest <= 1 + 2 * _SLACK
    if reading.endswith("-normalised"):
        return float(small)
    if small:
        return 0.1
    return 0.99 if reading.endswith("-1000") else 1.0


def _reason(best: tuple[str, float], second: tuple[str, float] | None, count: int, usual: str | None) -> str:
    if count == 1:
        fits = "the box fits the picture" if best[1] == 1 else "the box does not fit the picture"
    elif best[1] == 1:
        fits = f"all {count} boxes fit the picture"
    else:
        fits = f"{round(best[1] * count)} of {count} boxes fit the picture"
    if second is None or second[1] == 0:
        return fits
    other = f"as {second[0]} {round(second[1] * count)} of {count} would"
    tie = f"; {best[0]} is usual here" if second[1] == best[1] and best[0] == usual else ""
    return f"{fits}, {other}{tie}"


def _corners(reading: str) -> str:
    return reading.split("-", 1)[0]


def _units(reading: str, size: tuple[int, int]) -> tuple[int, int]:
    if reading.endswith("-normalised"):
        return 1, 1
    return (1000, 1000) if reading.endswith("-1000") else size
