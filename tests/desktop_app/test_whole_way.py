"""The whole way by mouse and keyboard: draw, generate, scrub, see a miss, move the box, branch, compare, export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.model_choices import folder_choice
from engine.runs.records import read_record
from tests.ui.driver import Hand, press_key, type_label
from ui.compare.view import Mode
from ui.timeline.model import FrameKind, Position, RunState
from ui.timeline.results import Verdict

ENGINE_STARTS = 60_000
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def drawn(window, pipeline):
    """Two boxes drawn and labelled by hand, the tiny model chosen."""
    window.generation.form.add_model(folder_choice(str(pipeline)))
    window.generation.form.steps.setValue(1)
    window.generation.form.width_box.setValue(64)
    window.generation.form.height_box.setValue(64)
    hand = Hand(window.canvas)
    hand.drag((40, 60), (200, 260))
    type_label(window.canvas, "red metal cube")
    hand.drag((300, 280), (460, 440))
    type_label(window.canvas, "blue rubber sphere")
    return window


def paint(window, qtbot) -> None:
    press_key(window.canvas, Qt.Key.Key_Return, CTRL)
    assert window.runs.busy, window.messages.text.text()
    wait(window, qtbot)


def wait(window, qtbot) -> None:
    qtbot.waitUntil(lambda: not window.runs.busy and not window.room.waiting.queue.items, timeout=ENGINE_STARTS)


def listed(window, qtbot, count: int) -> None:
    qtbot.waitUntil(lambda: len(window.room.runs_panel.lines) == count, timeout=10_000)


def test_draw_generate_scrub_miss_move_branch_compare_export(drawn, qtbot, tmp_path) -> None:
    window, run = drawn, drawn.run_model
    paint(window, qtbot)
    assert run.state is RunState.FINISHED, run.message
    first, layout = run.folder, window.document.layout

    # Scrub to the step of the second object, by the keyboard alone.
    window.timeline.slider.setFocus()
    press_key(window.timeline.slider, Qt.Key.Key_Home)
    assert run.position == Position(0, FrameKind.CONTEXT)
    press_key(window.timeline.slider, Qt.Key.Key_End)
    press_key(window.timeline.slider, Qt.Key.Key_Left)
    assert run.position == Position(1, FrameKind.COMPOSITE)

    # The detector found nothing in a random picture: a miss, in the results and on the strip.
    results = {row.item.prompt: row.verdict for row in window.results.objects()}
    assert results == {"red metal cube": Verdict.MISS, "blue rubber sphere": Verdict.MISS}
    assert window.results.hit(1) is False
    assert "0 of 2 found" in window.timeline.found.text()

    # Move the second box and run on from there.
    press_key(window.canvas, Qt.Key.Key_V)
    hand = Hand(window.canvas)
    hand.drag((380, 360), (340, 200))
    assert window.document.layout.objects[1].box != layout.objects[1].box
    press_key(window.canvas, Qt.Key.Key_B, CTRL)
    assert window.runs.busy, window.messages.text.text()
    wait(window, qtbot)
    assert run.state is RunState.FINISHED and run.folder != first
    record = read_record(Path(run.folder))
    assert record["parent"]["folder"] == first and record["parent"]["kept"] == 1
    assert [view.reused for view in run.steps] == [True, False, False]

    # The tree of runs shows it under the first, and so does the picture of the branches.
    listed(window, qtbot, 2)
    top = window.room.runs_panel.model.item(0)
    assert top.rowCount() == 1
    window.room.show_branches()
    lanes = window.room.branches.canvas.lanes
    assert [(lane.parent_row, lane.first) for lane in lanes] == [(None, 0), (0, 1)]
    canvas = window.room.branches.canvas
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.cell(0, 0).center())
    assert (run.folder, run.position.step) == (first, 0)
    press_key(canvas, Qt.Key.Key_Down)
    assert run.folder == record["request"].get("folder", str(window.runs.runs_folder / record["id"]))

    press_key(canvas, Qt.Key.Key_Escape)
    assert not window.room.branches.isVisible()

    # Compare the branch with what it branches off.
    press_key(window.timeline.slider, Qt.Key.Key_End)
    compare = window.room.compare()
    assert compare.one.path != compare.other.path and Path(compare.other.path).parent == Path(first)
    assert compare.note.text() == "They differ"
    for key, mode in ((Qt.Key.Key_2, Mode.WIPE), (Qt.Key.Key_4, Mode.DIFFERENCE), (Qt.Key.Key_1, Mode.SIDE)):
        press_key(compare.view, key)
        assert compare.view.mode is mode
    compare.other.choose(str(run.folder), 0)
    compare.one.choose(first, 0)
    assert compare.note.text() == "The same", "the kept step is the same, pixel by pixel"
    compare.close()

    # Get it out: the frame to the clipboard, the film to a file.
    press_key(window.timeline.slider, Qt.Key.Key_End)
    press_key(window.canvas, Qt.Key.Key_C, CTRL | SHIFT)
    assert QGuiApplication.clipboard().image().width() == 64
    target = tmp_path / "film.webp"
    window.room.exporting.ask = lambda *_: target
    window.actions_by_id["save_film"].trigger()
    qtbot.waitUntil(lambda: not window.room.exporting.busy, timeout=10_000)
    with Image.open(target) as film:
        assert film.n_frames == 3
    assert str(target) in window.messages.text.text()


def test_a_finished_picture_is_retouched(drawn, qtbot) -> None:
    window, run = drawn, drawn.run_model
    paint(window, qtbot)
    before = Image.open(run.frame_path(Position(2, FrameKind.COMPOSITE))).convert("RGB")
    press_key(window.canvas, Qt.Key.Key_V)
    Hand(window.canvas).click(380, 360)
    press_key(window.canvas, Qt.Key.Key_Delete)
    assert len(window.document.layout.objects) == 1
    window.actions_by_id["retouch"].trigger()
    wait(window, qtbot)
    assert run.state is RunState.FINISHED, run.message
    assert len(run.steps) == 4 and run.steps[3].label == "filled box"
    after = Image.open(run.frame_path(Position(3, FrameKind.COMPOSITE))).convert("RGB")
    assert before.crop((0, 0, 64, 34)).tobytes() == after.crop((0, 0, 64, 34)).tobytes()
    assert before.tobytes() != after.tobytes()
    window.actions_by_id["retouch"].trigger()
    assert "Nothing differs" in window.messages.text.text()


def test_candidates_are_painted_and_one_is_gone_on_from(drawn, qtbot) -> None:
    window, run = drawn, drawn.run_model
    paint(window, qtbot)
    run.go_to_step(1)
    dialog = window.room.show_candidates()
    dialog.count.setValue(2)
    qtbot.mouseClick(dialog.paint, Qt.MouseButton.LeftButton)
    wait(window, qtbot)
    assert dialog.grid.count() == 2 and not dialog.take.isEnabled()
    dialog.grid.setCurrentRow(1)
    assert dialog.take.isEnabled()
    qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)
    wait(window, qtbot)
    assert run.state is RunState.FINISHED and [view.reused for view in run.steps] == [True, True, False]
    seed = window.document.layout.objects[1].seed
    assert seed is not None and run.steps[1].seed == seed


def test_reseeding_reordering_and_leaving_out_go_on_from_the_step(drawn, qtbot) -> None:
    window, run = drawn, drawn.run_model
    paint(window, qtbot)
    run.go_to_step(1)
    press_key(window.canvas, Qt.Key.Key_B, CTRL | SHIFT)
    wait(window, qtbot)
    assert [view.reused for view in run.steps] == [True, False, False]
    assert run.steps[1].seed == window.document.layout.objects[1].seed
    run.go_to_step(1)
    window.actions_by_id["paint_earlier"].trigger()
    wait(window, qtbot)
    assert [view.label for view in run.steps][:2] == ["blue rubber sphere", "red metal cube"]
    run.go_to_step(1)
    window.actions_by_id["drop_step"].trigger()
    wait(window, qtbot)
    assert [view.label for view in run.steps] == ["blue rubber sphere", "background"]
    assert [view.reused for view in run.steps] == [True, False]
    window.document.undo()
    assert len(window.document.layout.objects) == 2


def test_the_background_is_painted_with_another_seed(drawn, qtbot) -> None:
    window, run = drawn, drawn.run_model
    paint(window, qtbot)
    former, before = run.steps[2].seed, Image.open(run.steps[2].frames[FrameKind.COMPOSITE]).tobytes()
    run.go_to_step(2)
    window.actions_by_id["reseed_step"].trigger()
    wait(window, qtbot)
    assert run.state is RunState.FINISHED, run.message
    assert [view.reused for view in run.steps] == [True, True, False]
    assert run.steps[2].seed != former
    assert Image.open(run.steps[2].frames[FrameKind.COMPOSITE]).tobytes() != before


def test_a_sweep_fills_a_grid_and_leaves_a_contact_sheet(drawn, qtbot) -> None:
    window = drawn
    window.generation.form.detect.setChecked(False)
    dialog = window.room.sweeps.ask()
    dialog.across_values.setText("1, 2, x")
    assert not dialog.go.isEnabled()
    dialog.across_values.setText("1, 2")
    dialog.along_values.setText("given, bottom-up")
    assert dialog.note.text() == "4 runs" and dialog.go.isEnabled()
    qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    grid = window.room.sweeps.shown
    assert grid.grid.count() == 4
    wait(window, qtbot)
    qtbot.waitUntil(lambda: not window.room.exporting.busy, timeout=10_000)
    sheets = list((window.runs.runs_folder / "sweeps").glob("*.png"))
    assert len(sheets) == 1
    assert grid.grid.item(3).text() == "seed 2, order bottom-up"
    QTest.mouseDClick(grid.grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.grid.place_of(grid.sweep.runs[0]))
    grid.grid.opened.emit(grid.sweep.runs[0])
    assert window.run_model.run == grid.sweep.runs[0]
    grid.close()
    QApplication.processEvents()


def test_a_branch_of_nothing_says_what_to_do(window) -> None:
    window.actions_by_id["branch"].trigger()
    assert "Show a step" in window.messages.text.text()
    window.actions_by_id["retouch"].trigger()
    assert "Show a finished run" in window.messages.text.text()
    window.actions_by_id["candidates"].trigger()
    assert "Show a step" in window.messages.text.text()
    window.actions_by_id["copy_frame"].trigger()
    assert "no frame" in window.messages.text.text()


def test_a_damaged_run_is_shown_as_far_as_it_goes(drawn, qtbot) -> None:
    window, run = drawn, drawn.run_model
    paint(window, qtbot)
    folder = Path(run.folder)
    (folder / "step_001_composite.png").write_bytes(b"no picture")
    (folder / "step_002_raw.png").unlink()
    assert window.room.open_run(folder)
    assert [view.state.value for view in run.steps] == ["done", "lost", "lost"]
    assert "Step 2" in window.messages.text.text() and "And 1 more" in window.messages.text.text()
    run.go_to_step(1)
    assert "not a PNG" in run.shown.problem
    (folder / "run.json").write_text("{")
    assert window.room.open_run(folder)
    assert "not valid JSON" in window.messages.text.text() and run.steps[0].frames
    window.actions_by_id["branch"].trigger()
    assert "Show a step" in window.messages.text.text(), "without its request a run cannot be branched"
    assert not window.room.open_run(folder.parent / "nothing")
    assert "no such folder" in window.messages.text.text()


def test_what_is_said_of_a_run_goes_when_another_one_is_shown(drawn, qtbot) -> None:
    window, run = drawn, drawn.run_model
    paint(window, qtbot)
    first = Path(run.folder)
    press_key(window.canvas, Qt.Key.Key_V)
    Hand(window.canvas).drag((380, 360), (340, 200))
    paint(window, qtbot)
    second = Path(run.folder)
    assert window.room.open_run(first)
    assert "another layout" in window.messages.text.text() and window.messages.isVisible()
    assert window.room.open_run(second)
    assert not window.messages.isVisible(), "that one was painted from the layout on the canvas"


def test_a_reopened_run_has_its_previews(drawn, qtbot) -> None:
    window, run = drawn, drawn.run_model
    paint(window, qtbot)
    former = [place for place in run.positions() if place.kind is FrameKind.PREVIEW]
    pictures = [window.viewer.composer.picture(place).image for place in former]
    window.pictures.forget()
    assert window.room.open_run(Path(run.folder))
    assert former and [place for place in run.positions() if place.kind is FrameKind.PREVIEW] == former
    assert [window.viewer.composer.picture(place).image for place in former] == pictures
    run.go_to(former[0])
    assert "denoising" in window.timeline.caption.accessibleName()


def test_a_detector_that_cannot_be_loaded_is_said_and_the_run_goes_on(drawn, qtbot, tmp_path) -> None:
    window = drawn
    request = window.runs.request_for(window.document.committed_layout, window.generation.form.options())
    window.runs.start(replace(request, detector=str(tmp_path / "nothing")))
    wait(window, qtbot)
    assert window.run_model.state is RunState.FINISHED
    assert "not looked at" in window.messages.text.text() and "nothing" in window.messages.text.text()
    assert "nothing" in window.room.results_panel.note.text()
