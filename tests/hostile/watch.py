"""What reading a file does to the rest of the machine, as Python's audit events tell it: nothing is what is wanted."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_CODE = frozenset({"pickle.find_class", "os.exec", "os.posix_spawn", "os.system", "subprocess.Popen"})
_CHANGES = frozenset(
    {"os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "os.truncate", "shutil.rmtree"}
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_watching: list[tuple[Path, list[str]]] = []


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching:
        return
    folder, seen = _watching[-1]
    if event in _CODE or event.startswith("socket.") or (event == "ctypes.dlopen" and arguments[0]):
        seen.append(f"{event} {arguments}")
    elif event in ("os.remove", "os.rmdir") and arguments[1] != -1:
        return  # by rmtree, in a folder that is told of itself
    elif event in _CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING):
        for path in arguments[:2] if event in ("os.link", "os.rename", "os.symlink") else arguments[:1]:
            if isinstance(path, (str, bytes)) and not _inside(os.fsdecode(path), folder):
                seen.append(f"{event} {path!r}")


def _inside(path: str, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(folder)


@contextmanager
def watched(folder: Path) -> Iterator[list[str]]:
    """What happens meanwhile that should not: code started, a network used, something outside ``folder`` changed.

    Of imports, which run code too, only those from outside the program and its packages can come from a file: the
    callers see to it that there are none, by having imported what they use before.
    """
    if not getattr(sys, "_boxpaint_watched", False):  # a hook cannot be taken away again
        sys.addaudithook(_heard)
        sys._boxpaint_watched = True  # type: ignore[attr-defined]
    seen: list[str] = []
    _watching.append((folder.resolve(), seen))
    try:
        yield seen
    finally:
        _watching.pop()
