"""A line for a path, with buttons that ask for one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget


class PathField(QWidget):
    """A path that is typed, or asked for by one of the buttons."""

    changed = Signal()
    wanted = Signal(str)
    """A button was pressed: its name."""

    def __init__(self, name: str, title: str, buttons: dict[str, tuple[str, str]], parent: QWidget | None) -> None:
        """``buttons``: for each name what it shows, and what it says of itself."""
        super().__init__(parent)
        self.line = QLineEdit(self)
        self.line.setObjectName(name)
        self.line.setAccessibleName(title)
        self.line.textChanged.connect(self.changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        self.buttons: dict[str, QToolButton] = {}
        for key, (text, tip) in buttons.items():
            button = QToolButton(self)
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.clicked.connect(lambda _checked=False, key=key: self.wanted.emit(key))
            row.addWidget(button)
            self.buttons[key] = button

    @property
    def text(self) -> str:
        """The path, without spaces round it."""
        return self.line.text().strip()

    def set_text(self, path: str) -> None:
        """Show another path."""
        self.line.setText(path)
