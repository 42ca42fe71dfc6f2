"""A journal on the disk: one file that is only appended to, and a lock beside it while its window lives."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLockFile

from engine.files import sync_folder

SUFFIX = ".journal"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class JournalFile:
    """A journal that is being written.

    What was appended survives the end of the process at once, and a power cut after `flush`.

    Raises:
        OSError: The file or its lock cannot be made.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._lock = lock_of(path)
        if not self._lock.tryLock(0):
            raise OSError(errno.EIO, "its lock cannot be made", str(path))
        try:
            self._descriptor = os.open(path, _NEW, 0o600)
        except OSError:
            self._lock.unlock()
            raise
        self._flushed = 0
        self._size = 0

    def append(self, content: bytes) -> None:
        """Add to the end; OSError when not all of it could be written."""
        if not os.path.samestat(os.fstat(self._descriptor), self.path.stat()):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.path))
        self._size += len(content)
        while content:
            content = content[os.write(self._descriptor, content) :]

    def flush(self, failed: Callable[[OSError], object]) -> None:
        """Bring what is new to the disk, in a thread: a slow disk stops nobody's work. ``failed`` is called there."""
        if self._flushed == self._size:
            return
        first, self._flushed = self._flushed == 0, self._size
        descriptor = os.dup(self._descriptor)

        def work() -> None:
            try:
                os.fsync(descriptor)
                if first:
                    sync_folder(self.path.parent)
            except FileNotFoundError:
                pass  # the folder went with all that was in it: the next line that is written tells
            except OSError as error:
                failed(error)
            finally:
                os.close(descriptor)

        threading.Thread(target=work, name="boxpaint-journal", daemon=True).start()

    def close(self) -> None:
        """Write no more; the file stays, and is this window's until it is removed."""
        os.close(self._descriptor)

    def remove(self) -> None:
        """Take the closed file away; OSError when it cannot be removed."""
        self.path.unlink(missing_ok=True)
        self._lock.unlock()


def lock_of(journal: Path) -> QLockFile:
    """The lock of a journal: whoever can take it knows that the journal's window is gone."""
    lock = QLockFile(f"{journal}.lock")
    lock.setStaleLockTime(0)
    return lock
