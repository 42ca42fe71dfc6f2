"""The document: undo is exact, gestures are one entry, modified is honest."""

from __future__ import annotations

import pytest

from engine.layout import Box, Layout, LayoutObject
from ui import edits
from ui.document import Document

LAYOUT = Layout(
    100, 100, (LayoutObject("a", "red metal cube", Box(0.1, 0.1, 0.4, 0.4)), LayoutObject("b", "", Box(0.5, 0.5, 1, 1)))
)


@pytest.fixture
def document(qapp) -> Document:
    return Document(LAYOUT)


def test_a_gesture_is_one_entry(document):
    document.begin("Move box")
    for step in range(5):
        document.preview(edits.set_prompt(LAYOUT, ("a",), f"text {step}"))
    assert document.undo_name is None
    assert document.committed_layout is LAYOUT
    assert document.commit()
    assert document.undo_name == "Move box"
    document.undo()
    assert document.layout is LAYOUT
    document.redo()
    assert document.layout.find("a").prompt == "text 4"


def test_a_gesture_that_changes_nothing_leaves_no_entry(document):
    document.begin("Move box")
    document.preview(edits.set_prompt(LAYOUT, ("a",), "else"))
    document.preview(LAYOUT)
    assert not document.commit()
    assert document.undo_name is None


def test_abort_gives_layout_and_selection_back(document):
    document.select(("a",))
    document.begin("Draw box")
    document.preview(edits.delete(LAYOUT, ("a",)))
    assert document.selection == ()
    assert document.abort()
    assert document.layout is LAYOUT
    assert document.selection == ("a",)


def test_undo_during_a_gesture_takes_only_that_back(document):
    document.apply("Label", edits.set_prompt(LAYOUT, ("b",), "mug"))
    document.begin("Move box")
    document.preview(edits.delete(document.layout, ("a",)))
    assert document.undo()
    assert document.undo_name == "Label"
    assert len(document.layout.objects) == 2


def test_merging_only_right_after_each_other(document):
    for prompt in ("x", "xy", "xyz"):
        document.apply("Type", edits.set_prompt(document.layout, ("a",), prompt), merge="typing")
    assert len(document.history.entries) == 1
    document.apply("Delete", edits.delete(document.layout, ("b",)))
    document.apply("Type", edits.set_prompt(document.layout, ("a",), "q"), merge="typing")
    assert [entry.name for entry in document.history.entries] == ["Type", "Delete", "Type"]


def test_modified_compares_values(document):
    told: list[bool] = []
    document.modified_changed.connect(told.append)
    document.apply("Label", edits.set_prompt(LAYOUT, ("a",), "mug"))
    document.apply("Label", edits.set_prompt(document.layout, ("a",), "red metal cube"))
    assert not document.modified
    document.mark_saved(edits.delete(LAYOUT, ("a",)))
    assert document.modified
    assert told == [True, False, True]


def test_a_new_change_drops_what_could_be_redone(document):
    document.apply("One", edits.set_prompt(LAYOUT, ("a",), "1"))
    document.undo()
    document.apply("Two", edits.set_prompt(LAYOUT, ("a",), "2"))
    assert document.redo_name is None
    assert not document.redo()


def test_history_can_be_kept_and_restored(document, qapp):
    document.apply("One", edits.set_prompt(LAYOUT, ("a",), "1"))
    document.apply("Two", edits.delete(document.layout, ("b",)))
    document.undo()
    other = Document(Layout(10, 10))
    other.restore(document.history, document.layout)
    assert other.modified
    other.redo()
    assert len(other.layout.objects) == 1
    other.go_to(0)
    assert other.layout == LAYOUT


def test_selection_follows_what_exists(document):
    document.select(("a", "nobody", "a", "b"))
    assert document.selection == ("a", "b")
    document.apply("Delete", edits.delete(LAYOUT, ("a",)))
    assert document.selection == ("b",)


def test_preview_needs_a_gesture(document):
    with pytest.raises(RuntimeError):
        document.preview(LAYOUT)
