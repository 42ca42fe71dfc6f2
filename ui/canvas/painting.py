"""How the canvas looks: functions that paint paper, picture, boxes, tags and handles with a QPainter."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap

from engine.layout import LayoutObject
from ui.canvas.geometry import Edges
from ui.canvas.hit import handle_points
from ui.canvas.snap import Guide
from ui.canvas.viewport import Viewport
from ui.colors import text_on
from ui.comfort import scaled
from ui.inks import is_dark
from ui.patterns import dashes_of

TAG_HEIGHT = 18
FEW_OBJECTS = 60
"""Up to so many objects every tag is written out; beyond it, a tag gets no wider than its box."""
MANY_OBJECTS = 250
"""With more, a zoom or pan that is going on shows the cached layer, stretched, until it has come to rest."""
TAG_WIDTH = 280
"""Widest tag in pixels."""
GUIDE_COLOR = QColor(236, 64, 160)
_TAGS_KEPT = 2000


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of the canvas, taken from the window's palette."""

    backdrop: QColor
    paper: QColor
    paper_edge: QColor
    grid: QColor
    accent: QColor
    text: QColor

    @classmethod
    def of(cls, palette: QPalette) -> Look:
        dark = is_dark(palette)
        return cls(
            backdrop=QColor("#1b1c1f") if dark else QColor("#e3e5e8"),
            paper=QColor("#2a2c31") if dark else QColor("#fbfbfc"),
            paper_edge=QColor("#4a4d55") if dark else QColor("#b9bdc4"),
            grid=QColor(255, 255, 255, 14) if dark else QColor(0, 0, 0, 14),
            accent=palette.color(QPalette.ColorRole.Highlight),
            text=QColor("#9aa0ab") if dark else QColor("#6b7280"),
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """An object as it is painted: number in painting order from 1, edges in picture pixels, colour as 8-bit RGB."""

    item: LayoutObject
    number: int
    edges: Edges
    color: tuple[int, int, int]


def _line(color: QColor, width: float) -> QPen:
    return QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin)


def screen_rect(edges: Edges, view: Viewport) -> QRect:
    """The box on whole screen pixels, its right and bottom line still inside the widget's grid."""
    x0, y0 = round(edges[0] * view.scale + view.dx), round(edges[1] * view.scale + view.dy)
    x1, y1 = round(edges[2] * view.scale + view.dx), round(edges[3] * view.scale + view.dy)
    return QRect(x0, y0, max(x1 - x0, 1), max(y1 - y0, 1))


class ScreenRects:
    """Where boxes lie on the screen, computed once per box and view."""

    def __init__(self) -> None:
        self._view = Viewport()
        self._rects: dict[str, tuple[Edges, QRect]] = {}

    def of(self, every: Sequence[Shown], view: Viewport) -> list[QRect]:
        """The screen rectangles of these objects."""
        if view != self._view:
            self._view = view
            self._rects.clear()
        known = self._rects
        rects = []
        for shown in every:
            name, edges = shown.item.id, shown.edges
            entry = known.get(name)
            if entry is None or entry[0] is not edges:
                entry = known[name] = (edges, screen_rect(edges, view))
            rects.append(entry[1])
        return rects


def tag_corner(box: QRect, height: int) -> QPoint:
    """Where a tag of this height goes: on top of its box, or inside when there is no room above."""
    top = box.top() - height
    return QPoint(box.left() - 2, top if top >= 0 else box.top())


_TagKey = tuple[str, bool, tuple[int, int, int], int, float]


