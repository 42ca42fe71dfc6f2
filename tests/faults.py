"""Faults of disks and processes, at every single step of a write.

The functions of the operating system are wrapped for a while: every call that has to do with a file below a folder is a
stage, and at one of them the disk refuses, or the process dies.
"""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from engine.leftovers import unfinished_name

Happen = Callable[[int, str], None]
"""Told number and name of every stage; may raise an OSError, or end the process."""

LOOK = "look"
"""Name of the stage at which a file or folder is opened to be read or flushed."""

_WITH_PATHS = ("open", "replace", "rename", "mkdir", "rmdir")


class Disk:
    """Counts the stages of what is written below a folder; at each, something may happen."""

    def __init__(self, folder: Path, happen: Happen) -> None:
        self._folder = str(folder.absolute())
        self._happen = happen
        self._opened: set[int] = set()
        self.stages: list[str] = []

    def stage(self, name: str) -> None:
        self.stages.append(name)
        self._happen(len(self.stages) - 1, name)

    def path_call(self, name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(path: Any, *args: Any, **more: Any) -> Any:
            if not isinstance(path, str | os.PathLike) or not str(Path(path).absolute()).startswith(self._folder):
                return real(path, *args, **more)
            reading = name == "open" and not args[0] & (os.O_WRONLY | os.O_RDWR)
            self.stage(LOOK if reading else name)
            result = real(path, *args, **more)
            if name == "open":
                self._opened.add(result)
            return result

        return call

    def fsync(self) -> Callable[[int], None]:
        real = os.fsync

        def call(descriptor: int) -> None:
            if descriptor in self._opened:
                self.stage("fsync")
            real(descriptor)

        return call

    def write(self) -> Callable[[int, bytes], int]:
        real = os.write

        def call(descriptor: int, content: bytes) -> int:
            if descriptor not in self._opened:
                return real(descriptor, content)
            # What fails or dies has written one half already.
            half = len(content) // 2
            written = real(descriptor, content[:half])
            self.stage("write")
            return written + real(descriptor, content[half:])

        return call

    def fdopen(self) -> Callable[..., Any]:
        real = os.fdopen

        def call(descriptor: int, mode: str = "r", *args: Any, **more: Any) -> Any:
            if descriptor in self._opened and mode == "wb":
                return io.BufferedWriter(_Writer(descriptor))
            return real(descriptor, mode, *args, **more)

        return call

    def close(self) -> Callable[[int], None]:
        real = os.close

        def call(descriptor: int) -> None:
            self._opened.discard(descriptor)
            real(descriptor)

        return call


class _Writer(io.FileIO):
    """Writes through `os.write`, which may be wrapped."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "wb")

    def write(self, content: Any) -> int:
        return os.write(self.fileno(), bytes(content))


@contextmanager
def faulty(folder: Path, happen: Happen = lambda stage, name: None) -> Iterator[Disk]:
    """Let something happen at the stages of what is written below ``folder``."""
    disk = Disk(folder, happen)
    calls = {name: disk.path_call(name) for name in _WITH_PATHS}
    with mock.patch.multiple(
        os, **calls, fsync=disk.fsync(), write=disk.write(), fdopen=disk.fdopen(), close=disk.close()
    ):
        yield disk


def refusing(code: int, at: int, *, lasting: bool) -> Happen:
    """The disk refuses with an error of the system at this stage, and ``lasting`` at all later ones too.

    A disk that is full or read-only lets everybody look, and a full one lets things be removed.
    """
    free = (LOOK, "rmdir") if code in (errno.ENOSPC, errno.EROFS) else ()

    def happen(stage: int, name: str) -> None:
        if stage == at or (lasting and stage > at and name not in free):
            raise OSError(code, os.strerror(code))

    return happen


def name_of_a_dead_writer() -> str:
    """The name of a file that a process was writing which is gone."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return unfinished_name().replace(f"-{os.getpid()}-", f"-{process.pid}-")
