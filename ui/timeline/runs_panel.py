"""The runs there are, each under the one that it branches off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QItemSelectionModel, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QToolButton, QTreeView, QVBoxLayout, QWidget

from ui.timeline.pictures import PictureCache

_SIDE = 44
RUN_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run as the list shows it.

    Attributes:
        parent, kept: The run that it branches off, and after how many of its steps.
        composites: Its steps' pictures by index.
        labels: What its steps paint.
        active: Whether it is being painted now.
        problem: Why its record cannot be read; empty when it can.
    """

    run: str
    folder: str
    title: str
    about: str
    parent: str | None
    kept: int
    composites: tuple[tuple[int, str], ...]
    labels: tuple[str, ...]
    active: bool = False
    problem: str = ""


class RunsPanel(QWidget):
    """A tree of runs, the newest first; activating one shows it in the timeline."""

    chosen = Signal(str)
    """Show the run in this folder."""
    open_wanted = Signal()
    branches_wanted = Signal()
    menu_wanted = Signal(str, QPoint)
    """A menu for the run in this folder is wanted at this global position."""

    def __init__(self, pictures: PictureCache, icons: Callable[[str], QIcon], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runsPanel")
        self._pictures = pictures
        self._items: dict[str, QStandardItem] = {}
        self._lines: list[RunLine] = []
        self._shown = ""
        self.model = QStandardItemModel(self)
        self.view = QTreeView(self)
        self.view.setObjectName("runsList")
        self.view.setAccessibleName(self.tr("Runs"))
        self.view.setModel(self.model)
        self.view.setHeaderHidden(True)
        self.view.setIconSize(QSize(_SIDE, _SIDE))
        self.view.setIndentation(14)
        self.view.setFrameShape(QTreeView.Shape.NoFrame)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._menu)
        self.view.clicked.connect(lambda index: self.chosen.emit(index.data(RUN_ROLE)))
        self.view.activated.connect(lambda index: self.chosen.emit(index.data(RUN_ROLE)))
        self.note = QLabel(self.tr("Runs appear here, each under the one that it branches off."), self)
        self.note.setObjectName("panelNote")
        self.note.setWordWrap(True)
        row = QHBoxLayout()
        for name, text, signal in (
            ("open", self.tr("Open a run's folder"), self.open_wanted),
            ("branch", self.tr("Show the branches as a picture"), self.branches_wanted),
        ):
            button = QToolButton(self)
            button.setIcon(icons(name))
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.setAutoRaise(True)
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 8)
        column.addLayout(row)
        column.addWidget(self.view, 1)
        column.addWidget(self.note)
        pictures.arrived.connect(self._arrived)

    @property
    def lines(self) -> list[RunLine]:
        """The runs that are listed."""
        return self._lines

    def set_runs(self, lines: Sequence[RunLine]) -> None:
        """List these runs, newest first."""
        self._lines = list(lines)
        opened = {name for name, item in self._items.items() if self.view.isExpanded(item.index())}
        known = set(self._items)
        self.model.clear()
        self._items = {}
        by_id = {line.run: line for line in lines}
        for line in lines:
            self._add(line, by_id)
        for name, item in self._items.items():
            if item.hasChildren():
                self.view.setExpanded(item.index(), name in opened or name not in known)
        self.note.setVisible(not lines)
        self.show_run(self._shown)

    def _add(self, line: RunLine, by_id: dict[str, RunLine]) -> None:
        """List a run under the one that it branches off, and that one under its own, as far as they are not listed."""
        above: QStandardItem | None = None
        family = set()
        while (known := self._items.get(line.run)) is None:
            item = self._items[line.run] = self._item(line)
            if above is not None:
                item.appendRow(above)
            family.add(line.run)
            above, parent = item, by_id.get(line.parent or "")
            if parent is None or parent.run in family:  # records may go round in a ring
                self.model.appendRow(item)
                return
            line = parent
        if above is not None:
            known.appendRow(above)

    def _item(self, line: RunLine) -> QStandardItem:
        item = QStandardItem(f"{line.title}\n{line.about}")
        item.setData(line.folder, RUN_ROLE)
        item.setToolTip(line.problem or line.folder)
        item.setIcon(self._icon(line))
        return item

    def show_run(self, run: str) -> None:
        """Mark the run that the timeline shows."""
        self._shown = run
        item = self._items.get(run)
        if item is not None:
            self.view.selectionModel().setCurrentIndex(item.index(), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        else:
            self.view.clearSelection()

    def _icon(self, line: RunLine) -> QIcon:
        last = line.composites[-1][1] if line.composites else ""
        picture = self._pictures.soon(last, side=2 * _SIDE) if last else None
        if picture is None or picture.image is None:
            blank = QPixmap(_SIDE, _SIDE)
            blank.fill(self.palette().midlight().color())
            return QIcon(blank)
        return QIcon(QPixmap.fromImage(picture.image))

    def _arrived(self, path: str) -> None:
        for line in self._lines:
            if line.composites and line.composites[-1][1] == path:
                self._items[line.run].setIcon(self._icon(line))

    def _menu(self, place: QPoint) -> None:
        index = self.view.indexAt(place)
        if index.isValid():
            self.menu_wanted.emit(index.data(RUN_ROLE), self.view.viewport().mapToGlobal(place))
