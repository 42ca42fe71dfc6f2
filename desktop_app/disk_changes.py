"""Says when the open file was changed on the disk, and offers what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from desktop_app.document_controller import DocumentController
from desktop_app.file_watch import DiskState
from ui.message_bar import MessageBar, Severity


class DiskChanges(QObject):
    """Joins the watch over the open file and the message bar."""

    def __init__(self, files: DocumentController, messages: MessageBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files = files
        self._messages = messages
        files.watch.noticed.connect(self._tell)
        # Network folders tell of no changes: a look when the user comes back finds them.
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.applicationStateChanged.connect(self._state_changed)

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self._files.watch.look()

    def _tell(self, state: DiskState) -> None:
        name = self._files.name
        if state is DiskState.GONE:
            # What is here is all there is now: the star says so, and saving writes the file again.
            self._files.keep_mine()
            text = self.tr("{} is no longer on the disk. Saving writes it again.").format(name)
            self._messages.show_message(text, Severity.WARNING, ((self.tr("Save"), self._files.save),))
            return
        lost = self._files.modified
        text = (
            self.tr("{} was changed by another program, and you have changes that are not saved.")
            if lost
            else self.tr("{} was changed by another program.")
        )
        actions = ((self.tr("Reload"), self._files.reload), (self.tr("Keep mine"), self._files.keep_mine))
        self._messages.show_message(text.format(name), Severity.WARNING, actions)
