"""Boxpaint among the programs of a Linux desktop: its entry, its icon, and the kinds of files that it opens.

Everything lies in the user's own data folder (XDG); from ``resources/desktop`` a distribution installs the same.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

from desktop_app.theme import RESOURCES
from engine.errors import BoxpaintError
from engine.files import output_error, write_bytes

SIZES = (16, 24, 32, 48, 64, 128, 256)
"""Pixels of the icon's pictures, for desktops that draw no SVG."""

_TEMPLATE = RESOURCES / "desktop" / "boxpaint.desktop"
_KINDS = RESOURCES / "desktop" / "boxpaint.xml"
_ICON = RESOURCES / "icons" / "boxpaint.svg"
_CATALOGUES = (("update-mime-database", "mime"), ("update-desktop-database", "applications"))
"""Programs that read what was put there, and the folders for which they do so."""


def data_home() -> Path:
    """Where a user's own desktop entries are, by the XDG base directory specification."""
    chosen = os.environ.get("XDG_DATA_HOME", "")
    return Path(chosen) if Path(chosen).is_absolute() else Path.home() / ".local" / "share"


def install() -> list[Path]:
    """Put the files in place, for this user and for the Boxpaint that runs now; those written.

    Raises:
        BoxpaintError: The system has another kind of desktop, or a file cannot be written.
    """
    _check_system()
    written = []
    for path, content in _files():
        write_bytes(path, content)
        written.append(path)
    _update_catalogues()
    return written


def remove() -> list[Path]:
    """Take the files away again; those that there were.

    Raises:
        BoxpaintError: The system has another kind of desktop, or a file cannot be removed.
    """
    _check_system()
    removed = []
    for path, _ in _files():
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise output_error(error, path) from error
        removed.append(path)
    _update_catalogues()
    return removed


def _check_system() -> None:
    if sys.platform in ("win32", "darwin"):
        raise BoxpaintError(
            "desktop entries are for Linux and its kin.",
            "usage",
            hint="Windows and macOS learn which program opens a file from a bundle: docs/packages.md.",
        )


def _files() -> Iterator[tuple[Path, bytes]]:
    """Every file, by its place."""
    home = data_home()
    entry = _TEMPLATE.read_text("utf-8").replace("Exec=boxpaint %f", f"Exec={_exec(_command())} %f")
    yield home / "applications" / "boxpaint.desktop", entry.encode()
    yield home / "mime" / "packages" / "boxpaint.xml", _KINDS.read_bytes()
    icons = home / "icons" / "hicolor"
    yield icons / "scalable" / "apps" / "boxpaint.svg", _ICON.read_bytes()
    for size in SIZES:
        yield icons / f"{size}x{size}" / "apps" / "boxpaint.png", icon_picture(size)


def _command() -> list[str]:
    """What starts this Boxpaint, wherever it is started from."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    # Not resolved: a virtual environment's Python is a link, and its programs lie beside the link.
    script = Path(sys.executable).with_name("boxpaint")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "desktop_app"]


def _exec(command: list[str]) -> str:
    """A command as the desktop entry specification quotes it."""
    return " ".join(map(_quoted, command))


def _quoted(word: str) -> str:
    if re.fullmatch(r"[\w./:@+=-]+", word):
        return word  # xdg-open takes quotes for a part of the name
    quoted = re.sub(r'(["`$\\])', r"\\\1", word).replace("%", "%%")
    # The value of a key has its own escapes: a backslash is written twice.
    return '"' + quoted.replace("\\", "\\\\") + '"'


def icon_picture(size: int) -> bytes:
    """The icon as a PNG of ``size`` × ``size`` pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(_ICON)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _update_catalogues() -> None:
    for program, folder in _CATALOGUES:
        place = data_home() / folder
        if place.is_dir() and (found := shutil.which(program)):
            # Where it is missing or fails, the desktop finds the files at its next start.
            subprocess.run([found, str(place)], stdin=subprocess.DEVNULL, capture_output=True, check=False)
