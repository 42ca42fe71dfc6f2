"""Where Blender is: named, in an environment of its own that `set_up` makes, or installed on the computer.

Blender also comes as the Python package ``bpy``. It is under the GPL and needs NumPy 1, so it never goes into
Boxpaint's own environment; it gets one to itself, and Boxpaint only talks to it from process to process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.clevr.blender.process import PROGRAM
from engine.errors import BoxpaintError
from engine.files import make_folder, output_error, write_json

PACKAGE = "bpy>=4.2,<5.1"
"""What pip installs; of these versions, 5.0 is the one that was tested."""

PYTHON = (3, 11)
"""The only Python that these versions of ``bpy`` are made for."""

VARIABLE = "BOXPAINT_BLENDER"
"""Environment variable that names Blender, as ``--blender`` does."""

_READY = "boxpaint-blender.json"
"""File in the environment that is written when everything is in place."""

_BEGUN = "boxpaint-blender-begun.json"
"""File in the environment that is written before anything else."""

_HINT = (
    "Run `boxpaint render --setup`, which sets Blender up for Boxpaint alone, or install Blender 4.2 or newer "
    f"and name it with --blender or {VARIABLE}."
)


@dataclass(frozen=True)
class Blender:
    """A Blender that can be started.

    Attributes:
        path: Its program, or a Python that has ``bpy``.
        is_python: It is a Python.
    """

    path: Path
    is_python: bool

    def command(self) -> list[str]:
        """How it is started with our program in it."""
        if self.is_python:
            return [str(self.path), "-I", str(PROGRAM)]
        # Without the user's start-up file and add-ons, every Blender of a version renders the same.
        options = ["--background", "--factory-startup", "--python-exit-code", "1"]
        return [str(self.path), *options, "--python", str(PROGRAM)]


def default_environment() -> Path:
    """The folder of the environment that `set_up` makes: under the user's data, whatever the system calls that."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Application Support")
    else:
        base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "boxpaint" / "blender"


def find_blender(named: Path | None = None, environment: Path | None = None) -> Blender:
    """The Blender to use: the one that is named, else that of the environment, else an installed one.

    Args:
        named: Blender's program, its folder, a Python that has ``bpy``, or the folder of its environment.
        environment: Where `set_up` made its environment, if not in the usual place.

    Raises:
        BoxpaintError: There is none, or what was named is none.
    """
    if named is None and os.environ.get(VARIABLE):
        named = Path(os.environ[VARIABLE])
    if named is not None:
        return _named(named)
    folder = environment or default_environment()
    if (folder / _READY).is_file() and (python := _python_in(folder)) is not None:
        return Blender(python, is_python=True)
    for path in _installed():
        if path.is_file():
            return Blender(path, is_python=False)
    raise BoxpaintError("Blender was not found on this computer.", "blender", hint=_HINT)


def set_up(
    environment: Path, *, python: Path | None = None, index: str | None = None, tell: Callable[[str], object]
) -> Blender:
    """Make an environment with ``bpy`` in it; what an interrupted call left there is made anew.

    Args:
        environment: Its folder.
        python: A Python 3.11; looked for when not given.
        index: A package index to be asked besides pip's own.
        tell: Hears what is done, in a sentence.

    Raises:
        BoxpaintError: There is no such Python, the folder holds something else, or the package could not be installed.
    """
    maker = _suitable_python(python)
    _clear(environment)
    tell(f"Making an environment in {environment} with {maker} …")
    # With it, what an interrupted call leaves can be told from a folder of somebody else.
    write_json(environment / _BEGUN, {})
    _run([str(maker), "-m", "venv", str(environment)], "the environment could not be made", environment)
    made = _python_in(environment)
    if made is None:
        raise BoxpaintError("the environment has no Python in it.", "blender", file=str(environment))
    tell(f"Installing {PACKAGE} with pip; this downloads about 400 MB and takes about 1 GB on the disk …")
    extra = ["--extra-index-url", index] if index else []
    pip = [str(made), "-m", "pip", "--disable-pip-version-check", "install", "--only-binary", ":all:"]
    _run([*pip, *extra, PACKAGE], "pip could not install Blender", environment, hint=_INSTALL_HINT)
    check = "import bpy; print(bpy.app.version_string)"
    version = _run([str(made), "-I", "-c", check], "Blender was installed but does not start", environment)
    write_json(environment / _READY, {"package": PACKAGE, "blender": version.strip().splitlines()[-1]})
    return Blender(made, is_python=True)


