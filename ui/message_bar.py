"""A bar above the canvas that says what happened and offers what to do; it never blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from ui.spoken import Notice
from ui.tab_order import follow_layout


class Severity(StrEnum):
    """How bad it is."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class MessageBar(Notice):
    """Shows one message at a time; a new one replaces it, or waits until it is answered."""

    said = Signal(str, object)
    """A message is shown: its text and its `Severity`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self.text = QLabel(self)
        self.text.setWordWrap(True)
        self.text.setObjectName("messageText")
        self._close = QToolButton(self)
        self._close.setText("✕")
        self._close.setAccessibleName(self.tr("Close the message"))
        self._close.setToolTip(self.tr("Close the message"))
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self.dismiss)
        self._buttons: list[QPushButton] = []
        self._later: list[tuple[str, Severity, Sequence[tuple[str, Callable[[], object]]]]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 6, 6)
        self._row.addWidget(self.text, 1)
        self._row.addWidget(self._close)
        self.severity = Severity.NOTE
        self.hide()

    @property
    def buttons(self) -> Sequence[QPushButton]:
        """The buttons of the present message."""
        return tuple(self._buttons)

    def show_message(
        self, text: str, severity: Severity = Severity.NOTE, actions: Sequence[tuple[str, Callable[[], object]]] = ()
    ) -> None:
        """Show a sentence, with a button for each action; pressing one closes the bar."""
        for old in self._buttons:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        self.text.setText(text)
        self.severity = severity
        self.setProperty("severity", str(severity))
        for place, (label, action) in enumerate(actions, start=1):
            button = QPushButton(label, self)
            button.clicked.connect(lambda _checked=False, action=action: self._chosen(action))
            self._row.insertWidget(place, button)
            self._buttons.append(button)
        follow_layout(self)
        # A style sheet looks at properties only when it is applied anew.
        self.style().unpolish(self)
        self.style().polish(self)
        appeared = not self.isVisible()
        self.show()
        self.said.emit(text, severity)
        self.tell(text, appeared=appeared)

    def show_later(
        self, text: str, severity: Severity = Severity.NOTE, actions: Sequence[tuple[str, Callable[[], object]]] = ()
    ) -> None:
        """Show a sentence at once, or when a warning that asks for an answer has been answered."""
        if self.isVisible() and self._buttons and self.severity is not Severity.NOTE:
            self._later.append((text, severity, actions))
        else:
            self.show_message(text, severity, actions)

    def dismiss(self) -> None:
        """Take the present message away; one that waits comes in its place."""
        self.hide()
        if self._later:
            self.show_message(*self._later.pop(0))

    def withdraw(self, text: str) -> None:
        """Take this sentence away if it is the one that is shown: it is not true any more."""
        if self.isVisible() and self.text.text() == text:
            self.dismiss()

    def _chosen(self, action: Callable[[], object]) -> None:
        self.hide()
        action()
        if not self.isVisible():  # it has said nothing itself
            self.dismiss()
