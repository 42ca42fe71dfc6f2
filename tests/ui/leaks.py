"""What a GUI test may not leave behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication


def watch_for_leaks(qapp: QApplication, qtlog) -> Iterator[None]:
    """A fixture's body: fails when windows, threads or warnings of Qt are left after the test."""
    windows = set(map(id, visible_windows()))
    threads = set(threading.enumerate())
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [widget for widget in visible_windows() if id(widget) not in windows]
    assert not left, f"windows left open: {left}"
    grown = [thread for thread in threading.enumerate() if thread not in threads and not thread.daemon]
    assert not grown, f"threads left running: {grown}"
    # What the offscreen platform cannot do is no fault of the program's.
    warnings = [record.message for record in qtlog.records if "This plugin does not support" not in record.message]
    assert not warnings, f"Qt said: {warnings}"


def visible_windows() -> list:
    return [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
