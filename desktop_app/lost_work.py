"""Work from before a crash, offered at the start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop_app.recovery import Recovered, Recovery, discard
from engine.errors import BoxpaintError
from ui.message_bar import Severity

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow


class LostWork(QObject):
    """Asks about one lost layout after the other, in the bar above the canvas."""

    def __init__(self, window: MainWindow, recovery: Recovery) -> None:
        super().__init__(window)
        self._window = window
        self._recovery = recovery

    def offer(self, lost: Sequence[Recovered]) -> None:
        """Say that there is work from before a crash, the latest first."""
        found, more = lost[0], lost[1:]
        name, when = found.name or self.tr("Untitled"), f"{found.when:%H:%M}"
        self._window.messages.show_message(
            self.tr("Boxpaint ended unexpectedly at {} while {} was not saved.").format(when, name),
            Severity.WARNING,
            (
                (self.tr("Bring it back"), lambda: self._bring_back(found)),
                (self.tr("Throw it away"), lambda: self._throw_away(found, more)),
            ),
        )

    def _bring_back(self, found: Recovered) -> None:
        if not self._window.files.may_close():
            self.offer((found,))
            return
        self._window.files.bring_back(found)
        # Where this window cannot keep it, the former window's journal does, and the next start offers it again.
        if self._recovery.keeps:
            self._discard(found)

    def _throw_away(self, found: Recovered, more: Sequence[Recovered]) -> None:
        self._discard(found)
        if more:
            self.offer(more)

    def _discard(self, found: Recovered) -> None:
        try:
            discard(found.journal)
        except BoxpaintError as error:
            self._window.show_error(str(error))
