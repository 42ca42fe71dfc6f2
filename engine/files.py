"""Writing files whole or not at all, and reading them with errors that name the file."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from engine.errors import BoxpaintError

_REASONS = {
    errno.ENOSPC: ("the disk is full.", "Free some space or choose another folder."),
    errno.EDQUOT: ("the disk quota is used up.", "Free some space or choose another folder."),
    errno.EACCES: ("writing is not permitted.", "Choose a folder that you may write to."),
    errno.EPERM: ("writing is not permitted.", "Choose a folder that you may write to."),
    errno.EROFS: ("the file system is read-only.", "Choose a folder that you may write to."),
    errno.ENOTDIR: ("a part of the path is a file, not a folder.", "Choose another folder."),
    errno.EEXIST: ("a file of that name is in the way.", "Choose another folder."),
    errno.EISDIR: ("it is a folder, not a file.", "Choose a file name."),
    errno.ENAMETOOLONG: ("the name is too long.", "Choose a shorter name."),
}


UNFINISHED = ".*.part"
"""Pattern of the names of files that are being written."""


def output_error(error: OSError, path: Path) -> BoxpaintError:
    """The operating system's refusal to write ``path``, in words."""
    message, hint = _REASONS.get(error.errno or 0, (f"it cannot be written ({error.strerror or error}).", None))
    return BoxpaintError(message, "output", file=str(path), hint=hint)


def write_atomic(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let ``write`` fill a temporary file beside ``path``, flush it to the disk, and put it in place.

    Whatever happens, ``path`` holds either its former content or the whole new one.

    Raises:
        BoxpaintError: The file cannot be written; the former content is intact.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Hidden, and without the final suffix: a scan of the folder never takes it for a finished file.
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
        temporary = None
    except OSError as error:
        raise output_error(error, path) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` whole or not at all."""
    write_atomic(path, lambda file: file.write(content))


def write_json(path: Path, content: Any) -> None:
    """Write ``content`` as indented UTF-8 JSON, whole or not at all; NaN is refused."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    write_bytes(path, text.encode("utf-8", "surrogatepass") + b"\n")


def make_folder(path: Path) -> Path:
    """Create the folder unless it exists, and make sure that it can be written to."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise output_error(error, path) from error
    return path


def read_bytes(path: Path, *, limit: int, kind: str = "input") -> bytes:
    """The content of a file of at most ``limit`` bytes."""
    try:
        if path.is_dir():
            raise BoxpaintError("it is a folder, not a file.", kind, file=str(path))
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError as error:
        raise BoxpaintError("there is no such file.", kind, file=str(path), hint="Check the path.") from error
    except OSError as error:
        raise BoxpaintError(f"it cannot be read ({error.strerror or error}).", kind, file=str(path)) from error
    if len(content) > limit:
        raise BoxpaintError(f"it is larger than {limit // 2**20} MiB.", kind, file=str(path))
    return content


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
