"""The entry points by which installed packages add methods (docs/methods.md); reading their names loads no library."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points

ENTRY_POINTS = "boxpaint.methods"
"""Group of the entry points by which a package adds methods."""


@cache
def plug_ins() -> dict[str, EntryPoint]:
    """The entry point of each method that a package adds, by the method's name, sorted. Their code is not loaded."""
    return {point.name: point for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name)}
