"""Marks texts of tables, which are translated when they are shown."""

from __future__ import annotations


def N_(context: str, text: str) -> str:
    """The text itself; ``make translations`` finds it here and keeps it under ``context``.

    Show it by ``QCoreApplication.translate(context, text)``. Qt's own ``QT_TRANSLATE_NOOP`` is typed as an object.
    """
    return text
