"""The main job from the first box to the last step, with a real engine process."""

from __future__ import annotations

import os
import signal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.model_choices import folder_choice
from tests.ui.driver import Hand, press_key, type_label
from ui.timeline.model import FrameKind, Position, RunState, StepState

ENGINE_STARTS = 60_000
"""Milliseconds that the engine may take to start: it imports torch, on a machine that is busy."""


@pytest.fixture
def ready(window, pipeline):
    """The window with the tiny model chosen and two boxes drawn and labelled by hand."""
    window.generation.form.add_model(folder_choice(str(pipeline)))
    window.generation.form.steps.setValue(2)
    window.generation.form.width_box.setValue(64)
    window.generation.form.height_box.setValue(64)
    hand = Hand(window.canvas)
    hand.drag((40, 60), (200, 260))
    type_label(window.canvas, "red metal cube")
    hand.drag((300, 280), (460, 440))
    type_label(window.canvas, "blue rubber sphere")
    assert [item.prompt for item in window.document.layout.objects] == ["red metal cube", "blue rubber sphere"]
    return window


def press_generate(window, qtbot) -> None:
    qtbot.mouseClick(window.generation.generate, Qt.MouseButton.LeftButton)
    assert window.runs.busy, window.messages.text.text()


def wait_for_end(window, qtbot) -> None:
    qtbot.waitUntil(lambda: not window.runs.busy, timeout=ENGINE_STARTS)


def test_draw_generate_and_scrub(ready, qtbot):
    window, run = ready, ready.run_model
    press_generate(window, qtbot)
    assert not window.generation.generate.isEnabled()
    assert window.generation.cancel.isEnabled()
    wait_for_end(window, qtbot)
    assert run.state is RunState.FINISHED, run.message
    assert [view.state for view in run.steps] == [StepState.DONE] * 3
    assert window.timeline.strip.model().rowCount() == 3
    assert run.position == Position(2, FrameKind.COMPOSITE)

    window.timeline.slider.setFocus()
    press_key(window.timeline.slider, Qt.Key.Key_Left)
    assert run.position == Position(1, FrameKind.COMPOSITE)
    press_key(window.timeline.slider, Qt.Key.Key_Up)
    assert run.position == Position(1, FrameKind.RAW)
    press_key(window.timeline.slider, Qt.Key.Key_Home)
    assert run.position == Position(0, FrameKind.CONTEXT)
    press_key(window.timeline.slider, Qt.Key.Key_End)
    assert run.position == Position(2, FrameKind.COMPOSITE)
    window.timeline.slider.setValue(0)
    assert run.position == Position(0, FrameKind.CONTEXT)
    kinds = {position.kind for position in run.positions_of(0)}
    assert kinds == set(FrameKind)

    strip = window.timeline.strip
    place = strip.visualRect(strip.model().index(1, 0)).center()
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert run.position is not None and run.position.step == 1

    # With nothing selected, the arrow keys on the canvas scrub as well.
    press_key(window.canvas, Qt.Key.Key_Escape)
    press_key(window.canvas, Qt.Key.Key_Right)
    assert run.position.step == 2


def test_the_layout_is_taken_when_the_button_is_pressed(ready, qtbot):
    layout = ready.document.layout
    press_generate(ready, qtbot)
    ready.edits.select_all()
    ready.edits.delete()
    assert ready.document.layout.objects == ()
    wait_for_end(ready, qtbot)
    assert ready.run_model.layout == layout
    assert len(ready.run_model.steps) == 3


def test_a_killed_engine_is_said_and_the_run_continues(ready, qtbot):
    window, run = ready, ready.run_model
    window.generation.form.steps.setValue(60)
    press_generate(window, qtbot)
    qtbot.waitUntil(lambda: run.done_steps >= 1, timeout=ENGINE_STARTS)
    os.kill(window.runs.engine_pid, signal.SIGKILL)
    wait_for_end(window, qtbot)
    assert run.state is RunState.FAILED
    finished = run.done_steps
    assert finished >= 1
    assert window.messages.isVisible() and "engine" in window.messages.text.text()
    assert run.frame_path(Position(0, FrameKind.COMPOSITE))
    assert window.generation.generate.isEnabled()

    again = {button.text(): button for button in window.messages.buttons}
    assert set(again) == {"Continue", "Try again"}
    qtbot.mouseClick(again["Continue"], Qt.MouseButton.LeftButton)
    wait_for_end(window, qtbot)
    assert run.state is RunState.FINISHED, run.message
    assert run.done_steps == 3


def test_cancel(ready, qtbot):
    window, run = ready, ready.run_model
    window.generation.form.steps.setValue(500)
    press_generate(window, qtbot)
    qtbot.waitUntil(lambda: bool(run.steps) and run.steps[0].iteration > 1, timeout=ENGINE_STARTS)
    qtbot.mouseClick(window.generation.cancel, Qt.MouseButton.LeftButton)
    wait_for_end(window, qtbot)
    assert run.state is RunState.CANCELLED
    assert not window.messages.isVisible()
    assert window.generation.status.text() == "Cancelled after 0 of 3 steps"


def test_a_model_that_is_none_is_one_clear_sentence(window, qtbot, tmp_path):
    window.generation.form.add_model(folder_choice(str(tmp_path / "nothing")))
    hand = Hand(window.canvas)
    hand.drag((40, 60), (200, 260))
    type_label(window.canvas, "red metal cube")
    press_generate(window, qtbot)
    wait_for_end(window, qtbot)
    text = window.messages.text.text()
    assert "nothing" in text and "Traceback" not in text


def test_boxes_without_a_prompt_are_asked_for(ready, qtbot):
    hand = Hand(ready.canvas)
    hand.drag((220, 20), (280, 90))
    press_key(ready.canvas.editor, Qt.Key.Key_Escape)
    qtbot.mouseClick(ready.generation.generate, Qt.MouseButton.LeftButton)
    assert not ready.runs.busy
    assert ready.messages.text.text() == "One box has no prompt yet."
    qtbot.mouseClick(ready.messages.buttons[0], Qt.MouseButton.LeftButton)
    assert ready.canvas.editor.open
