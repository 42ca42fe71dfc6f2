"""Lists of labels of the user's own: typed or from a file, kept, and offered."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.settings import Settings
from desktop_app.vocabularies import read_word_list
from desktop_app.vocabulary_dialog import VocabularyDialog
from engine.errors import BoxpaintError
from engine.layout.word_list import words_of


@pytest.fixture
def dialog(window, qtbot) -> VocabularyDialog:
    window.actions_by_id["vocabularies"].trigger()
    dialog = window.findChild(VocabularyDialog)
    yield dialog
    for left in window.findChildren(VocabularyDialog):
        left.reject()
    qtbot.waitUntil(lambda: window.findChild(VocabularyDialog) is None)


def test_one_label_per_line():
    assert words_of("\ufeffmug\r\n\n  red mug \nmug\n") == ("mug", "red mug")


def test_typed_labels_are_kept_and_offered(session, window, dialog):
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    QTest.keyClicks(dialog.words, "zebra finch")
    QTest.keyClick(dialog.words, Qt.Key.Key_Return)
    QTest.keyClicks(dialog.words, "gold finch")
    assert "2" in dialog.note.text()
    dialog.accept()
    assert window.vocabulary.suggest("finch") == ["zebra finch", "gold finch"]
    assert window.vocabulary.suggest("ze")[0] == "zebra finch"
    kept = Settings(session.settings.file.parent).get("vocabularies")
    assert kept == {"My labels": ["zebra finch", "gold finch"]}


def test_a_file_becomes_a_list_named_after_it(window, dialog, tmp_path):
    file = tmp_path / "birds.txt"
    file.write_text("wren\nrobin\n", "utf-8")
    dialog.read(file)
    assert dialog.names.currentItem().text() == "birds"
    assert dialog.lists == {"birds": ("wren", "robin")}
    dialog.accept()
    window.vocabulary.note("red metal cube")
    assert "wren" in window.vocabulary.words()


def test_lists_are_changed_and_removed(session, window, dialog):
    session._keep(vocabularies={"one": ["a"], "two": ["b"]})
    dialog.reject()
    window.actions_by_id["vocabularies"].trigger()
    again = next(child for child in window.findChildren(VocabularyDialog) if child.isVisible())
    assert list(again.lists) == ["one", "two"]
    QTest.mouseClick(again.remove, Qt.MouseButton.LeftButton)
    assert again.words.toPlainText() == "b"
    again.words.setPlainText("b\nc")
    again.accept()
    assert session.settings.get("vocabularies") == {"two": ["b", "c"]}


def test_cancel_changes_nothing(session, dialog):
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    QTest.keyClicks(dialog.words, "x")
    dialog.reject()
    assert session.settings.get("vocabularies") == {}


@pytest.mark.parametrize(
    ("content", "words"), [(b"\xff\xfe\x00x", "UTF-8"), (b"\n \n", "no label"), (None, "no such file")]
)
def test_files_without_labels_are_said(dialog, tmp_path, content, words):
    file: Path = tmp_path / "bad.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BoxpaintError, match=words):
        read_word_list(file)
    dialog.read(file)
    assert "bad.txt" in dialog.note.text() and dialog.names.count() == 0


def test_settings_of_another_shape_do_no_harm(session):
    session.settings.set("vocabularies", {"odd": "text", "good": ["mug", 7]})
    assert session.vocabularies.lists == {"good": ("mug", "7")}
