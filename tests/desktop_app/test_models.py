"""The model manager: real downloads in a process of their own, from a server on this machine."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton

from engine.models.offers import ABOUT_BUILT_IN
from engine.models.published import PUBLISHED
from tests.hub_server import HubServer, Repository
from tests.ui.driver import press_key
from ui.models.rows import PURPOSES, State

STARTS = 60_000
"""Milliseconds that a process may take to start on a machine with much else to do."""
NAME, UNET = "iterinpaint-clevr", "unet/diffusion_pytorch_model.safetensors"
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def repository(hub: HubServer, tiny_pipeline: Path, tmp_path: Path) -> Repository:
    return hub.add("j-min/IterInpaint-CLEVR", Path(shutil.copytree(tiny_pipeline, tmp_path / "published")))


@pytest.fixture
def panel(hub, session, qtbot):
    """The model manager, opened by its command, with the models listed."""
    manager = session.window.models
    # Whether models fit is asked by a test of its own: it starts a process that loads torch.
    manager._fits["clevr-mini"] = ("whole", "fits")
    session.window.actions_by_id["models"].trigger()
    qtbot.waitExposed(manager.dialog)
    qtbot.waitUntil(lambda: manager.panel.shown.rowCount() > len(PUBLISHED))
    return manager.panel


def choose(panel, name: str) -> None:
    """Click on a model."""
    for place in range(panel.shown.rowCount()):
        index = panel.shown.index(place, 0)
        if index.data() == name:
            panel.view.scrollTo(index)
            QTest.mouseClick(panel.view.viewport(), LEFT, pos=panel.view.visualRect(index).center())
            assert panel.chosen.name == name
            return
    raise AssertionError(f"{name} is not listed")


def state(panel, name: str = NAME) -> State | None:
    return next((row.state for row in panel.table.rows if row.name == name), None)


def offered(session) -> list[str]:
    model = session.window.generation.form.model
    return [model.itemData(row) for row in range(model.count())]


def test_a_model_is_fetched_and_can_be_chosen(panel, session, repository, qtbot) -> None:
    assert NAME not in offered(session)
    choose(panel, NAME)
    assert "5.5 GB" in panel.details.text() and "licence not stated" in panel.details.text()
    read_out = QAccessible.queryAccessibleInterface(panel.details).text(QAccessible.Text.Name)
    assert read_out == panel.details.text()
    qtbot.mouseClick(panel.fetch, LEFT)
    assert state(panel) == State.COMING and not panel.fetch.isEnabled()
    qtbot.waitUntil(lambda: state(panel) == State.INSTALLED, timeout=STARTS)
    qtbot.waitUntil(lambda: NAME in offered(session))
    assert "can be chosen" in panel.messages.text.text() and repository.commit[:12] in panel.details.text()
    qtbot.mouseClick(panel.check, LEFT)
    qtbot.waitUntil(lambda: "is sound" in panel.messages.text.text(), timeout=STARTS)


def test_fetching_is_paused_and_goes_on_where_it_was(panel, session, hub, repository, qtbot) -> None:
    size = repository.files()[UNET].stat().st_size
    repository.held[UNET] = size // 2
    choose(panel, NAME)
    press_key(panel.view, Qt.Key.Key_Return)
    qtbot.waitUntil(hub.reached.is_set, timeout=STARTS)
    qtbot.waitUntil(lambda: panel.progress.value() > 0)
    qtbot.mouseClick(panel.pause, LEFT)
    qtbot.waitUntil(lambda: state(panel) == State.UNFINISHED, timeout=STARTS)
    assert panel.fetch.text() == "&Continue" and panel.progress.value() > 0
    hub.release.set()
    hub.requests.clear()
    qtbot.mouseClick(panel.fetch, LEFT)
    qtbot.waitUntil(lambda: state(panel) == State.INSTALLED, timeout=STARTS)
    assert hub.asked(UNET)[0].startswith("bytes=")


def test_several_wait_for_each_other_and_can_be_discarded(panel, session, hub, repository, qtbot) -> None:
    hub.add("stable-diffusion-v1-5/stable-diffusion-inpainting", repository.folder)
    repository.held[UNET] = 1000
    for name in (NAME, "sd15-inpainting", "sdxl-inpainting"):
        choose(panel, name)
        qtbot.mouseClick(panel.fetch, LEFT)
    assert [state(panel, name) for name in (NAME, "sd15-inpainting")] == [State.COMING, State.WAITING]
    qtbot.mouseClick(panel.discard, LEFT)
    qtbot.waitUntil(lambda: state(panel, "sdxl-inpainting") == State.FETCHABLE)
    qtbot.waitUntil(hub.reached.is_set, timeout=STARTS)
    choose(panel, NAME)
    press_key(panel.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: state(panel) == State.FETCHABLE, timeout=STARTS)
    hub.release.set()
    qtbot.waitUntil(lambda: state(panel, "sd15-inpainting") == State.INSTALLED, timeout=STARTS)


def test_what_goes_wrong_is_said_with_a_remedy_and_tried_again(panel, hub, repository, qtbot) -> None:
    repository.gated = True
    choose(panel, NAME)
    qtbot.mouseClick(panel.fetch, LEFT)
    qtbot.waitUntil(lambda: panel.messages.isVisible(), timeout=STARTS)
    assert "hf auth login" in panel.messages.text.text() and "hf auth login" in panel.details.text()
    assert state(panel) == State.FETCHABLE
    repository.gated = False
    (again,) = panel.messages.buttons
    qtbot.mouseClick(again, LEFT)
    qtbot.waitUntil(lambda: state(panel) == State.INSTALLED, timeout=STARTS)
    assert "hf auth login" not in panel.details.text()


def test_any_model_of_the_hub_can_be_fetched(panel, hub, repository, qtbot) -> None:
    hub.add("somebody/theirs", repository.folder)
    panel.repository.setFocus()
    QTest.keyClicks(panel.repository, "somebody")
    assert not panel.fetch_other.isEnabled()
    QTest.keyClicks(panel.repository, "/theirs")
    press_key(panel.repository, Qt.Key.Key_Return)
    assert state(panel, "theirs") == State.COMING
    qtbot.waitUntil(lambda: state(panel, "theirs") == State.INSTALLED, timeout=STARTS)


def test_a_folder_is_taken_in_and_removed_after_asking(panel, session, answers, tiny_pipeline, qtbot) -> None:
    answers.model = tiny_pipeline
    qtbot.mouseClick(panel.import_folder, LEFT)
    qtbot.waitUntil(lambda: "tiny" in offered(session), timeout=STARTS)
    choose(panel, "tiny")
    qtbot.mouseClick(panel.remove, LEFT)
    box = session.window.models.dialog.findChild(QMessageBox, "removeModel")
    qtbot.mouseClick(box.button(QMessageBox.StandardButton.Cancel), LEFT)
    assert state(panel, "tiny") == State.INSTALLED
    qtbot.mouseClick(panel.remove, LEFT)
    box = session.window.models.dialog.findChildren(QMessageBox, "removeModel")[-1]
    delete = next(button for button in box.findChildren(QPushButton) if button.text() == "&Delete")
    qtbot.mouseClick(delete, LEFT)
    qtbot.waitUntil(lambda: state(panel, "tiny") is None and "tiny" not in offered(session))
    assert (tiny_pipeline / "model_index.json").is_file()


def test_a_checkpoint_without_its_classes_is_refused_with_a_reason(panel, answers, tmp_path, qtbot) -> None:
    answers.model = tmp_path / "broken.pth"
    answers.model.write_bytes(b"nothing")
    answers.labels = None
    qtbot.mouseClick(panel.import_file, LEFT)
    qtbot.waitUntil(lambda: answers.asked[-1] == "labels of broken.pth", timeout=STARTS)
    assert not panel.messages.isVisible()
    answers.labels = tmp_path / "labels.json"
    answers.labels.write_text("{}")
    qtbot.mouseClick(panel.import_file, LEFT)
    qtbot.waitUntil(lambda: panel.messages.severity == "error", timeout=STARTS)
    assert "labels.json, categories" in panel.messages.text.text()


def test_closing_asks_while_a_model_comes(panel, session, hub, repository, answers, qtbot) -> None:
    repository.held[UNET] = 5000
    choose(panel, NAME)
    qtbot.mouseClick(panel.fetch, LEFT)
    qtbot.waitUntil(hub.reached.is_set, timeout=STARTS)
    answers.stop = False
    session.window.close()
    assert session.window.isVisible() and answers.asked[-1] == f"stop {NAME}"
    assert state(panel) == State.COMING
    answers.stop = True  # the fixture closes the window


def test_the_list_is_searched_and_sorted(panel, qtbot) -> None:
    QTest.keyClicks(panel.filter, "coco detects")
    names = {panel.shown.index(place, 0).data() for place in range(panel.shown.rowCount())}
    assert names == {"detr-coco", "rtdetr-coco", "dfine-coco"}
    panel.filter.clear()
    header = panel.view.horizontalHeader()
    x = header.sectionViewportPosition(2) + 10
    QTest.mouseClick(header.viewport(), LEFT, pos=QPoint(x, header.height() // 2))
    shown = (panel.shown.index(place, 0) for place in range(panel.shown.rowCount()))
    sizes = [index.data(Qt.ItemDataRole.UserRole).bytes for index in shown]
    assert sizes in (sorted(sizes), sorted(sizes, reverse=True))


def test_what_a_model_is_for_can_be_translated() -> None:
    assert {model.about for model in PUBLISHED} | set(ABOUT_BUILT_IN.values()) == set(PURPOSES)


def test_whether_models_fit_is_asked_in_another_process(hub, session, qtbot) -> None:
    manager = session.window.models
    manager.show()
    qtbot.waitUntil(lambda: any(row.fit for row in manager.panel.table.rows), timeout=STARTS)
    rows = {row.name: row for row in manager.panel.table.rows}
    assert rows["clevr-mini"].fit in ("whole", "tight") and "needs about" in rows["flux-fill"].fit_text
