"""The line edit that appears on a box to name it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.completion import PromptCompleter, Suggest

MINIMUM_WIDTH = 190


class LabelEditor(QLineEdit):
    """Edits one prompt in place: Enter or leaving accepts, Escape gives up."""

    accepted = Signal(str)
    rejected = Signal()

    def __init__(self, parent: QWidget, suggest: Suggest) -> None:
        super().__init__(parent)
        self._host = parent
        self.setObjectName("labelEditor")
        self.setAccessibleName(self.tr("Prompt of the object"))
        self.setPlaceholderText(self.tr("What is in the box?"))
        self._completer = PromptCompleter(self, suggest)
        self._completer.activated.connect(self._take_completion)
        self._open = False
        self.hide()

    @property
    def open(self) -> bool:
        """Whether a prompt is being edited."""
        return self._open

    def start(self, text: str, *, x: int, y: int, width: int) -> None:
        """Show the editor at this place of the parent with ``text`` selected."""
        width = max(width, MINIMUM_WIDTH)
        x = max(min(x, self._host.width() - width - 4), 4)
        y = max(min(y, self._host.height() - self.sizeHint().height() - 4), 4)
        self.setGeometry(x, y, width, self.sizeHint().height())
        self.setText(text)
        self.selectAll()
        self._open = True
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        """End with the text as it is."""
        if self._end():
            self.accepted.emit(self.text().strip())

    def reject(self) -> None:
        """End without a change."""
        if self._end():
            self.rejected.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.reject()
        elif event.key() == Qt.Key.Key_Down and not self._completer.list_open:
            self._completer.offer("" if self.hasSelectedText() else self.text())
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # The list of suggestions takes the focus while it is open, and so does another window: neither is leaving.
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.accept()

    def _take_completion(self, text: str) -> None:
        self.setText(text)
        self.accept()

    def _end(self) -> bool:
        if not self._open:
            return False
        # Hiding moves the focus, which would end the editing a second time.
        self._open = False
        self._completer.close_list()
        focused = self.hasFocus()
        self.hide()
        if focused:  # not when the user went on to another widget
            self._host.setFocus(Qt.FocusReason.OtherFocusReason)
        return True
