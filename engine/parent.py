"""A child process ends with its parent."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1
"""See prctl(2)."""


def end_with_parent() -> None:
    """Let the kernel kill this process when the thread that started it ends, however that comes; Linux only.

    Every child also ends when a pipe from its parent is closed, on every system. But it has to be able to notice that:
    one that was stopped, or that hangs in a library which lets no other thread run, is not.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library: the pipe remains
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