class TagCache:
    """Painted tags, so that a repaint of a thousand boxes lays out no text twice."""

    def __init__(self) -> None:
        self._tags: OrderedDict[_TagKey, QPixmap] = OrderedDict()
        self._font = QFont()
        self._font.setPixelSize(scaled(11))
        self._font.setWeight(QFont.Weight.DemiBold)
        self._metrics = QFontMetrics(self._font)
        self.height = scaled(TAG_HEIGHT)
        """Of every tag, in screen pixels."""

    def tag(self, shown: Shown, ratio: float, *, numbered: bool = False, room: int = TAG_WIDTH) -> QPixmap:
        """The tag of an object, at most ``room`` pixels wide; ``numbered`` with its number in painting order."""
        item = shown.item
        text = f"{shown.number}  {item.prompt}" if numbered else item.prompt
        # Widths in steps: while a box is being resized its tag is not painted anew for every pixel.
        key = (text, item.locked, shown.color, room // 8, ratio)
        found = self._tags.get(key)
        if found is None:
            found = self._tags[key] = self._paint(text, shown, room // 8 * 8, ratio)
            if len(self._tags) > _TAGS_KEPT:
                self._tags.popitem(last=False)
        return found

    def _paint(self, text: str, shown: Shown, room: int, ratio: float) -> QPixmap:
        item, color = shown.item, shown.color
        if not item.prompt.strip():
            text += "…"
        if item.locked:
            text += "  🔒" if self._metrics.inFontUcs4(0x1F512) else QCoreApplication.translate("Canvas", "  (locked)")
        text = self._metrics.elidedText(text.replace("\n", " "), Qt.TextElideMode.ElideRight, max(room - 10, 8))
        width = min(self._metrics.horizontalAdvance(text) + 12, max(room, 20))
        pixmap = QPixmap(round(width * ratio), round(self.height * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(*color))
        painter.setPen(QPen(QColor(0, 0, 0, 70), 1))
        painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, self.height - 1), 3, 3)
        painter.setFont(self._font)
        painter.setPen(QColor(*text_on(color)))
        painter.drawText(QRectF(6, 0, width - 8, self.height), Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
        return pixmap


def paint_paper(painter: QPainter, look: Look, view: Viewport, size: tuple[int, int], *, grid: bool) -> None:
    """The empty picture: paper with a fine grid of eighths."""
    sheet = screen_rect(Edges(0, 0, size[0], size[1]), view)
    painter.fillRect(sheet, look.paper)
    if grid:
        painter.setPen(QPen(look.grid, 1))
        for part in range(1, 8):
            x = sheet.left() + round(sheet.width() * part / 8)
            y = sheet.top() + round(sheet.height() * part / 8)
            painter.drawLine(x, sheet.top(), x, sheet.bottom())
            painter.drawLine(sheet.left(), y, sheet.right(), y)
    painter.setPen(QPen(look.paper_edge, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(sheet.adjusted(-1, -1, 0, 0))


def paint_pixel_grid(painter: QPainter, view: Viewport, size: tuple[int, int], *, area: QRect) -> None:
    """A line between every two pixels of the picture that ``area`` of the widget shows."""
    sheet = screen_rect(Edges(0, 0, size[0], size[1]), view).intersected(area)
    if sheet.isEmpty():
        return
    (x0, y0), (x1, y1) = view.to_picture(sheet.left(), sheet.top()), view.to_picture(sheet.right(), sheet.bottom())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    # Two thin colours side by side are seen on every picture.
    for color, by in ((QColor(255, 255, 255, 50), 0), (QColor(0, 0, 0, 34), 1)):
        painter.setPen(color)
        for x in range(math.ceil(x0), math.floor(x1) + 1):
            at = round(x * view.scale + view.dx) + by
            painter.drawLine(at, sheet.top(), at, sheet.bottom())
        for y in range(math.ceil(y0), math.floor(y1) + 1):
            at = round(y * view.scale + view.dy) + by
            painter.drawLine(sheet.left(), at, sheet.right(), at)


def paint_outlines(painter: QPainter, every: Sequence[Shown], view: Viewport) -> None:
    """The boxes as thin outlines in their colours."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    groups: dict[tuple[int, int, int], list[QRect]] = {}
    for shown in every:
        rect = screen_rect(shown.edges, view).adjusted(0, 0, -1, -1)
        groups.setdefault(shown.color, []).append(rect)
    for color, group in groups.items():
        painter.setPen(QColor(*color))
        painter.drawRects(group)


def paint_boxes(
    painter: QPainter,
    every: Sequence[Shown],
    rects: Sequence[QRect],
    tags: TagCache,
    *,
    area: QRect,
    ratio: float,
    filled: bool,
    dashed: bool = False,
) -> None:
    """The boxes that ``area`` of the widget shows: outlines, fills if there is no picture to see, tags on top.

    Args:
        rects: Where the boxes lie on the screen.
        dashed: Whether every colour has dashes of its own.
    """
    groups: dict[tuple[int, int, int], list[QRect]] = {}
    inside: list[tuple[Shown, QRect]] = []
    area = area.adjusted(-4, -4, 4, tags.height + 4)  # outlines and tags lie outside the boxes
    for shown, rect in zip(every, rects, strict=True):
        if not area.intersects(rect):
            continue
        inside.append((shown, rect))
        color = shown.color
        if color in groups:
            groups[color].append(rect)
        else:
            groups[color] = [rect]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    # In the order of the colours, not of the boxes: a part of the canvas looks the same painted alone.
    for color, group in sorted(groups.items()):
        if filled:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(*color, 34))
            painter.drawRects(group)
        _outline(painter, group, QColor(*color), dashes_of(color) if dashed else ())
    _paint_tags(painter, inside, tags, ratio=ratio, few=len(every) <= FEW_OBJECTS)


def _outline(painter: QPainter, rects: Sequence[QRect], color: QColor, dashes: Sequence[float]) -> None:
    # Opaque lines of one pixel are what the raster engine is quick at: a thick outline is two of them and a dark one
    # round them. One thick or translucent pen takes ten times as long.
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(color.darker(165))
    painter.drawRects([rect.adjusted(-2, -2, 2, 2) for rect in rects])
    if not dashes:
        painter.setPen(color)
    painter.drawRects([rect.adjusted(-1, -1, 1, 1) for rect in rects])
    painter.drawRects(list(rects))
    if dashes:
        pen = QPen(color, 2, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
        pen.setDashPattern([length / 2 for length in dashes])  # Qt counts in widths of the pen
        painter.setPen(pen)
        painter.drawRects(list(rects))


def _paint_tags(
    painter: QPainter, every: Sequence[tuple[Shown, QRect]], tags: TagCache, *, ratio: float, few: bool
) -> None:
    for shown, rect in every:
        x, y, width = rect.left() - 2, rect.top() - tags.height, rect.width() + 4
        if y < 0:
            y = rect.top()
        if few:
            painter.drawPixmap(x, y, tags.tag(shown, ratio, numbered=True, room=max(width, 176)))
        elif width >= 26:
            # Of many, the part that fits is shown: one painted tag serves every zoom.
            tag = tags.tag(shown, ratio)
            painter.drawPixmap(x, y, tag, 0, 0, min(round(width * ratio), tag.width()), tag.height())


def paint_selection(
    painter: QPainter, look: Look, every: Sequence[Shown], rects: Sequence[QRect], tags: TagCache, *, ratio: float
) -> None:
    """What is selected: a bright outline, and for a few also the tag in full."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(look.accent)
    painter.drawRects(list(rects))
    if len(rects) > FEW_OBJECTS:
        return
    painter.drawRects([rect.adjusted(-1, -1, 1, 1) for rect in rects])
    painter.setPen(QColor(255, 255, 255))
    for by in (-2, 1):
        painter.drawRects([rect.adjusted(by, by, -by, -by) for rect in rects])
    if len(every) <= 8:
        for shown, rect in zip(every, rects, strict=True):
            tag = tags.tag(shown, ratio, numbered=True)
            painter.drawPixmap(tag_corner(rect, tags.height), tag)


def paint_handles(painter: QPainter, look: Look, bounds: Edges, view: Viewport, *, group: bool) -> None:
    """The eight handles, and round a group the box that they drag."""
    rect = screen_rect(bounds, view)
    if group:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(look.accent, 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(look.accent, 1.6))
    painter.setBrush(QColor(255, 255, 255))
    corners = Edges(rect.left(), rect.top(), rect.left() + rect.width(), rect.top() + rect.height())
    small = min(rect.width(), rect.height()) < 30
    for name, (x, y) in handle_points(corners).items():
        if small and " " not in name:
            continue
        painter.drawEllipse(QPointF(x, y), 4.2, 4.2)


def paint_band(painter: QPainter, look: Look, band: Edges, view: Viewport) -> None:
    """The rubber band."""
    fill = QColor(look.accent)
    fill.setAlpha(36)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(look.accent, 1, Qt.PenStyle.DashLine))
    painter.setBrush(fill)
    painter.drawRect(screen_rect(band, view))


def paint_guides(painter: QPainter, guides: Sequence[Guide], view: Viewport) -> None:
    """The lines that a drag has snapped to."""
    if not guides:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(GUIDE_COLOR)
    for axis, at, low, high in guides:
        ends = ((at, low), (at, high)) if axis == 0 else ((low, at), (high, at))
        (x0, y0), (x1, y1) = (view.to_screen(*end) for end in ends)
        painter.drawLine(round(x0), round(y0), round(x1), round(y1))


def paint_note(painter: QPainter, look: Look, area: QRect, lines: Iterable[str]) -> None:
    """A few centred words, e.g. how to begin on an empty canvas."""
    font = QFont(painter.font())
    font.setPixelSize(scaled(15))
    painter.setFont(font)
    painter.setPen(look.text)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, "\n".join(lines))
