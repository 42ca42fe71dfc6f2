"""The models in a table, what is known of the chosen one, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.comfort import scaled
from ui.message_bar import MessageBar
from ui.models.rows import ModelRow, State, size_text, translated
from ui.models.table import ABOUT, FIT, KIND, LICENCE, NAME, ROW_ROLE, SIZE, STATE, ModelsTable, ShownModels

_WIDTHS = {NAME: 150, KIND: 64, SIZE: 76, FIT: 100, STATE: 130, LICENCE: 160}


class ModelsPanel(QWidget):
    """Shows the models and says what is wanted; what that leads to is done elsewhere."""

    fetch_wanted = Signal(str)
    """Fetch this model, or the rest of it."""
    pause_wanted = Signal(str)
    discard_wanted = Signal(str)
    """Stop fetching this model and delete what is here of it."""
    check_wanted = Signal(str)
    remove_wanted = Signal(str)
    folder_wanted = Signal(str)
    """Show the folder of this model."""
    import_folder_wanted = Signal()
    import_file_wanted = Signal()
    refresh_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelsPanel")
        self.messages = MessageBar(self)
        self.table = ModelsTable()
        self.shown = ShownModels(self.table)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(self.tr("Search the models"))
        self.filter.setAccessibleName(self.tr("Search the models"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self.shown.set_filter)
        self.view = self._make_view()
        self.details = QLabel(self)
        self.details.setObjectName("modelDetails")
        # Its name is what it says: a name of its own would be read out instead.
        self.details.setAccessibleDescription(self.tr("About the model"))
        self.details.setWordWrap(True)
        self.details.setTextFormat(Qt.TextFormat.PlainText)
        self.details.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.details.setMinimumHeight(scaled(76))
        self.details.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.progress = QProgressBar(self)
        self.progress.setAccessibleName(self.tr("How much of the model is here"))
        self.progress.setTextVisible(False)
        self.doing = QLabel(self)
        self.doing.setObjectName("panelNote")
        self.repository = QLineEdit(self)
        self.repository.setPlaceholderText(self.tr("Another model of the hub: owner/name"))
        self.repository.setAccessibleName(self.tr("Another model of the hub: owner/name"))
        self.repository.setToolTip(self.tr("Another model of the hub: owner/name"))
        self.repository.returnPressed.connect(self._fetch_other)
        self._make_buttons()
        self._arrange()
        self._show_chosen()

    # -- building

    def _make_view(self) -> QTableView:
        view = QTableView(self)
        view.setObjectName("modelsList")
        view.setAccessibleName(self.tr("Models"))
        view.setModel(self.shown)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setTabKeyNavigation(False)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(scaled(26))
        header = view.horizontalHeader()
        header.setAccessibleName(self.tr("Columns of the models"))
        header.setHighlightSections(False)
        header.setMinimumSectionSize(scaled(80))
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)  # as they come: what is here first
        view.setSortingEnabled(True)
        header.setSectionResizeMode(ABOUT, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            view.setColumnWidth(column, scaled(width))
        view.doubleClicked.connect(lambda _: self._act())
        view.installEventFilter(self)
        view.selectionModel().currentRowChanged.connect(lambda *_: self._show_chosen())
        self.table.modelReset.connect(self._show_chosen)
        self.table.dataChanged.connect(lambda *_: self._show_chosen())
        return view

    def _make_buttons(self) -> None:
        self.fetch = QPushButton(self.tr("&Fetch"), self)
        self.pause = QPushButton(self.tr("&Pause"), self)
        self.discard = QPushButton(self.tr("&Discard"), self)
        self.check = QPushButton(self.tr("&Check"), self)
        self.remove = QPushButton(self.tr("&Remove…"), self)
        self.folder = QPushButton(self.tr("Show the f&older"), self)
        self.import_folder = QPushButton(self.tr("&Import a folder…"), self)
        self.import_file = QPushButton(self.tr("Import a fi&le…"), self)
        self.fetch_other = QPushButton(self.tr("Fetch i&t"), self)
        self.fetch_other.setEnabled(False)
        self.repository.textChanged.connect(lambda text: self.fetch_other.setEnabled(_is_repository(text)))
        self.discard.setToolTip(self.tr("Stop, and delete what is here of it"))
        for button, signal in (
            (self.fetch, self.fetch_wanted),
            (self.pause, self.pause_wanted),
            (self.discard, self.discard_wanted),
            (self.check, self.check_wanted),
            (self.remove, self.remove_wanted),
            (self.folder, self.folder_wanted),
        ):
            button.clicked.connect(lambda _checked=False, signal=signal: self._emit(signal))
        self.import_folder.clicked.connect(self.import_folder_wanted)
        self.import_file.clicked.connect(self.import_file_wanted)
        self.fetch_other.clicked.connect(self._fetch_other)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(self.messages)
        column.addWidget(self.filter)
        column.addWidget(self.view, 1)
        column.addWidget(self.details)
        column.addWidget(self.doing)
        column.addWidget(self.progress)
        for row in (
            (self.fetch, self.pause, self.discard, None, self.check, self.folder, self.remove),
            (self.repository, self.fetch_other, None, self.import_folder, self.import_file),
        ):
            line = QHBoxLayout()
            for widget in row:
                if widget is None:
                    line.addStretch(1)
                else:
                    line.addWidget(widget, 2 if widget is self.repository else 0)
            column.addLayout(line)

    # -- showing

    def set_rows(self, rows: Sequence[ModelRow]) -> None:
        """Show these models; the chosen one stays chosen."""
        chosen = self.chosen
        self.table.set_rows(rows)
        if self.chosen is None:
            self.choose(chosen.name if chosen is not None else "")
        self._show_chosen()

    def choose(self, name: str) -> None:
        """Choose a model by its name, or the first one."""
        for place in range(self.shown.rowCount()):
            index = self.shown.index(place, NAME)
            if index.data(ROW_ROLE).name == name or not name:
                self.view.setCurrentIndex(index)
                return

    @property
    def chosen(self) -> ModelRow | None:
        """The chosen model."""
        index = self.view.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    def _show_chosen(self) -> None:
        row = self.chosen
        state = row.state if row is not None else None
        moving = state in (State.WAITING, State.COMING)
        self.fetch.setText(self.tr("&Continue") if state == State.UNFINISHED else self.tr("&Fetch"))
        self.fetch.setEnabled(row is not None and row.can_be_fetched and not row.room)
        self.pause.setEnabled(moving)
        self.discard.setEnabled(moving or state == State.UNFINISHED)
        self.check.setEnabled(state in (State.BUILT_IN, State.INSTALLED, State.BROKEN))
        self.folder.setEnabled(row is not None and row.here)
        self.remove.setEnabled(state in (State.INSTALLED, State.BROKEN))
        self.details.setText(self._about(row) if row is not None else "")
        # Kept in its place while it is of no use, so that nothing jumps when it is.
        self.progress.setEnabled(moving or state == State.UNFINISHED)
        known = row is not None and row.bytes > 0 and self.progress.isEnabled()
        self.progress.setRange(0, 1000)
        self.progress.setValue(1000 * min(row.done, row.bytes) // row.bytes if known and row is not None else 0)
        self.doing.setText(row.doing if row is not None else "")

    def _about(self, row: ModelRow) -> str:
        lines = [f"{row.name} – {translated(row.about)}" if row.about else row.name]
        origin = ", ".join(filter(None, (row.repository, row.commit[:12])))
        size = size_text(row.bytes)
        lines.append(" · ".join(filter(None, (origin, size, row.licence or self.tr("licence not stated")))))
        if row.gated and not row.here:
            text = self.tr("Needs an account: accept its terms on {}, then log in with: hf auth login")
            lines.append(text.format(row.page or row.repository))
        lines += [row.room, row.fit_text, row.problem]
        if row.here:
            lines.append(row.folder)
        return "\n".join(line for line in lines if line)

    # -- what is wanted

    def _emit(self, signal: SignalInstance) -> None:
        if self.chosen is not None:
            signal.emit(self.chosen.name)

    def _act(self) -> None:
        """What a double click or Enter means: fetch what is not here, pause what comes, show what is here."""
        for button in (self.fetch, self.pause, self.folder):
            if button.isEnabled():
                button.click()
                return

    def _fetch_other(self) -> None:
        name = self.repository.text().strip()
        if _is_repository(name):
            self.repository.clear()
            self.fetch_wanted.emit(name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._act()
                return True
            if key == Qt.Key.Key_Delete:
                (self.remove if self.remove.isEnabled() else self.discard).click()
                return True
            if key == Qt.Key.Key_F5:
                self.refresh_wanted.emit()
                return True
        return super().eventFilter(watched, event)


def _is_repository(text: str) -> bool:
    owner, slash, name = text.strip().partition("/")
    return bool(owner and slash and name) and "/" not in name and " " not in text.strip()
