"""The dialog of the user's own lists of labels."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.vocabularies import Lists, read_word_list
from engine.errors import BoxpaintError
from engine.layout.word_list import words_of
from ui.comfort import roomy
from ui.tab_order import follow_layout

_WORDS = Qt.ItemDataRole.UserRole


class VocabularyDialog(QDialog):
    """Names at the left, the labels of the chosen list at the right; ``lists`` tells what there is now."""

    def __init__(self, lists: Lists, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("vocabularyDialog")
        self.setWindowTitle(self.tr("Own labels"))
        self.resize(roomy(560, 400, self))
        self.names = QListWidget(self)
        self.names.setObjectName("vocabularyNames")
        self.names.setAccessibleName(self.tr("Lists"))
        self.names.currentItemChanged.connect(self._show)
        self.words = QPlainTextEdit(self)
        self.words.setObjectName("vocabularyWords")
        self.words.setAccessibleName(self.tr("Labels of the list"))
        self.words.setPlaceholderText(self.tr("One label per line"))
        self.words.setTabChangesFocus(True)
        self.words.textChanged.connect(self._edited)
        self.note = QLabel(self)
        self.note.setObjectName("panelNote")
        self.note.setWordWrap(True)
        self._arrange()
        for name, words in lists.items():
            self._add(name, "\n".join(words))
        self.names.setCurrentRow(0)
        self._show()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        self.add = QPushButton(self.tr("New"), self)
        self.add.clicked.connect(self._new)
        self.load = QPushButton(self.tr("From a file…"), self)
        self.load.clicked.connect(self._ask_file)
        self.remove = QPushButton(self.tr("Remove"), self)
        self.remove.clicked.connect(self._remove)
        for button in (self.add, self.load, self.remove):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        left = QVBoxLayout()
        left.addWidget(self.names)
        left.addLayout(buttons)
        middle = QHBoxLayout()
        middle.addLayout(left, 2)
        middle.addWidget(self.words, 3)
        ends = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, parent=self
        )
        ends.accepted.connect(self.accept)
        ends.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.addLayout(middle, 1)
        column.addWidget(self.note)
        column.addWidget(ends)
        follow_layout(self)

    @property
    def lists(self) -> Lists:
        """The lists as they are now; one without a label or a name is left out, of two with one name both count."""
        found: dict[str, tuple[str, ...]] = {}
        for row in range(self.names.count()):
            item = self.names.item(row)
            name, words = item.text().strip(), words_of(item.data(_WORDS))
            if name and words:
                found[name] = tuple(dict.fromkeys((*found.get(name, ()), *words)))
        return found

    def read(self, path: Path) -> None:
        """Add the labels of a text file as a list that is called as the file is."""
        try:
            words = read_word_list(path)
        except BoxpaintError as error:
            self.note.setText(str(error))
            return
        self.names.setCurrentItem(self._add(path.stem, "\n".join(words)))

    def _add(self, name: str, words: str) -> QListWidgetItem:
        item = QListWidgetItem(name)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setData(_WORDS, words)
        self.names.addItem(item)
        return item

    def _new(self) -> None:
        item = self._add(self.tr("My labels"), "")
        self.names.setCurrentItem(item)
        self.words.setFocus()

    def _ask_file(self) -> None:
        kinds = self.tr("Texts (*.txt *.names *.csv);;All files (*)")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Labels, one per line"), "", kinds)
        if name:
            self.read(Path(name))

    def _remove(self) -> None:
        self.names.takeItem(self.names.currentRow())
        self._show()

    def _show(self) -> None:
        item = self.names.currentItem()
        self.words.blockSignals(True)
        self.words.setPlainText(item.data(_WORDS) if item is not None else "")
        self.words.blockSignals(False)
        self.words.setEnabled(item is not None)
        self.remove.setEnabled(item is not None)
        self._count()

    def _edited(self) -> None:
        item = self.names.currentItem()
        if item is not None:
            item.setData(_WORDS, self.words.toPlainText())
        self._count()

    def _count(self) -> None:
        item = self.names.currentItem()
        if item is None:
            self.note.setText(self.tr("Labels of your own are offered while you type, beside CLEVR's and COCO's."))
        else:
            self.note.setText(self.tr("Labels in this list: {}").format(len(words_of(item.data(_WORDS)))))
