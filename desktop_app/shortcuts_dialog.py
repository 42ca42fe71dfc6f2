"""The dialog in which every command gets other keys."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFont, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop_app.shortcuts import Shortcuts, native, portable, reserved_for
from ui.comfort import roomy
from ui.tab_order import follow_layout

_ID = Qt.ItemDataRole.UserRole


class ShortcutsDialog(QDialog):
    """A searchable list of all commands; keys that belong to another command are told before they are taken.

    Args:
        titles: What each command is called, by its id, in the order of the list.
        shortcuts: The keys as they are now; changed in place, so give it a copy.
    """

    def __init__(self, titles: Mapping[str, str], shortcuts: Shortcuts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsDialog")
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(roomy(640, 560, self))
        self._titles = titles
        self.shortcuts = shortcuts
        self.search = QLineEdit(self)
        self.search.setObjectName("shortcutSearch")
        self.search.setPlaceholderText(self.tr("Search for a command or a key, e.g. Ctrl+D"))
        self.search.setAccessibleName(self.tr("Search commands"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.list = QTreeWidget(self)
        self.list.setObjectName("shortcutList")
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setHeaderLabels([self.tr("Command"), self.tr("Keys")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(False)
        self.list.currentItemChanged.connect(self._current_changed)
        self.keys = QKeySequenceEdit(self)
        self.keys.setObjectName("shortcutKeys")
        self.keys.setAccessibleName(self.tr("New keys"))
        self.keys.setMaximumSequenceLength(1)
        self.keys.setClearButtonEnabled(True)
        self.keys.keySequenceChanged.connect(self._keys_changed)
        self.note = QLabel(self)
        self.note.setObjectName("panelNote")
        self.note.setWordWrap(True)
        self.note.setMinimumHeight(self.note.fontMetrics().lineSpacing() * 2)
        self._make_buttons()
        self._arrange()
        self._fill()

    def _make_buttons(self) -> None:
        self.assign = self._button("assignKeys", self._assign)
        self.add = self._button("addKeys", self._add)
        self.remove = self._button("removeKeys", self._remove)
        self.remove.setText(self.tr("No keys"))
        self.reset = self._button("resetKeys", self._reset)
        self.reset.setText(self.tr("Usual keys"))
        self.reset_all = self._button("resetAllKeys", self._reset_all)
        self.reset_all.setText(self.tr("Usual keys for all"))

    def _button(self, name: str, slot: object) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(name)
        button.setAutoDefault(False)  # Enter is for the keys and for OK
        button.clicked.connect(slot)
        return button

    def _arrange(self) -> None:
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, parent=self
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        buttons.addButton(self.reset_all, QDialogButtonBox.ButtonRole.ResetRole)
        label = QLabel(self.tr("&New keys:"), self)
        label.setBuddy(self.keys)
        typed = QHBoxLayout()
        typed.addWidget(label)
        typed.addWidget(self.keys, 1)
        for button in (self.assign, self.add):
            typed.addWidget(button)
        row = QHBoxLayout()
        row.addWidget(self.note, 1)
        for button in (self.remove, self.reset):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.addWidget(self.search)
        column.addWidget(self.list, 1)
        column.addLayout(typed)
        column.addLayout(row)
        column.addWidget(buttons)
        follow_layout(self)

    # -- the list

    def _fill(self) -> None:
        for name, title in self._titles.items():
            item = QTreeWidgetItem(self.list, [title, ""])
            item.setData(0, _ID, name)
        self._show_keys()
        self.list.setCurrentItem(self._items()[0])

    def _show_keys(self) -> None:
        for item in self._items():
            name = item.data(0, _ID)
            keys = native(self.shortcuts[name])
            changed = self.shortcuts.is_changed(name)
            font = QFont(self.font())
            font.setBold(changed)
            item.setText(1, keys)
            item.setFont(1, font)
            spoken = self.tr("{}, changed").format(keys or self.tr("no keys")) if changed else keys
            item.setData(1, Qt.ItemDataRole.AccessibleTextRole, spoken)
        self.reset_all.setEnabled(self.shortcuts.any_changed)
        self._show_state()

    def _items(self) -> list[QTreeWidgetItem]:
        return [
            item for row in range(self.list.topLevelItemCount()) if (item := self.list.topLevelItem(row)) is not None
        ]

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items():
            shown = f"{item.text(0)} {item.text(1)}".casefold()
            item.setHidden(not all(word in shown for word in words))
        current = self.list.currentItem()
        if current is None or current.isHidden():
            visible = [item for item in self._items() if not item.isHidden()]
            if visible:
                self.list.setCurrentItem(visible[0])
            else:
                self.list.setCurrentIndex(QModelIndex())

    @property
    def command(self) -> str:
        """Id of the command that is chosen in the list; empty for none."""
        item = self.list.currentItem()
        return item.data(0, _ID) if item is not None and not item.isHidden() else ""

    def _current_changed(self) -> None:
        self.keys.clear()
        self._show_state()

    # -- changing

    @property
    def _typed(self) -> str:
        return portable(self.keys.keySequence())

    def _keys_changed(self, _keys: QKeySequence) -> None:
        self._show_state()

    def _show_state(self) -> None:
        """Say what the typed keys would do, and let the buttons say it too."""
        command, typed = self.command, self._typed
        owners = self.shortcuts.owners(typed, besides=command) if typed else []
        reserved = reserved_for(typed)
        usable = bool(command and typed and not reserved and typed not in self.shortcuts[command])
        self.assign.setText(self.tr("Take over") if owners else self.tr("Use"))
        self.add.setText(self.tr("Take over as well") if owners else self.tr("Use as well"))
        self.assign.setEnabled(usable)
        self.add.setEnabled(usable and bool(self.shortcuts[command]))
        self.remove.setEnabled(bool(command and self.shortcuts[command]))
        self.reset.setEnabled(bool(command and self.shortcuts.is_changed(command)))
        self.note.setText(self._note(command, typed, reserved, owners))

    def _note(self, command: str, typed: str, reserved: str, owners: list[str]) -> str:
        if not command:
            return self.tr("No command is called so.")
        if not typed:
            return self.tr("Press the new keys for “{}” in the field.").format(self._titles[command])
        key = native([typed])
        if reserved:
            return self.tr("{0} {1}; choose other keys.").format(key, reserved)
        if owners:
            names = ", ".join(self._titles[name] for name in owners)
            return self.tr("{0} belongs to “{1}”. Take it over, or press other keys.").format(key, names)
        if typed in self.shortcuts[command]:
            return self.tr("“{0}” has {1} already.").format(self._titles[command], key)
        return self.tr("{} is free.").format(key)

    def _assign(self) -> None:
        self._change([self._typed])

    def _add(self) -> None:
        self._change([*self.shortcuts[self.command], self._typed])

    def _remove(self) -> None:
        self._change([])

    def _change(self, keys: list[str]) -> None:
        self.shortcuts.set(self.command, keys)
        self.keys.clear()
        self._show_keys()

    def _reset(self) -> None:
        losers = self.shortcuts.reset(self.command)
        self._show_keys()
        if losers:
            names = ", ".join(self._titles[name] for name in losers)
            self.note.setText(self.tr("They were taken from “{}”.").format(names))

    def _reset_all(self) -> None:
        self.shortcuts.reset_all()
        self._show_keys()
