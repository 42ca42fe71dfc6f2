"""The user's own models: where they lie, and how a folder is brought there whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_data_path

from engine.errors import BoxpaintError
from engine.files import make_folder, new_folder, output_error

ENVIRONMENT = "BOXPAINT_MODELS"
"""Environment variable that names another folder for the user's models."""

SAFE_SUFFIXES = frozenset({".json", ".txt", ".md", ".safetensors", ".model"})
"""Files that a model may bring: weights as safetensors, and text. Everything else stays where it was."""

CARD = "boxpaint.json"
"""File in a model's folder that says what it is to Boxpaint."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def models_folder() -> Path:
    """Where imported and fetched models lie; it need not exist yet."""
    chosen = os.environ.get(ENVIRONMENT)
    return Path(chosen) if chosen else user_data_path("boxpaint", appauthor=False) / "models"


def staging_folder(name: str) -> Path:
    """Where a model is put together while it is fetched."""
    return models_folder() / f".fetching-{name}"


def check_name(name: str) -> str:
    """The name of a model to be, which is a folder's too; BoxpaintError when it cannot be one."""
    if not _NAME.fullmatch(name):
        raise BoxpaintError(
            f"the name {name!r} cannot be a model's.",
            "usage",
            field="--name",
            hint="Use letters, digits, dots, dashes and underscores.",
        )
    return name


def install(name: str, fill: Callable[[Path], object]) -> Path:
    """Make a folder for a model and let ``fill`` write into it; nothing is left when that fails.

    Raises:
        BoxpaintError: There is a model of this name already, or the folder cannot be written.
    """
    target = models_folder() / check_name(name)
    if target.exists():
        raise BoxpaintError(
            f"there is a model {name!r} already.",
            "usage",
            file=str(target),
            field="--name",
            hint="Choose another --name, or remove that one by `boxpaint models remove`.",
        )
    make_folder(target.parent)
    with new_folder(target) as staging:
        fill(staging)
    return target


def copy_safe_files(source: Path, target: Path) -> list[str]:
    """Copy a model folder's safe files; the names of those that were left out, in order.

    Links are followed only inside the folder: what they point at elsewhere is not the model's.
    """
    root, left_out = source.resolve(), []
    for path in sorted(source.rglob("*")):
        relative = path.relative_to(source)
        if path.is_dir() or any(part.startswith(".") for part in relative.parts):
            continue
        inside = path.resolve().is_relative_to(root)
        if path.suffix not in SAFE_SUFFIXES or not inside:
            left_out.append(relative.as_posix())
            continue
        (target / relative).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target / relative)
    return left_out


def remove(name: str) -> Path:
    """Delete one of the user's models, and what an interrupted fetch left of it; the folder that it was in.

    Files that lie in the hub's shared cache stay there: only the links to them are deleted.

    Raises:
        BoxpaintError: There is none of this name, or it cannot be deleted.
    """
    target = models_folder() / check_name(name)
    half = staging_folder(name)
    if half.is_dir():
        _delete(half)
        if not target.exists():
            return half
    if not target.is_dir():
        raise BoxpaintError(
            f"there is no imported model {name!r}.",
            "model",
            field="name",
            hint="Built-in models and folders elsewhere are not removed by Boxpaint.",
        )
    _delete(target)
    return target


def _delete(folder: Path) -> None:
    try:
        if folder.is_symlink():  # a folder elsewhere that somebody linked here is not ours
            folder.unlink()
        else:
            shutil.rmtree(folder)
    except OSError as error:
        raise output_error(error, folder) from error
