"""The layouts of the open project: switch between them, add, duplicate, rename, delete, reorder."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ui.browser.items import Item
from ui.browser.model import LayoutsModel
from ui.browser.view import LayoutsView


class ProjectPanel(QWidget):
    """Shows a project's layouts and says what is wanted; places count from 0 in the project's order."""

    open_wanted = Signal(int)
    add_wanted = Signal()
    duplicate_wanted = Signal(object)
    rename_wanted = Signal(int, str)
    delete_wanted = Signal(object)
    move_wanted = Signal(object, int)

    def __init__(self, icons: Callable[[str], QIcon], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("projectPanel")
        self.model = LayoutsModel(self, editable=True)
        self.view = LayoutsView(self.model, self, editable=True)
        self.view.setObjectName("projectList")
        self.view.setAccessibleName(self.tr("Layouts of the project"))
        self.title = QLabel(self)
        self.title.setObjectName("browserTitle")
        self.count = QLabel(self)
        self.count.setObjectName("panelNote")
        self.add = self._tool("addLayout", icons("new"), self.tr("New layout in the project"), self.add_wanted.emit)
        self.duplicate = self._tool(
            "duplicateLayout",
            icons("duplicate"),
            self.tr("Duplicate the selected layouts"),
            lambda: self.duplicate_wanted.emit(self.view.selected_places()),
        )
        self.delete = self._tool(
            "deleteLayout", icons("delete"), self.tr("Delete the selected layouts (Del)"), self._delete
        )
        row = QHBoxLayout()
        row.addWidget(self.title, 1)
        for button in (self.add, self.duplicate, self.delete):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 8)
        column.addLayout(row)
        column.addWidget(self.view, 1)
        column.addWidget(self.count)
        self.view.open_wanted.connect(self.open_wanted)
        self.view.delete_wanted.connect(self._delete)
        self.view.move_wanted.connect(self._move)
        self.model.rename_wanted.connect(self.rename_wanted)
        self.model.move_wanted.connect(self.move_wanted)
        self.view.selectionModel().selectionChanged.connect(self._selection_changed)
        self._make_menu()

    def show_items(self, items: Sequence[Item], title: str, *, open_place: int) -> None:
        """Show the layouts of a project; the one on the canvas is marked and selected."""
        self.model.set_items(items, open_place=open_place)
        self.title.setText(title)
        self.title.setToolTip(title)
        count = len(items)
        self.count.setText(self.tr("1 layout · F2 renames") if count == 1 else self.tr("{} layouts").format(count))
        self.view.show_place(open_place)
        self._selection_changed()

    def select(self, places: Sequence[int]) -> None:
        """Select the layouts at these places; the first becomes the current one."""
        self.view.select_places(places)

    def _make_menu(self) -> None:
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for name, text, slot in (
            ("renameLayout", self.tr("Rename"), lambda: self.view.edit(self.view.currentIndex())),
            ("duplicateLayouts", self.tr("Duplicate"), self.duplicate.click),
            ("deleteLayouts", self.tr("Delete"), self._delete),
            ("moveUp", self.tr("Move up"), lambda: self._move(-1)),
            ("moveDown", self.tr("Move down"), lambda: self._move(1)),
        ):
            action = QAction(text, self.view)
            action.setObjectName(name)
            action.triggered.connect(slot)
            self.view.addAction(action)

    def _tool(self, name: str, icon: QIcon, text: str, slot: Callable[[], object]) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setIcon(icon)
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setAutoRaise(True)
        button.clicked.connect(lambda: slot())
        return button

    def _delete(self) -> None:
        places = self.view.selected_places()
        if places:
            self.delete_wanted.emit(places)

    def _move(self, by: int) -> None:
        places = self.view.selected_places()
        if places:
            target = places[0] - 1 if by < 0 else places[-1] + 2
            if 0 <= target <= len(self.model.items):
                self.move_wanted.emit(places, target)

    def _selection_changed(self) -> None:
        some = bool(self.view.selectionModel().selectedIndexes())
        self.duplicate.setEnabled(some)
        self.delete.setEnabled(some)
