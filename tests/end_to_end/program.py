"""The program as a process of its own in a home of its own, and a person who uses it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from tests.end_to_end.desk import Desk, until
from tests.end_to_end.reader import Thing

ROOT = Path(__file__).parents[2]

Corners = tuple[tuple[int, int], tuple[int, int]]
"""Two opposite corners of a box, from the canvas's middle: pixels of the screen."""


class Program:
    """``python -m desktop_app`` on a desk.

    Args:
        desk: Where it is used.
        home: Its home folder, with the preferences and whatever it keeps.
        arguments: The command line's.
    """

    def __init__(self, desk: Desk, home: Path, *arguments: str) -> None:
        self.desk = desk
        self.home = home
        self.output = home.with_name(home.name + "-output.txt")
        environment = {
            **desk.environment,
            "HOME": str(home),
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "desktop_app", *arguments]
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(
                command, cwd=home, env=environment, stdout=output, stderr=output, start_new_session=True
            )
        self.it = until(self._read, "the program can be read by a screen reader")
        # What is typed goes to the active window: before the window manager made it one, nowhere.
        self.see("status bar")

    def _read(self) -> Thing | None:
        assert self._process.poll() is None, f"the program ended: {self.output.read_text()}"
        return self.desk.reader.programs().get(self._process.pid)

    @property
    def data(self) -> Path:
        """Where it keeps runs and what is not saved."""
        return self.home / ".local/share/boxpaint"

    # -- what is seen

    @property
    def window(self) -> Thing | None:
        """The active window: a dialog, while there is one."""
        return next((child for child in self.it.children if child.is_("active")), None)

    @property
    def title(self) -> str:
        """What it is called."""
        window = self.window
        return window.name if window is not None else ""

    def titled(self, title: str) -> None:
        """Wait until the window is called so."""
        until(lambda: self.title == title, f"the window is called {title}")

    def find(self, role: str, name: str = ".*") -> list[Thing]:
        """What is there of a role in the active window."""
        window = self.window
        return window.find_all(role, name) if window is not None else []

    def see(self, role: str, name: str = ".*") -> Thing:
        """Wait until something is shown."""
        return until(lambda: self.find(role, name), f"{role} {name!r} is seen")[0]

    def told(self, text: str) -> Thing:
        """Wait until a text is seen somewhere; an expression."""
        return self.see("label", f".*{text}.*")

    # -- what is done

    def _ready(self, role: str, name: str) -> Thing:
        def ready() -> Thing | None:
            return next((thing for thing in self.find(role, name) if thing.is_("enabled")), None)

        return until(ready, f"{role} {name!r} can be clicked")

    def press(self, role: str, name: str) -> None:
        """Click something as soon as it is there and can be clicked."""
        self.desk.click(self._ready(role, name).middle)

    def fill(self, role: str, name: str, text: str) -> None:
        """Type into a field, in the place of what is there."""
        left, top, _, height = self._ready(role, name).rectangle
        self.desk.click((left + height // 2, top + height // 2))  # its other end may be out of sight
        self.desk.key("ctrl+a")
        self.desk.type(text)

    def draw(self, corners: Corners, typed: str, *keys: str) -> None:
        """Drag a box, from the canvas's middle, and name it: what is typed and the keys after it."""
        x, y = self.see("list", "Canvas").middle
        self.desk.drag(*((x + right, y + down) for right, down in corners))
        self.see("text", "Prompt of the object")
        self.desk.type(typed)
        self.desk.key(*keys, "Return")

    # -- the process

    def ended(self) -> int:
        """Wait for the end of the program; its exit code."""
        until(lambda: self._process.poll() is not None, "the program ends")
        return self._process.returncode

    def kill(self) -> None:
        """Kill the program, not its children."""
        self._process.kill()
        self._process.wait()

    def children(self) -> list[psutil.Process]:
        """The processes that it has started."""
        return psutil.Process(self._process.pid).children()

    def kill_engine(self) -> None:
        """Kill the process that paints."""
        (engine,) = (child for child in self.children() if "engine.worker" in child.cmdline())
        engine.kill()

    def clear(self) -> None:
        """End what is left of it."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
