"""What goes wrong in the engine, as the window tells it: a sentence, a way on, and controls that work."""

from __future__ import annotations

import shutil
import sys

import pytest
from PySide6.QtCore import Qt

from desktop_app.model_choices import folder_choice
from engine.events import RunStarted
from engine.layout import Box, Layout, LayoutObject
from engine.watchdog import Patience
from engine.worker.client import EngineClient
from tests.desktop_app.conftest import close_client
from tests.faulty_engine import order
from ui.message_bar import Severity
from ui.timeline.model import RunState

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="faults are made by Unix signals and calls")

ENGINE_STARTS = 60_000
SECOND_STEP = 4
"""The network's call that begins the second step: a step of two denoising steps calls it three times (PNDM)."""

LAYOUT = Layout(
    64,
    64,
    (
        LayoutObject("a", "red metal cube", Box(0.1, 0.1, 0.5, 0.7)),
        LayoutObject("b", "blue rubber sphere", Box(0.3, 0.3, 0.9, 0.9)),
    ),
)


@pytest.fixture(scope="module")
def orders(tmp_path_factory):
    """Where the engine reads what shall go wrong."""
    file = tmp_path_factory.mktemp("faulty") / "orders"
    order(file, "nothing", 0)
    return file


@pytest.fixture(scope="module")
def client(qt_loop, orders):
    """One engine for this file's tests, which fails when it is told to, and a watchdog in a hurry."""
    client = EngineClient(
        command=(sys.executable, "-m", "tests.faulty_engine", str(orders)),
        patience=Patience(silent=600, idle=0.6, calculating=600, cancelling=0.6, pulse=0.05),
    )
    yield client
    close_client(client, qt_loop)


@pytest.fixture
def ready(window, pipeline, orders):
    order(orders, "nothing", 0)
    window.generation.form.add_model(folder_choice(str(pipeline)))
    window.generation.form.steps.setValue(2)
    window.generation.form.width_box.setValue(64)
    window.generation.form.height_box.setValue(64)
    window.generation.form.detect.setChecked(False)
    window.document.replace(LAYOUT)
    return window


def paint(window, qtbot) -> None:
    qtbot.mouseClick(window.generation.generate, Qt.MouseButton.LeftButton)
    assert window.runs.busy, window.messages.text.text()


def press(window, qtbot, label: str) -> None:
    (button,) = (button for button in window.messages.buttons if button.text() == label)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def wait_for_end(window, qtbot) -> None:
    qtbot.waitUntil(lambda: not window.runs.busy, timeout=ENGINE_STARTS)


@pytest.mark.parametrize(
    ("fault", "first", "words"),
    [
        ("raises", SECOND_STEP, "the tensors do not fit each other"),
        ("black", 2, "overflowed when the picture was decoded"),
        ("disk full", 8, "the disk is full"),
        ("accelerator", SECOND_STEP, "illegal memory access"),
    ],
)
def test_a_fault_is_a_sentence_and_a_way_on(ready, qtbot, orders, fault, first, words) -> None:
    order(orders, fault, first)
    paint(ready, qtbot)
    wait_for_end(ready, qtbot)
    assert ready.run_model.state is RunState.FAILED and ready.run_model.done_steps == 1
    text = ready.messages.text.text()
    assert words in text and "\n" not in text and "Traceback" not in text
    assert ready.messages.severity is Severity.ERROR
    assert ready.generation.generate.isEnabled()
    order(orders, "nothing", 0)
    press(ready, qtbot, "Continue")
    wait_for_end(ready, qtbot)
    assert ready.run_model.state is RunState.FINISHED, ready.run_model.message
    assert not ready.messages.isVisible()


def hang(window, qtbot, orders) -> None:
    """Paint until the engine waits for ever in the second step, and that is said."""
    order(orders, "waits", SECOND_STEP)
    paint(window, qtbot)
    qtbot.waitUntil(lambda: window.run_model.done_steps == 1, timeout=ENGINE_STARTS)
    qtbot.waitUntil(lambda: window.messages.isVisible(), timeout=ENGINE_STARTS)


def test_a_hung_engine_is_said_waited_for_and_replaced_with_its_steps_kept(ready, qtbot, orders) -> None:
    hang(ready, qtbot, orders)
    assert "it seems to hang" in ready.messages.text.text() and ready.messages.severity is Severity.WARNING
    first = ready.runs.request.run
    press(ready, qtbot, "Wait")
    assert not ready.messages.isVisible() and ready.runs.busy
    qtbot.waitUntil(lambda: ready.messages.isVisible(), timeout=ENGINE_STARTS)
    order(orders, "nothing", 0)
    press(ready, qtbot, "Stop the engine and go on from the finished steps")
    qtbot.waitUntil(lambda: ready.runs.busy and ready.runs.request.run != first, timeout=ENGINE_STARTS)
    wait_for_end(ready, qtbot)
    assert ready.run_model.state is RunState.FINISHED, ready.run_model.message
    assert ready.runs.request.keep == 1
    assert not ready.messages.isVisible(), "nothing is said of an engine that is gone"


def test_a_cancellation_that_a_hung_engine_does_not_hear_can_be_enforced(ready, qtbot, orders) -> None:
    hang(ready, qtbot, orders)
    qtbot.mouseClick(ready.generation.cancel, Qt.MouseButton.LeftButton)
    stop = "Stop the engine"
    qtbot.waitUntil(lambda: stop in [button.text() for button in ready.messages.buttons], timeout=ENGINE_STARTS)
    order(orders, "nothing", 0)
    press(ready, qtbot, stop)
    wait_for_end(ready, qtbot)
    assert ready.run_model.state is RunState.FAILED and ready.run_model.done_steps == 1
    press(ready, qtbot, "Try again")
    wait_for_end(ready, qtbot)
    assert ready.run_model.state is RunState.FINISHED, ready.run_model.message


def test_a_model_folder_that_vanishes_during_the_run(ready, qtbot, pipeline, tmp_path) -> None:
    copy = shutil.copytree(pipeline, tmp_path / "copy")
    ready.generation.form.add_model(folder_choice(str(copy)))
    ready.runs.told.connect(lambda event: isinstance(event, RunStarted) and shutil.rmtree(copy, ignore_errors=True))
    paint(ready, qtbot)
    wait_for_end(ready, qtbot)
    assert ready.run_model.state is RunState.FINISHED, "its weights are in memory"
    paint(ready, qtbot)
    wait_for_end(ready, qtbot)
    assert str(copy) in ready.messages.text.text() and ready.generation.generate.isEnabled()
    ready.generation.form.add_model(folder_choice(str(pipeline)))
    paint(ready, qtbot)
    wait_for_end(ready, qtbot)
    assert ready.run_model.state is RunState.FINISHED, ready.run_model.message
