"""The dialogs that change settings; what was chosen is kept and takes hold at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QMessageBox

from desktop_app.settings import Settings
from desktop_app.shortcuts import Shortcuts

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow


class SettingsDialogs(QObject):
    """Preferences, keyboard shortcuts, and what the program is.

    Args:
        window: The dialogs' parent; its keys are changed.
        settings: What the dialogs begin with.
        keep: Keeps changed settings, and says so when that fails.
        preferences_changed: Lets the preferences take hold.
    """

    def __init__(
        self,
        window: MainWindow,
        settings: Settings,
        keep: Callable[..., None],
        preferences_changed: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._keep = keep
        self._preferences_changed = preferences_changed

    def show_preferences(self) -> None:
        """Open the preferences."""
        # Imported when it is first wanted: the window's start is measured.
        from desktop_app.preferences import Preferences

        dialog = Preferences(self._settings, self._window)
        self._open(dialog, lambda: self.take_preferences(dialog.values()))

    def take_preferences(self, values: dict[str, Any]) -> None:
        """Keep these preferences and let them take hold."""
        at_next_start = [name for name in ("language", "text_size") if values[name] != self._settings.get(name)]
        self._keep(**values)
        if "language" in at_next_start:
            self._window.messages.show_message(self.tr("Boxpaint speaks the other language from its next start on."))
        elif at_next_start:
            self._window.messages.show_message(self.tr("Texts have the other size from the next start on."))
        self._preferences_changed()

    def show_shortcuts(self) -> None:
        """Open the list of commands and their keys."""
        from desktop_app.shortcuts_dialog import ShortcutsDialog

        kept = Shortcuts(self._settings.get("shortcuts"))
        dialog = ShortcutsDialog(self._window.actions_by_id.titles, kept, self._window)
        self._open(dialog, lambda: self._take_shortcuts(kept))

    def _take_shortcuts(self, shortcuts: Shortcuts) -> None:
        self._keep(shortcuts=shortcuts.sparse())
        self._window.actions_by_id.set_keys(shortcuts)

    def show_log(self) -> None:
        """Open the log; it stays beside the window until it is closed."""
        from desktop_app.log.files import log_folder
        from desktop_app.log.viewer import LogViewer

        viewer = LogViewer(log_folder(), self._window)
        viewer.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._window.closed.connect(viewer.close)
        viewer.show()

    def show_about(self) -> None:
        """Tell the versions, as a bug report should."""
        from desktop_app.version import version_text

        text = self.tr("Draw boxes, say what belongs in each, watch the picture being painted.")
        box = QMessageBox(self._window)
        box.setObjectName("about")
        box.setWindowTitle("Boxpaint")
        box.setText(text)
        box.setInformativeText(version_text())
        box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    @staticmethod
    def _open(dialog: QDialog, accepted: Callable[[], None]) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(accepted)
        dialog.open()
