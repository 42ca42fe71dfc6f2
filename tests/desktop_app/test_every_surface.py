"""Window, pages, panels, dialogs and menus, each in three ways: as usual, with large texts, from right to left.

Each way has another of the three themes, so that every text is seen in all of them.
"""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desktop_app.session import Session
from desktop_app.settings import Settings
from desktop_app.theme import apply_text_size, apply_theme
from engine.layout import Layout
from tests.desktop_app import walk
from tests.desktop_app.questions import ScriptedQuestions
from tests.desktop_app.surfaces import SURFACES, House, close, shown_by_the_source, wait_for

WAYS = {"usual": ("light", 100), "large": ("dark", 200), "mirrored": ("contrast", 100)}
"""Theme and size of texts in per cent."""
WIDTH, HEIGHT = 1280, 800
"""Of the smallest screen on which everything is to have room, in pixels."""


@pytest.fixture(scope="module")
def run(tiny_pipeline, tmp_path_factory) -> Path:
    """Folder of a finished run of two objects."""
    from engine.inpainting.settings import GenerationSettings
    from engine.layout import Box, LayoutObject
    from engine.models.card import read_card
    from engine.models.loading import load_pipeline
    from engine.runs.execute import RunExecution
    from engine.runs.request import GenerationRequest, new_run_id

    objects = (("red metal cube", Box(0.1, 0.1, 0.4, 0.5)), ("blue rubber sphere", Box(0.4, 0.3, 0.9, 0.9)))
    layout = Layout(64, 48, tuple(LayoutObject(prompt[:3], prompt, box) for prompt, box in objects))
    folder = tmp_path_factory.mktemp("runs") / new_run_id()
    settings = GenerationSettings(steps=1, width=64, height=48, previews=False)
    request = GenerationRequest(folder.name, layout, settings, str(tiny_pipeline), str(folder), detector=None)
    loaded = load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")
    RunExecution(request, emit=lambda _: None, load=lambda *_: loaded, cancelled=lambda: False).run()
    return folder


class Street:
    """One house at a time, in the way that was asked for last."""

    def __init__(self, qapp: QApplication, loop: AbstractEventLoop, run: Path, folder: Path) -> None:
        self._app, self._loop, self._run, self._folder = qapp, loop, run, folder
        self._way = ""
        self._house: House | None = None

    def house(self, way: str) -> House:
        """A session in this way."""
        if self._house is None or way != self._way:
            self.leave()
            asyncio.events._set_running_loop(self._loop)
            self._way, self._house = way, self._built(way)
        return self._house

    def _built(self, way: str) -> House:
        theme, percent = WAYS[way]
        scratch = self._folder / way
        settings = Settings(scratch / "settings")
        settings.update({"warm_up": False, "start_page": False, "theme": theme, "text_size": str(percent)})
        if way == "mirrored":
            self._app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        session = Session(
            self._app,
            settings,
            runs_folder=self._run.parent,
            recovery_folder=scratch / "recovery",
            questions=lambda _parent: ScriptedQuestions(),
        )
        session.window.resize(WIDTH, HEIGHT)
        session.start((), generate=False)
        wait_for(lambda: session.ready)
        return House(session, self._run, scratch)

    def leave(self) -> None:
        """Close the house, and let the program look as usual."""
        if self._house is None:
            return
        session = self._house.session
        session.window.document.mark_saved(session.window.document.layout)
        session.window.close()
        closing = asyncio.ensure_future(session.close())
        wait_for(closing.done)
        closing.result()
        session.window.deleteLater()
        self._house = None
        self._app.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        apply_text_size(self._app, 100)
        apply_theme(self._app, "system")
        asyncio.events._set_running_loop(None)


@pytest.fixture(scope="module")
def street(qapp, qt_loop, run, tmp_path_factory) -> Iterator[Street]:
    street = Street(qapp, qt_loop, run, tmp_path_factory.mktemp("street"))
    yield street
    street.leave()


@pytest.fixture(scope="module", params=[f"{way}: {name}" for way in WAYS for name in SURFACES])
def shown(street, request) -> Iterator[QWidget]:
    """One of the surfaces, open and in front."""
    way, _, name = request.param.partition(": ")
    house = street.house(way)
    widget = SURFACES[name].open(house)
    widget.activateWindow()
    QApplication.processEvents()
    yield widget
    close(house)
    QApplication.processEvents()


def test_there_is_nothing_else_to_see():
    listed = {name for surface in SURFACES.values() for name in surface.shows}
    assert set(shown_by_the_source()) == listed, "a new dialog, page, panel or menu belongs into SURFACES"


def test_texts_are_whole_named_apart_and_dark_enough(shown):
    assert walk.nameless(shown) == []
    assert walk.cut(shown) == []
    assert walk.overlapping(shown) == []
    assert walk.pale(shown) == []
    if not isinstance(shown, QMenu):
        assert walk.clashing(walk.marked_texts(shown)) == []


def test_it_fits_on_a_small_screen(shown):
    needs, has = shown.window().minimumSizeHint(), shown.window().size()
    assert max(needs.width(), has.width()) <= WIDTH and max(needs.height(), has.height()) <= HEIGHT


def test_keys_reach_everything_in_the_order_of_reading(shown, request):
    if isinstance(shown, QMenu):
        pytest.skip("menus have arrow keys and letters")
    first = "usual" in request.node.name  # the focus looks alike, and goes back alike, in every way
    there = walk.way(shown, look=first)
    assert not there.caught
    assert walk.unreached(shown, there.visited) == []
    assert all(walk.in_sight(widget) for widget in there.visited)
    assert walk.out_of_order(there.visited) == []
    assert walk.scattered(there.visited) == []
    assert there.unseen == []
    if first:
        back = walk.way(shown, Qt.Key.Key_Backtab, look=False)
        assert set(map(walk.called, back.visited)) == set(map(walk.called, there.visited))
