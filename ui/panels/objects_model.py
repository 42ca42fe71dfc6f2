"""The objects of the document as a table model: prompt, what the detector says, shown or hidden, locked or not."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from engine.errors import BoxpaintError
from engine.layout import Layout, LayoutObject
from engine.layout.notes import notes_of
from ui import edits
from ui.colors import color_of
from ui.document import Document
from ui.edit_names import edit_name
from ui.inks import faint
from ui.timeline.results import ObjectResult, Verdict, verdict_ink, verdict_text

ROWS_MIME = "application/x-boxpaint-rows"

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """What the columns show."""

    PROMPT = 0
    IOU = 1
    SCORE = 2
    FOUND = 3
    SHOWN = 4
    LOCKED = 5


FOUND_COLUMNS = (Column.IOU, Column.SCORE, Column.FOUND)
"""What the detector says of an object in the run that the timeline shows."""


class ObjectsModel(QAbstractTableModel):
    """Rows are the objects in painting order. Edits become undo entries of the document."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._objects = document.layout.objects
        self._found: dict[str, ObjectResult] = {}
        document.layout_changed.connect(self._layout_changed)
        document.committed.connect(self._results_changed)  # a box that was moved is another one than that of the run

    def id_at(self, row: int) -> str:
        """The id of the object in this row."""
        return self._objects[row].id

    def row_of(self, object_id: str) -> int | None:
        """The row of this object."""
        return next((row for row, item in enumerate(self._objects) if item.id == object_id), None)

    def show_results(self, results: Sequence[ObjectResult]) -> None:
        """Show what the detector says of these objects of a run, where the document has them."""
        found = {result.item.id: result for result in results}
        if found != self._found:
            self._found = found
            self._results_changed()

    def _results_changed(self) -> None:
        if self._found and self._objects:
            self.dataChanged.emit(self.index(0, Column.IOU), self.index(len(self._objects) - 1, Column.FOUND))

    @property
    def judged(self) -> bool:
        """Whether the detector has said anything of an object of the document."""
        told = (self._found.get(item.id) for item in self._objects)
        return any(result is not None and result.verdict is not Verdict.WAITING for result in told)

    # -- reading

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self._objects)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            # The narrow columns say themselves what they are.
            return (self.tr("Object"), self.tr("IoU"), self.tr("Score"), "", "", "")[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section in FOUND_COLUMNS:
            return Qt.AlignmentFlag.AlignCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self._objects[index.row()]
        column = index.column()
        if column in FOUND_COLUMNS:
            return self._result_data(item, Column(column), role)
        if role == Qt.ItemDataRole.CheckStateRole and column != Column.PROMPT:
            checked = not item.hidden if column == Column.SHOWN else item.locked
            return Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._description(index.row(), column)
        if column != Column.PROMPT:
            return None
        if role == Qt.ItemDataRole.EditRole:
            return item.prompt
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{index.row() + 1}   {item.prompt or self.tr('no prompt yet')}"
        if role == Qt.ItemDataRole.DecorationRole:
            return swatch(color_of(item))
        if role == Qt.ItemDataRole.ForegroundRole and (item.hidden or not item.prompt):
            return faint()
        return None

    def _result_data(self, item: LayoutObject, column: Column, role: int) -> Any:
        result = self._found.get(item.id)
        if result is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            if column == Column.FOUND:
                return _mark(result)
            value = result.iou if column == Column.IOU else result.score
            return f"{value:.2f}" if value is not None else "–"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            if _changed(item, result) or column != Column.FOUND:
                return faint() if _changed(item, result) else None
            ink = verdict_ink(result)
            return ink.color() if ink is not None else None
        if role == Qt.ItemDataRole.AccessibleTextRole and column != Column.FOUND:  # rows are read cell by cell
            value = self._result_data(item, column, Qt.ItemDataRole.DisplayRole)
            return (self.tr("IoU {}") if column == Column.IOU else self.tr("score {}")).format(value)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._told(item, result, verdict_text(result))
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._verdict(item, result)
        return None

    def _verdict(self, item: LayoutObject, result: ObjectResult) -> str:
        text = verdict_text(result)
        if result.iou is not None and result.score is not None:
            text = self.tr("{}, IoU {:.2f}, score {:.2f}").format(text, result.iou, result.score)
        return self._told(item, result, text)

    def _told(self, item: LayoutObject, result: ObjectResult, text: str) -> str:
        return self.tr("{} (it has been changed since)").format(text) if _changed(item, result) else text

    def _description(self, row: int, column: int) -> str:
        item = self._objects[row]
        if column == Column.SHOWN:
            return self.tr("hidden, not painted") if item.hidden else self.tr("shown")
        if column == Column.LOCKED:
            return self.tr("locked") if item.locked else self.tr("not locked")
        box = item.box.to_pixels(*self._document.layout.size)
        text = self.tr("Object {}: {}, {} × {} pixels at {}, {}").format(
            row + 1, item.prompt or self.tr("no prompt yet"), box.width, box.height, box.x0, box.y0
        )
        if item.seed is not None:
            text += self.tr(", seed {}").format(item.seed)
        return f"{text}\n{notes_of(item)}".rstrip()

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled  # between rows, not onto one
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        if index.column() == Column.PROMPT:
            return flags | Qt.ItemFlag.ItemIsEditable
        if index.column() in FOUND_COLUMNS:
            return flags
        return flags | Qt.ItemFlag.ItemIsUserCheckable

    # -- changing

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        item = self._objects[index.row()]
        layout = self._document.layout
        if role == Qt.ItemDataRole.EditRole and index.column() == Column.PROMPT:
            try:
                changed = edits.set_prompt(layout, (item.id,), str(value).strip())
            except BoxpaintError:
                return False  # longer than any prompt may be: the former one stays
            self._document.apply(edit_name("label"), changed)
            return True
        if role != Qt.ItemDataRole.CheckStateRole or index.column() not in (Column.SHOWN, Column.LOCKED):
            return False
        checked = Qt.CheckState(value) == Qt.CheckState.Checked
        if index.column() == Column.SHOWN:
            self._document.apply(
                edit_name("show" if checked else "hide"), edits.set_flag(layout, (item.id,), hidden=not checked)
            )
        else:
            self._document.apply(
                edit_name("lock" if checked else "unlock"), edits.set_flag(layout, (item.id,), locked=checked)
            )
        return True

    # -- reordering by drag

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [ROWS_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        ids = dict.fromkeys(self.id_at(index.row()) for index in indexes)
        data.setData(ROWS_MIME, "\n".join(ids).encode())
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        if not data.hasFormat(ROWS_MIME):
            return False
        ids = bytes(data.data(ROWS_MIME).data()).decode().split("\n")
        target = row if row >= 0 else (parent.row() if parent.isValid() else len(self._objects))
        self.move(ids, target)
        return False  # the document has moved them; the view must not remove rows itself

    def move(self, ids: Sequence[str], row: int) -> None:
        """Paint these objects before the one that is in ``row`` now."""
        self._document.apply(edit_name("reorder", len(ids)), edits.reorder(self._document.layout, ids, row))

    # -- following the document

    def _layout_changed(self, before: Layout, after: Layout) -> None:
        former, present = self._objects, after.objects
        if len(former) != len(present) or any(a.id != b.id for a, b in zip(former, present, strict=True)):
            self.beginResetModel()
            self._objects = present
            self.endResetModel()
            return
        self._objects = present
        for row, (old, new) in enumerate(zip(former, present, strict=True)):
            if old is not new and _listed(old) != _listed(new):
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))


def _mark(result: ObjectResult) -> str:
    if result.verdict is Verdict.LOST and result.lost_at is not None:
        return f"✗ {result.lost_at + 1}"
    return {Verdict.HIT: "✓", Verdict.MISS: "✗", Verdict.UNKNOWN: "?"}.get(result.verdict, "")


def _changed(item: LayoutObject, result: ObjectResult) -> bool:
    """Whether the object is another one by now than that of the run."""
    return (item.prompt, item.box) != (result.item.prompt, result.item.box)


def _listed(item: LayoutObject) -> tuple[object, ...]:
    """What of an object the list shows; its box, which changes all the time during a drag, is asked for when needed."""
    return item.prompt, item.hidden, item.locked, item.seed, item.extra


def swatch(color: tuple[int, int, int], side: int = 12) -> QIcon:
    """A small square in an object's colour."""
    pixmap = QPixmap(side, side)
    pixmap.fill(QColor(255, 255, 255, 200))
    painter = QPainter(pixmap)
    painter.fillRect(1, 1, side - 2, side - 2, QColor(*color))
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # or the style tints it
    return icon
