"""The log: what is written, what the viewer shows of it, and what is copied for a bug report."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desktop_app.child import Child
from desktop_app.log import files
from desktop_app.log.files import KEPT, LogFile, logs_in
from desktop_app.log.records import read_log
from desktop_app.log.viewer import LogViewer
from engine.worker.process import ENGINE_LOG
from tests.desktop_app.test_accessibility import NAMED, nameless_in

logger = logging.getLogger("boxpaint")


@pytest.fixture
def log(tmp_path):
    """A log that is being written."""
    log = LogFile(tmp_path / "logs")
    log.start()
    yield log
    log.stop()


@pytest.fixture
def viewer(log, qtbot):
    logger.info("The first thing")
    logger.warning("The disk %s is slow", Path.home() / "disk")
    try:
        raise ValueError("nobody expected this")
    except ValueError:
        logger.exception("Unexpected error")
    log.stop()  # Qt's offscreen platform has something to say when a window is shown
    viewer = LogViewer(log.path.parent)
    qtbot.addWidget(viewer)
    viewer.show()
    yield viewer
    viewer.close()


def lines(viewer) -> list[str]:
    return [line.split(" ", 2)[-1] for line in viewer.text.toPlainText().splitlines()]


def test_the_log_holds_what_the_program_qt_and_the_engine_say(log):
    logger.info("from the window")
    qWarning("from Qt")
    for handler in logging.getLogger(ENGINE_LOG).handlers:
        handler.handle(logging.makeLogRecord({"name": "engine.x", "levelno": 20, "levelname": "INFO", "msg": "far"}))
    texts = [record.text.split(" ", 2)[2] for record in read_log(log.path)]
    assert texts == ["INFO boxpaint: from the window", "WARNING Qt: from Qt", "INFO engine.x: far"]


def test_after_its_end_nothing_is_written_and_no_trace_of_a_crash_is_left(tmp_path):
    log = LogFile(tmp_path)
    log.start()
    log.stop()
    logger.error("after the end")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(log.path.name, "")]


def test_the_engines_process_logs_into_the_windows_log(log, window, qtbot):
    window.runs.warm_up("clevr-mini")
    qtbot.waitUntil(lambda: "INFO engine.models.loading: clevr-mini on cpu" in log.path.read_text(), timeout=120_000)


def test_a_command_that_fails_is_logged(log, qtbot, tmp_path):
    child = Child()
    with qtbot.waitSignal(child.ended, timeout=60_000):
        child.start(["batch", str(tmp_path / "missing.json"), "--out", str(tmp_path / "out")])
    (record,) = read_log(log.path)
    assert "WARNING boxpaint: boxpaint batch ended with code 2: " in record.text and "missing.json" in record.text


def test_a_large_log_goes_on_in_a_second_file_and_old_ones_are_forgotten(tmp_path, monkeypatch):
    for number in range(KEPT + 3):
        (tmp_path / f"boxpaint-20200101-0000{number:02}-1.log").write_text("old")
    monkeypatch.setattr(files, "LARGEST", 2000)
    log = LogFile(tmp_path)
    log.start()
    for number in range(90):
        logger.info("line %d", number)
    log.stop()
    assert len(logs_in(tmp_path)) == KEPT and logs_in(tmp_path)[0] == log.path
    texts = [record.text for record in read_log(log.path)]
    assert texts[-1].endswith("line 89") and 20 < len(texts) < 90


def test_a_log_that_cannot_be_written_stops_nothing(unwritable, qtbot, caplog):
    log = LogFile(unwritable)
    log.start()
    logger.error("still here")
    log.stop()
    assert "There is no log" in caplog.text
    viewer = LogViewer(unwritable)
    qtbot.addWidget(viewer)
    viewer.show()
    assert "cannot be written" in viewer.told.text() and viewer.text.toPlainText() == ""
    viewer.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_stops_nothing(tmp_path, capsys):
    log = LogFile(tmp_path)
    log.path.symlink_to("/dev/full")
    log.start()
    logger.error("still here")
    logger.error("and here")
    log.stop()
    assert "Traceback" not in capsys.readouterr().err


def test_the_viewer_shows_filters_and_searches(viewer):
    assert lines(viewer)[:2] == ["INFO boxpaint: The first thing", "WARNING boxpaint: The disk ~/disk is slow"]
    assert viewer.text.toPlainText().endswith("ValueError: nobody expected this")
    viewer.level.setCurrentIndex(1)
    assert "first" not in viewer.text.toPlainText() and viewer.told.text() == "2 of 3 entries"
    viewer.level.setCurrentIndex(2)
    assert viewer.text.toPlainText().count("Unexpected error") == 1 and "Traceback" in viewer.text.toPlainText()
    viewer.level.setCurrentIndex(0)
    QTest.keyClick(viewer, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(viewer.search, "SLOW disk")
    assert lines(viewer) == ["WARNING boxpaint: The disk ~/disk is slow"]


def test_the_viewer_follows_or_stays(log, qtbot):
    viewer = LogViewer(log.path.parent)
    qtbot.addWidget(viewer)
    viewer.show()
    for number in range(200):
        logger.info("line %d", number)
    bar = viewer.text.verticalScrollBar()
    qtbot.waitUntil(lambda: viewer.text.toPlainText().endswith("line 199") and bar.value() == bar.maximum() > 0)
    viewer.follow.setChecked(False)
    bar.setValue(3)
    logger.info("one more")
    qtbot.waitUntil(lambda: viewer.text.toPlainText().endswith("one more"))
    assert bar.value() == 3
    viewer.close()


def test_earlier_starts_can_be_looked_at(log, qtbot):
    crashed = log.path.with_name("boxpaint-20200102-030405-7.log")
    crashed.write_text("2020-01-02 03:04:05.000 INFO boxpaint: the end is near\n")
    crashed.with_suffix(".crash").write_text("Fatal Python error: Segmentation fault\n\nCurrent thread\n")
    viewer = LogViewer(log.path.parent)
    qtbot.addWidget(viewer)
    viewer.show()
    viewer.log.setCurrentIndex(1)
    assert viewer.log.currentText() == "2020-01-02 03:04:05"
    viewer.level.setCurrentIndex(2)
    assert viewer.text.toPlainText().startswith("Fatal Python error")
    viewer.close()


def test_what_is_copied_for_a_bug_report(viewer, qtbot):
    qtbot.waitUntil(lambda: viewer.report_ready, timeout=60_000)
    qtbot.mouseClick(viewer.copy, Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert text.startswith("boxpaint ") and "Device: cpu" in text and "Qt platform offscreen" in text
    assert "The last 3 of 3 entries of the log:\n" in text and text.endswith("nobody expected this\n")
    assert "~/disk" in text and str(Path.home()) + os.sep not in text
    assert "Copied" in viewer.told.text()


def test_the_command_opens_the_log(window, qtbot):
    window.actions_by_id["log"].trigger()
    viewer = window.findChild(LogViewer)
    assert viewer.isVisible() and not viewer.isModal()
    assert [nameless_in(viewer, kind) for kind in NAMED] == [[]] * len(NAMED)
    viewer.close()
