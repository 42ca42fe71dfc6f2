"""Work survives a kill: the journal gives layout and history back."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from desktop_app.lost_work import LostWork
from desktop_app.recovery import SUFFIX, Recovery, find_lost, read_journal
from desktop_app.session import Session
from desktop_app.settings import Settings
from engine.errors import BoxpaintError
from engine.layout import Box, Layout, LayoutObject
from engine.layout.notes import notes_of, with_notes
from tests.faults import faulty, refusing
from ui import edits
from ui.canvas.geometry import Edges
from ui.document import Document

LAYOUT = Layout(
    100,
    100,
    (
        LayoutObject("a", "mug", Box(0.1, 0.1, 0.4, 0.4), seed=7, extra={"area": [3, {"x": None}]}),
        LayoutObject("b", "cup", Box(0.5, 0.5, 1, 1), extra={"area": 1}),
    ),
    caption="crockery",
)

CHANGES = {
    "add": lambda layout: edits.add(layout, Edges(1, 2, 30, 40), "pot")[0],
    "delete": lambda layout: edits.delete(layout, [item.id for item in layout.objects[:1]]),
    "label": lambda layout: edits.set_prompt(layout, [item.id for item in layout.objects[-1:]], "plate \U0001f37d"),
    "reverse": lambda layout: layout.with_objects(reversed(layout.objects)),
    "note": lambda layout: layout.with_objects(with_notes(item, "old") for item in layout.objects),
    "resize": lambda layout: replace(layout, width=layout.width + 1),
    "clear": lambda layout: layout.with_objects(()),
}


def test_no_journal_without_changes(qapp, tmp_path):
    document = Document(LAYOUT)
    recovery = Recovery(document, tmp_path)
    document.replace(LAYOUT)
    assert not recovery.path.exists()
    document.apply("Label", edits.set_prompt(LAYOUT, ("a",), "pot"))
    assert recovery.path.exists()
    document.undo()
    assert not recovery.path.exists()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*CHANGES, "undo", "redo", "merge"]), min_size=1, max_size=15))
def test_the_journal_tells_layout_and_history(qapp, tmp_path, acts):
    document = Document(LAYOUT)
    recovery = Recovery(document, tmp_path)
    document.apply("first", edits.add(LAYOUT, Edges(0, 0, 5, 5))[0])
    for number, act in enumerate(acts):
        if act == "merge":
            document.apply("Type", edits.set_prompt(document.layout, ("b",), f"{number}"), merge="typing")
        elif act in CHANGES:
            document.apply(act, CHANGES[act](document.layout))
        else:
            getattr(document, act)()
    if document.modified:
        found = read_journal(recovery.path)
        assert found.layout == document.layout
        restored = Document(Layout(1, 1))
        restored.restore(found.history, found.layout)
        assert [entry.name for entry in restored.history.entries] == [e.name for e in document.history.entries]
        for position in range(len(found.history.entries) + 1):
            restored.go_to(position)
            document.go_to(position)
            assert restored.layout == document.layout
    recovery.clear()


def test_fields_that_are_only_kept_are_written_once(qapp, tmp_path):
    outline = "0 1 " * 50_000
    document = Document(LAYOUT.with_objects(replace(item, extra={"outline": outline}) for item in LAYOUT.objects))
    recovery = Recovery(document, tmp_path)
    for step in range(5):
        document.apply("Label", edits.set_prompt(document.layout, ("a", "b"), f"pot {step}"))
    assert recovery.path.stat().st_size < 3 * len(outline)
    assert read_journal(recovery.path).layout == document.layout
    recovery.clear()


def test_a_journal_that_is_cut_off_gives_what_is_whole(qapp, tmp_path):
    document = Document(LAYOUT)
    recovery = Recovery(document, tmp_path)
    document.apply("one", edits.set_prompt(LAYOUT, ("a",), "one"))
    document.apply("two", edits.set_prompt(document.layout, ("a",), "two"))
    content = recovery.path.read_bytes()
    cut = tmp_path / f"cut{SUFFIX}"
    cut.write_bytes(content[:-20])
    found = read_journal(cut)
    assert found.layout.find("a").prompt == "one"
    recovery.clear()


@pytest.mark.parametrize("content", [b"", b"garbage", b'{"op": "begin"}\n', b"[1]\n", b'{"op":"begin","layout":3}\n'])
def test_foreign_files_are_cleared_away(qapp, tmp_path, content):
    (tmp_path / f"x{SUFFIX}").write_bytes(content)
    assert find_lost(tmp_path, pytest.fail) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "line",
    [
        "[" * 99_999,
        '{"op": "cut", "sheet": "", "keep": 1e999}',
        '{"op": "go", "sheet": "", "position": -1}',
        '{"op": "apply", "sheet": "", "name": "x", "objects": [{"id": "a", "prompt": "a", "box": [0, 0, 1, 9e999]}]}',
        '{"op": "apply", "sheet": "", "name": "x", "objects": [], "order": ["none"]}',
        '{"op": "apply", "sheet": "", "name": "x", "objects": [], "order": [{}]}',
        '{"op": "show", "sheet": "none"}',
        '{"op": "list", "sheets": []}',
        '{"op": "list", "sheets": [7]}',
        '{"op": {}, "sheet": ""}',
    ],
)
def test_what_is_whole_of_a_journal_with_absurd_lines_comes_back(session, tmp_path, line) -> None:
    journal = tmp_path / f"absurd{SUFFIX}"
    layout = (
        '{"schema_version": 1, "width": 1, "height": 1, "objects": [{"id": "a", "prompt": "a", "box": [0, 0, 1, 1]}]}'
    )
    lines = ('{"op": "begin", "file": 7, "name": ["x"]}', f'{{"op": "sheet", "sheet": "", "layout": {layout}}}', line)
    journal.write_text("\n".join(lines))
    session.window.files.bring_back(read_journal(journal))
    assert session.window.document.layout.find("a").prompt == "a"


def test_a_living_window_keeps_its_journal(qapp, tmp_path):
    document = Document(LAYOUT)
    recovery = Recovery(document, tmp_path)
    document.apply("one", edits.set_prompt(LAYOUT, ("a",), "one"))
    assert find_lost(tmp_path, pytest.fail) == []
    recovery.clear()


EDIT_AND_WAIT = """
import sys, time
from dataclasses import replace
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop_app.recovery import Recovery
from tests.desktop_app.test_recovery import LAYOUT
from ui import edits
from ui.document import Document
app = QCoreApplication([])
document = Document(LAYOUT)
recovery = Recovery(document, Path(sys.argv[1]))
recovery.set_origin(None, "crockery.layout.json")
document.apply("Label box", edits.set_prompt(LAYOUT, ("a",), "teapot"))
print("edited", flush=True)
time.sleep(60)
"""


def test_a_killed_program_loses_nothing(qapp, qtbot, loop, tmp_path, client):
    folder = tmp_path / "recovery"
    root = Path(__file__).resolve().parents[2]
    child = subprocess.Popen([sys.executable, "-c", EDIT_AND_WAIT, str(folder)], stdout=subprocess.PIPE, cwd=root)
    assert child.stdout is not None and child.stdout.readline() == b"edited\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()

    session = Session(qapp, Settings(tmp_path), runs_folder=tmp_path, recovery_folder=folder, client=client)
    session.settings.set("warm_up", False)
    session.start((), generate=False)
    window = session.window
    qtbot.waitUntil(lambda: session.ready)
    assert "crockery.layout.json was not saved" in window.messages.text.text()
    qtbot.mouseClick(window.messages.buttons[0], Qt.MouseButton.LeftButton)
    assert window.document.layout.find("a").prompt == "teapot"
    assert window.isWindowModified() and window.document.undo_name == "Label box"
    window.document.undo()
    assert window.document.layout == LAYOUT
    assert window.document.modified
    assert len(list(folder.glob(f"*{SUFFIX}"))) == 1, "the old journal is gone, the new one goes on"
    session.recovery.clear()
    window.document.mark_saved(window.document.layout)
    window.close()
    window.deleteLater()


def test_a_disk_that_refuses_the_journal_is_told_once_and_nothing_is_lost_when_it_works_again(qapp, tmp_path):
    document = Document(LAYOUT)
    recovery = Recovery(document, tmp_path)
    told: list[str] = []
    recovery.failed.connect(told.append)
    full = False

    def refuse(stage: int, name: str) -> None:
        if full and name == "write":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with faulty(tmp_path, refuse):
        document.apply("one", edits.set_prompt(LAYOUT, ("a",), "one"))
        before = recovery.path
        full = True
        for prompt in ("two", "three"):
            document.apply(prompt, edits.set_prompt(document.layout, ("a",), prompt))
        assert len(told) == 1 and "the disk is full. Free some space" in told[0]
        assert document.layout.find("a").prompt == "three" and not recovery.keeps
        assert read_journal(before).layout.find("a").prompt == "one", "what was kept before stays"
        full = False
        document.apply("four", edits.set_prompt(document.layout, ("a",), "four"))
    assert recovery.keeps
    assert [entry.name for entry in read_journal(recovery.path).history.entries] == ["one", "two", "three", "four"]
    assert list(tmp_path.glob(f"*{SUFFIX}")) == [recovery.path], "the former one is gone"
    recovery.clear()
    assert list(tmp_path.iterdir()) == []


def test_a_journal_whose_folder_was_taken_away_is_begun_anew(qapp, tmp_path):
    document = Document(LAYOUT)
    recovery = Recovery(document, tmp_path / "recovery")
    document.apply("one", edits.set_prompt(LAYOUT, ("a",), "one"))
    shutil.rmtree(tmp_path / "recovery")
    document.apply("two", edits.set_prompt(document.layout, ("a",), "two"))
    document.apply("three", edits.set_prompt(document.layout, ("a",), "three"))
    assert [entry.name for entry in read_journal(recovery.path).history.entries] == ["one", "two", "three"]
    recovery.clear()


def test_a_journal_that_cannot_be_read_now_stays_and_is_told(qapp, tmp_path):
    (tmp_path / f"x{SUFFIX}").mkdir()
    told: list[BoxpaintError] = []
    assert find_lost(tmp_path, told.append) == []
    assert f"x{SUFFIX}" in str(told[0]) and told[0].hint
    assert (tmp_path / f"x{SUFFIX}").exists()


def test_work_that_cannot_be_kept_again_is_offered_again(session, window, qtbot, tmp_path):
    document = Document(LAYOUT)
    lost = Recovery(document, tmp_path / "lost")
    document.apply("one", edits.set_prompt(LAYOUT, ("a",), "one"))
    content = lost.path.read_bytes()
    lost.clear()
    journal = session.recovery.path.with_name(f"lost{SUFFIX}")
    journal.parent.mkdir(exist_ok=True)
    journal.write_bytes(content)
    LostWork(window, session.recovery).offer(find_lost(journal.parent, pytest.fail))
    with faulty(journal.parent, refusing(errno.ENOSPC, 0, lasting=True)):
        qtbot.mouseClick(window.messages.buttons[0], Qt.MouseButton.LeftButton)
        assert window.document.layout.find("a").prompt == "one"
        assert journal.exists() and "the disk is full" in window.messages.text.text()


@pytest.mark.parametrize("way", ["on the canvas", "in the list", "as notes"])
def test_a_text_that_is_being_typed_is_brought_back(session, window, qtbot, way):
    window.document.replace(LAYOUT)
    window.document.select(("a",))
    if way == "on the canvas":
        window.canvas.edit_label("a")
        editor = window.canvas.editor
    elif way == "in the list":
        view = window.objects.view
        view.edit(view.currentIndex())
        editor = view.indexWidget(view.currentIndex())
    else:
        editor = window.objects.details.notes
        editor.setFocus()
    qtbot.keyClicks(editor, "a long story")
    qtbot.waitUntil(lambda: session.recovery.path.exists())
    found = read_journal(session.recovery.path)
    item = found.layout.find("a")
    assert (notes_of(item) if way == "as notes" else item.prompt) == "a long story"
    assert window.document.layout == LAYOUT, "it is not a change yet"
    restored = Document(Layout(1, 1))
    restored.restore(found.history, found.layout)
    restored.undo()
    assert restored.layout == LAYOUT
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not session.recovery.path.exists())


def test_a_gesture_under_way_is_brought_back_and_its_end_counts(qapp, qtbot, tmp_path):
    document = Document(LAYOUT)
    recovery = Recovery(document, tmp_path)
    document.begin("Move")
    document.preview(edits.set_prompt(LAYOUT, ("a",), "half way"))
    qtbot.waitUntil(lambda: recovery.path.exists())
    assert read_journal(recovery.path).layout.find("a").prompt == "half way"
    document.preview(edits.set_prompt(LAYOUT, ("a",), "there"))
    document.commit()
    found = read_journal(recovery.path)
    assert found.layout.find("a").prompt == "there" and len(found.history.entries) == 1
    recovery.clear()


def test_settings_for_painting_survive_a_kill(session, window, qtbot):
    window.generation.form.steps.setValue(7)
    window.document.apply("Add", edits.add(window.document.layout, Edges(1, 2, 30, 40), "pot")[0])
    window.vocabulary.note("pot")

    def kept() -> bool:
        settings = Settings(session.settings.file.parent)
        return settings.get("run_options").get("steps") == 7 and "pot" in settings.get("used_prompts")

    qtbot.waitUntil(kept)
