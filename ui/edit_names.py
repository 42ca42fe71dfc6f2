"""The names of undo entries: what was done, to one box or to several."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from ui.texts import N_

CONTEXT = "History"
"""Where translations of the names are looked up."""

_NAMES: Mapping[str, tuple[str, str]] = {
    "align": (N_("History", "Align box"), N_("History", "Align {} boxes")),
    "color": (N_("History", "Colour box"), N_("History", "Colour {} boxes")),
    "cut": (N_("History", "Cut box"), N_("History", "Cut {} boxes")),
    "delete": (N_("History", "Delete box"), N_("History", "Delete {} boxes")),
    "detect": (N_("History", "Detect box"), N_("History", "Detect {} boxes")),
    "distribute": (N_("History", "Distribute box"), N_("History", "Distribute {} boxes")),
    "draw": (N_("History", "Draw box"), N_("History", "Draw {} boxes")),
    "duplicate": (N_("History", "Duplicate box"), N_("History", "Duplicate {} boxes")),
    "hide": (N_("History", "Hide box"), N_("History", "Hide {} boxes")),
    "label": (N_("History", "Label box"), N_("History", "Label {} boxes")),
    "lock": (N_("History", "Lock box"), N_("History", "Lock {} boxes")),
    "move": (N_("History", "Move box"), N_("History", "Move {} boxes")),
    "notes": (N_("History", "Notes on box"), N_("History", "Notes on {} boxes")),
    "nudge": (N_("History", "Nudge box"), N_("History", "Nudge {} boxes")),
    "paste": (N_("History", "Paste box"), N_("History", "Paste {} boxes")),
    "reorder": (N_("History", "Reorder box"), N_("History", "Reorder {} boxes")),
    "resize": (N_("History", "Resize box"), N_("History", "Resize {} boxes")),
    "seed": (N_("History", "Seed of box"), N_("History", "Seed of {} boxes")),
    "show": (N_("History", "Show box"), N_("History", "Show {} boxes")),
    "sort": (N_("History", "Sort box"), N_("History", "Sort {} boxes")),
    "unlock": (N_("History", "Unlock box"), N_("History", "Unlock {} boxes")),
}


def edit_name(edit: str, count: int = 1) -> str:
    """The name of an undo entry, e.g. ``"Move 3 boxes"`` for ``("move", 3)``, in the window's language."""
    one, several = _NAMES[edit]
    return QCoreApplication.translate(CONTEXT, one if count == 1 else several).format(count)
