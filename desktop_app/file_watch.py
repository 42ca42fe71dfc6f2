"""Notices that the open file was changed or removed by somebody else."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

SETTLE = 250
"""Milliseconds of rest after the last sign of a change: other programs write in several pieces."""


class DiskState(StrEnum):
    """What has become of the file."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"


class FileWatch(QObject):
    """Follows one file. What it held when `follow` was called last is known; all else is news, each told once."""

    noticed = Signal(object)
    """The file is another one than known: a `DiskState`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._known: bytes | None = None
        self._told: bytes | None = None
        self._stamp: tuple[int, int, int] | None = None
        self._watcher = QFileSystemWatcher(self)
        self._settling = QTimer(self, singleShot=True, interval=SETTLE)
        self._settling.timeout.connect(self.look)
        self._watcher.fileChanged.connect(lambda: self._settling.start())
        self._watcher.directoryChanged.connect(lambda: self._settling.start())

    def follow(self, path: Path | None) -> None:
        """Watch this file (None: none), and take what it holds now as known."""
        if path != self._path and (watched := self._watcher.files() + self._watcher.directories()):
            self._watcher.removePaths(watched)
        self._path = path
        self._stamp = _stamp(path)
        self._known = self._told = _digest(path)
        self._watch()

    def look(self) -> DiskState:
        """Compare the file with what is known, and tell what is new."""
        if self._path is None:
            return DiskState.SAME
        self._watch()  # a file that was replaced is another one to the system
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            digest = self._told
        else:
            self._stamp, digest = stamp, _digest(self._path)
        state = self._state(digest)
        if digest != self._told:
            self._told = digest
            if state is not DiskState.SAME:
                self.noticed.emit(state)
        return state

    def _state(self, digest: bytes | None) -> DiskState:
        if digest == self._known:
            return DiskState.SAME
        return DiskState.GONE if digest is None else DiskState.CHANGED

    def _watch(self) -> None:
        if self._path is None:
            return
        watched = {*self._watcher.files(), *self._watcher.directories()}
        for path in (self._path, self._path.parent):
            # Watched as well: the folder, which tells of a file that is taken away and put back.
            if str(path) not in watched and path.exists():
                self._watcher.addPath(str(path))


def _stamp(path: Path | None) -> tuple[int, int, int] | None:
    """What changes when a file is written: time, size, and which file it is."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size, found.st_ino) if found is not None else None


def _digest(path: Path | None) -> bytes | None:
    """What the file holds, in short; None when it cannot be read."""
    try:
        return hashlib.blake2b(path.read_bytes()).digest() if path is not None else None
    except OSError:
        return None
