"""Paints the canvas in two layers: what stays during a drag is cached as a pixmap, what moves is painted on top."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QWidget

from ui.canvas import painting
from ui.canvas.geometry import Edges
from ui.canvas.painting import Look, ScreenRects, Shown, TagCache
from ui.canvas.scene import Scene
from ui.canvas.snap import Guide
from ui.canvas.viewport import Viewport

PIXELS_SHOWN = 3.0
"""From this zoom on, pixels are painted as squares instead of being smoothed."""


MOST_AREAS = 4
"""Up to so many areas the cached layer is mended one by one."""

MOST_PLACES = 64
"""Up to so many changed objects the cached layer is mended; with more it is painted anew."""

GRID_SHOWN = 8.0
"""From this zoom on, a grid shows the pixels."""


class Renderer:
    """Owns the cached layer and what it is made of."""

    def __init__(self, palette: QPalette) -> None:
        self._look = Look.of(palette)
        self._tags = TagCache()
        self._rects = ScreenRects()
        self._layer: QPixmap | None = None
        self._layer_view = Viewport()
        self._stale = False
        self._places: list[Shown] = []
        """What in the layer is not as it was."""
        self._active: frozenset[str] = frozenset()
        self._picture: QPixmap | None = None
        self._notice = ""
        self._reference: QPixmap | None = None
        self._reference_opacity = 1.0
        self.picture_visible = True
        self.boxes_visible = True
        self.pixel_grid = True
        self.dashed = False
        """Whether boxes have dashes that go with their colours."""

    def invalidate(self) -> None:
        """The cached layer is out of date."""
        self._layer = None
        self._places = []

    def outdate(self, places: Sequence[Shown]) -> None:
        """These objects look otherwise or are somewhere else now: the layer is painted anew there."""
        if len(self._places) + len(places) > MOST_PLACES:
            self.invalidate()
        elif self._layer is not None:
            self._places += (entry for entry in places if entry.item.id not in self._active)

    def view_changed(self) -> None:
        """The layer shows the former view; it serves until the new one has come to rest."""
        self._stale = True

    def set_palette(self, palette: QPalette) -> None:
        self._look = Look.of(palette)
        self.invalidate()

    def set_active(self, active: frozenset[str], scene: Scene) -> None:
        """The objects that move: kept out of the cached layer."""
        if active != self._active:
            changed = active ^ self._active
            self._active = frozenset()  # both those that leave the layer and those that come back count
            self.outdate(scene.of(changed) if len(changed) <= MOST_PLACES else scene.shown)
            self._active = active

    def set_picture(self, picture: QImage | None, notice: str) -> None:
        self._picture = QPixmap.fromImage(picture) if picture is not None else None
        self._notice = notice
        self.invalidate()

    def set_reference(self, picture: QImage | None, opacity: float) -> None:
        self._reference = QPixmap.fromImage(picture) if picture is not None else None
        self._reference_opacity = opacity
        self.invalidate()

    @property
    def bare(self) -> bool:
        """Whether the paper is seen, not a picture."""
        return self._reference is None and (self._picture is None or not self.picture_visible)

    def paint(
        self,
        widget: QWidget,
        clip: QRect,
        *,
        view: Viewport,
        scene: Scene,
        size: tuple[int, int],
        selection: Collection[str],
        handles: bool,
        band: Edges | None,
        guides: Sequence[Guide],
        settled: bool,
    ) -> None:
        """Paint the part ``clip`` of the widget; ``settled`` is false while a zoom or pan is going on."""
        ratio = widget.devicePixelRatioF()
        settled = settled or len(scene.shown) <= painting.MANY_OBJECTS
        if self._layer is None or (settled and self._stale):
            self._layer = self._paint_layer(widget, view, scene, size, ratio)
            self._layer_view = view
            self._stale = False
            self._places = []
        elif self._places:
            self._mend_layer(widget, scene, size, ratio)
        painter = QPainter(widget)
        painter.setClipRect(clip)
        self._paint_cached(painter, widget, view)
        if self.boxes_visible:
            look = self._box_look(widget.rect(), ratio)
            moving = scene.of(self._active)
            rects = self._rects.of(moving, view)
            painting.paint_boxes(painter, moving, rects, self._tags, **look)
            chosen = scene.of(selection)
            rects = self._rects.of(chosen, view)
            painting.paint_selection(painter, self._look, chosen, rects, self._tags, ratio=ratio)
            bounds = scene.resizable_bounds(selection) if handles else None
            if bounds is not None:
                painting.paint_handles(painter, self._look, bounds, view, group=len(chosen) > 1)
        painting.paint_guides(painter, guides, view)
        if band is not None:
            painting.paint_band(painter, self._look, band, view)
        painter.end()

    def _paint_cached(self, painter: QPainter, widget: QWidget, view: Viewport) -> None:
        """The cached layer; while a zoom or pan is going on, moved and stretched from where it was painted."""
        assert self._layer is not None
        if view == self._layer_view:
            painter.drawPixmap(0, 0, self._layer)
            return
        factor = view.scale / self._layer_view.scale
        target = QRectF(
            view.dx - self._layer_view.dx * factor,
            view.dy - self._layer_view.dy * factor,
            widget.width() * factor,
            widget.height() * factor,
        )
        painter.fillRect(widget.rect(), self._look.backdrop)
        painter.drawPixmap(target, self._layer, QRectF(self._layer.rect()))

    def _paint_layer(
        self, widget: QWidget, view: Viewport, scene: Scene, size: tuple[int, int], ratio: float
    ) -> QPixmap:
        layer = QPixmap(widget.size() * ratio)
        layer.setDevicePixelRatio(ratio)
        painter = QPainter(layer)
        self._paint_staying(painter, view, scene, size, ratio, widget.rect())
        if self.boxes_visible and not scene.shown and self.bare and not self._notice:
            sheet = painting.screen_rect(Edges(0, 0, size[0], size[1]), view)
            lines = (
                QCoreApplication.translate("Canvas", "Drag to draw a box, then type what is in it."),
                QCoreApplication.translate("Canvas", "Generate paints the boxes one after the other."),
            )
            painting.paint_note(painter, self._look, sheet.adjusted(24, 24, -24, -24), lines)
        painter.end()
        return layer

    def _mend_layer(self, widget: QWidget, scene: Scene, size: tuple[int, int], ratio: float) -> None:
        """Paint the layer anew where something has changed."""
        view = self._layer_view
        if len(scene.shown) <= painting.FEW_OBJECTS:  # quick enough, and tags reach far beyond their boxes
            self._layer = self._paint_layer(widget, view, scene, size, ratio)
            self._places = []
            return
        assert self._layer is not None
        reach = self._tags.height + 4
        touched = (painting.screen_rect(entry.edges, view).adjusted(-4, -reach, 4, reach) for entry in self._places)
        areas = disjoint(area & widget.rect() for area in touched)
        self._places = []
        painter = QPainter(self._layer)
        for area in areas:
            painter.setClipRect(area)
            self._paint_staying(painter, view, scene, size, ratio, area)
        painter.end()

    def _paint_staying(
        self, painter: QPainter, view: Viewport, scene: Scene, size: tuple[int, int], ratio: float, area: QRect
    ) -> None:
        """Everything of the part ``area`` of the widget but what moves."""
        painter.fillRect(area, self._look.backdrop)
        self._paint_picture(painter, view, size)
        if self.pixel_grid and view.scale >= GRID_SHOWN:
            painting.paint_pixel_grid(painter, view, size, area=area)
        if self.boxes_visible:
            active = self._active
            staying = [entry for entry in scene.shown if entry.item.id not in active] if active else scene.shown
            rects = self._rects.of(staying, view)
            painting.paint_boxes(painter, staying, rects, self._tags, **self._box_look(area, ratio))

    def _box_look(self, area: QRect, ratio: float) -> dict[str, Any]:
        return {"area": area, "ratio": ratio, "filled": self.bare, "dashed": self.dashed}

    def paint_overview(self, painter: QPainter, view: Viewport, scene: Scene, size: tuple[int, int]) -> None:
        """Paint the picture and the outlines of the boxes."""
        self._paint_picture(painter, view, size)
        if self.boxes_visible:
            painting.paint_outlines(painter, scene.shown, view)

    def _paint_picture(self, painter: QPainter, view: Viewport, size: tuple[int, int]) -> None:
        painting.paint_paper(painter, self._look, view, size, grid=self.bare)
        sheet = painting.screen_rect(Edges(0, 0, size[0], size[1]), view)
        if self._reference is not None:
            painter.setOpacity(self._reference_opacity)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(sheet, self._reference, self._reference.rect())
            painter.setOpacity(1.0)
        if not self.picture_visible:
            return
        if self._notice:
            hatch = QColor(self._look.text)
            hatch.setAlpha(60)
            painter.fillRect(sheet, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
            painting.paint_note(painter, self._look, sheet.adjusted(24, 24, -24, -24), (self._notice,))
            return
        if self._picture is not None:
            zoom = sheet.width() / max(self._picture.width(), 1)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < PIXELS_SHOWN)
            painter.drawPixmap(sheet, self._picture, self._picture.rect())


def disjoint(areas: Iterable[QRect]) -> list[QRect]:
    """Few areas that do not overlap and together hold all of these."""
    kept: list[QRect] = []
    for area in areas:
        joined = area
        while touching := [other for other in kept if other.intersects(joined)]:
            kept = [other for other in kept if other not in touching]
            for other in touching:
                joined = joined.united(other)
        if not joined.isEmpty():
            kept.append(joined)
    if len(kept) <= MOST_AREAS:
        return kept
    whole = QRect()
    for area in kept:
        whole = whole.united(area)
    return [whole]
