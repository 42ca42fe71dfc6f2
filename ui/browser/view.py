"""The list that shows layouts with their thumbnails."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.browser.model import ITEM, OPEN, LayoutsModel
from ui.browser.thumbnails import SIDE, Thumbnails

_MARGIN = 5
_BAR = 3
"""Width of the bar that marks the layout on the canvas."""

Index = QModelIndex | QPersistentModelIndex


class LayoutDelegate(QStyledItemDelegate):
    """Paints a row: thumbnail, name, and what is in it."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(SIDE + 120, SIDE + 2 * _MARGIN)

    def text_rect(self, row: QRect) -> QRect:
        """Where the texts of a row are."""
        return row.adjusted(SIDE + 3 * _MARGIN + _BAR, _MARGIN, -_MARGIN, -_MARGIN)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        place = self.text_rect(option.rect)
        height = editor.sizeHint().height()
        editor.setGeometry(QRect(place.left(), place.center().y() - height // 2, place.width(), height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item = index.data(ITEM)
        if item is None:
            return
        widget, palette, row = option.widget, option.palette, option.rect
        widget.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, widget)
        if index.data(OPEN):
            painter.fillRect(
                QRect(row.left(), row.top() + _MARGIN, _BAR, row.height() - 2 * _MARGIN),
                palette.color(QPalette.ColorRole.Highlight),
            )
        room = QRect(row.left() + _BAR + _MARGIN, row.top() + _MARGIN, SIDE, SIDE)
        # Not the widget's palette: its style sheet makes the background transparent, which passes for dark.
        pixmap = self._thumbnails.get(item, QGuiApplication.palette(), widget.devicePixelRatioF())
        place = QRect(0, 0, *pixmap.deviceIndependentSize().toSize().toTuple())
        place.moveCenter(room.center())
        painter.drawPixmap(place, pixmap)
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawRect(place.adjusted(0, 0, -1, -1))
        self._paint_texts(painter, option, index)

    def _paint_texts(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        palette, texts = option.palette, self.text_rect(option.rect)
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        model = index.model()
        details = model.details(index.data(ITEM)) if isinstance(model, LayoutsModel) else ""
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        faint = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.PlaceholderText
        half = texts.height() // 2
        lines = (
            (bold, role, index.data(), Qt.TextElideMode.ElideMiddle, texts.adjusted(0, 0, 0, -half)),
            (option.font, faint, details, Qt.TextElideMode.ElideRight, texts.adjusted(0, half, 0, 0)),
        )
        for number, (font, color, text, elide, place) in enumerate(lines):
            painter.setFont(font)
            painter.setPen(palette.color(color))
            side = Qt.AlignmentFlag.AlignBottom if number == 0 else Qt.AlignmentFlag.AlignTop
            painter.drawText(
                place, side | Qt.AlignmentFlag.AlignLeft, QFontMetrics(font).elidedText(text, elide, place.width())
            )


class LayoutsView(QListView):
    """A list of layouts. A plain click or Enter opens one; Shift and Ctrl select several.

    Where a click should only select (``click_opens`` is off), a double click opens.
    """

    open_wanted = Signal(int)
    delete_wanted = Signal()
    move_wanted = Signal(int)
    """Alt with up or down: the selected layouts should go that way by one."""

    def __init__(self, model: LayoutsModel, parent: QWidget | None = None, *, editable: bool = False) -> None:
        super().__init__(parent)
        self._layouts = model
        self._editable = editable
        self.click_opens = True
        self.thumbnails = Thumbnails(self)
        self.thumbnails.arrived.connect(self.viewport().update)
        self.setModel(model)
        self.setItemDelegate(LayoutDelegate(self.thumbnails, self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(SIDE + 2 * _MARGIN)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.EditKeyPressed if editable else triggers.NoEditTriggers)
        if editable:
            self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
            self.setDefaultDropAction(Qt.DropAction.MoveAction)
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        self._current_place: int | None = None

    def selected_places(self) -> list[int]:
        """The places of the selected layouts, in order."""
        places = (self._layouts.place_at(index) for index in self.selectionModel().selectedIndexes())
        return sorted(place for place in places if place is not None)

    def show_place(self, place: int) -> None:
        """Select the layout at this place alone, and scroll to it."""
        row = self._layouts.row_of(place)
        if row is not None:
            index = self._layouts.index(row, 0)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def select_places(self, places: Sequence[int]) -> None:
        """Select exactly the layouts at these places."""
        selection = QItemSelection()
        for place in places:
            row = self._layouts.row_of(place)
            if row is not None:
                selection.select(self._layouts.index(row, 0), self._layouts.index(row, 0))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_own(event):
            event.accept()
            return True
        return super().event(event)

    def _is_own(self, event: QKeyEvent) -> bool:
        """Whether a key for which the window has a command about objects means layouts while the list has the focus."""
        if event.matches(QKeySequence.StandardKey.SelectAll):
            return True
        return self._editable and event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Delete)

    def open_current(self) -> None:
        """Say that the current layout is wanted."""
        self._open(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        editing = self.state() == QAbstractItemView.State.EditingState
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not editing and not event.modifiers():
            self.open_current()
        elif key == Qt.Key.Key_Delete and self._editable and not editing:
            self.delete_wanted.emit()
        elif (
            key in (Qt.Key.Key_Up, Qt.Key.Key_Down)
            and event.modifiers() & Qt.KeyboardModifier.AltModifier
            and self._editable
        ):
            self.move_wanted.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragging = self.state() != QAbstractItemView.State.NoState
        super().mouseReleaseEvent(event)
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        index = self.indexAt(event.position().toPoint())
        if self.click_opens and plain and not dragging and index == self.currentIndex():
            self._open(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if not self.click_opens:
            self._open(self.indexAt(event.position().toPoint()))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.thumbnails.clear()
        super().changeEvent(event)

    def _open(self, index: Index) -> None:
        place = self._layouts.place_at(index)
        if place is not None:
            self.open_wanted.emit(place)

    def _remember(self) -> None:
        self._current_place = self._layouts.place_at(self.currentIndex())

    def _restore(self) -> None:
        """After a filter the same layout stays the current one if it is still there, else the first."""
        row = self._layouts.row_of(self._current_place)
        if self._layouts.rowCount():
            index = self._layouts.index(row or 0, 0)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(index)
