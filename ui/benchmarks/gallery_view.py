"""The gallery itself: thumbnails of pictures with what became of their objects."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.benchmarks.gallery_model import SHOT, GalleryModel
from ui.benchmarks.values import TARGET_VERDICTS, VERDICT_COLORS, Shot
from ui.browser.reading import SmallPictures

SIDE = 128
"""Room for a thumbnail, in device-independent pixels."""

_MARGIN = 6
_BAR = 5
"""Height of the bar of verdicts under a thumbnail."""

_KEPT = 240
"""Thumbnails that are held: several screens full, at most 60 MiB."""

Index = QModelIndex | QPersistentModelIndex


class GalleryDelegate(QStyledItemDelegate):
    """Paints a picture, the verdicts on its objects as a bar, its name and its score."""

    def __init__(self, pictures: SmallPictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = QFontMetrics(option.font).height()
        return QSize(SIDE + 2 * _MARGIN, SIDE + _BAR + 2 * line + 3 * _MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shot, widget, palette, place = index.data(SHOT), option.widget, option.palette, option.rect
        if shot is None:
            return
        widget.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, widget)
        room = QRect(place.left() + _MARGIN, place.top() + _MARGIN, SIDE, SIDE)
        self._paint_picture(painter, shot, room, palette)
        self._paint_verdicts(painter, shot, QRect(room.left(), room.bottom() + 3, SIDE, _BAR))
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        model = index.model()
        about = model.about(shot) if isinstance(model, GalleryModel) else ""
        strong = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        faint = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.PlaceholderText
        metrics, top = QFontMetrics(option.font), room.bottom() + 3 + _BAR + 2
        for number, (text, role, elide) in enumerate(
            ((about, strong, Qt.TextElideMode.ElideRight), (shot.name, faint, Qt.TextElideMode.ElideLeft))
        ):
            line = QRect(room.left(), top + number * metrics.height(), SIDE, metrics.height())
            painter.setPen(palette.color(role))
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft, metrics.elidedText(text, elide, SIDE))

    def _paint_picture(self, painter: QPainter, shot: Shot, room: QRect, palette: QPalette) -> None:
        image = self._pictures.get(shot.file) if shot.file else None
        if image is not None and not image.isNull():
            size = image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(room.topLeft(), size)
            place.moveCenter(room.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, image)
            return
        painter.fillRect(room, palette.color(QPalette.ColorRole.Midlight))
        if shot.file and image is None:
            self._pictures.want(shot.file)
        elif shot.file or shot.state == "failed":
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            missing = self.tr("The picture is missing or damaged") if shot.file else self.tr("Failed")
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, missing)

    def _paint_verdicts(self, painter: QPainter, shot: Shot, room: QRect) -> None:
        total = shot.targets
        if not total:
            return
        done = 0
        for verdict in TARGET_VERDICTS:
            count = shot.count(verdict)
            if count:
                left, right = room.width() * done // total, room.width() * (done + count) // total
                part = QRect(room.left() + left, room.top(), right - left, room.height())
                painter.fillRect(part, QColor(VERDICT_COLORS[verdict]))
                done += count


class GalleryView(QListView):
    """Pictures in rows that fill the width. The arrow keys move, Enter or a double click opens."""

    chosen = Signal(object)
    """Another `Shot` is the current one, or None."""
    opened = Signal(object)

    def __init__(self, model: GalleryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("galleryView")
        self.setAccessibleName(self.tr("Pictures of the export"))
        self._gallery = model
        self.pictures = SmallPictures(self, side=2 * SIDE, kept=_KEPT)
        self.pictures.arrived.connect(self.viewport().update)
        self.setModel(model)
        self.setItemDelegate(GalleryDelegate(self.pictures, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSpacing(2)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.selectionModel().currentChanged.connect(self._current_changed)
        self.doubleClicked.connect(self._open)
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        self._former: Shot | None = None

    @property
    def current(self) -> Shot | None:
        """The current picture."""
        return self._gallery.shot_at(self.currentIndex().row())

    def show_row(self, row: int) -> None:
        """Make a row the current one, and scroll to it."""
        self.setCurrentIndex(self._gallery.index(row, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._open()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        if self.current is not None:
            self.opened.emit(self.current)

    def _current_changed(self) -> None:
        self.chosen.emit(self.current)

    def _remember(self) -> None:
        self._former = self.current

    def _restore(self) -> None:
        """The same picture stays the current one if it is still there, else it is the first."""
        former, row = self._former, None
        if former is not None:
            row = self._gallery.row_of(former.split, former.name)
        if self._gallery.rowCount():
            self.setCurrentIndex(self._gallery.index(row or 0, 0))
        self.chosen.emit(self.current)
