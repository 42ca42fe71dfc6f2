"""A dialog that asks which of a file's layouts to open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSortFilterProxyModel, QStringListModel, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget


class ChooseLayout(QDialog):
    """A list that is filtered while typing; it shows thousands of names without effort."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Choose a layout"))
        self.resize(420, 460)
        self._source = QStringListModel(list(names), self)
        self._filtered = QSortFilterProxyModel(self)
        self._filtered.setSourceModel(self._source)
        self._filtered.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search layouts"))
        self.search.textChanged.connect(self._search)
        self.list = QListView(self)
        self.list.setAccessibleName(self.tr("Layouts in the file"))
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setModel(self._filtered)
        self.list.doubleClicked.connect(self.accept)
        self._select_first()
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel, parent=self
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(QLabel(self.tr("The file holds {} layouts.").format(len(names)), self))
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addWidget(buttons)

    def ask(self) -> int | None:
        """The place of the chosen name, or None."""
        if self.exec() != QDialog.DialogCode.Accepted or not self.list.currentIndex().isValid():
            return None
        return self._filtered.mapToSource(self.list.currentIndex()).row()

    def _search(self, text: str) -> None:
        self._filtered.setFilterFixedString(text)
        self._select_first()

    def _select_first(self) -> None:
        self.list.setCurrentIndex(self._filtered.index(0, 0))
