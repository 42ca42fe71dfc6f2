"""The queue: what waits, in order; drag to reorder, pause, resume, remove."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

_RUN_ROLE = Qt.ItemDataRole.UserRole


class QueuePanel(QWidget):
    """Shows the queue and says what is wanted of it."""

    reordered = Signal(list)
    """The ids of the waiting runs in their new order."""
    removed = Signal(list)
    pause_toggled = Signal()
    sweep_wanted = Signal()

    def __init__(self, icons: Callable[[str], QIcon], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queuePanel")
        self.list = QListWidget(self)
        self.list.setObjectName("queueList")
        self.list.setAccessibleName(self.tr("Runs that wait"))
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.model().rowsMoved.connect(lambda: self.reordered.emit(self._ids()))
        self.list.installEventFilter(self)
        self.pause = QPushButton(self)
        self.pause.setAccessibleName(self.tr("Pause or go on with the queue"))
        self.pause.clicked.connect(self.pause_toggled)
        self.sweep = QPushButton(self.tr("Sweep…"), self)
        self.sweep.setToolTip(self.tr("Many runs of this layout with other seeds, orders, guidance …"))
        self.sweep.clicked.connect(self.sweep_wanted)
        self.remove = QToolButton(self)
        self.remove.setIcon(icons("delete"))
        self.remove.setAccessibleName(self.tr("Remove from the queue"))
        self.remove.setToolTip(self.tr("Remove from the queue (Del)"))
        self.remove.clicked.connect(self._remove)
        self.note = QLabel(self)
        self.note.setObjectName("panelNote")
        self.note.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.pause)
        row.addWidget(self.sweep)
        row.addStretch(1)
        row.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 8)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        column.addWidget(self.note)
        self.show_queue((), paused=False, note="")

    def show_queue(self, waiting: Sequence[tuple[str, str]], *, paused: bool, note: str) -> None:
        """Show these runs (id, title) in their order."""
        if [(self._id(row), self.list.item(row).text()) for row in range(self.list.count())] != list(waiting):
            self.list.clear()
            for run, title in waiting:
                item = QListWidgetItem(title)
                item.setData(_RUN_ROLE, run)
                self.list.addItem(item)
        self.pause.setText(self.tr("Go on") if paused else self.tr("Pause"))
        self.pause.setEnabled(bool(waiting) or paused)
        self.remove.setEnabled(bool(waiting))
        self.note.setText(note or self.tr("Nothing waits. Queue adds the layout as it is now."))

    def eventFilter(self, watched: object, event: object) -> bool:
        if watched is not self.list or not isinstance(event, QKeyEvent):
            return False
        act = self._act_of(event)
        if act is None:
            return False
        if event.type() == QKeyEvent.Type.ShortcutOverride:
            event.accept()  # or the key would reach the canvas's objects
        elif event.type() == QKeyEvent.Type.KeyPress:
            act()
        return True

    def _act_of(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a key does to the list."""
        if event.key() == Qt.Key.Key_Delete:
            return self._remove
        by = {int(Qt.Key.Key_Up): -1, int(Qt.Key.Key_Down): 1}.get(event.key())
        if by is None or not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return None
        return partial(self._move, by)

    def _move(self, by: int) -> None:
        row, ids = self.list.currentRow(), self._ids()
        if 0 <= row < len(ids) and 0 <= row + by < len(ids):
            ids[row], ids[row + by] = ids[row + by], ids[row]
            self.reordered.emit(ids)
            self.list.setCurrentRow(row + by)

    def _remove(self) -> None:
        chosen = [item.data(_RUN_ROLE) for item in self.list.selectedItems()]
        if chosen:
            self.removed.emit(chosen)

    def _id(self, row: int) -> str:
        return str(self.list.item(row).data(_RUN_ROLE))

    def _ids(self) -> list[str]:
        return [self._id(row) for row in range(self.list.count())]
