"""Projects in the real window: many layouts, each with its history, written whole, brought back after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop_app.export_dialog import ExportDialog
from desktop_app.recovery import SUFFIX, read_journal
from desktop_app.session import SAMPLE, Session
from desktop_app.settings import Settings
from engine.formats import registry
from engine.formats.dataset import Entry
from engine.formats.project import read_project, write_project
from engine.layout import Box, Layout, LayoutObject
from tests.ui.driver import Hand, type_label

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
LEFT = Qt.MouseButton.LeftButton

ENTRIES = [
    Entry("table", Layout(100, 100, (LayoutObject("a", "mug", Box(0.1, 0.1, 0.4, 0.4)),)), "still life"),
    Entry("street", Layout(200, 100, (LayoutObject("a", "car", Box(0.5, 0.5, 1, 1)),), extra={"weather": "rain"})),
    Entry("empty", Layout(100, 100)),
]


def draw(window, label: str = "red metal cube") -> None:
    QTest.keyClick(window.canvas, Qt.Key.Key_D)
    Hand(window.canvas).drag((40, 60), (200, 260))
    type_label(window.canvas, label)


@pytest.fixture
def panel(window):
    return window.library.project.panel


@pytest.fixture
def opened(window, tmp_path):
    """The window with a project of three layouts."""
    write_project(tmp_path / "mine.boxpaint", ENTRIES, {"grid": 8}, extra={"author": "somebody"})
    assert window.files.open(tmp_path / "mine.boxpaint")
    return window


def names(panel) -> list[str]:
    return [panel.model.index(row, 0).data() for row in range(panel.model.rowCount())]


def click(qtbot, panel, row: int, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    place = panel.view.visualRect(panel.model.index(row, 0)).center()
    qtbot.mouseClick(panel.view.viewport(), LEFT, modifier, place)


def press(widget, key: Qt.Key) -> None:
    """A key as the keyboard gives it: first to whoever claims it as a shortcut, then as a key."""
    if not QTest.qWaitForWindowActive(widget.window()):
        return
    QTest.keyClick(widget.window().windowHandle(), key)


def prompts(window) -> list[str]:
    return [item.prompt for item in window.document.layout.objects]


def test_each_layout_keeps_its_history(window, panel, qtbot, answers, tmp_path):
    QTest.keyClick(window, Qt.Key.Key_N, CTRL | ALT)
    assert window.docks["project"].isVisible() and names(panel) == ["layout"]
    assert not window.isWindowModified(), "nothing would be lost"
    draw(window, "red metal cube")
    assert window.isWindowModified()
    qtbot.mouseClick(panel.add, LEFT)
    assert names(panel) == ["layout", "layout-2"] and prompts(window) == []
    assert window.document.undo_name is None
    draw(window, "blue rubber sphere")
    click(qtbot, panel, 0)
    assert prompts(window) == ["red metal cube"]
    window.document.undo()
    window.document.undo()
    assert prompts(window) == []
    QTest.keyClick(window, Qt.Key.Key_PageDown, CTRL)
    assert prompts(window) == ["blue rubber sphere"] and window.document.undo_name is not None
    QTest.keyClick(window, Qt.Key.Key_PageDown, CTRL)
    window.document.redo()
    window.document.redo()
    assert prompts(window) == ["red metal cube"]
    answers.save = tmp_path / "work"
    QTest.keyClick(window, Qt.Key.Key_S, CTRL)
    assert answers.asked == ["save project.boxpaint"]
    assert not window.isWindowModified() and window.windowTitle().startswith("work.boxpaint")
    kept = read_project(tmp_path / "work.boxpaint").entries
    assert [[item.prompt for item in entry.layout.objects] for entry in kept] == [
        ["red metal cube"],
        ["blue rubber sphere"],
    ]
    window.document.undo()
    assert window.isWindowModified(), "histories go on after saving"


def test_the_star_is_honest_over_all_layouts(opened, panel, qtbot):
    assert not opened.isWindowModified()
    click(qtbot, panel, 1)
    opened.edits.select_all()
    opened.edits.delete()
    click(qtbot, panel, 0)
    assert opened.isWindowModified(), "the change is in another layout than the one shown"
    click(qtbot, panel, 1)
    opened.document.undo()
    assert not opened.isWindowModified()


def test_duplicate_rename_delete_bring_back_reorder(opened, panel, qtbot):
    click(qtbot, panel, 1)
    qtbot.mouseClick(panel.duplicate, LEFT)
    assert names(panel) == ["table", "street", "street-2", "empty"]
    assert prompts(opened) == ["car"] and opened.files.project.place == 2
    panel.view.setFocus()
    press(panel.view, Qt.Key.Key_F2)
    editor = panel.view.viewport().findChild(QLineEdit)
    QTest.keyClicks(editor, "road/side")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(panel) == ["table", "street", "road_side", "empty"])
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_Up, ALT)
    assert names(panel) == ["table", "road_side", "street", "empty"] and opened.files.project.place == 1
    click(qtbot, panel, 0)
    press(panel.view, Qt.Key.Key_Delete)
    assert names(panel) == ["road_side", "street", "empty"] and prompts(opened) == ["car"]
    assert "table was deleted" in opened.messages.text.text()
    qtbot.mouseClick(opened.messages.buttons[0], LEFT)
    assert names(panel) == ["table", "road_side", "street", "empty"] and prompts(opened) == ["mug"]


def test_the_context_menu(opened, panel, qtbot):
    click(qtbot, panel, 1)
    menu = {action.objectName(): action for action in panel.view.actions()}
    menu["moveUp"].trigger()
    assert names(panel) == ["street", "table", "empty"]
    menu["moveUp"].trigger()
    menu["moveDown"].trigger()
    menu["moveDown"].trigger()
    menu["moveDown"].trigger()
    assert names(panel) == ["table", "empty", "street"]
    menu["duplicateLayouts"].trigger()
    menu["deleteLayouts"].trigger()
    assert names(panel) == ["table", "empty", "street"]
    menu["renameLayout"].trigger()
    assert panel.view.viewport().findChild(QLineEdit).isVisible()


def test_reordering_by_drag(opened, panel):
    model = panel.model
    data = model.mimeData([model.index(2, 0), model.index(1, 0)])
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, QModelIndex())
    assert names(panel) == ["street", "empty", "table"]
    assert opened.files.project.current.name == "table" and opened.isWindowModified()


def test_names_stay_apart(opened, panel):
    project = opened.files.project
    project.rename(1, "TABLE")
    assert names(panel) == ["table", "TABLE-2", "empty"]
    project.rename(1, "../../etc/passwd")
    assert "/" not in names(panel)[1] and ".." not in names(panel)[1][:2]
    project.rename(1, "   ")
    assert names(panel)[1]


def test_the_last_layout_leaves_an_empty_one(opened, panel, qtbot):
    removed = opened.files.project.remove([0, 1, 2])
    assert names(panel) == ["layout"] and prompts(opened) == [] and opened.isWindowModified()
    opened.files.project.bring_back(removed)
    assert names(panel) == ["table", "street", "empty", "layout"]


def test_unknown_content_is_kept(opened, panel, tmp_path):
    file = tmp_path / "mine.boxpaint"
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("runs/one/000.png", b"\x89PNG" + bytes(2000), zipfile.ZIP_STORED)
        archive.writestr("layouts/notes.txt", "of a newer program")
    opened.files.watch.follow(file)
    opened.files.project.remove([0])
    assert opened.files.save()
    project = read_project(file)
    assert [entry.name for entry in project.entries] == ["street", "empty"]
    assert project.settings == {"grid": 8} and project.extra == {"author": "somebody"}
    assert project.entries[0].layout == ENTRIES[1].layout, "its unknown fields, too"
    with zipfile.ZipFile(file) as archive:
        assert archive.read("runs/one/000.png") == b"\x89PNG" + bytes(2000)
        assert archive.read("layouts/notes.txt") == b"of a newer program"
        assert "layouts/table.layout.json" not in archive.namelist()
        assert archive.testzip() is None


def test_a_failed_save_loses_nothing(opened, panel, answers, tmp_path):
    before = (tmp_path / "mine.boxpaint").read_bytes()
    (tmp_path / "file").write_text("in the way")
    opened.files.project.remove([2])
    answers.save = tmp_path / "file" / "other.boxpaint"
    assert not opened.files.save_as()
    assert "The project was not saved" in opened.messages.text.text()
    assert opened.isWindowModified() and names(panel) == ["table", "street"]
    assert opened.files.file == tmp_path / "mine.boxpaint"
    assert (tmp_path / "mine.boxpaint").read_bytes() == before


def test_a_project_that_was_damaged_meanwhile_is_not_written_over(opened, answers, tmp_path):
    file = tmp_path / "mine.boxpaint"
    file.write_bytes(b"PK\x03\x04 no longer a zip")
    opened.files.project.remove([2])
    answers.overwrite = "overwrite"
    assert not opened.files.save()
    assert answers.asked == ["overwrite mine.boxpaint"]
    assert "damaged" in opened.messages.text.text() and opened.isWindowModified()
    answers.save = tmp_path / "other.boxpaint"
    assert not opened.files.save_as(), "what the damaged file held besides cannot be taken over silently"


def test_a_single_layout_becomes_a_project(window, panel, answers, tmp_path):
    window.files.open(SAMPLE)
    draw(window)
    answers.save = tmp_path / "more.boxpaint"
    assert window.files.save_as()
    assert names(panel) == ["eight_objects"] and len(window.document.layout.objects) == 9
    assert window.document.undo_name is not None and not window.isWindowModified()


def test_layouts_from_the_browser(opened, panel, qtbot, answers):
    QTest.keyClick(opened, Qt.Key.Key_F, CTRL | Qt.KeyboardModifier.ShiftModifier)
    browser = opened.library.datasets.panel
    view = browser.view
    qtbot.waitUntil(lambda: browser.model.rowCount() > 0)
    first = view.visualRect(browser.model.index(0, 0)).center()
    qtbot.mouseClick(view.viewport(), LEFT, pos=first)
    assert prompts(opened) == ["mug"], "a click selects only"
    second = first + QPoint(0, view.sizeHintForRow(0))
    qtbot.mouseClick(view.viewport(), LEFT, Qt.KeyboardModifier.ShiftModifier, second)
    qtbot.mouseClick(browser.add, LEFT)
    assert names(panel) == ["table", "street", "empty", "clevr_1", "clevr_2"]
    assert opened.files.project.place == 3 and opened.isWindowModified()
    assert answers.asked == []


def test_a_project_from_the_browser(window, panel, qtbot, session):
    QTest.keyClick(window, Qt.Key.Key_F, CTRL | Qt.KeyboardModifier.ShiftModifier)
    browser = window.library.datasets.panel
    qtbot.waitUntil(lambda: browser.model.rowCount() > 0)
    browser.view.setFocus()
    QTest.keyClick(browser.view, Qt.Key.Key_A, CTRL)
    assert browser.add.text() == "Start a project with them"
    qtbot.mouseClick(browser.add, LEFT)
    assert len(names(panel)) == 36 and window.isWindowModified()
    assert len(read_journal(session.recovery.path).sheets) == 36, "no file holds them"


def test_a_project_is_exported(opened, answers, qtbot, tmp_path):
    answers.export = tmp_path / "out"
    QTest.keyClick(opened, Qt.Key.Key_E, CTRL)
    dialog = opened.findChild(ExportDialog)
    assert dialog.which.itemText(0) == "The 3 layouts of the project"
    dialog.formats.setCurrentIndex(dialog.formats.findData("boxpaint"))
    dialog.accept()
    qtbot.waitUntil(lambda: "3 layouts were written to out" in opened.messages.text.text())
    assert [entry.name for entry in registry.read(tmp_path / "out").entries] == ["empty", "street", "table"]


def test_leaving_asks_once_for_all(opened, panel, answers, tmp_path):
    opened.files.project.rename(0, "desk")
    answers.changes = "cancel"
    assert not opened.files.open(SAMPLE) and opened.files.project is not None
    answers.changes = "save"
    assert opened.files.open(SAMPLE)
    assert opened.files.project is None and not opened.docks["project"].isVisible()
    assert read_project(tmp_path / "mine.boxpaint").entries[0].name == "desk"


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b""])
def test_a_broken_project_is_one_sentence(window, tmp_path, content):
    (tmp_path / "broken.boxpaint").write_bytes(content)
    before = window.document.layout
    assert not window.files.open(tmp_path / "broken.boxpaint")
    assert "broken.boxpaint" in window.messages.text.text() and window.document.layout is before


def test_an_empty_project_opens(window, panel, tmp_path):
    write_project(tmp_path / "none.boxpaint", [], {})
    assert window.files.open(tmp_path / "none.boxpaint")
    assert names(panel) == ["layout"] and not window.isWindowModified()


def test_the_journal_follows_all_layouts(session, opened, panel, tmp_path):
    project = opened.files.project
    assert not session.recovery.path.exists()
    opened.edits.select_all()
    opened.edits.delete()
    project.switch(1)
    project.add([("new", ENTRIES[0].layout, None)])
    project.move([3], 0)
    found = read_journal(session.recovery.path)
    assert [row.name for row in found.listing] == ["new", "table", "street", "empty"]
    assert [row.stored for row in found.listing] == [None, "table", "street", "empty"]
    told = {row.name: found.sheets.get(row.id) for row in found.listing}
    assert told["table"].layout.objects == () and [step.name for step in told["table"].history.entries] == [
        "Delete box"
    ]
    assert told["new"].layout == ENTRIES[0].layout and told["street"] is None and told["empty"] is None
    assert opened.files.save()
    assert not session.recovery.path.exists()


EDIT_AND_WAIT = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop_app.document_controller import DocumentController
from desktop_app.recovery import Recovery
from tests.desktop_app.questions import ScriptedQuestions
from ui import edits
from ui.document import Document
from engine.layout import Layout
app = QCoreApplication([])
document = Document(Layout(1, 1))
files = DocumentController(document, ScriptedQuestions())
recovery = Recovery(document, Path(sys.argv[1]))
files.file_changed.connect(lambda: recovery.set_origin(files.file, files.name))
files.project_changed.connect(recovery.set_project)
assert files.open(Path(sys.argv[2]))
document.apply("Label object", edits.set_prompt(document.layout, ("a",), "teapot"))
files.project.add([("brought", document.layout, None)])
files.project.switch(1)
document.apply("Label object", edits.set_prompt(document.layout, ("a",), "bus"))
print("edited", flush=True)
time.sleep(60)
"""


