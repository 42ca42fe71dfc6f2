"""Prompts that say a whole layout at once, in the forms of the single-step methods."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import BoxpaintError
from engine.layout import Box, LayoutObject

RECO_BINS = 1000
"""ReCo's coordinate tokens: ``<bin000>`` … ``<bin999>``, bin = round(coordinate · 999)."""

LDM_GRID = 32
"""The LDM baseline names a corner by its cell of a 32×32 grid over the picture: ``<place0000>`` … ``<place1023>``."""

_SEPARATOR = "<|endoftext|>"
_PHRASE = "<|startoftext|>"


def reco_tokens() -> list[str]:
    """Every coordinate token of ReCo's prompts."""
    return [f"<bin{number:03d}>" for number in range(RECO_BINS)]


def reco_prompt(caption: str, objects: Sequence[LayoutObject]) -> str:
    """ReCo's prompt (arXiv 2211.15518): the caption, then four coordinate tokens and the phrase of each object."""
    parts = [f"{caption} {_SEPARATOR}" if caption else _SEPARATOR]
    parts += [f"{_bins(item.box)} {_PHRASE} {item.prompt} {_SEPARATOR}" for item in objects]
    return " ".join(parts)


def _bins(box: Box) -> str:
    return " ".join(f"<bin{round(edge * (RECO_BINS - 1)):03d}>" for edge in (box.x0, box.y0, box.x1, box.y1))


def ldm_tokens(classes: Sequence[str]) -> list[str]:
    """Every class and corner token of the LDM baseline's prompts."""
    return [_class_token(index) for index in range(len(classes))] + [
        _place_token(index) for index in range(LDM_GRID * LDM_GRID)
    ]


def ldm_prompt(objects: Sequence[LayoutObject], classes: Sequence[str]) -> str:
    """The layout-to-image LDM's prompt (arXiv 2112.10752): class, upper left and lower right corner of each object.

    Raises:
        BoxpaintError: A prompt is none of the classes.
    """
    indices = {label: index for index, label in enumerate(classes)}
    words = []
    for number, item in enumerate(objects):
        if item.prompt not in indices:
            raise BoxpaintError(
                f"the prompt {item.prompt!r} is none of the model's {len(classes)} classes.",
                "layout",
                item=f"object {number}",
                field="prompt",
                hint=f"Use one of its classes, such as {classes[0]!r}." if classes else None,
            )
        box = item.box
        words += [_class_token(indices[item.prompt]), _corner(box.x0, box.y0), _corner(box.x1, box.y1)]
    return " ".join(words)


def _corner(x: float, y: float) -> str:
    column, row = (min(int(edge * LDM_GRID), LDM_GRID - 1) for edge in (x, y))
    return _place_token(row * LDM_GRID + column)


def _class_token(index: int) -> str:
    return f"<class{index:02d}>"


def _place_token(index: int) -> str:
    return f"<place{index:04d}>"


def joined_prompt(caption: str, objects: Sequence[LayoutObject]) -> str:
    """The caption, or the objects' prompts joined by "and" when there is none."""
    return caption.strip() or " and ".join(item.prompt for item in objects)
