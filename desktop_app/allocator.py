"""The C library's allocator, told to keep no freed pictures."""

from __future__ import annotations

import contextlib
import ctypes
import sys

_MMAP_THRESHOLD = -3
"""``M_MMAP_THRESHOLD`` of glibc's ``malloc.h``."""

_LARGE = 2**20
"""Bytes from which on a block is given back to the system as soon as it is freed; a picture of 512 × 512 is one."""


def give_large_blocks_back() -> None:
    """Have large blocks given back when they are freed.

    glibc raises its limit to the largest block that was ever freed, up to 32 MiB, and keeps smaller ones for itself, in
    an arena of each thread: pictures that are drawn in threads add up to tens of megabytes. Other C libraries do not.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # it is no glibc
            ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)
