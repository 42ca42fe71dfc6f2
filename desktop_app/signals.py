"""Signals that ask the program to end, such as Ctrl+C in its terminal, brought to Qt's event loop."""

from __future__ import annotations

import signal
import socket
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Signal

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
"""Windows has no SIGHUP."""


class EndingSignals(QObject):
    """Tells when the program was asked to end, for as long as it is installed.

    Python runs its signal handlers only when it gets to run, which in Qt's event loop may be long after. It also writes
    each signal's number to a socket, which the loop notices at once.
    """

    asked = Signal(int)
    """The program was asked to end by the signal of this number."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ours, self._pythons = socket.socketpair()
        self._ours.setblocking(False)
        self._pythons.setblocking(False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._former_descriptor = signal.set_wakeup_fd(self._pythons.fileno(), warn_on_full_buffer=False)
        numbers = [getattr(signal, name) for name in _ENDING if hasattr(signal, name)]
        self._former: dict[int, Any] = {number: signal.signal(number, lambda *_: None) for number in numbers}

    def remove(self) -> None:
        """Give the signals back."""
        signal.set_wakeup_fd(self._former_descriptor)
        for number, handler in self._former.items():
            signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._ours.close()
        self._pythons.close()

    def _read(self) -> None:
        for number in self._ours.recv(64):
            if number in self._former:
                self.asked.emit(number)
