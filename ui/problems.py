"""The problems of a layout in words."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from engine.layout.problems import Model, Problem, examine, find_problems
from ui.texts import N_

__all__ = ["Model", "Problem", "examine", "find_problems", "fix_name", "sentence"]


_SENTENCES: Mapping[str, str] = {
    "empty": N_("Problems", "Object {0} has no prompt."),
    "unknown": N_("Problems", "Object {0}: the model does not know “{1}”."),
    "small": N_("Problems", "Object {0} is smaller than the model can paint ({2:.0f} × {3:.0f} pixels)."),
    "covered": N_("Problems", "Object {0} is painted over by what comes after it."),
}
_FIXES: Mapping[str, str] = {
    "empty": N_("Problems", "Label it"),
    "unknown": N_("Problems", "Use “{}”"),
    "small": N_("Problems", "Enlarge it"),
    "covered": N_("Problems", "Paint it last"),
}


def sentence(problem: Problem) -> str:
    """What is wrong."""
    return _text(_SENTENCES[problem.kind]).format(problem.number, problem.prompt, *problem.least)


def fix_name(problem: Problem) -> str:
    """What mends it; empty when nothing can be offered."""
    if problem.fix is None and problem.kind != "empty":
        return ""
    return _text(_FIXES[problem.kind]).format(problem.suggestion)


def _text(text: str) -> str:
    return QCoreApplication.translate("Problems", text)
