"""Names of files and folders that are being written, and clearing away those whose writers died.

A name tells the machine and the process that writes: `.<machine>-<process>-<random>.part`. Whoever writes into a folder
for the first time removes what dead processes left there; what a living one is at work on is never touched, nor is
anything of another machine that was changed within a day.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
import shutil
import time
from functools import lru_cache
from pathlib import Path

import psutil

UNFINISHED = ".*.part"
"""Pattern of the names of files and folders that are being written."""

_NAME = re.compile(r"\.([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.part")
_ELSEWHERE = 24 * 3600
"""Seconds after which what another machine has left unchanged is given up: whether its process lives is not known."""


def unfinished_name() -> str:
    """A name for what this process is about to write: hidden, and without the suffix of a finished file."""
    return f".{_machine()}-{os.getpid()}-{secrets.token_hex(4)}.part"


def clear_leftovers_once(folder: Path) -> None:
    """Clear the folder the first time that this process asks for it."""
    _clear(folder.absolute())


def clear_leftovers(folder: Path) -> None:
    """Remove what processes that are gone left half-written in this folder; what cannot be removed stays."""
    for path in folder.glob(UNFINISHED):
        try:
            if _is_leftover(path):
                _remove(path)
        except OSError:
            continue  # somebody else was faster, or may do what this user may not: it is in nobody's way


@lru_cache(maxsize=256)  # every run has a folder of its own; looking again into one that was forgotten costs little
def _clear(folder: Path) -> None:
    clear_leftovers(folder)


def _is_leftover(path: Path) -> bool:
    name = _NAME.fullmatch(path.name)
    if name is None:
        return False  # not by this program
    changed = path.lstat().st_mtime
    if name[1] != _machine():
        return time.time() - changed > _ELSEWHERE
    try:
        # A process id is used again after a while: one that began later is not the writer.
        return psutil.Process(int(name[2])).create_time() > changed + 1
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


@lru_cache(maxsize=1)
def _machine() -> str:
    return hashlib.blake2b(platform.node().encode(), digest_size=4).hexdigest()
