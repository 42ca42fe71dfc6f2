"""How the canvas looks: functions that paint paper, picture, boxes, tags and handles with a QPainter."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap

from engine.layout import LayoutObject
from ui.canvas.geometry import Edges
from ui.canvas.hit import handle_points
from ui.canvas.viewport import Viewport
from ui.colors import object_color, text_on

TAG_HEIGHT = 18
FEW_OBJECTS = 60
"""Up to so many objects every tag is written out; beyond it, a tag gets no wider than its box."""
_TAGS_KEPT = 4000


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
        dark = palette.color(QPalette.ColorRole.Window).lightness() < 128
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
    """An object as it is painted: number in painting order from 1, and edges in picture pixels."""

    item: LayoutObject
    number: int
    edges: Edges


def _line(color: QColor, width: float) -> QPen:
    return QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin)


def screen_rect(edges: Edges, view: Viewport) -> QRect:
    """The box on whole screen pixels, its right and bottom line still inside the widget's grid."""
    x0, y0 = round(edges[0] * view.scale + view.dx), round(edges[1] * view.scale + view.dy)
    x1, y1 = round(edges[2] * view.scale + view.dx), round(edges[3] * view.scale + view.dy)
    return QRect(x0, y0, max(x1 - x0, 1), max(y1 - y0, 1))


def tag_rect(box: QRect, width: int) -> QRect:
    """Where the tag of a box goes: on top of it, or inside when there is no room above."""
    top = box.top() - TAG_HEIGHT
    return QRect(box.left() - 1, top if top >= 0 else box.top(), width, TAG_HEIGHT)


class TagCache:
    """Painted tags, so that a repaint of a thousand boxes lays out no text twice."""

    def __init__(self) -> None:
        self._tags: OrderedDict[tuple[str, tuple[int, int, int], int, float], QPixmap] = OrderedDict()
        self._font = QFont()
        self._font.setPixelSize(11)
        self._font.setWeight(QFont.Weight.DemiBold)
        self._metrics = QFontMetrics(self._font)

    def tag(self, shown: Shown, room: int, ratio: float) -> QPixmap | None:
        """The tag at most ``room`` pixels wide; None when that is too narrow for anything."""
        item = shown.item
        text = f"{shown.number}  {item.prompt}" if item.prompt.strip() else f"{shown.number}  …"
        if item.locked:
            text += "  🔒" if self._metrics.inFontUcs4(0x1F512) else "  (locked)"
        color = object_color(item.prompt)
        # Widths in steps: while a box is being resized its tag is not painted anew for every pixel.
        key = (text, color, min(room, 600) // 8, ratio)
        found = self._tags.get(key)
        if found is not None:
            self._tags.move_to_end(key)
            return found
        if room < 20:
            return None
        tag = self._paint(text, color, room // 8 * 8, ratio)
        self._tags[key] = tag
        if len(self._tags) > _TAGS_KEPT:
            self._tags.popitem(last=False)
        return tag

    def _paint(self, text: str, color: tuple[int, int, int], room: int, ratio: float) -> QPixmap:
        text = self._metrics.elidedText(text.replace("\n", " "), Qt.TextElideMode.ElideRight, max(room - 10, 8))
        width = min(self._metrics.horizontalAdvance(text) + 12, max(room, 20))
        pixmap = QPixmap(round(width * ratio), round(TAG_HEIGHT * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(*color))
        painter.setPen(QPen(QColor(0, 0, 0, 70), 1))
        painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, TAG_HEIGHT - 1), 3, 3)
        painter.setFont(self._font)
        painter.setPen(QColor(*text_on(color)))
        painter.drawText(QRectF(6, 0, width - 8, TAG_HEIGHT), Qt.AlignmentFlag.AlignVCenter, text)
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


def paint_boxes(
    painter: QPainter, every: Sequence[Shown], view: Viewport, tags: TagCache, *, ratio: float, filled: bool
) -> None:
    """All boxes: outlines in their colours on a dark halo, fills if there is no picture to see, tags on top."""
    groups: dict[tuple[int, int, int], list[QRect]] = {}
    rects: list[QRect] = []
    scale, dx, dy = view.scale, view.dx, view.dy
    for shown in every:
        edges = shown.edges
        x0, y0 = round(edges[0] * scale + dx), round(edges[1] * scale + dy)
        x1, y1 = round(edges[2] * scale + dx), round(edges[3] * scale + dy)
        rect = QRect(x0, y0, max(x1 - x0, 1), max(y1 - y0, 1))
        rects.append(rect)
        groups.setdefault(object_color(shown.item.prompt), []).append(rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_line(QColor(0, 0, 0, 60), 4))
    painter.drawRects(rects)
    for color, group in groups.items():
        painter.setPen(_line(QColor(*color), 2))
        painter.setBrush(QBrush(QColor(*color, 34)) if filled else Qt.BrushStyle.NoBrush)
        painter.drawRects(group)
    few = len(every) <= FEW_OBJECTS
    for shown, rect in zip(every, rects, strict=True):
        room = rect.width() + 2
        if few:
            room = max(room, 176)
        tag = tags.tag(shown, room, ratio) if room >= 20 else None
        if tag is not None:
            top = rect.top() - TAG_HEIGHT
            painter.drawPixmap(rect.left() - 1, top if top >= 0 else rect.top(), tag)


def paint_selection(
    painter: QPainter, look: Look, every: Sequence[Shown], view: Viewport, tags: TagCache, *, ratio: float
) -> None:
    """What is selected: a bright outline, and for a few also the tag in full."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    rects = [screen_rect(shown.edges, view) for shown in every]
    for pen in (_line(QColor(255, 255, 255, 230), 4), _line(look.accent, 2)):
        painter.setPen(pen)
        painter.drawRects(rects)
    if len(every) <= 8:
        for shown, rect in zip(every, rects, strict=True):
            tag = tags.tag(shown, 600, ratio)
            if tag is not None:
                painter.drawPixmap(tag_rect(rect, 0).topLeft(), tag)


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


def paint_note(painter: QPainter, look: Look, area: QRect, lines: Iterable[str]) -> None:
    """A few centred words, e.g. how to begin on an empty canvas."""
    font = QFont(painter.font())
    font.setPixelSize(15)
    painter.setFont(font)
    painter.setPen(look.text)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, "\n".join(lines))
