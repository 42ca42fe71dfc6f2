"""The real window on a real event loop, with folders of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from qasync import QEventLoop

from desktop_app.session import Session
from desktop_app.settings import Settings
from engine.worker.client import EngineClient
from tests.desktop_app.questions import ScriptedQuestions
from tests.hub_server import serve_hub
from tests.ui.leaks import watch_for_leaks

no_leaks = pytest.fixture(autouse=True)(watch_for_leaks)
hub = pytest.fixture(serve_hub)


@pytest.fixture(scope="session")
def qt_loop(qapp) -> Iterator[QEventLoop]:
    """asyncio on Qt's event loop, which pytest-qt turns while it waits."""
    loop = QEventLoop(qapp, already_running=True)
    asyncio.events._set_running_loop(None)  # other tests run loops of their own; see `loop`
    yield loop
    # Stopping also tells the application to quit: only once, after the last test.
    loop.stop()
    loop.close()


@pytest.fixture
def loop(qt_loop) -> Iterator[QEventLoop]:
    """The event loop; what its tasks let through fails the test."""
    problems: list[object] = []
    qt_loop.set_exception_handler(lambda _loop, context: problems.append(context))
    asyncio.events._set_running_loop(qt_loop)
    yield qt_loop
    asyncio.events._set_running_loop(None)
    qt_loop.set_exception_handler(None)
    assert not problems


@pytest.fixture(scope="session")
def pipeline(tmp_path_factory) -> Path:
    """A tiny pipeline with random weights."""
    from tests.pipelines import make_tiny_pipeline

    return make_tiny_pipeline(tmp_path_factory.mktemp("model") / "tiny")


def close_client(client: EngineClient, qt_loop: QEventLoop) -> None:
    """End a client's engine, outside of any test."""
    asyncio.events._set_running_loop(qt_loop)
    closing = asyncio.ensure_future(client.close())
    while not closing.done():
        QTest.qWait(10)
    asyncio.events._set_running_loop(None)


@pytest.fixture(scope="session")
def client(qt_loop) -> Iterator[EngineClient]:
    """One engine process for all tests: starting it is what takes long."""
    client = EngineClient()
    yield client
    close_client(client, qt_loop)


@pytest.fixture
def answers() -> ScriptedQuestions:
    """What the user would answer."""
    return ScriptedQuestions()


@pytest.fixture
def kept_settings() -> dict[str, Any]:
    """Settings that the window finds at its start; a test module may have others."""
    return {"warm_up": False, "start_page": False}


@pytest.fixture
def session(qapp, qtbot, loop, tmp_path, client, answers, kept_settings) -> Iterator[Session]:
    """A window that is closed again with everything behind it."""
    settings = Settings(tmp_path / "settings")
    settings.update(kept_settings)
    session = Session(
        qapp,
        settings,
        runs_folder=tmp_path / "runs",
        recovery_folder=tmp_path / "recovery",
        client=client,
        questions=lambda _parent: answers,
    )
    window = session.window
    window.resize(1200, 800)
    session.start((), generate=False)
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: session.ready)
    yield session
    window.document.mark_saved(window.document.layout)
    window.close()
    closing = asyncio.ensure_future(session.close())
    qtbot.waitUntil(closing.done, timeout=20_000)
    closing.result()
    window.deleteLater()


@pytest.fixture
def window(session):
    return session.window
