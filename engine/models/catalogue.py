"""Which models there are: the built-in ones, the user's own, and folders that are named."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import BoxpaintError
from engine.layout.vocabulary import find_vocabulary
from engine.models.card import ModelCard, read_card, read_facts
from engine.models.installed import models_folder
from engine.models.parts import check_complete, check_parts
from engine.models.published import PUBLISHED

DEFAULT_MODEL = "clevr-mini"
_HASHED = (".json", ".txt", ".safetensors")
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
"""How the hub calls a model: ``OWNER/NAME``."""
_SMALLEST_SHARE = 8
"""A box under 1/8 of the working size gets too few latents for a model to paint a thing in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEntry:
    """A model as listed.

    Attributes:
        name: What ``--model`` takes.
        kind: ``pipeline`` or ``detector``.
        path: Its folder.
        installed: Whether its files are there.
        licence: SPDX name, where known.
        bytes: Size of its files.
        vocabulary: Prompts that it was trained on; empty when it takes any.
        default_size: Width and height that it paints best, in pixels.
        smallest_box: Side in pixels of its own picture size under which a box is too small for it.
        problem: Why it cannot be used, where ``installed`` is false.
        safety_checker: ``on`` or ``off``, as the model's card has its checker; empty where it has none.
    """

    name: str
    kind: str
    path: Path
    installed: bool
    licence: str | None
    bytes: int
    vocabulary: tuple[str, ...] = ()
    default_size: tuple[int, int] | None = None
    smallest_box: int = 0
    problem: str = ""
    safety_checker: str = ""


def built_in_folder() -> Path:
    """Where the models lie that come with the program."""
    return Path(__file__).resolve().parents[2] / "resources" / "models"


def list_models() -> list[ModelEntry]:
    """The built-in models and the user's own, pipelines first. One of the user's that is broken says why."""
    entries = [_entry(path) for path in _folders(built_in_folder())]
    taken = {entry.name for entry in entries}
    entries += [entry for path in _folders(models_folder()) if (entry := _own_entry(path)).name not in taken]
    return sorted(entries, key=lambda entry: (entry.kind != "pipeline", entry.name))


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if (path / "boxpaint.json").is_file()]


def _own_entry(path: Path) -> ModelEntry:
    try:
        return replace(_entry(path), name=path.name)
    except BoxpaintError as error:
        return ModelEntry(
            name=path.name, kind="pipeline", path=path, installed=False, licence=None, bytes=0, problem=str(error)
        )


def find_model(name: str) -> ModelCard:
    """The card of an installed model by its name, or of a pipeline folder by its path.

    Raises:
        BoxpaintError: There is neither, something of it is missing or cut short, or its parts do not fit each other:
            said here, where nothing slow has been loaded yet.
    """
    installed = {entry.name: entry for entry in list_models() if entry.kind == "pipeline"}
    folder = installed[name].path if name in installed else Path(name)
    if folder.is_dir():
        card = read_card(folder)
        check_complete(folder)
        check_parts(folder)
        return card
    raise BoxpaintError(
        f"there is no model {name!r}.",
        "model",
        field="model",
        hint=f"{how_to_get(name)}Installed: {', '.join(sorted(installed)) or 'none'}. Or name the folder of a "
        "diffusers pipeline.",
    )


def how_to_get(name: str) -> str:
    """The sentence that says how a published model of this name, or one of the hub's, comes here; else empty."""
    command = f"`boxpaint models fetch {name}`"
    if any(name in (model.name, model.repository) for model in PUBLISHED):
        return f"Fetch it first: {command}. "
    return f"If that is its name on the hub, fetch it first: {command}. " if _REPOSITORY.fullmatch(name) else ""


def fingerprint(folder: Path) -> str:
    """A short hash that tells one state of a model folder from another.

    It covers every JSON file whole and of every weight file its name, size, first and last mebibyte, so that a model of
    many gigabytes takes a moment, not a minute.
    """
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.suffix in _HASHED and path.is_file()):
        size = file.stat().st_size
        digest.update(f"{file.relative_to(folder).as_posix()}:{size}\n".encode())
        with file.open("rb") as content:
            digest.update(content.read(2**20))
            if size > 2**20:
                content.seek(max(size - 2**20, 2**20))
                digest.update(content.read(2**20))
    return digest.hexdigest()[:16]


def _entry(path: Path) -> ModelEntry:
    facts = read_facts(path)
    kind = str(facts.get("kind", "pipeline"))
    card = read_card(path) if kind == "pipeline" else None
    return ModelEntry(
        name=str(facts.get("name", path.name)),
        kind=kind,
        path=path,
        installed=True,
        licence=facts.get("licence"),
        bytes=sum(file.stat().st_size for file in path.rglob("*") if file.is_file()),
        vocabulary=find_vocabulary(facts.get("vocabulary")),
        default_size=card.size if card else None,
        safety_checker=card.safety_checker if card and card.has_checker else "",
        smallest_box=card.working_sizes[0] // _SMALLEST_SHARE if card and card.area == "full" else 4 if card else 0,
    )
