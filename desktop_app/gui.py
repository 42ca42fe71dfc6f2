"""Opens the window: application, event loop, log, and the way out."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QStandardPaths, Signal
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from desktop_app.allocator import give_large_blocks_back
from desktop_app.errors import UnexpectedErrors, logger
from desktop_app.log.files import LogFile, log_folder
from desktop_app.session import Session
from desktop_app.settings import Settings
from desktop_app.signals import EndingSignals
from desktop_app.theme import RESOURCES
from desktop_app.translations import install_translations
from desktop_app.version import version_text
from ui.message_bar import Severity


def log_message(text: str, severity: Severity) -> None:
    """Keep in the log what the user was told of something wrong."""
    if severity is not Severity.NOTE:
        logger.warning("The window says: %s", text)


def config_folder() -> Path:
    """Where the settings are."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation))


class Application(QApplication):
    """The application object, which macOS asks to open the files that are double-clicked."""

    file_wanted = Signal(str)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_wanted.emit(event.file())
            return True
        return super().event(event)


def make_application() -> QApplication:
    """The application object, under the name that its folders carry."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = Application(sys.argv[:1])
    app.setApplicationName("boxpaint")
    app.setApplicationDisplayName("Boxpaint")
    app.setDesktopFileName("boxpaint")
    app.setWindowIcon(QIcon(str(RESOURCES / "icons" / "boxpaint.svg")))
    return app


def run_gui(paths: Sequence[str], *, generate: bool = False, settings_folder: Path | None = None) -> int:
    """Open the window with the first of ``paths`` and return when it was closed; the exit code of the program.

    A signal that asks the program to end closes the window without questions: what is not saved is offered at the next
    start.
    """
    give_large_blocks_back()
    app = make_application()
    app.setQuitOnLastWindowClosed(False)
    settings = Settings(settings_folder or config_folder())
    install_translations(app, settings.get("language"))
    log = LogFile(log_folder())
    log.start()
    logger.info("%s", version_text())
    session = Session(app, settings)
    loop = QEventLoop(app)
    asyncio.set_event_loop(loop)
    session.window.messages.said.connect(log_message)
    if isinstance(app, Application):
        app.file_wanted.connect(lambda name: session.window.files.open(Path(name)))
    errors = UnexpectedErrors(session.window.show_error)
    errors.install(loop)
    closed = asyncio.Event()
    session.window.closed.connect(closed.set)
    signals, asked = EndingSignals(), list[int]()
    signals.asked.connect(asked.append)
    signals.asked.connect(lambda _number: closed.set())

    async def main() -> None:
        session.start(paths, generate=generate)
        await closed.wait()
        await session.close(keep_unsaved=bool(asked))

    try:
        with loop:
            loop.run_until_complete(main())
    finally:
        signals.remove()
        errors.remove()
        log.stop()
    return 128 + asked[0] if asked else 0
