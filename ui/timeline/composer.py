"""The picture of any frame: from its file; for a preview the picture under it, and on it the part that will stay."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QRegion

from engine.events import KeptPreviews
from engine.layout import Box, PixelBox
from ui.timeline.model import FrameKind, Position, RunModel
from ui.timeline.pictures import Picture, PictureCache
from ui.timeline.previews import Preview


class FrameComposer:
    """Makes frames of the shown run."""

    def __init__(self, run: RunModel, pictures: PictureCache) -> None:
        self._run = run
        self._pictures = pictures

    def picture(self, position: Position) -> Picture:
        """The frame at this position, or why there is none."""
        if position.kind is FrameKind.PREVIEW:
            preview = self._run.preview_at(position)
            if preview is not None:
                return Picture(self.with_preview(preview))
            kept = self._run.steps[position.step].previews
            if kept is not None and position.iteration in kept.iterations:
                return self._kept(position, kept)
        path = self._run.frame_path(position)
        if path is not None:
            return self._pictures.get(path)
        return Picture(None, self._run.steps[position.step].problem)

    def with_preview(self, preview: Preview, others: Sequence[Preview] = ()) -> QImage:
        """The picture before the preview's step, and the preview on the part of it that the step will change.

        ``others`` are previews of steps that are painted together with it; they are drawn as well.
        """
        rough = [(shown.step, shown.image(), shown.window) for shown in (*others, preview)]
        return self._on_picture(preview.step, rough)

    def _kept(self, position: Position, kept: KeptPreviews) -> Picture:
        sheet = self._pictures.get(kept.file)
        if sheet.image is None:
            return sheet
        height = sheet.image.height() // len(kept.iterations)
        top = kept.iterations.index(position.iteration) * height
        rough = sheet.image.copy(0, top, sheet.image.width(), height)
        return Picture(self._on_picture(position.step, [(position.step, rough, kept.window)]))

    def _on_picture(self, under: int, rough: Sequence[tuple[int, QImage, PixelBox]]) -> QImage:
        """The picture before step ``under`` with rough pictures of steps, each of a window, where they will stay."""
        image = self._under(under).convertToFormat(QImage.Format.Format_RGB32)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for step, picture, window in rough:
            clip = self._clip(step, image.size())
            if clip is not None:
                painter.setClipRegion(clip)
            painter.drawImage(QRectF(window.x0, window.y0, window.width, window.height), picture)
        painter.end()
        return image

    def _under(self, step: int) -> QImage:
        path = self._run.frame_path(Position(step, FrameKind.PREVIEW))
        found = self._pictures.get(path).image if path is not None else None
        if found is not None:
            return found
        black = QImage(QSize(*self._run.size), QImage.Format.Format_RGB32)
        black.fill(0)
        return black

    def _clip(self, index: int, size: QSize) -> QRegion | None:
        """What stays of a step's result: the object's box, or all but the boxes; None for everything."""
        run = self._run
        view, layout = run.steps[index], run.layout
        if run.compositing != "paste" or layout is None or view.step.kind == "whole":
            return None
        boxes = {item.id: item.box for item in layout.objects if not item.hidden}
        if view.step.kind == "foreground":
            box = boxes.get(view.step.object_id or "")
            return QRegion(_rect(box, size)) if box is not None else None
        if run.pixels != "exact" or view.step.object_id is not None:
            return None
        region = QRegion(QRect(0, 0, size.width(), size.height()))
        for box in boxes.values():
            region = region.subtracted(QRegion(_rect(box, size)))
        return region


def _rect(box: Box, size: QSize) -> QRect:
    pixels = box.to_pixels(size.width(), size.height())
    return QRect(pixels.x0, pixels.y0, pixels.width, pixels.height)