_INSTALL_HINT = (
    "If the index that pip uses has no such package, name one that has it with --index, or install Blender itself and "
    "name it with --blender."
)


def _named(path: Path) -> Blender:
    if path.is_dir():
        inside = [_python_in(path), path / "Contents" / "MacOS" / "Blender", path / "blender", path / "blender.exe"]
        found = next((entry for entry in inside if entry is not None and entry.is_file()), None)
    else:
        found = path if path.is_file() else None
        if found is None and path.name == str(path) and (on_path := shutil.which(str(path))):
            found = Path(on_path)
    if found is None:
        raise BoxpaintError("there is no Blender there.", "blender", file=str(path), hint=_HINT)
    # The link in an environment must not be resolved: behind it is the Python that knows nothing of bpy.
    return Blender(found.absolute(), is_python=found.name.lower().startswith(("python", "pypy")))


def _python_in(environment: Path) -> Path | None:
    for path in (environment / "bin" / "python", environment / "Scripts" / "python.exe"):
        if path.is_file():
            return path
    return None


def _installed() -> Iterator[Path]:
    """Where Blender is when it is installed in the usual way."""
    if found := shutil.which("blender"):
        yield Path(found)
    if sys.platform == "darwin":
        yield Path("/Applications/Blender.app/Contents/MacOS/Blender")
    if sys.platform == "win32":
        folder = Path(os.environ.get("PROGRAMFILES", r"C:\Program Files")) / "Blender Foundation"
        yield from sorted(folder.glob("Blender */blender.exe"), reverse=True)


def _suitable_python(named: Path | None) -> Path:
    wanted = ".".join(map(str, PYTHON))
    if named is not None:
        found: str | None = str(named)
    elif sys.version_info[:2] == PYTHON and not getattr(sys, "frozen", False):  # a bundle's program is Boxpaint
        found = sys.executable
    else:
        found = shutil.which(f"python{wanted}")
    hint = f"Install Python {wanted} and name it with --python, or install Blender and name it with --blender."
    if found is None:
        raise BoxpaintError(f"Blender as a Python package needs Python {wanted}.", "blender", hint=hint)
    told = _run([found, "-c", "import sys; print(*sys.version_info[:2], sep='.')"], "it is no Python", Path(found))
    if told.strip() != wanted:
        message = f"this is Python {told.strip()}; Blender as a Python package needs {wanted}."
        raise BoxpaintError(message, "blender", file=found, hint=hint)
    return Path(found)


def _clear(environment: Path) -> None:
    """Make sure that the folder is ours, empty and writable."""
    try:
        holds = [path.name for path in environment.iterdir()] if environment.exists() else []
        if holds and _BEGUN not in holds:
            hint = "Name another folder with --environment."
            raise BoxpaintError("there is something else there already.", "output", file=str(environment), hint=hint)
        if holds:
            shutil.rmtree(environment)
    except OSError as error:
        raise output_error(error, environment) from error
    make_folder(environment)


def _run(command: list[str], failure: str, place: Path, hint: str | None = None) -> str:
    """What a command prints; its last words in the error if it fails."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", env=environment)
    except OSError as error:
        raise BoxpaintError(f"{failure} ({error.strerror or error}).", "blender", file=str(place), hint=hint) from error
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        last = " | ".join(lines[-2:])
        raise BoxpaintError(f"{failure}: {last}", "blender", file=str(place), hint=hint)
    return done.stdout
