"""The queue: order, pausing, failures, and what is left of it after a restart."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.model_choices import folder_choice
from desktop_app.runs.queue import FILE_NAME
from desktop_app.runs.sweeps import kept_sweeps
from engine.layout import Box, Layout, LayoutObject
from engine.runs.records import read_record
from tests.ui.driver import press_key
from ui.message_bar import Severity

ENGINE_STARTS = 60_000


@pytest.fixture
def ready(window, pipeline):
    """The window with the tiny model chosen and one small object."""
    window.generation.form.add_model(folder_choice(str(pipeline)))
    window.generation.form.steps.setValue(1)
    window.generation.form.width_box.setValue(64)
    window.generation.form.height_box.setValue(64)
    window.generation.form.detect.setChecked(False)
    window.document.replace(Layout(64, 64, (LayoutObject("a", "red metal cube", Box(0.1, 0.1, 0.5, 0.6)),)))
    return window


def add(window, *seeds: int) -> list[str]:
    for seed in seeds:
        window.generation.form.seed.setText(str(seed))
        window.room.waiting.add_layout()
    return [item.request.run for item in window.room.waiting.queue.items]


def finished(window, runs: list[str]) -> bool:
    folder = window.runs.runs_folder
    return all((folder / run / "picture.png").is_file() for run in runs) and not window.runs.busy


def test_waiting_runs_are_painted_in_their_order(ready, qtbot) -> None:
    queue = ready.room.waiting.queue
    queue.pause()
    runs = add(ready, 1, 2, 3)
    assert len(runs) == 3 and not ready.runs.busy
    assert "paused" in ready.messages.text.text(), "otherwise nothing seems to happen"
    assert ready.room.waiting.panel.list.item(2).text() == "seed 3: red metal cube"
    panel = ready.room.waiting.panel
    panel.list.setCurrentRow(2)
    press_key(panel.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [item.request.run for item in queue.items] == [runs[0], runs[2], runs[1]]
    panel.list.clearSelection()
    panel.list.item(0).setSelected(True)
    press_key(panel.list, Qt.Key.Key_Delete)
    assert [item.request.run for item in queue.items] == [runs[2], runs[1]]
    begun: list[str] = []
    ready.runs.started.connect(lambda request: begun.append(request.run))
    qtbot.mouseClick(panel.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: finished(ready, [runs[2], runs[1]]), timeout=ENGINE_STARTS)
    assert begun == [runs[2], runs[1]]
    assert not (ready.runs.runs_folder / runs[0]).exists()
    assert json.loads((ready.runs.runs_folder / FILE_NAME).read_text())["runs"] == []


def test_the_delete_key_in_the_queue_leaves_the_objects_alone(ready, qtbot) -> None:
    ready.room.waiting.queue.pause()
    add(ready, 1, 2)
    ready.docks["queue"].raise_()
    ready.document.select(("a",))
    panel = ready.room.waiting.panel
    panel.list.setFocus()
    panel.list.item(0).setSelected(True)
    press_key(panel.list, Qt.Key.Key_Delete)
    assert len(ready.room.waiting.queue.items) == 1
    assert [item.id for item in ready.document.layout.objects] == ["a"]


def test_what_waits_is_told_after_lost_work(ready, qtbot) -> None:
    ready.room.waiting.queue.pause()
    add(ready, 1)
    asked: list[str] = []
    ready.messages.show_message("Lost.", Severity.WARNING, (("Throw it away", lambda: asked.append("lost")),))
    ready.room.waiting.queue._items.clear()  # as at a start: the queue is in its file alone
    ready.room.restore()
    assert ready.messages.text.text() == "Lost."
    qtbot.mouseClick(ready.messages.buttons[0], Qt.MouseButton.LeftButton)
    assert asked == ["lost"] and "One run waits" in ready.messages.text.text() and ready.messages.isVisible()


def test_a_run_added_while_another_is_painted_waits(ready, qtbot) -> None:
    ready.generate()
    first = ready.runs.request.run
    waiting = add(ready, 5)
    assert len(waiting) == 1 and "1 waiting" in ready.room.waiting.panel.note.text()
    qtbot.waitUntil(lambda: finished(ready, [first, *waiting]), timeout=ENGINE_STARTS)
    assert ready.run_model.run == waiting[0], "the queue's run is shown, as nobody looked at another"


def test_the_queue_survives_the_end_of_the_program(ready, qtbot) -> None:
    queue = ready.room.waiting.queue
    queue.pause()
    runs = add(ready, 1, 2)
    # What another start of the program finds: the file, and the folder of the run that was cut off.
    file = ready.runs.runs_folder / FILE_NAME
    kept = json.loads(file.read_text())
    queue.resume()
    qtbot.waitUntil(lambda: finished(ready, runs), timeout=ENGINE_STARTS)
    record_file = Path(kept["runs"][0]["folder"]) / "run.json"
    record = json.loads(record_file.read_text())
    record.update(state="running", steps=record["steps"][:1])
    record_file.write_text(json.dumps(record))
    file.write_text(json.dumps(kept))
    assert queue.load() == ""
    assert queue.paused and len(queue.items) == 2
    cut, untouched = (item.request for item in queue.items)
    assert (cut.base, cut.keep) == (kept["runs"][0]["folder"], 1) and cut.run != runs[0]
    queue.remove([untouched.run])
    queue.resume()
    qtbot.waitUntil(lambda: finished(ready, [cut.run]), timeout=ENGINE_STARTS)
    assert [bool(entry["reused_from"]) for entry in read_record(Path(cut.folder))["steps"]] == [True, False]


@pytest.mark.parametrize("content", ["", "{", "[]", "[" * 99_999, '{"runs": [{"title": "x"}, 3]}'])
def test_a_broken_queue_is_said_and_stops_nothing(ready, content) -> None:
    file = ready.runs.runs_folder / FILE_NAME
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    ready.room.waiting.restore()
    assert "queue" in ready.messages.text.text()
    assert not ready.room.waiting.queue.items


def test_a_failure_that_would_come_again_pauses(ready, qtbot, tmp_path) -> None:
    (tmp_path / "file").write_text("in the way")
    queue = ready.room.waiting.queue
    queue.pause()
    add(ready, 1, 2)
    first, second = queue.items
    bad = replace(first.request, folder=str(tmp_path / "file" / "run"))
    queue.remove([first.request.run, second.request.run])
    queue.add([bad, second.request])
    queue.resume()
    qtbot.waitUntil(lambda: queue.paused, timeout=ENGINE_STARTS)
    qtbot.waitUntil(lambda: not ready.runs.busy)
    assert [item.request.run for item in queue.items] == [second.request.run]
    assert "The queue waits" in ready.messages.text.text()


def test_that_a_run_waits_is_said_until_it_begins(ready, qtbot) -> None:
    ready.generate()
    qtbot.waitUntil(lambda: bool(ready.run_model.steps), timeout=ENGINE_STARTS)
    ready.room.waiting.submit(ready.runs.request_for(ready.document.committed_layout, ready.generation.form.options()))
    assert "waits its turn" in ready.messages.text.text() and ready.messages.isVisible()
    (waiting,) = [item.request.run for item in ready.room.waiting.queue.items]
    qtbot.waitUntil(lambda: ready.runs.request.run == waiting, timeout=ENGINE_STARTS)
    assert not ready.messages.isVisible()
    qtbot.waitUntil(lambda: finished(ready, [waiting]), timeout=ENGINE_STARTS)


def test_what_is_said_meanwhile_stays_when_a_waiting_run_begins(ready, qtbot) -> None:
    ready.generate()
    ready.room.waiting.submit(ready.runs.request_for(ready.document.committed_layout, ready.generation.form.options()))
    (waiting,) = [item.request.run for item in ready.room.waiting.queue.items]
    ready.show_error("Something else.")
    qtbot.waitUntil(lambda: finished(ready, [waiting]), timeout=ENGINE_STARTS)
    assert ready.messages.isVisible() and ready.messages.text.text() == "Something else."


def test_a_sweep_keeps_its_places_when_it_was_cut_off(ready, qtbot) -> None:
    queue, sweeps, runs = ready.room.waiting.queue, ready.room.sweeps, ready.runs.runs_folder
    queue.pause()
    dialog = sweeps.ask()
    dialog.across_values.setText("1, 2")
    dialog.along.setCurrentIndex(0)
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    first, second = sweeps.shown.sweep.runs
    kept = (runs / FILE_NAME).read_text()
    sweeps.shown.close()
    qtbot.waitUntil(lambda: not sweeps.windows)
    # The program ends while the first run is painted: its folder is there, its picture is not.
    queue.remove([second])
    queue.resume()
    qtbot.waitUntil(lambda: finished(ready, [first]), timeout=ENGINE_STARTS)
    record = json.loads((runs / first / "run.json").read_text())
    record.update(state="running", steps=record["steps"][:1], picture=None)
    (runs / first / "run.json").write_text(json.dumps(record))
    (runs / first / "picture.png").unlink()
    # The next start, whose rooms know nothing of the sweep.
    sweeps._sweeps.clear()
    sweeps._due.clear()
    (runs / FILE_NAME).write_text(kept)
    ready.room.restore()
    again = queue.items[0].request.run
    assert again != first
    (sweep,) = kept_sweeps(runs)[0]
    assert sweep.runs == (again, second)
    waiting = json.loads((runs / FILE_NAME).read_text())["runs"]
    assert [entry["request"]["run"] for entry in waiting] == [again, second], "one more start would find the same"
    go_on, show = ready.messages.buttons
    assert (go_on.text(), show.text()) == ("Go on", "Show the sweep")
    qtbot.mouseClick(show, Qt.MouseButton.LeftButton)
    assert sweeps.shown.sweep == sweep
    queue.resume()
    qtbot.waitUntil(lambda: finished(ready, [again, second]), timeout=ENGINE_STARTS)
    qtbot.waitUntil(lambda: (runs / "sweeps" / f"{sweep.id}.png").is_file() and not ready.room.exporting.busy)
    assert sweeps.sweep_of(second) == sweep and sweeps.sweep_of(first) is None
    sweeps.shown.close()
    qtbot.waitUntil(lambda: not sweeps.windows)


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"id": "x", "across": ["seed", ["1", "2"]], "along": ["", []], "runs": ["only one"]}']
)
def test_a_broken_sweep_is_left_aside(tmp_path, content) -> None:
    (tmp_path / "sweeps").mkdir()
    (tmp_path / "sweeps" / "x.json").write_text(content)
    sweeps, (problem,) = kept_sweeps(tmp_path)
    assert not sweeps and problem.file.endswith("x.json")
