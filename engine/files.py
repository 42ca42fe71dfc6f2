"""Writing files whole or not at all, and reading them with errors that name the file."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from engine.errors import BoxpaintError
from engine.leftovers import clear_leftovers_once, unfinished_name

_FULL = "Free some space or choose another folder."
_NOT_PERMITTED = "Choose a folder that you may write to."
_GONE = "Connect its drive again, or choose another folder."

_REASONS = {
    errno.ENOSPC: ("the disk is full.", _FULL),
    errno.EDQUOT: ("the disk quota is used up.", _FULL),
    errno.EFBIG: ("files of this size are not possible there.", "Choose a folder on another disk."),
    errno.EACCES: ("writing is not permitted.", _NOT_PERMITTED),
    errno.EPERM: ("writing is not permitted.", _NOT_PERMITTED),
    errno.EROFS: ("the file system is read-only.", _NOT_PERMITTED),
    errno.EIO: ("the disk reports an error.", "Choose a folder on another disk, and have this one checked."),
    errno.ENOENT: ("its folder is no longer there.", _GONE),
    errno.ENODEV: ("its drive is no longer there.", _GONE),
    errno.ENXIO: ("its drive is no longer there.", _GONE),
    errno.ESTALE: ("its drive is no longer there.", _GONE),
    errno.ENOTCONN: ("its drive is no longer there.", _GONE),
    errno.ENOTDIR: ("a part of the path is a file, not a folder.", "Choose another folder."),
    errno.EEXIST: ("a file of that name is in the way.", "Choose another folder."),
    errno.EISDIR: ("it is a folder, not a file.", "Choose a file name."),
    errno.ENAMETOOLONG: ("the name is too long.", "Choose a shorter name."),
}


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def output_error(error: OSError, path: Path) -> BoxpaintError:
    """The operating system's refusal to write ``path``, in words."""
    message, hint = _REASONS.get(error.errno or 0, (f"it cannot be written ({error.strerror or error}).", None))
    return BoxpaintError(message, "output", file=str(path), hint=hint)


def write_atomic(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let ``write`` fill a temporary file beside ``path``, flush it to the disk, and put it in place.

    Whatever happens, ``path`` holds either its former content or the whole new one, after a power cut too. What a
    process leaves that dies meanwhile is removed by the next one that writes into the folder.

    Raises:
        BoxpaintError: The file cannot be written. The former content is intact, unless only the last step failed,
            making the new name durable: then the whole new content is there for now.
    """
    temporary: Path | None = None
    try:
        _make_parents(path.parent)
        _refuse_read_only(path)
        clear_leftovers_once(path.parent)
        temporary = path.parent / unfinished_name()
        with os.fdopen(os.open(temporary, _NEW, 0o666), "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        temporary = None
        sync_folder(path.parent)
    except OSError as error:
        raise output_error(error, path) from error
    finally:
        if temporary is not None:
            with suppress(OSError):  # what stopped the writing may stop this too
                temporary.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder beside ``path`` to be filled, which becomes ``path`` at the end, or goes when that fails.

    Args:
        path: The folder to be; it must not exist, or be empty.

    Raises:
        BoxpaintError: It cannot be written.
    """
    stage: Path | None = None
    try:
        _make_parents(path.parent)
        clear_leftovers_once(path.parent)
        stage = path.parent / unfinished_name()
        stage.mkdir()
        yield stage
        move_folder(stage, path)
    except OSError as error:
        raise output_error(error, path) from error
    finally:
        if stage is not None:
            shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """A hidden folder for a while, on the disk of ``parent``; what a killed process leaves of it is removed later."""
    clear_leftovers_once(parent)
    folder = parent / unfinished_name()
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def move_folder(source: Path, target: Path) -> None:
    """Flush a folder with all that is in it to the disk, and give it its final name; OSError when that fails.

    Args:
        source: The folder, on the same disk as the target.
        target: Its name to be; there is nothing, or an empty folder.
    """
    _sync_content(source)
    if target.exists():
        target.rmdir()  # empty; not every system lets a folder take the place of another
    source.replace(target)
    sync_folder(target.parent)


def sync_file(path: Path) -> None:
    """Flush a file that was written by other means to the disk; OSError when that fails."""
    # Windows flushes only what is open for writing.
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Flush a folder's names to the disk, where the system has that; OSError when it fails."""
    if os.name == "nt":
        return  # it opens no folders, and keeps its names by a journal of its own
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network and FUSE file systems have no such thing
            raise
    finally:
        os.close(descriptor)


def _sync_content(folder: Path) -> None:
    for parent, _, names in os.walk(folder):
        for name in names:
            if not (Path(parent) / name).is_symlink():
                sync_file(Path(parent) / name)
        sync_folder(Path(parent))


def _make_parents(folder: Path) -> None:
    """Create the folder and those above it, durably."""
    if folder.is_dir():
        return
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in reversed(missing):
        sync_folder(each.parent)


def _refuse_read_only(path: Path) -> None:
    """Replacing asks only whether the folder may be written; a file that is marked read-only itself is left alone."""
    if path.is_file() and not path.stat().st_mode & 0o222:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` whole or not at all."""
    write_atomic(path, lambda file: file.write(content))


def write_json(path: Path, content: Any) -> None:
    """Write ``content`` as indented UTF-8 JSON, whole or not at all; NaN is refused."""
    try:
        text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    except ValueError as error:  # from another file, most likely: 1e999 is JSON, and read as infinity
        raise BoxpaintError(f"its content cannot be written as JSON ({error}).", "output", file=str(path)) from error
    write_bytes(path, text.encode("utf-8", "surrogatepass") + b"\n")


def check_folder_of(path: Path) -> None:
    """Refuse to write a file into a folder that is not there, which is a drive that was taken away most likely.

    Raises:
        BoxpaintError: It is not there.
    """
    if not path.parent.is_dir():
        raise output_error(FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)), path)


def make_folder(path: Path) -> Path:
    """Create the folder unless it exists, and make sure that it can be written to."""
    try:
        _make_parents(path)
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
        if path.exists() and not path.is_file():  # opening a pipe waits for ever, and a device may never end
            raise BoxpaintError("it is no file, but a pipe or a device.", kind, file=str(path))
        with path.open("rb") as file:
            # No more is asked for than can be there: a buffer of the limit's size would be made at once.
            content = file.read(min(limit, max(path.stat().st_size, 2**16)) + 1)
    except FileNotFoundError as error:
        raise BoxpaintError("there is no such file.", kind, file=str(path), hint="Check the path.") from error
    except OSError as error:
        raise BoxpaintError(f"it cannot be read ({error.strerror or error}).", kind, file=str(path)) from error
    if len(content) > limit:
        raise BoxpaintError(f"it is larger than {limit // 2**20} MiB.", kind, file=str(path))
    return content
