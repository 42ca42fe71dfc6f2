"""The list of objects: painting order, prompts, what the detector says of them, hide and lock."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from engine.layout import Layout
from ui import edits
from ui.completion import PromptCompleter, Suggest
from ui.document import Document
from ui.edit_names import edit_name
from ui.panels.box_panel import BoxPanel
from ui.panels.details_panel import DetailsPanel
from ui.panels.objects_model import FOUND_COLUMNS, Column, ObjectsModel
from ui.timeline.results import ObjectResult

SEARCH_FROM = 8
"""With more objects than these, the list can be searched."""

Index = QModelIndex | QPersistentModelIndex


class PromptDelegate(QStyledItemDelegate):
    """Edits a prompt with the same suggestions as on the canvas."""

    def __init__(self, suggest: Suggest, parent: QWidget) -> None:
        super().__init__(parent)
        self._suggest = suggest

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName(self.tr("Prompt of the object"))
        editor.setFrame(False)
        PromptCompleter(editor, self._suggest)
        return editor


class IconDelegate(QStyledItemDelegate):
    """Paints a check state as one of two icons."""

    def __init__(self, on: QIcon, off: QIcon, parent: QWidget) -> None:
        super().__init__(parent)
        self._icons = {True: on, False: off}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        widget = option.widget
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        widget.style().drawPrimitive(widget.style().PrimitiveElement.PE_PanelItemViewItem, option, painter, widget)
        area = QRect(0, 0, 16, 16)
        area.moveCenter(option.rect.center())
        self._icons[Qt.CheckState(state) == Qt.CheckState.Checked].paint(painter, area)


class ObjectsPanel(QWidget):
    """The objects in the order in which they are painted. Drag to reorder, double click or F2 to edit the prompt."""

    def __init__(
        self,
        document: Document,
        suggest: Suggest,
        icons: Callable[[str], QIcon],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("objectsPanel")
        self._document = document
        self.model = ObjectsModel(document, self)
        self.view = _ObjectsView(self)
        self.view.setObjectName("objectsList")
        self.view.setAccessibleName(self.tr("Objects in painting order"))
        self.view.setModel(self.model)
        self.view.setItemDelegateForColumn(Column.PROMPT, PromptDelegate(suggest, self.view))
        self.view.setItemDelegateForColumn(Column.SHOWN, IconDelegate(icons("eye"), icons("eye-off"), self.view))
        self.view.setItemDelegateForColumn(Column.LOCKED, IconDelegate(icons("lock"), icons("unlock"), self.view))
        header = self.view.header()
        header.hide()
        header.setAccessibleName(self.tr("Columns of the objects"))
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(Column.PROMPT, QHeaderView.ResizeMode.Stretch)
        metrics = self.fontMetrics()
        for column, widest in zip(FOUND_COLUMNS, ("0.00 ", "0.00 ", "✗ 00"), strict=True):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, metrics.horizontalAdvance(widest) + 8)
            self.view.setColumnHidden(column, True)
        for column in (Column.SHOWN, Column.LOCKED):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, 26)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search objects"))
        self.search.setAccessibleName(self.tr("Search objects"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.box = BoxPanel(document, self)
        self.details = DetailsPanel(document, self)
        document.add_editor(self._typed)
        self._count = QLabel(self)
        self._count.setObjectName("panelNote")
        self._count.setWordWrap(True)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(10, 4, 10, 8)
        column_layout.addWidget(self.search)
        column_layout.addWidget(self.view)
        column_layout.addWidget(self._count)
        column_layout.addWidget(self.box)
        column_layout.addWidget(self.details)
        self._syncing = False
        self.view.selectionModel().selectionChanged.connect(self._list_selected)
        document.selection_changed.connect(self._show_selection)
        self.model.modelReset.connect(self._model_reset)
        self.model.dataChanged.connect(self._filter)
        self._model_reset()

    def show_results(self, results: Sequence[ObjectResult]) -> None:
        """Show per object whether the detector finds it, how well, and at which step it was lost again."""
        self.model.show_results(results)
        self._show_columns()

    def _show_columns(self) -> None:
        judged = self.model.judged
        self.view.header().setVisible(judged)
        for column in FOUND_COLUMNS:
            self.view.setColumnHidden(column, not judged)

    def _typed(self) -> tuple[str, Layout] | None:
        index = self.view.currentIndex().siblingAtColumn(Column.PROMPT)
        editor = self.view.indexWidget(index)
        if not isinstance(editor, QLineEdit):
            return None
        return edit_name("label"), edits.set_prompt(
            self._document.layout, (self.model.id_at(index.row()),), editor.text().strip()
        )

    def _filter(self) -> None:
        """Show only objects whose prompt holds every word of the search, or whose number it is."""
        words = self.search.text().lower().split()
        root = QModelIndex()
        for row in range(self.model.rowCount()):
            prompt = str(self.model.index(row, Column.PROMPT).data(Qt.ItemDataRole.EditRole)).lower()
            fits = all(word in prompt or word == str(row + 1) for word in words)
            self.view.setRowHidden(row, root, not fits)

    def _model_reset(self) -> None:
        self._show_selection()
        self._show_columns()
        if self.search.text():
            self._filter()
        self.search.setVisible(self.model.rowCount() > SEARCH_FROM or bool(self.search.text()))
        count = self.model.rowCount()
        self._count.setText(
            self.tr("Painted from top to bottom; drag to reorder.") if count else self.tr("Draw a box to begin.")
        )

    def _list_selected(self) -> None:
        if not self._syncing:
            rows = sorted({index.row() for index in self.view.selectionModel().selectedIndexes()})
            self._syncing = True
            self._document.select(self.model.id_at(row) for row in rows)
            self._syncing = False

    def _show_selection(self) -> None:
        if self._syncing:
            return
        chosen = set(self._document.selection)
        selection = QItemSelection()
        current: QModelIndex | None = None
        for row in range(self.model.rowCount()):
            name = self.model.id_at(row)
            if name in chosen:
                index = self.model.index(row, 0)
                selection.select(index, self.model.index(row, len(Column) - 1))
                if name == self._document.selection[-1]:
                    current = index
        self._syncing = True
        models = self.view.selectionModel()
        models.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if current is not None:
            models.setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.view.scrollTo(current)
        self._syncing = False


class _ObjectsView(QTreeView):
    """The list view: rows are moved among themselves, Enter edits, Alt with up and down reorders."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        model = self.model()
        editing = self.state() == QAbstractItemView.State.EditingState
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not editing and self.currentIndex().isValid():
            self.edit(model.index(self.currentIndex().row(), Column.PROMPT))
        elif (
            key in (Qt.Key.Key_Up, Qt.Key.Key_Down)
            and event.modifiers() & Qt.KeyboardModifier.AltModifier
            and isinstance(model, ObjectsModel)
        ):
            self._move_rows(model, -1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def _move_rows(self, model: ObjectsModel, by: int) -> None:
        rows = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        if rows:
            target = rows[0] - 1 if by < 0 else rows[-1] + 2
            if 0 <= target <= model.rowCount():
                model.move([model.id_at(row) for row in rows], target)
