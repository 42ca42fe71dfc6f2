"""A desk for all of these tests, and programs that are cleared away after each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.end_to_end.desk import Desk
    from tests.end_to_end.program import Program

NEEDED = ("Xvfb", "openbox", "xdotool", "dbus-daemon")
SCREEN_READING = Path("/usr/share/dbus-1/services/org.a11y.Bus.service")
"""What at-spi2-core brings."""

SEEN = pytest.StashKey["Desk"]()
"""Where a test that fails finds the screen."""


@pytest.fixture(scope="package")
def desk() -> Iterator[Desk]:
    """A screen, a window manager, a mouse and a keyboard."""
    lacking = [name for name in NEEDED if shutil.which(name) is None]
    lacking += [] if SCREEN_READING.is_file() else ["at-spi2-core"]
    lacking += [] if find_spec("jeepney") else ["jeepney"]
    if lacking:
        pytest.skip(f"not installed: {', '.join(lacking)} (CONTRIBUTING.md tells how)")
    from tests.end_to_end.desk import Desk

    desk = Desk()
    yield desk
    desk.close()


@pytest.fixture
def start(desk: Desk, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Program]]:
    """Starts the program, in the same home every time."""
    from tests.end_to_end.program import Program

    request.node.stash[SEEN] = desk
    started: list[Program] = []

    def begin(*arguments: str) -> Program:
        started.append(Program(desk, tmp_path / "home", *arguments))
        return started[-1]

    (tmp_path / "home").mkdir()
    yield begin
    for program in started:
        program.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Keep what was on the screen when a test failed, and tell where."""
    report = yield
    if call.when == "call" and report.failed and (desk := item.stash.get(SEEN, None)):
        folder: Path = item.funcargs["tmp_path"]  # type: ignore[attr-defined]
        desk.picture().save(folder / "screen.png")
        logs = "".join(f"\n{path}" for path in sorted(folder.rglob("*.log")))
        report.sections.append(("What was seen", f"{folder / 'screen.png'}\n{folder / 'home-output.txt'}{logs}"))
    return report
