"""The queue in the window: its panel, what it says, and the word at its end when nobody is looking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from desktop_app.runs.queue import RunQueue
from engine.events import RunFinished
from engine.progress import readable
from ui.message_bar import Severity
from ui.timeline.queue_panel import QueuePanel

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow
    from engine.runs.request import GenerationRequest

_TICK = 1000
_SHOWN_FOR = 8000


class QueueRoom(QObject):
    """Joins the queue, its panel and the window."""

    def __init__(self, window: MainWindow, icons: Callable[[str], QIcon]) -> None:
        super().__init__(window)
        self._window = window
        self._runs = window.runs
        self.queue = RunQueue(self._runs, self, shown=self._follows)
        self.panel = QueuePanel(icons, window)
        self.panel.reordered.connect(self.queue.reorder)
        self.panel.removed.connect(self.queue.remove)
        self.panel.pause_toggled.connect(self._toggle)
        self.queue.changed.connect(self._show)
        self.queue.stopped.connect(self._stopped)
        self.queue.held.connect(self._held)
        self._told_to_wait: dict[str, str] = {}
        self._runs.started.connect(self._started)
        self._runs.ended.connect(self._ended)
        window.generation.queue_requested.connect(self.add_layout)
        self._tray: QSystemTrayIcon | None = None
        # The time that is left goes down while nothing else happens.
        self._tick = QTimer(self, interval=_TICK)
        self._tick.timeout.connect(self._show)
        self._show()

    def restore(self, more: Callable[[], Sequence[tuple[str, Callable[[], object]]]] = tuple) -> None:
        """Show what waited when the program ended; ``more`` gives further buttons once the queue is there."""
        problem = self.queue.load()
        count = len(self.queue.items)
        if problem:
            self._window.messages.show_later(problem, Severity.WARNING)
        elif count:
            several = self.tr("{} runs wait from the last time.").format(count)
            text = self.tr("One run waits from the last time.") if count == 1 else several
            self._window.messages.show_later(text, actions=((self.tr("Go on"), self.queue.resume), *more()))

    def add_layout(self) -> None:
        """Let the layout as it is now wait its turn."""
        window = self._window
        if not window.ready_to_paint():
            return
        request = self._runs.request_for(window.document.committed_layout, window.generation.form.options())
        if request is not None:
            self.queue.add([request])

    def submit(self, request: GenerationRequest) -> None:
        """Carry a request out now, or after the run under way."""
        if not self._runs.start(request):
            text = self.tr("Another run is under way: this one waits its turn.")
            self._window.messages.show_message(text)
            self._told_to_wait[request.run] = text
            self.queue.add([request])

    def _started(self, request: GenerationRequest) -> None:
        text = self._told_to_wait.pop(request.run, None)
        if text is not None and not self._told_to_wait:
            self._window.messages.withdraw(text)

    def _follows(self) -> bool:
        """A run that starts by itself is shown, unless the user looks at another one."""
        request = self._runs.request
        shown = self._window.run_model.run
        return not shown or (request is not None and shown == request.run)

    def _toggle(self) -> None:
        if self.queue.paused:
            self.queue.resume()
        else:
            self.queue.pause()

    def _show(self) -> None:
        queue = self.queue
        waiting = [(item.request.run, item.title) for item in queue.items]
        self.panel.show_queue(waiting, paused=queue.paused, note=self._note())
        if waiting and self._runs.busy:
            self._tick.start()
        else:
            self._tick.stop()

    def _note(self) -> str:
        queue = self.queue
        if not queue.items:
            return ""
        text = self.tr("{} waiting").format(len(queue.items))
        if queue.paused:
            text += self.tr(", paused")
        left = queue.seconds_left
        return text + (self.tr(", about {} in all").format(readable(left)) if left else "")

    def _held(self) -> None:
        text = self.tr("The queue is paused: this waits until it goes on.")
        self._window.messages.show_message(text, actions=((self.tr("Go on"), self.queue.resume),))

    def _stopped(self, reason: str) -> None:
        self._window.messages.show_message(
            self.tr("{} The queue waits.").format(reason),
            Severity.ERROR,
            ((self.tr("Go on"), self.queue.resume),),
        )

    def _ended(self, request: GenerationRequest, last: object) -> None:
        """Tell it where it can be seen when the window is not in front; once, when nothing more is painted."""
        if self._runs.busy or QApplication.activeWindow() is not None:
            return  # the queue has heard of the end before and has begun the next run, if there is one
        QApplication.alert(self._window)
        text = self.tr("The run is finished.") if isinstance(last, RunFinished) else self.tr("The run has ended.")
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            if self._tray is None:
                self._tray = QSystemTrayIcon(self._window.windowIcon(), self)
            self._tray.show()
            self._tray.showMessage("Boxpaint", text, QSystemTrayIcon.MessageIcon.Information, _SHOWN_FOR)
            QTimer.singleShot(_SHOWN_FOR, self._tray, self._tray.hide)
