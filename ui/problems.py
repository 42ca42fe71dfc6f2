"""The problems of a layout in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.layout.problems import Model, Problem, examine, find_problems

__all__ = ["Model", "Problem", "examine", "find_problems", "fix_name", "sentence"]


def sentence(problem: Problem) -> str:
    """What is wrong."""
    texts = {
        "empty": _text("Object {0} has no prompt."),
        "unknown": _text("Object {0}: the model does not know “{1}”."),
        "small": _text("Object {0} is smaller than the model can paint ({2:.0f} × {3:.0f} pixels)."),
        "covered": _text("Object {0} is painted over by what comes after it."),
    }
    return texts[problem.kind].format(problem.number, problem.prompt, *problem.least)


def fix_name(problem: Problem) -> str:
    """What mends it; empty when nothing can be offered."""
    if problem.kind == "empty":
        return _text("Label it")
    texts = {
        "unknown": _text("Use “{}”").format(problem.suggestion),
        "small": _text("Enlarge it"),
        "covered": _text("Paint it last"),
    }
    return texts[problem.kind] if problem.fix is not None else ""


def _text(text: str) -> str:
    return QCoreApplication.translate("Problems", text)