def test_a_killed_program_loses_no_layout(qapp, qtbot, loop, tmp_path, client):
    folder, file = tmp_path / "recovery", tmp_path / "mine.boxpaint"
    write_project(file, ENTRIES, {})
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", EDIT_AND_WAIT, str(folder), str(file)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root)
    assert child.stdout is not None and child.stdout.readline() == b"edited\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()

    settings = Settings(tmp_path)
    settings.update({"warm_up": False, "start_page": False})
    session = Session(qapp, settings, runs_folder=tmp_path, recovery_folder=folder, client=client)
    session.start((), generate=False)
    window = session.window
    qtbot.waitUntil(lambda: session.ready)
    assert "mine.boxpaint was not saved" in window.messages.text.text()
    qtbot.mouseClick(window.messages.buttons[0], LEFT)
    project = window.files.project
    assert [sheet.name for sheet in project.sheets] == ["table", "street", "empty", "brought"]
    assert prompts(window) == ["bus"] and project.place == 1 and window.isWindowModified()
    assert window.document.undo_name == "Label object"
    project.switch(0)
    assert prompts(window) == ["teapot"]
    window.document.undo()
    assert prompts(window) == ["mug"]
    project.switch(3)
    assert prompts(window) == ["teapot"]
    assert len(list(folder.glob(f"*{SUFFIX}"))) == 1, "the old journal is gone, the new one goes on"
    assert window.files.save() and not window.isWindowModified()
    kept = registry.read(file).entries
    assert [item.prompt for entry in kept for item in entry.layout.objects] == ["mug", "bus", "teapot"]
    session.recovery.clear()
    window.close()
    window.deleteLater()


def test_without_the_project_file_what_changed_comes_back_and_the_rest_is_named(session, opened, tmp_path):
    opened.edits.select_all()
    opened.edits.delete()
    found = read_journal(session.recovery.path)
    (tmp_path / "mine.boxpaint").unlink()
    opened.files.bring_back(found)
    assert [sheet.name for sheet in opened.files.project.sheets] == ["table"]
    assert "street, empty" in opened.messages.text.text() and opened.isWindowModified()


def test_thumbnails_of_a_closed_project_are_let_go(opened, panel):
    made = panel.view.thumbnails._made
    panel.view.grab()
    assert len(made) == 3
    QTest.keyClick(opened, Qt.Key.Key_N, CTRL | ALT)
    panel.view.grab()
    assert len(made) == 1
    QTest.keyClick(opened, Qt.Key.Key_N, CTRL)
    assert opened.files.project is None and not made
