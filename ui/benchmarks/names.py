"""What verdicts and mistakes are called, and what they mean."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui.texts import N_

_NAMES = {
    "hit": (N_("Verdicts", "hit"), N_("Verdicts", "found, in its place, with its label")),
    "duplicated": (N_("Verdicts", "duplicated"), N_("Verdicts", "found, and once more beside it")),
    "misplaced": (N_("Verdicts", "misplaced"), N_("Verdicts", "the right thing, but beside its box")),
    "wrong-size": (N_("Verdicts", "wrong size"), N_("Verdicts", "the right thing, but much larger or smaller")),
    "wrong-attribute": (
        N_("Verdicts", "wrong attribute"),
        N_("Verdicts", "something in its place, but of another colour, material, shape or class"),
    ),
    "merged": (N_("Verdicts", "merged"), N_("Verdicts", "grown together with a neighbour")),
    "lost": (N_("Verdicts", "lost"), N_("Verdicts", "it was there when it was painted, and is not any more")),
    "missing": (N_("Verdicts", "missing"), N_("Verdicts", "nothing of the kind is there")),
    "duplicate": (N_("Verdicts", "duplicate"), N_("Verdicts", "one more of an object that was found")),
    "confused": (N_("Verdicts", "confused"), N_("Verdicts", "on an object that is something else")),
    "wrong-color": (N_("Verdicts", "wrong colour"), ""),
    "wrong-material": (N_("Verdicts", "wrong material"), ""),
    "wrong-shape": (N_("Verdicts", "wrong shape"), ""),
    "wrong-class": (N_("Verdicts", "wrong class"), ""),
    "invented": (N_("Verdicts", "invented"), N_("Verdicts", "where no object is")),
}


def verdict_name(verdict: str) -> str:
    """What people call a verdict."""
    return QCoreApplication.translate("Verdicts", _NAMES[verdict][0]) if verdict in _NAMES else verdict


def verdict_meaning(verdict: str) -> str:
    """What a verdict says."""
    meaning = _NAMES.get(verdict, ("", ""))[1]
    return QCoreApplication.translate("Verdicts", meaning) if meaning else ""
