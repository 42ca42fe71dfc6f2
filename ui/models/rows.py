"""A model as the list shows it, and the words for what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QLocale

from ui.texts import N_

CONTEXT = "Models"


class State(StrEnum):
    """Where a model is, and what is done with it."""

    BUILT_IN = "built-in"
    INSTALLED = "installed"
    BROKEN = "broken"
    UNFINISHED = "unfinished"
    FETCHABLE = "fetchable"
    WAITING = "waiting"
    COMING = "coming"
    BUSY = "busy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """A model.

    Attributes:
        name: Its name.
        kind: ``pipeline`` or ``detector``; empty when it is not known yet.
        state: See `State`.
        bytes, done: Its size, and how much of it is here, in bytes; 0 when that is not known.
        licence: Empty when none is stated.
        about: What it is for, in English; one of `PURPOSES`, or whatever the model itself says.
        fit: ``whole``, ``offloaded``, ``tight``, ``no``; empty while the machine was not asked.
        fit_text: The sentence about it.
        room: Why it does not fit on the disk; empty when it does.
        problem: What is wrong with it, or why it could not be fetched.
        repository, commit, page: Where it comes from on the hub, and the address of its page there.
        folder: Where it is, or would be.
        gated: Whether the hub gives it only to accounts that accepted its terms.
        doing: What is being done with it, with the speed and the time that is left.
    """

    name: str
    kind: str
    state: State
    bytes: int = 0
    done: int = 0
    licence: str = ""
    about: str = ""
    fit: str = ""
    fit_text: str = ""
    room: str = ""
    problem: str = ""
    repository: str = ""
    commit: str = ""
    page: str = ""
    folder: str = ""
    gated: bool = False
    doing: str = ""

    @property
    def here(self) -> bool:
        """Whether it lies on the disk whole, sound or not."""
        return self.state in (State.BUILT_IN, State.INSTALLED, State.BROKEN, State.BUSY)

    @property
    def can_be_fetched(self) -> bool:
        """Whether fetching may begin or go on."""
        return self.state == State.UNFINISHED or (self.state == State.FETCHABLE and bool(self.repository))


_STATES = {
    State.BUILT_IN: N_("Models", "built in"),
    State.INSTALLED: N_("Models", "here"),
    State.BROKEN: N_("Models", "broken"),
    State.UNFINISHED: N_("Models", "half here"),
    State.FETCHABLE: N_("Models", "to fetch"),
    State.WAITING: N_("Models", "waits"),
    State.COMING: N_("Models", "is fetched"),
    State.BUSY: N_("Models", "is checked"),
}
_KINDS = {"pipeline": N_("Models", "paints"), "detector": N_("Models", "detects")}
_FITS = {
    "whole": N_("Models", "fits"),
    "offloaded": N_("Models", "in parts"),
    "tight": N_("Models", "tight"),
    "no": N_("Models", "too large"),
}

PURPOSES = (
    N_("Models", "comes with the program: CLEVR scenes, in seconds and without a GPU"),
    N_("Models", "comes with the program: finds the 48 CLEVR classes"),
    N_("Models", "the paper's model for CLEVR and LayoutBench"),
    N_("Models", "the paper's model for everyday objects (LayoutBench-COCO)"),
    N_("Models", "ReCo, one call per picture (LayoutBench-COCO)"),
    N_("Models", "GLIGEN, text boxes, one call per picture (LayoutBench-COCO)"),
    N_("Models", "GLIGEN, paints one text box after the other on a picture"),
    N_("Models", "Stable Diffusion 1.5 led by a map of the boxes' classes (LayoutBench-COCO)"),
    N_("Models", "Stable Diffusion 1.5 for inpainting, anything in English"),
    N_("Models", "Stable Diffusion 2 for inpainting, anything in English"),
    N_("Models", "Stable Diffusion XL for inpainting, larger and slower"),
    N_("Models", "FLUX.1 Fill, the best pictures of these, needs a large machine"),
    N_("Models", "the paper's detector for CLEVR and LayoutBench, 48 classes"),
    N_("Models", "PicoDet, 80 everyday classes, small and quick, needs no hub"),
    N_("Models", "DETR, 80 everyday classes"),
    N_("Models", "RT-DETR, 80 everyday classes, faster"),
    N_("Models", "D-FINE, 80 everyday classes, small"),
    N_("Models", "OWLv2, finds what a text names"),
    N_("Models", "Grounding DINO, finds what a text names"),
)
"""What the published models are for; the engine's sentences, here for the translations."""


def translated(text: str) -> str:
    """A text of the tables above."""
    return QCoreApplication.translate(CONTEXT, text)


def kind_text(row: ModelRow) -> str:
    """What it does."""
    return translated(_KINDS[row.kind]) if row.kind in _KINDS else ""


def fit_text(row: ModelRow) -> str:
    """Whether it fits on the disk and in the memory, in a word or two."""
    if row.room:
        return QCoreApplication.translate(CONTEXT, "disk too full")
    return translated(_FITS[row.fit]) if row.fit in _FITS else ""


def state_text(row: ModelRow) -> str:
    """Where it is, with how much of it."""
    text = translated(_STATES[row.state])
    if row.state in (State.UNFINISHED, State.COMING) and row.bytes:
        return f"{text}, {QLocale().toString(100 * row.done // row.bytes)} %"
    return text


def size_text(count: int) -> str:
    """Bytes as the hub and disks count them."""
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeSIFormat) if count else ""
