"""The open file changed by another program: noticed, told, and never written over without a question."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from engine.formats import registry
from engine.formats.dataset import Entry
from engine.formats.project import read_project, write_project
from engine.layout import Box, Layout, LayoutObject
from tests.faults import faulty, refusing
from ui import edits
from ui.canvas.geometry import Edges

LEFT = Qt.MouseButton.LeftButton
MUG = Layout(100, 100, (LayoutObject("a", "mug", Box(0.1, 0.1, 0.4, 0.4)),))
CUP = edits.set_prompt(MUG, ("a",), "cup")


@pytest.fixture
def file(window, tmp_path) -> Path:
    """A layout that is open in the window."""
    path = tmp_path / "mine.layout.json"
    registry.write(path, [Entry("mine", MUG)], "boxpaint")
    assert window.files.open(path)
    return path


def prompt(window) -> str:
    return window.document.layout.objects[0].prompt


def told(window, qtbot, words: str) -> None:
    qtbot.waitUntil(lambda: words in window.messages.text.text() and window.messages.isVisible())


def press(window, qtbot, label: str) -> None:
    (button,) = [button for button in window.messages.buttons if button.text() == label]
    qtbot.mouseClick(button, LEFT)


def test_reload_can_be_undone(window, file, qtbot):
    registry.write(file, [Entry("mine", CUP)], "boxpaint")
    told(window, qtbot, "mine.layout.json was changed by another program.")
    press(window, qtbot, "Reload")
    assert prompt(window) == "cup" and not window.isWindowModified()
    assert window.document.undo()
    assert prompt(window) == "mug" and window.isWindowModified()


def test_keep_mine_is_not_saved_until_it_is(window, file, qtbot, answers):
    registry.write(file, [Entry("mine", CUP)], "boxpaint")
    told(window, qtbot, "was changed by another program")
    press(window, qtbot, "Keep mine")
    assert prompt(window) == "mug" and window.isWindowModified()
    assert window.files.save()
    assert answers.asked == [], "the decision was made"
    assert json.loads(file.read_text())["objects"][0]["prompt"] == "mug"


def test_saving_over_a_changed_file_asks(window, file, qtbot, answers, tmp_path):
    window.document.apply("Label", edits.set_prompt(MUG, ("a",), "jug"))
    registry.write(file, [Entry("mine", CUP)], "boxpaint")
    assert not window.files.save(), "the answer was to cancel"
    assert answers.asked == ["overwrite mine.layout.json"]
    assert json.loads(file.read_text())["objects"][0]["prompt"] == "cup"
    answers.overwrite, answers.save = "save_as", tmp_path / "other.layout.json"
    assert window.files.save() and window.files.file == tmp_path / "other.layout.json"
    assert json.loads(file.read_text())["objects"][0]["prompt"] == "cup"


def test_overwrite_means_overwrite(window, file, answers):
    window.document.apply("Label", edits.set_prompt(MUG, ("a",), "jug"))
    registry.write(file, [Entry("mine", CUP)], "boxpaint")
    answers.overwrite = "overwrite"
    assert window.files.save() and not window.isWindowModified()
    assert json.loads(file.read_text())["objects"][0]["prompt"] == "jug"


def test_our_own_saving_is_no_news(window, file, qtbot):
    window.document.apply("Label", CUP)
    assert window.files.save()
    with qtbot.assertNotEmitted(window.files.watch.noticed, wait=600):
        pass
    assert "changed" not in window.messages.text.text()


def test_the_same_content_written_again_is_no_news(window, file):
    file.write_bytes(file.read_bytes())
    os.utime(file, (1, 1))
    assert window.files.watch.look() == "same"


def test_a_file_that_is_gone_is_told_and_written_again(window, file, qtbot):
    file.unlink()
    told(window, qtbot, "mine.layout.json is no longer on the disk")
    assert window.isWindowModified(), "what is here is all there is"
    press(window, qtbot, "Save")
    assert file.is_file() and not window.isWindowModified()


def test_a_broken_file_is_not_taken_over(window, file, qtbot):
    file.write_text('{"objects": [')
    told(window, qtbot, "was changed by another program")
    press(window, qtbot, "Reload")
    assert prompt(window) == "mug" and "mine.layout.json" in window.messages.text.text()


def test_what_is_found_when_the_user_comes_back(window, file, qtbot):
    """Folders on the network tell of no changes."""
    window.files.watch._watcher.removePaths([str(file), str(file.parent)])
    registry.write(file, [Entry("mine", CUP)], "boxpaint")
    window.library._disk._state_changed(Qt.ApplicationState.ApplicationActive)
    assert "was changed by another program" in window.messages.text.text()


def test_another_file_is_another_watch(window, file, qtbot, tmp_path):
    window.files.new()
    file.unlink()
    assert window.files.watch.look() == "same"
    assert not window.isWindowModified()


def test_a_project_that_was_changed(window, qtbot, tmp_path):
    path = tmp_path / "mine.boxpaint"
    write_project(path, [Entry("one", MUG), Entry("two", MUG), Entry("three", MUG), Entry("four", MUG)], {})
    assert window.files.open(path)
    project = window.files.project
    project.switch(1)
    window.document.apply("Label", edits.set_prompt(MUG, ("a",), "jug"))
    project.switch(0)
    write_project(path, [Entry("one", CUP), Entry("four", MUG), Entry("five", CUP)], {})
    told(window, qtbot, "and you have changes that are not saved")
    press(window, qtbot, "Reload")
    assert [sheet.name for sheet in project.sheets] == ["one", "four", "five", "two"], "what was changed here stays"
    assert prompt(window) == "cup" and window.isWindowModified()
    assert window.document.undo() and prompt(window) == "mug"
    project.switch(3)
    assert prompt(window) == "jug"
    assert window.files.save()
    assert len(read_project(path).entries) == 4


@pytest.mark.parametrize("kind", ["layout", "project"])
def test_a_drive_that_was_taken_away_is_told_and_the_work_can_be_saved_elsewhere(window, answers, tmp_path, kind):
    drive, elsewhere = tmp_path / "drive", tmp_path / "elsewhere"
    drive.mkdir()
    elsewhere.mkdir()
    if kind == "project":
        assert window.files.new_project()
    suffix = ".boxpaint" if kind == "project" else ".layout.json"
    window.document.apply("Add", edits.add(window.document.layout, Edges(1, 2, 30, 40), "pot")[0])
    answers.save = drive / f"mine{suffix}"
    assert window.files.save()
    window.document.apply("Add", edits.add(window.document.layout, Edges(5, 2, 30, 40), "pan")[0])
    shutil.rmtree(drive)
    assert not window.files.save()
    text = window.messages.text.text()
    assert "was not saved" in text and f"mine{suffix}" in text and "Connect its drive again" in text
    assert not drive.exists(), "nothing was written where the drive had been"
    assert window.isWindowModified() and len(window.document.layout.objects) == 2
    answers.save = elsewhere / f"mine{suffix}"
    assert window.files.save_as()
    assert registry.read(answers.save).entries[0].layout == window.document.layout
    assert not window.isWindowModified()


FAULTS = {
    "disk is full": errno.ENOSPC,
    "read-only": errno.EROFS,
    "reports an error": errno.EIO,
    "no longer there": errno.ENODEV,
}


@pytest.mark.parametrize("words", FAULTS)
def test_a_disk_that_refuses_is_told_and_the_work_can_be_saved_elsewhere(window, answers, tmp_path, words):
    folder, elsewhere = tmp_path / "disk", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    window.document.apply("Add", edits.add(window.document.layout, Edges(1, 2, 30, 40), "pot")[0])
    answers.save = folder / "mine.layout.json"
    assert window.files.save()
    saved = answers.save.read_bytes()
    window.document.apply("Add", edits.add(window.document.layout, Edges(5, 2, 30, 40), "pan")[0])
    with faulty(folder, refusing(FAULTS[words], 0, lasting=True)):
        assert not window.files.save()
        text = window.messages.text.text()
        assert words in text and "mine.layout.json" in text and "hoose" in text
        assert answers.save.read_bytes() == saved
        assert window.isWindowModified()
        answers.save = elsewhere / "mine.layout.json"
        assert window.files.save_as()
    assert registry.read(answers.save).entries[0].layout == window.document.layout
