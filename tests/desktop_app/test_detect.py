"""From a picture to boxes: the built-in detector in the engine process, asked from the real window."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from engine.layout import Box, Layout, LayoutObject
from tests.desktop_app.test_pictures import drop, of_file
from tests.detection.test_open_vocabulary import save_owl
from tests.ui.driver import Hand

DATA = Path(__file__).parents[1] / "data" / "clevr"
SCENE = json.loads((DATA / "scenes.json").read_text("utf-8"))["scenes"][0]
PICTURE = DATA / "images" / SCENE["image_filename"]
WAIT = 60_000


def detect(window, qtbot) -> None:
    window.actions_by_id["detect"].trigger()
    assert window.detecting.busy
    qtbot.waitUntil(lambda: not window.detecting.busy, timeout=WAIT)


def hits(layout: Layout) -> int:
    """How many of the scene's objects have a box with their label."""
    count = 0
    for thing in SCENE["objects"]:
        x, y, width, height = thing["bbox"]
        target = Box.from_pixels(x, y, x + width, y + height, 320, 320)
        label = f"{thing['color']} {thing['material']} {thing['shape']}"
        count += any(item.prompt == label and item.box.iou(target) >= 0.5 for item in layout.objects)
    return count


@pytest.fixture
def behind(window):
    """The window with a scene's picture dropped on it."""
    assert drop(window, of_file(PICTURE))
    return window


def test_a_dropped_picture_becomes_boxes_as_one_entry(behind, qtbot):
    window, document = behind, behind.document
    before = document.layout
    (button,) = window.messages.buttons
    assert "Detect" in button.text()
    button.click()
    qtbot.waitUntil(lambda: not window.detecting.busy, timeout=WAIT)
    wanted = len(SCENE["objects"])
    assert hits(document.layout) >= wanted - 1
    assert len(document.layout.objects) <= wanted + 1, "each thing once"
    assert document.layout.size == (320, 320), "an empty layout takes the picture's size"
    assert len(document.selection) == len(document.layout.objects)
    assert document.undo_name == f"Detect {len(document.layout.objects)} boxes"
    bottoms = [item.box.y1 for item in document.layout.objects]
    assert bottoms == sorted(bottoms), "what is nearer is painted later"
    document.undo()
    assert document.layout == before


def test_what_has_a_box_already_gets_no_second_one(behind, qtbot):
    detect(behind, qtbot)
    found = behind.document.layout
    detect(behind, qtbot)
    assert behind.document.layout is found
    assert "already" in behind.messages.text.text()
    behind.document.select((found.objects[0].id,))
    behind.edits.delete()
    detect(behind, qtbot)
    assert len(behind.document.layout.objects) == len(found.objects)


def test_a_picture_of_another_shape_fits_a_layout_with_objects(window, qtbot):
    window.document.replace(Layout(640, 320))
    hand = Hand(window.canvas)
    window.canvas.set_snapping(False)
    hand.drag((1, 1), (9, 9))
    window.canvas.editor.reject()
    assert drop(window, of_file(PICTURE))
    detect(window, qtbot)
    assert window.document.layout.size == (640, 320)
    assert hits(window.document.layout) >= len(SCENE["objects"]) - 1


def test_a_pasted_picture_in_which_nothing_is_found(window, qtbot):
    image = QImage(320, 320, QImage.Format.Format_RGB32)
    image.fill(0x808080)
    data = QMimeData()
    data.setImageData(image)
    assert drop(window, data)
    before = window.document.layout
    detect(window, qtbot)
    assert window.document.layout is before
    assert "nothing" in window.messages.text.text()


def test_the_picture_is_asked_for_when_there_is_none(window, qtbot, answers):
    window.actions_by_id["detect"].trigger()
    assert answers.asked == ["picture"] and not window.detecting.busy
    answers.picture = PICTURE
    detect(window, qtbot)
    assert window.document.layout.objects


def test_how_sure_the_detector_must_be_is_a_preference(session, behind, qtbot):
    kept = {name: session.settings.get(name) for name in ("language", "text_size")}
    session.dialogs.take_preferences({**kept, "detect_score": 99})
    detect(behind, qtbot)
    assert behind.document.layout.objects == ()
    session.dialogs.take_preferences({**kept, "detect_score": 30})
    detect(behind, qtbot)
    assert behind.document.layout.objects


def test_cancelling_leaves_everything_as_it_is(behind, qtbot):
    before = behind.document.layout
    behind.actions_by_id["detect"].trigger()
    (cancel,) = behind.messages.buttons
    cancel.click()
    qtbot.waitUntil(lambda: not behind.detecting.busy)
    assert "cancelled" in behind.messages.text.text()
    assert behind.document.layout is before


def test_a_picture_that_has_gone_is_said(window, qtbot, tmp_path):
    copy = tmp_path / "scene.png"
    assert QImage(str(PICTURE)).save(str(copy))
    assert drop(window, of_file(copy))
    copy.unlink()
    detect(window, qtbot)
    assert "scene.png" in window.messages.text.text() and "no such picture" in window.messages.text.text()


def test_a_drag_under_way_is_not_taken_back(behind, qtbot):
    window, document = behind, behind.document
    hand = Hand(window.canvas)
    window.canvas.set_snapping(False)
    hand.drag((10, 10), (60, 60))
    window.canvas.editor.reject()
    client = window.runs.engine()
    window.actions_by_id["detect"].trigger()
    hand.press(30, 30)
    hand.move(200, 200)
    qtbot.waitUntil(lambda: bool(client._detecting))  # asked
    qtbot.waitUntil(lambda: not client._detecting, timeout=WAIT)  # answered
    assert document.in_gesture and window.detecting.busy
    hand.release(200, 200)
    qtbot.waitUntil(lambda: not window.detecting.busy)
    names = [entry.name.split()[0] for entry in document.history.entries]
    assert names == ["Draw", "Draw", "Detect"]


@pytest.mark.skipif(find_spec("scipy") is None, reason="the extra boxpaint[owl] is not installed")
def test_a_detector_of_an_open_vocabulary_looks_for_the_layouts_prompts(behind, qtbot, tmp_path):
    window, panel = behind, behind.generation.form
    owl = str(save_owl(tmp_path / "owl"))
    panel.set_detectors(["clevr-mini-detector", owl])
    panel.detector.setFocus()
    QTest.keyClick(panel.detector, Qt.Key.Key_End)
    assert panel.detector.currentData() == owl
    detect(window, qtbot)
    assert "told nothing" in window.messages.text.text(), "the layout asks for nothing yet"
    window.document.apply("add", Layout(320, 320, (LayoutObject("a", "red cat", Box(0.9, 0.9, 1.0, 1.0)),)))
    window.detecting.threshold = 0.0
    detect(window, qtbot)
    found = window.document.layout.objects[1:]
    assert found and {item.prompt for item in found} == {"red cat"}
    request = window.runs.request_for(window.document.committed_layout, panel.options())
    assert request.detector == owl, "runs are looked at by it as well"
    panel.set_detectors([])
    assert panel.detector.currentData() == "auto", "one that is gone is not kept"
