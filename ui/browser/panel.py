"""The browser: the layouts of a file or folder, to search, filter, look at and open."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui.browser.filters import FilterBar
from ui.browser.items import Filter, Item, facets_of
from ui.browser.model import LayoutsModel
from ui.browser.view import LayoutsView


class BrowserPanel(QWidget):
    """Shows a dataset and says what is wanted; whoever owns the dataset does it."""

    open_wanted = Signal(int)
    """The layout at this place should come on the canvas."""
    file_wanted = Signal()
    folder_wanted = Signal()
    broken_wanted = Signal()
    """The user asks which files could not be read."""
    statistics_wanted = Signal()
    export_wanted = Signal()
    add_wanted = Signal(object)
    """The layouts at these places should go into the project."""
    pictures_switched = Signal(bool)
    seen = Signal()
    """The panel came into sight: now it is worth having something to show."""

    def __init__(self, icons: Callable[[str], QIcon], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("browserPanel")
        self.model = LayoutsModel(self)
        self.view = LayoutsView(self.model, self)
        self.view.setObjectName("layoutsList")
        self.view.setAccessibleName(self.tr("Layouts of the dataset"))
        self.filters = FilterBar(self)
        self.title = QLabel(self)
        self.title.setObjectName("browserTitle")
        self.count = QLabel(self)
        self.count.setObjectName("panelNote")
        # Not a moving bar: its repaints would take a tenth of the processor from the reading.
        self.busy = QLabel(self.tr("Reading…"), self)
        self.busy.setObjectName("panelNote")
        self.busy.hide()
        self.broken = QPushButton(self)
        self.broken.setObjectName("brokenFiles")
        self.broken.setFlat(True)
        self.broken.hide()
        self.file = self._tool(icons("open"), self.tr("Open a file…"))
        self.folder = self._tool(icons("folder"), self.tr("Open a folder (LayoutBench, labelme, YOLO…)"))
        self.pictures = QCheckBox(self.tr("Pictures behind the boxes"), self)
        self.pictures.setChecked(True)
        self.statistics = QPushButton(self.tr("Statistics…"), self)
        self.export = QPushButton(self.tr("Export…"), self)
        self.add = QPushButton(self)
        self.add.setObjectName("addToProject")
        self._adding = False
        self._arrange()
        self._connect()
        self.show_items((), "")
        self.set_adding(False)

    # -- what is shown

    def show_items(self, items: Sequence[Item], title: str, *, broken: int = 0) -> None:
        """Show the layouts of another dataset.

        Args:
            items: The layouts.
            title: Its name.
            broken: Files of it that could not be read.
        """
        self.view.thumbnails.clear()
        self.model.set_items(items)
        self.filters.set_facets(facets_of(items))
        self.title.setText(title)
        self.title.setToolTip(title)
        text = self.tr("1 file could not be read…") if broken == 1 else self.tr("{} files could not be read…")
        self.broken.setText(text.format(broken))
        self.broken.setVisible(bool(broken))
        self.pictures.setVisible(any(item.picture is not None for item in items))
        for button in (self.statistics, self.export):
            button.setEnabled(bool(items))
        self._show_count()

    def set_busy(self, busy: bool) -> None:
        """Whether a dataset is being read."""
        self.busy.setVisible(busy)

    def set_adding(self, adding: bool) -> None:
        """Whether there is a project: layouts are then added to it rather than opened by a click."""
        self._adding = adding
        self.add.setText(self.tr("Add to the project") if adding else self.tr("Start a project with them"))
        self.view.click_opens = not adding
        self._selection_changed()

    # -- inner workings

    def _tool(self, icon: QIcon, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon)
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setAutoRaise(True)
        return button

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.file)
        top.addWidget(self.folder)
        buttons = QHBoxLayout()
        buttons.addWidget(self.statistics)
        buttons.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 8)
        column.addLayout(top)
        column.addWidget(self.busy)
        column.addWidget(self.filters)
        column.addWidget(self.broken, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.view, 1)
        column.addWidget(self.count)
        column.addWidget(self.pictures)
        column.addWidget(self.add)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.filters.changed.connect(self._filter)
        self.filters.accepted.connect(self.view.open_current)
        self.filters.left.connect(self.view.setFocus)
        self.view.open_wanted.connect(self._open)
        self.view.selectionModel().selectionChanged.connect(self._selection_changed)
        self.file.clicked.connect(self.file_wanted)
        self.folder.clicked.connect(self.folder_wanted)
        self.broken.clicked.connect(self.broken_wanted)
        self.statistics.clicked.connect(self.statistics_wanted)
        self.export.clicked.connect(self.export_wanted)
        self.add.clicked.connect(lambda: self.add_wanted.emit(self.view.selected_places()))
        self.pictures.toggled.connect(self._switch_pictures)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.seen.emit()

    def _open(self, place: int) -> None:
        if self._adding:
            self.add_wanted.emit([place])
        else:
            self.open_wanted.emit(place)

    def _selection_changed(self) -> None:
        count = len(self.view.selectionModel().selectedIndexes())
        self.add.setEnabled(count > (0 if self._adding else 1))  # a project of one is made by saving as one
        self.add.setVisible(self._adding or count > 1)

    def _switch_pictures(self, shown: bool) -> None:
        self.view.thumbnails.set_pictures_wanted(shown)
        self.view.viewport().update()
        self.pictures_switched.emit(shown)

    def _filter(self, wanted: Filter) -> None:
        self.model.set_filter(wanted)
        self._show_count()

    def _show_count(self) -> None:
        shown, every = self.model.rowCount(), len(self.model.items)
        if shown == every:
            text = self.tr("1 layout") if every == 1 else self.tr("{} layouts").format(f"{every:,}")
        else:
            text = self.tr("{0} of {1} layouts").format(f"{shown:,}", f"{every:,}")
        self.count.setText(text)
