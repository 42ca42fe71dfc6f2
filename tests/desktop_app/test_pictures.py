"""Pictures behind the boxes, drops on the window, and the command palette."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.command_palette import CommandPalette
from desktop_app.session import SAMPLE
from tests.ui.driver import CTRL

TEAL = QColor(0, 128, 128)


@pytest.fixture
def picture(tmp_path) -> Path:
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(TEAL)
    path = tmp_path / "photo.png"
    assert image.save(str(path))
    return path


def middle(window) -> QColor:
    x, y = window.canvas.viewport.to_screen(256, 256)
    return window.canvas.grab().toImage().pixelColor(round(x), round(y))


def drop(window, data: QMimeData) -> bool:
    enter = QDragEnterEvent(
        QPoint(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(window, enter)
    event = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    if enter.isAccepted():
        QApplication.sendEvent(window, event)
    return enter.isAccepted()


def of_file(path: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


def test_choose_fade_and_remove(window, answers, picture):
    answers.picture = picture
    window.actions_by_id["reference"].trigger()
    assert middle(window) == TEAL
    window.reference.set_opacity(25)
    assert middle(window) != TEAL
    assert window.actions_by_id["reference_clear"].isEnabled()
    window.actions_by_id["reference_clear"].trigger()
    assert not window.reference.shown
    assert not window.document.modified


def test_a_dropped_layout_is_opened(window):
    assert drop(window, of_file(SAMPLE))
    assert len(window.document.layout.objects) == 8


def test_a_dropped_photo_is_shown_behind(window, picture):
    assert drop(window, of_file(picture))
    assert middle(window) == TEAL
    assert window.document.layout.objects == ()


def test_a_dropped_boxpaint_picture_brings_its_layout_back(window, tmp_path):
    from PIL import Image

    from engine.formats.boxpaint_png import png_info

    window.files.open(SAMPLE)
    layout = window.document.layout
    painted = tmp_path / "painted.png"
    Image.new("RGB", (32, 32)).save(painted, pnginfo=png_info(layout, {}))
    window.files.new()
    assert drop(window, of_file(painted))
    assert window.document.layout.objects == layout.objects


def test_a_broken_picture_is_said(window, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    assert drop(window, of_file(broken))
    assert "broken.png: the picture cannot be read" in window.messages.text.text()


def test_text_is_not_taken(window):
    data = QMimeData()
    data.setText("hello")
    assert not drop(window, data)


def test_a_pasted_picture_is_shown_behind(window, picture):
    QGuiApplication.clipboard().setImage(QImage(str(picture)))
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    assert middle(window) == TEAL


def test_the_palette_finds_and_runs_commands(window):
    window.files.open(SAMPLE)
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    palette = window.findChild(CommandPalette)
    QTest.keyClicks(palette.search, "sel all")
    assert palette.list.currentItem().text().startswith("Select all")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert len(window.document.selection) == 8


def test_the_palette_offers_only_what_can_be_done(window):
    QTest.keyClick(window, Qt.Key.Key_K, CTRL)
    palette = window.findChild(CommandPalette)
    texts = [palette.list.item(row).text() for row in range(palette.list.count())]
    assert not any(text.startswith("Duplicate") for text in texts)
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.list.currentRow() == 1
    palette.close()
