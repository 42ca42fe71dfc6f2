"""One Blender at work: started with our program in it, asked by lines of JSON, killed when it does not answer."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from engine.errors import BoxpaintError

PROGRAM = Path(__file__).with_name("inside.py")
"""The program that runs inside Blender."""

MARK = "@boxpaint "
"""What stands before an answer; the same as in `PROGRAM`, which can be imported by Blender alone."""

START_SECONDS = 300.0
"""Time to load Blender and to build the scene; a first start reads about a gigabyte from the disk."""

_KEPT_LINES = 30


class BlenderFailed(BoxpaintError):
    """Blender crashed, hung or reported an error; another process may do better."""


class BlenderProcess:
    """A running Blender; a context manager that ends it.

    Args:
        command: How Blender is started with `PROGRAM`; see `installation.Blender.command`.

    Attributes:
        version: Blender's version, once it was told to `start`.

    Raises:
        BlenderFailed: It could not be started.
    """

    version = ""

    def __init__(self, command: Sequence[str]) -> None:
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._said: deque[str] = deque(maxlen=_KEPT_LINES)
        # Paths to other Pythons' packages would hide Blender's own.
        environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
        try:
            self._process = subprocess.Popen(
                [*command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                env=environment,
                # Ctrl+C in a terminal is for us alone: we decide when Blender ends.
                start_new_session=True,
            )
        except OSError as error:
            raise BlenderFailed(f"it cannot be started ({error.strerror or error}).", "blender", command[0]) from error
        threading.Thread(target=self._listen, name="blender output", daemon=True).start()
        self._name = command[0]

    def __enter__(self) -> BlenderProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self, request: Mapping[str, Any], *, timeout: float = START_SECONDS) -> None:
        """Let it build the scene, with the fields of the request ``start``."""
        self.version = str(self.ask({"do": "start", **request}, timeout=timeout)["blender"])

    def ask(self, request: Mapping[str, Any], *, timeout: float) -> dict[str, Any]:
        """The answer to a request.

        Raises:
            BlenderFailed: It ended, did not answer within ``timeout`` seconds (it is killed then), or reports an error.
        """
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise self._ended() from error
        while True:
            try:
                line = self._lines.get(timeout=timeout)
            except queue.Empty as error:
                self.kill()
                message = f"Blender did not answer within {timeout:g} seconds."
                raise self._failed(message, "--timeout waits longer.") from error
            if line is None:
                raise self._ended()
            answer = json.loads(line)
            if not answer["ok"]:
                raise self._failed(f"Blender reports {answer['error']}.")
            return dict(answer)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Let it clean up and end; kill it if it does not."""
        try:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait(timeout=10)
        except (OSError, subprocess.TimeoutExpired):
            self.kill()

    def _listen(self) -> None:
        """Sort what it prints into answers and the rest."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(MARK):
                self._lines.put(line.removeprefix(MARK))
            elif line.strip():
                self._said.append(line.rstrip())
        self._lines.put(None)

    def _ended(self) -> BlenderFailed:
        self.kill()
        code = self._process.returncode
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        return self._failed(f"Blender {how}.")

    def _failed(self, message: str, hint: str = "") -> BlenderFailed:
        last = " | ".join(list(self._said)[-3:])
        hint = f"{hint} It last said: {last}".strip() if last else hint
        return BlenderFailed(message, "blender", self._name, hint=hint or None)
