"""What is opened, dropped or pasted cannot stop the window: limits decide what is read here, and what in a thread."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QToolTip

from desktop_app import reading, reference_picture
from desktop_app.clipboard import LIMIT
from engine.formats.project import write_project
from engine.formats.registry import Entry
from engine.layout import Box, Layout, LayoutObject
from tests.desktop_app.test_pictures import drop, of_file
from tests.hostile.test_crafted import BOX, png, progressive
from ui.browser.reading import SmallPictures
from ui.message_bar import Severity
from ui.picture_file import PictureFile
from ui.timeline.pictures import PictureCache


@pytest.fixture(autouse=True)
def empty_clipboard() -> Iterator[None]:
    """What Python put there must be gone before Python ends: Qt deletes it later, through Python."""
    yield
    QGuiApplication.clipboard().clear()


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of every file that is read, whether it was in the window's own thread."""
    seen: list[bool] = []

    def noted(read: Callable[..., object]) -> Callable[..., object]:
        def reads(*arguments: object) -> object:
            seen.append(threading.current_thread() is threading.main_thread())
            return read(*arguments)

        return reads

    monkeypatch.setattr(reading, "read_dataset", noted(reading.read_dataset))
    monkeypatch.setattr(PictureFile, "read", noted(PictureFile.read))
    return seen


def test_what_may_take_long_is_read_in_a_thread(window, tmp_path, threads, qtbot):
    large = tmp_path / "a.json"
    large.write_text(f"[{BOX}]" + " " * reading.LARGE)
    packed = tmp_path / "a.boxpaint"
    write_project(
        packed, [Entry(f"a{number}", Layout(8, 8, extra={"x": os.urandom(64).hex()})) for number in range(99)], {}
    )
    assert reading.LARGE_PACKED < packed.stat().st_size < reading.LARGE
    for path in (large, packed):
        with qtbot.waitSignal(window.files.opened):
            assert drop(window, of_file(path))
    small = tmp_path / "b.json"
    small.write_text(f"[{BOX}]")
    with qtbot.waitSignal(window.files.opened):
        assert drop(window, of_file(small))
    assert threads == [False, False, True]


def test_a_large_picture_comes_when_it_is_read(window, tmp_path, threads, qtbot, monkeypatch):
    monkeypatch.setattr(reference_picture, "LARGE", 1000)
    path = tmp_path / "a.png"
    QImage(40, 40, QImage.Format.Format_RGB32).save(str(path))
    assert drop(window, of_file(path))
    assert not window.reference.shown and window.reference.file == path
    qtbot.waitUntil(lambda: window.reference.shown)
    data = QMimeData()
    data.setData("image/png", path.read_bytes())
    QGuiApplication.clipboard().setMimeData(data)
    window.paste()
    assert not window.reference.shown
    window.reference.clear()  # it is not wanted any more
    qtbot.waitUntil(lambda: len(threads) == 2)
    closing = asyncio.ensure_future(window.reference.close())
    qtbot.waitUntil(closing.done)
    assert threads == [False, False] and not window.reference.shown


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_bytes(png(10_000, 10_000)), "64"),
        (lambda path: path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'), "known kind"),
        (lambda path: progressive(path, 101), "too many passes"),
        (lambda path: path.write_bytes(png(8, 8)[:50]), "cannot be read"),
        (os.mkfifo, "no file"),
    ],
)
def test_pictures_that_are_no_good(window, make, words, tmp_path, qtbot):
    path = tmp_path / "a.png"
    make(path)
    assert drop(window, of_file(path))
    assert words in window.messages.text.text() and "a.png" in window.messages.text.text()
    assert not window.reference.shown
    assert PictureCache().get(str(path)).image is None
    small = SmallPictures(side=16, kept=2)
    with qtbot.waitSignal(small.arrived):
        small.want(str(path))
    assert small.get(str(path)).isNull()


def test_what_is_pasted_is_looked_at_before_it_is_read(window, monkeypatch):
    clipboard = QGuiApplication.clipboard()
    before = window.document.layout
    for text, words in (("x" * (LIMIT + 1), "longer than"), ("[" * 10**6, "too deeply"), ("```\n" * 10**5, "no boxes")):
        clipboard.setText(text)
        window.paste()
        assert words in window.messages.text.text() and len(window.messages.text.text()) < 3000
    data = QMimeData()
    data.setData("image/png", png(10_000, 10_000))
    clipboard.setMimeData(data)
    window.paste()
    assert "million pixels" in window.messages.text.text()
    assert not window.reference.shown and window.document.layout is before


def test_a_text_is_fetched_from_another_program_once(window):
    """Every fetching of a large one takes its time, and the window waits for it."""
    text = '[{"x": 10, "y": 20, "width": 100, "height": 50, "label": "a corgi"}]'

    class Given(QMimeData):
        fetched = 0

        def formats(self) -> list[str]:
            return ["text/plain"]

        def hasFormat(self, kind: str) -> bool:
            return kind in self.formats()

        def retrieveData(self, kind: str, as_type: object) -> object:
            self.fetched += kind == "text/plain"
            return text if self.hasFormat(kind) else None

    given = Given()
    QGuiApplication.clipboard().setMimeData(given)
    window.paste()
    assert [item.prompt for item in window.document.layout.objects][-1] == "a corgi"
    assert given.fetched == 1


def test_a_text_that_looks_like_html_is_a_text(window, tmp_path):
    """Or a prompt could show pictures from anywhere, and a drawing in it hold the window."""
    picture = tmp_path / "a.png"
    QImage(300, 200, QImage.Format.Format_RGB32).save(str(picture))
    text = f'<img src="{picture}">'
    item = LayoutObject("a", text, Box.from_pixels(10, 10, 90, 90, width=128, height=128))
    window.document.replace(Layout(128, 128, objects=(item,)))
    window.document.select(("a",))
    window.messages.show_message(text, Severity.WARNING)
    box = QMessageBox(QMessageBox.Icon.Warning, text, text, parent=window)
    box.setInformativeText(text)
    box.show()
    QToolTip.showText(QPoint(20, 20), text, box)
    labels = [label for label in QApplication.allWidgets() if isinstance(label, QLabel) and label.isVisible()]
    shown = [label for label in labels if text in label.text()]
    assert len(shown) == 4, "message, question, what explains it, tool tip"
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    box.close()
    QToolTip.hideText()


@pytest.mark.parametrize("way", ["paste", "drop"])
def test_pictures_of_unusual_kinds_are_not_decoded(window, way):
    """Qt would decode them as soon as it is asked for an image: a drawing can take minutes."""
    data = QMimeData()
    data.setData("application/x-qt-image", b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>')
    if way == "paste":
        QGuiApplication.clipboard().setMimeData(data)
        window.paste()
    else:
        assert drop(window, data)
    assert "known kind" in window.messages.text.text()
    assert not window.reference.shown


def test_a_layout_of_too_many_objects_is_not_shown(window, tmp_path, qtbot):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([json.loads(BOX)] * 10_001))
    told: list[str] = []
    window.files.failed.connect(told.append)
    window.files.open(path)
    qtbot.waitUntil(lambda: bool(told))
    assert "at most 10000" in told[0] and not window.document.layout.objects


def test_a_dropped_name_that_no_file_can_have_is_nothing(window, tmp_path) -> None:
    data = QMimeData()
    data.setUrls([QUrl("file:///tmp/a%00b.json")])
    before = window.document.layout
    drop(window, data)
    assert window.document.layout is before and not window.reference.shown
