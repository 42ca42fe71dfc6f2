"""Which pointer tells what a press would do."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ui.canvas.geometry import HANDLES
from ui.canvas.hit import Hit

_BY_DIRECTION = {
    (-1, -1): Qt.CursorShape.SizeFDiagCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 1): Qt.CursorShape.SizeBDiagCursor,
    (0, -1): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (-1, 0): Qt.CursorShape.SizeHorCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
}


def cursor_for(hit: Hit | None, *, drawing: bool, panning: bool) -> Qt.CursorShape:
    """The pointer over ``hit`` with this tool."""
    if panning:
        return Qt.CursorShape.OpenHandCursor
    if hit is not None and hit.handle is not None:
        return _BY_DIRECTION[HANDLES[hit.handle]]
    if drawing:
        return Qt.CursorShape.CrossCursor
    return Qt.CursorShape.SizeAllCursor if hit is not None else Qt.CursorShape.ArrowCursor
