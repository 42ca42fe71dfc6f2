"""The worst and the best pictures of a benchmark, with their targets and detections drawn on them."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PIL import Image

from engine.detection.pictures import read_picture
from engine.evaluation.report.charts import COLORS
from engine.evaluation.verdicts import TARGET_VERDICTS, TargetVerdict, Verdicts

SIDE = 320
"""Longer side in pixels of an example."""

_COLOR = dict(zip(TARGET_VERDICTS, COLORS, strict=False))


@dataclass(frozen=True, slots=True)
class Example:
    """A picture with its verdicts: its image number, and the share of its targets that were found."""

    image: int
    share: float
    surplus: int
    verdicts: tuple[TargetVerdict, ...]


def choose(verdicts: Verdicts, count: int) -> tuple[list[Example], list[Example]]:
    """The worst and the best pictures; of equals those with more targets, as they say more."""
    by_image: dict[int, list[TargetVerdict]] = {}
    for verdict in verdicts.targets:
        by_image.setdefault(verdict.image, []).append(verdict)
    surplus: dict[int, int] = {}
    for extra in verdicts.surplus:
        surplus[extra.image] = surplus.get(extra.image, 0) + 1
    examples = [
        Example(
            image,
            sum(verdict.verdict in ("hit", "duplicated") for verdict in group) / len(group),
            surplus.get(image, 0),
            tuple(group),
        )
        for image, group in by_image.items()
    ]
    worst = sorted(examples, key=lambda item: (item.share, -item.surplus, -len(item.verdicts)))[:count]
    best = sorted(examples, key=lambda item: (-item.share, item.surplus, -len(item.verdicts)))[:count]
    return worst, best


def example_html(example: Example, verdicts: Verdicts, picture: Path, boxes: Sequence[tuple[float, ...]]) -> str:
    """A figure: the picture, its targets (solid, in the colour of their verdict), what was found instead (dashed).

    Args:
        example: The picture.
        verdicts: All verdicts.
        picture: Its file.
        boxes: Normalised ``x0, y0, x1, y1`` of the targets, in the order of the example's verdicts.
    """
    image = verdicts.truth.images[example.image]
    scale = SIDE / max(image.width, image.height)
    width, height = image.width * scale, image.height * scale
    shapes = []
    for verdict, box in zip(example.verdicts, boxes, strict=True):
        color = _COLOR.get(verdict.verdict, "#000")
        shapes.append(_box(box, width, height, color, f"{verdict.label}: {_words(verdict)}"))
        if verdict.found is not None and verdict.verdict not in ("hit", "duplicated"):
            found = verdict.found.box
            tip = f"found: {verdict.found.label} {verdict.found.score:.2f}"
            shapes.append(_box((found.x0, found.y0, found.x1, found.y1), width, height, color, tip, dashed=True))
    hits = round(example.share * len(example.verdicts))
    missed = "; ".join(f"{item.label}: {_words(item)}" for item in example.verdicts if item.verdict != "hit")
    caption = f"{image.split} / {image.name}: {hits} of {len(example.verdicts)} found"
    return (
        f'<figure><svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img" '
        f'aria-label="{escape(caption, quote=True)}"><image href="{_data(picture, (round(width), round(height)))}" '
        f'width="{width:.0f}" height="{height:.0f}"/>{"".join(shapes)}</svg>'
        f"<figcaption>{escape(caption)}{'<br><small>' + escape(missed) + '</small>' if missed else ''}</figcaption>"
        "</figure>"
    )


def _words(verdict: TargetVerdict) -> str:
    text = verdict.verdict.replace("-", " ")
    if verdict.verdict == "wrong-attribute" and verdict.found is not None:
        return f"{text} ({verdict.found.label})"
    return f"{text} ({verdict.detail})" if verdict.detail else text


def _box(box: Sequence[float], width: float, height: float, color: str, tip: str, *, dashed: bool = False) -> str:
    x0, y0, x1, y1 = box
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<rect x="{x0 * width:.1f}" y="{y0 * height:.1f}" width="{(x1 - x0) * width:.1f}" '
        f'height="{(y1 - y0) * height:.1f}" fill="none" stroke="{color}" stroke-width="2"{dash}>'
        f"<title>{escape(tip)}</title></rect>"
    )


def _data(picture: Path, size: tuple[int, int]) -> str:
    buffer = io.BytesIO()
    read_picture(picture).resize(size, Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
