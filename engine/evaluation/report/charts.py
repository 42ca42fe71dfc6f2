"""Charts as SVG text: no library, no script, readable on light and dark pages and in print."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

COLORS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8c6d31", "#7f7f7f", "#b2df8a", "#6a3d9a")
"""Colours that people with a colour vision deficiency can tell apart, as far as ten can be."""

_ROW = 22
_WIDTH = 760
_LABEL = 170
_VALUE = 60

Series = Mapping[str, Sequence[tuple[float, float]]]
"""Name of a line and its points."""


def bars(rows: Mapping[str, Mapping[str, float]], *, title: str, most: float | None = None, digits: int = 3) -> str:
    """Horizontal bars: for each row one bar per series, with its number.

    Args:
        rows: Row name → series name → value; values below 0 are shown as not defined.
        title: Read out by screen readers, shown as a heading of the chart.
        most: Value at the right edge; None = the greatest one.
    """
    names = list(dict.fromkeys(name for values in rows.values() for name in values))
    top = most or max((value for values in rows.values() for value in values.values()), default=0) or 1
    # Not thinner than the numbers beside the bars are high.
    thick = max(11, min(14, (_ROW * 2 - 8) // len(names))) if len(names) > 1 else 14
    step = max(_ROW, thick * len(names) + 8)
    parts, y = [], 30.0
    for row, values in rows.items():
        parts.append(_text(_LABEL - 8, y + step / 2, row, "end"))
        for place, name in enumerate(names):
            value = values.get(name, -1.0)
            at = y + (step - thick * len(names)) / 2 + place * thick
            length = max(0.0, value) / top * (_WIDTH - _LABEL - _VALUE)
            tip = f"{row}, {name}: {_number(value, digits)}"
            parts.append(_rectangle(_LABEL, at, length, thick - 1, COLORS[place % len(COLORS)], tip))
            parts.append(_text(_LABEL + length + 5, at + thick / 2, _number(value, digits), "start", 11))
        y += step
    legend, height = _legend(names, y + 14) if len(names) > 1 else ("", 10.0)
    return _svg(title, y + height, "".join(parts) + legend)


def stacked(rows: Mapping[str, Mapping[str, int]], *, title: str) -> str:
    """Stacked horizontal bars of counts, each row scaled to its sum, with the counts of the wider parts."""
    names = list(dict.fromkeys(name for values in rows.values() for name, count in values.items() if count))
    parts, y = [], 30.0
    for row, values in rows.items():
        total = sum(values.values()) or 1
        parts.append(_text(_LABEL - 8, y + _ROW / 2, row, "end"))
        x = float(_LABEL)
        for place, name in enumerate(names):
            length = values.get(name, 0) / total * (_WIDTH - _LABEL - _VALUE)
            if length:
                tip = f"{row}, {name}: {values[name]} of {total}"
                parts.append(_rectangle(x, y + 3, length, _ROW - 6, COLORS[place % len(COLORS)], tip))
                if length > 26:
                    parts.append(_text(x + length / 2, y + _ROW / 2, str(values[name]), "middle", 11, "#fff"))
            x += length
        parts.append(_text(x + 5, y + _ROW / 2, str(sum(values.values())), "start", 11))
        y += _ROW
    legend, height = _legend(names, y + 14)
    return _svg(title, y + height, "".join(parts) + legend)


def lines(
    series: Series, *, title: str, x_title: str, y_title: str, marks: Mapping[str, Sequence[str]] | None = None
) -> str:
    """Lines over a common x axis.

    Args:
        series: The lines.
        title, x_title, y_title: What is shown.
        marks: For each line a text for each point, shown beside it.
    """
    points = [point for line in series.values() for point in line]
    if not points:
        return _svg(title, 60, _text(_LABEL, 40, "nothing to show", "start"))
    left, right, top, bottom = 70.0, _WIDTH - 30.0, 60.0, 300.0
    x_low, x_high = _range([x for x, _ in points])
    y_low, y_high = _range([y for _, y in points])

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return (
            left + (point[0] - x_low) / (x_high - x_low) * (right - left),
            bottom - (point[1] - y_low) / (y_high - y_low) * (bottom - top),
        )

    parts = []
    for value in _ticks(y_low, y_high):
        _, y = at((x_low, value))
        parts.append(f'<line x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" class="grid"/>')
        parts.append(_text(left - 6, y, f"{value:g}", "end", 11))
    for value in _ticks(x_low, x_high):
        x, _ = at((value, y_low))
        parts.append(_text(x, bottom + 14, f"{value:g}", "middle", 11))
    parts.append(_text((left + right) / 2, bottom + 34, x_title, "middle"))
    parts.append(_text(left, top - 12, y_title, "start"))
    for place, (name, line) in enumerate(series.items()):
        color = COLORS[place % len(COLORS)]
        places = [at(point) for point in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        for number, (x, y) in enumerate(places):
            tip = f"{name}: {line[number][0]:g}, {line[number][1]:.3f}"
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{color}"><title>{escape(tip)}</title></circle>'
            )
            if marks and name in marks:
                parts.append(_text(x, y - 11, marks[name][number], "middle", 11))
    legend, height = _legend(list(series), bottom + 56) if len(series) > 1 else ("", 4.0)
    return _svg(title, bottom + 42 + height, "".join(parts) + legend)


def _svg(title: str, height: float, content: str) -> str:
    style = ".grid{stroke:currentColor;opacity:.15} text{fill:currentColor;font:13px system-ui,sans-serif}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" '
        f'aria-label="{escape(title, quote=True)}" style="max-width:{_WIDTH}px;width:100%"><style>{style}</style>'
        f'<text x="0" y="16" style="font-weight:600">{escape(title)}</text>{content}</svg>'
    )


def _text(x: float, y: float, text: str, anchor: str, size: int = 13, fill: str = "") -> str:
    style = f"font-size:{size}px" + (f";fill:{fill}" if fill else "")
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" dominant-baseline="central" style="{style}">'
        f"{escape(text)}</text>"
    )


def _rectangle(x: float, y: float, width: float, height: float, color: str, tip: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{color}">'
        f"<title>{escape(tip)}</title></rect>"
    )


def _legend(names: Sequence[str], y: float) -> tuple[str, float]:
    """The legend with its first row at ``y``, in columns as wide as the longest name; and its height with a margin."""
    width = max((30 + 7 * len(name) for name in names), default=0)
    columns = max(1, min(5, (_WIDTH - 10) // max(1, width)))
    step = (_WIDTH - 10) / columns
    parts = []
    for place, name in enumerate(names):
        x, at = 10 + place % columns * step, y + place // columns * 20
        parts.append(_rectangle(x, at - 6, 12, 12, COLORS[place % len(COLORS)], name))
        parts.append(_text(x + 18, at, name, "start", 12))
    return "".join(parts), 14 + 20.0 * math.ceil(len(names) / columns)


def _number(value: float, digits: int) -> str:
    return "–" if value < 0 else f"{value:.{digits}f}"


def _range(values: Sequence[float]) -> tuple[float, float]:
    """From zero, or a little below the least, to a little above the greatest."""
    low, high = min(values), max(values)
    low = 0.0 if low >= 0 and low < high * 0.75 else low - (high - low) * 0.1
    high += (high - low) * 0.08 or 1.0
    return low, high


def _ticks(low: float, high: float) -> list[float]:
    raw = (high - low) / 5
    scale = 10 ** math.floor(math.log10(raw))
    step = next(factor * scale for factor in (1, 2, 5, 10) if factor * scale >= raw)
    first = math.ceil(low / step)
    return [round(number * step, 10) for number in range(first, math.floor(high / step) + 1)]
