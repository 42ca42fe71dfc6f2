"""*Help › Log…*: what the program and its engine said, at this start and at earlier ones."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.log.files import logs_in
from desktop_app.log.records import Record, read_log
from desktop_app.version import version_text, without_home
from ui.comfort import roomy
from ui.spoken import name_choice
from ui.tab_order import follow_layout

COPIED = 200
"""Records at the end of the log that go into a bug report."""

_LOOK = 500
"""Milliseconds between two looks at a log that is followed."""


class LogViewer(QDialog):
    """Shows one log at a time: its text, less what is not as bad as wanted or lacks the searched words.

    Args:
        folder: Where the logs are.
    """

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("logViewer")
        self.setWindowTitle(self.tr("Log"))
        self._folder = folder
        self._records: list[Record] = []
        self._state: tuple[Path, int, int] | None = None
        self._report = ""
        self.log = QComboBox(self)
        name_choice(self.log, self.tr("Which start of the program"))
        self.level = QComboBox(self)
        name_choice(self.level, self.tr("How bad"))
        for level, text in (
            (logging.DEBUG, self.tr("Everything")),
            (logging.WARNING, self.tr("Warnings and errors")),
            (logging.ERROR, self.tr("Errors")),
        ):
            self.level.addItem(text, level)
        self.search = QLineEdit(self)
        self.search.setAccessibleName(self.tr("Search the log"))
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.follow = QCheckBox(self.tr("&Follow"), self)
        self.follow.setToolTip(self.tr("Keep the end of the log in sight while it grows"))
        self.follow.setChecked(True)
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(self.tr("Log"))
        self.text.setTabChangesFocus(True)
        self.told = QLabel(self)
        self.told.setWordWrap(True)
        self._arrange()
        self._fill()
        self._connect()
        self._collect_report()
        self.text.setFocus()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.log, 1)
        row.addWidget(self.level)
        row.addWidget(self.search, 1)
        row.addWidget(self.follow)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, parent=self)
        self.copy = self._button(self.tr("&Copy for a bug report"))
        self.show_folder = self._button(self.tr("&Show the folder"))
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(self.text, 1)
        column.addWidget(self.told)
        column.addWidget(self.buttons)
        follow_layout(self)
        self.resize(roomy(1000, 640, self))

    def _button(self, text: str) -> QPushButton:
        button = self.buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        button.setAutoDefault(False)  # Enter in the search field presses nothing
        return button

    def _connect(self) -> None:
        self.log.currentIndexChanged.connect(self._show)
        self.level.currentIndexChanged.connect(self._show)
        self.search.textChanged.connect(self._show)
        self.follow.toggled.connect(self._go_to_end)
        self.copy.clicked.connect(self._copy)
        self.show_folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder))))
        self.buttons.rejected.connect(self.reject)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.refresh)
        self._timer.start(_LOOK)

    def _fill(self) -> None:
        for path in logs_in(self._folder):
            _, day, clock, _ = f"{path.stem}---".split("-")[:4]
            when = f"{day[:4]}-{day[4:6]}-{day[6:]} {clock[:2]}:{clock[2:4]}:{clock[4:]}"
            self.log.addItem(when, path)
        if self.log.count():
            self.log.setItemText(0, self.tr("Latest start, {}").format(self.log.itemText(0)))
        self._show()

    # -- what is shown

    def refresh(self) -> None:
        """Show what was written since the last look."""
        path = self.log.currentData()
        if path is not None and self._state_of(path) != self._state:
            self._show()

    def _show(self) -> None:
        path = self.log.currentData()
        if path is None:
            self.told.setText(self.tr("There is no log: {} cannot be written.").format(without_home(str(self._folder))))
            return
        state = self._state_of(path)
        if state != self._state:
            try:
                self._records, self._state = read_log(path), state
            except OSError as error:
                self.told.setText(self.tr("{0} cannot be read: {1}").format(path.name, error.strerror))
                return
        words = self.search.text().casefold().split()
        shown = [record.text for record in self._records if record.shown(self.level.currentData(), words)]
        place = self.text.verticalScrollBar().value()
        self.text.setPlainText("\n".join(shown))
        self.told.setText(self.tr("{0} of {1} entries").format(len(shown), len(self._records)))
        self.text.verticalScrollBar().setValue(place)
        self._go_to_end()

    @staticmethod
    def _state_of(path: Path) -> tuple[Path, int, int] | None:
        try:
            found = path.stat()
        except OSError:
            return None
        return path, found.st_size, found.st_ino

    def _go_to_end(self) -> None:
        if self.follow.isChecked():
            bar = self.text.verticalScrollBar()
            bar.setValue(bar.maximum())

    # -- the bug report

    @property
    def report_ready(self) -> bool:
        """Whether all that a report tells of the program has been collected; without it, versions are told."""
        return bool(self._report)

    def _collect_report(self) -> None:
        """Ask another process for the report: it loads torch, for which the window does not wait."""
        process = QProcess(self)
        process.finished.connect(lambda: self._collected(bytes(process.readAllStandardOutput().data()).decode()))
        process.start(sys.executable, ["-m", "desktop_app", "--version"])
        self._process = process

    def _collected(self, text: str) -> None:
        self._report = text.strip()

    def _copy(self) -> None:
        records = self._records[-COPIED:]
        parts = [  # in English, whatever the window speaks: for those who read reports
            self._report or version_text(),
            self._window_text(),
            f"The last {len(records)} of {len(self._records)} entries of the log:",
            "\n".join(record.text for record in records),
        ]
        QGuiApplication.clipboard().setText(without_home("\n".join(parts)) + "\n")
        self.told.setText(
            self.tr(
                "Copied. Your home folder is written as ~; names of files and labels may be in it, "
                "so please read it before you send it."
            )
        )

    def _window_text(self) -> str:
        screens = ", ".join(
            f"{screen.size().width()}×{screen.size().height()} at {screen.devicePixelRatio():g}"
            for screen in QGuiApplication.screens()
        )
        language = self.locale().name()
        return f"Window: Qt platform {QGuiApplication.platformName()}, screens {screens}, language {language}"

    def done(self, result: int) -> None:
        self._timer.stop()
        self._process.finished.disconnect()
        self._process.kill()
        self._process.waitForFinished(1000)
        super().done(result)
