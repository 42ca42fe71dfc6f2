"""Says that the engine gets nothing done, and offers to wait or to end it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.progress import readable
from ui.message_bar import Severity

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow
    from engine.watchdog import Stall


class Stalls(QObject):
    """Joins the watchdog and the message bar. A slow model is not a hung one: what is to be done, the user decides."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._said = ""
        window.runs.stalled.connect(self._told)

    def _told(self, stall: Stall | None) -> None:
        window = self._window
        window.messages.withdraw(self._said)
        if stall is None:
            return
        self._said = self._sentence(stall)
        actions: list[tuple[str, Callable[[], object]]] = [(self.tr("Wait"), lambda: None)]
        if window.runs.busy and not stall.cancelling:
            go_on = self.tr("Stop the engine and go on from the finished steps")
            actions.append((go_on, lambda: window.runs.end_engine(go_on=True)))
        else:
            actions.append((self.tr("Stop the engine"), window.runs.end_engine))
        window.messages.show_message(self._said, Severity.WARNING, actions)

    def _sentence(self, stall: Stall) -> str:
        from engine.watchdog import Condition

        if stall.condition is Condition.SILENT:
            text = self.tr("The engine has given no sign of life for {}: it was stopped, or it hangs.")
        elif stall.condition is Condition.IDLE:
            text = self.tr("The engine has done nothing for {}: it seems to hang.")
        elif stall.cancelling:
            text = self.tr("The engine has not stopped after {}: it has to end what it calculates.")
        else:
            text = self.tr("The engine has calculated for {} without a result: a large model may take that long.")
        return text.format(readable(stall.seconds))
