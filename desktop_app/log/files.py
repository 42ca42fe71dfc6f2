"""The log's files: one for each start of the window, which the engine's process and Qt write to as well."""

from __future__ import annotations

import faulthandler
import logging
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, TextIO

from PySide6.QtCore import QMessageLogContext, QStandardPaths, QtMsgType, qInstallMessageHandler

from desktop_app.version import without_home
from engine.worker.process import ENGINE_LOG

KEPT = 10
"""Starts whose logs are kept."""

LARGEST = 2**20
"""Bytes of a file; then a second one is begun, and the second last thrown away."""

_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)s %(name)s: %(message)s"
_PATTERN = "boxpaint-*.log"
_LEVELS = {
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

logger = logging.getLogger("boxpaint")
_qt_logger = logging.getLogger("Qt")


def log_folder() -> Path:
    """Where the logs are."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.StateLocation)) / "logs"


class LogFile:
    """The log of this start, from `start` to `stop`.

    A log that cannot be written is no reason not to work: it is told on stderr, and the window opens without.

    Args:
        folder: Where the logs of all starts are.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"boxpaint-{datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}.log"
        self._handler: _File | None = None
        self._terminal = logging.StreamHandler()
        self._crash: TextIO | None = None
        self._former_qt_handler: Any = None
        self._former_level = logging.WARNING

    def start(self) -> None:
        """Write from now on what the program, its engine and Qt have to say."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._crash = _crash_of(self.path).open("w")
            self._handler = _File(self.path, maxBytes=LARGEST, backupCount=1, encoding="utf-8")
        except OSError as error:
            logger.warning("There is no log: %s", error)
            return
        self._handler.setFormatter(_Private(_FORMAT, "%Y-%m-%d %H:%M:%S"))
        root = logging.getLogger()
        self._former_level = root.level
        root.setLevel(logging.INFO)
        root.addHandler(self._handler)
        # As without a log: who started the window from a terminal sees there what goes wrong.
        self._terminal.setLevel(logging.WARNING)
        root.addHandler(self._terminal)
        logging.getLogger(ENGINE_LOG).addHandler(self._handler)
        logging.captureWarnings(True)
        self._former_qt_handler = qInstallMessageHandler(_take_qt_message)
        # A file of its own: it has to stay open, and the log's is closed when another one is begun.
        faulthandler.enable(self._crash)
        _forget_old(self.path.parent)

    def stop(self) -> None:
        """Write no more."""
        if self._handler is None or self._crash is None:
            return
        faulthandler.disable()
        self._crash.close()
        _crash_of(self.path).unlink(missing_ok=True)  # nothing crashed
        qInstallMessageHandler(self._former_qt_handler)
        logging.captureWarnings(False)
        root = logging.getLogger()
        root.setLevel(self._former_level)
        root.removeHandler(self._handler)
        root.removeHandler(self._terminal)
        logging.getLogger(ENGINE_LOG).removeHandler(self._handler)
        with suppress(OSError):  # the disk is full: what was not written is lost, and the program ends well
            self._handler.close()
        self._handler = None


class _File(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk is told by what has to be written; a log that cannot tell of it is no second fault."""


class _Private(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return without_home(super().format(record))


def _take_qt_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    _qt_logger.log(_LEVELS.get(kind, logging.INFO), "%s", text)


def logs_in(folder: Path) -> list[Path]:
    """The logs of all starts, the latest first."""
    return sorted(folder.glob(_PATTERN), key=lambda path: path.name, reverse=True)


def parts_of(log: Path) -> Iterable[Path]:
    """The files of one start's log, the oldest first."""
    return (path for path in (log.with_name(f"{log.name}.1"), log, _crash_of(log)) if path.exists())


def _crash_of(log: Path) -> Path:
    """What Python writes when the program crashes."""
    return log.with_suffix(".crash")


def _forget_old(folder: Path) -> None:
    for log in logs_in(folder)[KEPT:]:
        for path in parts_of(log):
            with suppress(OSError):  # another window has it open, on Windows: it goes next time
                path.unlink()
