"""The browser in the real window: datasets of all kinds, search, filters, thumbnails, broken files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox

from desktop_app.export_dialog import ExportDialog
from desktop_app.statistics_dialog import StatisticsDialog
from engine.formats import registry
from engine.formats.dataset import Entry
from engine.layout import Box, Layout, LayoutObject

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def scene(name: str, prompts: tuple[str, ...], split: str, side: float = 0.2) -> Entry:
    boxes = [Box(0.1 * number, 0.1, 0.1 * number + side, 0.1 + side) for number in range(len(prompts))]
    things = [LayoutObject(f"o{n}", prompt, box) for n, (prompt, box) in enumerate(zip(prompts, boxes, strict=True))]
    return Entry(name, Layout(320, 320, tuple(things)), split)


SCENES = [
    scene("few_0", ("red metal cube",), "number_few"),
    scene("few_1", (), "number_few"),
    scene("many_0", ("red metal cube", "blue rubber sphere", "gray metal cylinder"), "number_many", 0.05),
    scene("many_1", ("green rubber cube",) * 5, "number_many", 0.5),
]


@pytest.fixture
def root(tmp_path) -> Path:
    """A LayoutBench folder with a picture for one of its scenes."""
    registry.write(tmp_path / "bench", SCENES, "layoutbench-root")
    pictures = tmp_path / "bench" / "number" / "images"
    pictures.mkdir()
    Image.new("RGB", (320, 320), (255, 0, 0)).save(pictures / "many_0.png")
    return tmp_path / "bench"


@pytest.fixture
def browser(window):
    return window.library.datasets


def open_folder(window, answers, qtbot, folder: Path) -> None:
    answers.folder = folder
    window.actions_by_id["open_folder"].trigger()
    assert answers.asked[-1] == "folder"
    qtbot.waitUntil(lambda: not window.files.reader.background.busy)


def shown(panel) -> list[str]:
    model = panel.model
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def row_middle(panel, row: int) -> QPoint:
    return panel.view.visualRect(panel.model.index(row, 0)).center()


def test_the_browser_is_never_empty(window, browser, qtbot):
    assert not window.docks["browser"].isVisible()
    QTest.keyClick(window, Qt.Key.Key_F, CTRL | SHIFT)
    assert window.docks["browser"].isVisible()
    qtbot.waitUntil(lambda: browser.panel.title.text() == "Samples")
    assert "eight_objects" in shown(browser.panel) and len(shown(browser.panel)) == 36


def test_a_layoutbench_folder(window, answers, qtbot, browser, root):
    open_folder(window, answers, qtbot, root)
    assert window.docks["browser"].isVisible()
    assert shown(browser.panel) == [entry.name for entry in SCENES]
    assert browser.panel.count.text() == "4 layouts"
    assert window.document.layout.objects[0].prompt == "red metal cube", "the first one is on the canvas"
    assert window.windowTitle().startswith("few_0")
    assert window.files.file is None, "a dataset is not written to"
    assert not window.document.modified


def test_a_click_opens_and_asks_about_changes(window, answers, qtbot, browser, root):
    open_folder(window, answers, qtbot, root)
    panel = browser.panel
    qtbot.mouseClick(panel.view.viewport(), LEFT, pos=row_middle(panel, 2))
    assert len(window.document.layout.objects) == 3 and panel.model.open_place == 2
    window.edits.select_all()
    window.edits.delete()
    answers.changes = "cancel"
    qtbot.mouseClick(panel.view.viewport(), LEFT, pos=row_middle(panel, 3))
    assert answers.asked[-1] == "changes many_0"
    assert window.document.layout.objects == () and panel.model.open_place == 2
    answers.changes = "discard"
    qtbot.mouseClick(panel.view.viewport(), LEFT, pos=row_middle(panel, 3))
    assert len(window.document.layout.objects) == 5


def test_by_keyboard_alone(window, answers, qtbot, browser, root):
    open_folder(window, answers, qtbot, root)
    QTest.keyClick(window, Qt.Key.Key_F, CTRL | SHIFT)
    search = browser.panel.filters.search
    assert search.hasFocus()
    QTest.keyClicks(search, "sphere")
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert shown(browser.panel) == ["many_0"]
    assert len(window.document.layout.objects) == 3
    search.clear()
    qtbot.waitUntil(lambda: len(shown(browser.panel)) == 4)
    QTest.keyClick(search, Qt.Key.Key_Down)
    assert browser.panel.view.hasFocus()
    QTest.keyClick(browser.panel.view, Qt.Key.Key_Down)
    QTest.keyClick(browser.panel.view, Qt.Key.Key_Return)
    assert len(window.document.layout.objects) == 5
    QTest.keyClick(window, Qt.Key.Key_PageUp, CTRL)
    assert len(window.document.layout.objects) == 3
    row = QAccessible.queryAccessibleInterface(browser.panel.view).child(0)
    assert row.text(QAccessible.Text.Name) == "few_0, 1 object · number_few"


def test_filters(window, answers, qtbot, browser, root):
    open_folder(window, answers, qtbot, root)
    panel, filters = browser.panel, browser.panel.filters
    qtbot.mouseClick(filters.more, LEFT)
    assert filters.split.isVisible() and not filters.picture_size.isVisible(), "all pictures are of one size"
    filters.split.setCurrentIndex(filters.split.findData("number_many"))
    assert shown(panel) == ["many_0", "many_1"]
    assert panel.count.text() == "2 of 4 layouts" and filters.more.text() == "Filters (1)"
    filters.label.setCurrentIndex(filters.label.findData("red metal cube"))
    assert shown(panel) == ["many_0"]
    qtbot.mouseClick(filters.clear, LEFT)
    assert len(shown(panel)) == 4
    filters.most.setValue(1)
    assert shown(panel) == ["few_0", "few_1"]
    filters.least.setValue(1)
    assert shown(panel) == ["few_0"]
    filters.reset()
    filters.area.setCurrentIndex(1)
    assert shown(panel) == ["many_0"], "16 pixels a side are small"
    filters.area.setCurrentIndex(3)
    assert shown(panel) == ["many_1"]


def test_the_ground_truth_lies_behind_the_boxes(window, answers, qtbot, browser, root):
    open_folder(window, answers, qtbot, root)
    assert not window.reference.shown
    browser.open_layout(2)
    assert window.reference.shown
    window.files.new()
    assert not window.reference.shown and browser.panel.model.open_place is None, "it belonged to the layout"
    browser.open_layout(2)
    qtbot.mouseClick(browser.panel.pictures, LEFT, pos=QPoint(8, browser.panel.pictures.height() // 2))
    assert not window.reference.shown
    browser.open_layout(2)
    assert not window.reference.shown


def test_thumbnails_are_made_when_they_are_seen(window, answers, qtbot, browser, tmp_path):
    entries = [scene(f"scene_{number:04d}", ("red metal cube",), "number_few") for number in range(2000)]
    pictures = tmp_path / "images"
    pictures.mkdir()
    Image.new("RGB", (320, 320), (255, 0, 0)).save(pictures / "scene_0000.png")
    registry.write(tmp_path / "scenes_number_few.json", entries, "layoutbench")
    window.files.open(tmp_path / "scenes_number_few.json")
    qtbot.waitUntil(lambda: browser.dataset is not None)
    view = browser.panel.view
    pixel = row_middle(browser.panel, 0) - QPoint(0, 20)
    pixel.setX(24)

    def painted() -> bool:
        color = QImage(view.viewport().grab().toImage()).pixelColor(pixel)
        return color.red() > 200 and color.green() < 60

    qtbot.waitUntil(painted)
    assert 0 < len(view.thumbnails._made) < 40


def test_a_broken_picture_shows_the_boxes_alone(window, answers, qtbot, browser, root):
    (root / "number" / "images" / "many_0.png").write_bytes(b"no picture")
    open_folder(window, answers, qtbot, root)
    view = browser.panel.view
    with qtbot.waitSignal(view.thumbnails.arrived):
        view.viewport().repaint()
    view.viewport().repaint()
    assert browser.open_layout(2)
    assert "many_0.png: the picture cannot be read" in window.messages.text.text()


def test_broken_files_are_named_and_counted(window, answers, qtbot, browser, root):
    (root / "number" / "scenes" / "scenes_number_few.json").write_text('{"scenes": [')
    open_folder(window, answers, qtbot, root)
    assert shown(browser.panel) == ["many_0", "many_1"]
    assert "1 file could not be read: scenes_number_few.json" in window.messages.text.text()
    assert browser.panel.broken.isVisible()
    qtbot.mouseClick(browser.panel.broken, LEFT)
    box = window.findChild(QMessageBox, "brokenList")
    assert box is not None and "not valid JSON" in box.informativeText()
    box.close()


def test_a_folder_of_nothing_is_one_sentence(window, answers, qtbot, browser, tmp_path):
    (tmp_path / "empty").mkdir()
    before = window.document.layout
    open_folder(window, answers, qtbot, tmp_path / "empty")
    assert "no kind that Boxpaint knows" in window.messages.text.text()
    assert window.document.layout is before
    assert browser.dataset is None or browser.panel.title.text() == "Samples"


def test_what_is_not_saved_stays_when_a_dataset_is_opened(window, answers, qtbot, browser, root):
    window.document.apply("Draw", SCENES[0].layout)
    open_folder(window, answers, qtbot, root)
    assert window.document.layout == SCENES[0].layout and window.document.modified
    assert "changes" not in " ".join(answers.asked)


def test_export_of_what_the_filter_shows(window, answers, qtbot, browser, root, tmp_path):
    open_folder(window, answers, qtbot, root)
    browser.panel.filters.split.setCurrentIndex(browser.panel.filters.split.findData("number_many"))
    answers.export = tmp_path / "out.json"
    QTest.keyClick(window, Qt.Key.Key_E, CTRL)
    dialog = window.findChild(ExportDialog, "exportDialog")
    assert [dialog.which.itemData(row) for row in range(dialog.which.count())] == ["shown", "all"]
    dialog.formats.setCurrentIndex(dialog.formats.findData("coco"))
    dialog.accept()
    qtbot.waitUntil(lambda: "2 layouts were written to out.json" in window.messages.text.text())
    written = registry.read(tmp_path / "out.json")
    assert written.format == "coco" and [entry.name for entry in written.entries] == ["many_0", "many_1"]
    assert answers.asked[-1] == "export bench-coco.json"


def test_an_export_that_fails_says_so(window, answers, qtbot, browser, root, tmp_path):
    open_folder(window, answers, qtbot, root)
    answers.export = tmp_path / "bench"  # there already
    assert browser.write(browser.dataset.entries, "layoutbench-root")
    qtbot.waitUntil(lambda: "Nothing was exported" in window.messages.text.text())
    shutil.rmtree(tmp_path / "bench")


def test_statistics_beside_clevr(window, answers, qtbot, browser, root, tmp_path):
    open_folder(window, answers, qtbot, root)
    qtbot.mouseClick(browser.panel.statistics, LEFT)
    dialog = window.findChild(StatisticsDialog, "statisticsDialog")
    qtbot.waitUntil(lambda: dialog.save_picture.isEnabled())
    assert not dialog.picture.pixmap().isNull()
    assert [dialog.which.itemText(row) for row in range(dialog.which.count())] == [
        "All 4 layouts",
        "Split number_few (2)",
        "Split number_many (2)",
    ]
    dialog.which.setCurrentIndex(2)
    qtbot.waitUntil(lambda: dialog.save_picture.isEnabled())
    assert dialog.export(tmp_path / "figures.json") and dialog.export(tmp_path / "picture.png")
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["layouts"] == 2 and figures["objects"] == 8 and "counts" in figures["distance_from_clevr"]
    assert Image.open(tmp_path / "picture.png").size == (1200, 820)
    assert not dialog.export(tmp_path / "figures.json" / "no.png") and "Not saved" in dialog.told.text()
    qtbot.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Close), LEFT)
