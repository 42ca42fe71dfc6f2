"""A desk of its own for the program: a screen, a window manager, mouse and keyboard, and a reader of what is shown.

Nothing of this looks into the program. What stands where on the screen is asked through AT-SPI, the way of Linux's
screen readers; what is done goes through the X server.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from PIL import Image, ImageGrab

from tests.end_to_end.reader import Reader

SCREEN = "1600x1000x24"
OTHERS = ("DBUS_", "QT_", "WAYLAND_", "XDG_")
"""Variables that tell of the desk of whoever runs the tests."""
WAIT = 120.0
"""Seconds until something that a person waits for counts as missing."""

Found = TypeVar("Found")


def until(condition: Callable[[], Found], what: str, seconds: float = WAIT) -> Found:
    """Wait until the condition is true, and give what it gave."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.05)
    return found


class Desk:
    """One screen for all tests."""

    def __init__(self) -> None:
        self._runtime = tempfile.TemporaryDirectory(prefix="desk")  # short: sockets' paths are limited
        self._children: list[subprocess.Popen[str]] = []
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(OTHERS)},
            "XDG_RUNTIME_DIR": self._runtime.name,
            "HOME": self._runtime.name,
            "LC_ALL": "C.UTF-8",
        }
        self._open_screen()
        self._open_bus()
        self._start(["openbox", "--sm-disable"])
        self.reader = Reader(self.environment["DBUS_SESSION_BUS_ADDRESS"])

    def _start(self, command: Sequence[str], **more: object) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            command,
            env=self.environment,
            text=True,
            stderr=subprocess.DEVNULL,
            **{"stdout": subprocess.DEVNULL, **more},
        )
        self._children.append(child)
        return child

    def _open_screen(self) -> None:
        reading, writing = os.pipe()
        self._start(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"], pass_fds=[writing]
        )
        os.close(writing)
        with os.fdopen(reading) as line:
            self.environment["DISPLAY"] = ":" + line.readline().strip()

    def _open_bus(self) -> None:
        bus = self._start(["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE)
        assert bus.stdout is not None
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()

    def close(self) -> None:
        """Switch everything off, the last first."""
        self.reader.close()
        for child in reversed(self._children):
            child.terminate()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()
        self._runtime.cleanup()

    def picture(self) -> Image.Image:
        """What is on the screen."""
        return ImageGrab.grab(xdisplay=self.environment["DISPLAY"])

    def do(self, *words: object) -> str:
        """Let xdotool do something."""
        command = ["xdotool", *map(str, words)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True).stdout

    def key(self, *keys: str) -> None:
        """Press keys, one after the other: ``ctrl+s``."""
        self.do("key", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self.do("type", "--delay", 5, text)

    def click(self, place: tuple[int, int], times: int = 1) -> None:
        """Click with the left button."""
        self.do("mousemove", *place, "click", "--repeat", times, 1)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the left button, move, release."""
        middle = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
        self.do("mousemove", *start, "mousedown", 1, "mousemove", *middle, "mousemove", *end, "mouseup", 1)
