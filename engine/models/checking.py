"""Looking at a model folder before anything of it is used: what is missing, broken, unsafe or does not fit together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BoxpaintError
from engine.files import read_bytes
from engine.models.anatomy import read_config
from engine.models.card import read_card
from engine.models.parts import misfits, missing

_MAX_JSON = 256 * 2**20
"""Bytes; the largest in models are vocabularies of some tens of MiB."""

_PICKLES = frozenset({".bin", ".ckpt", ".pt", ".pth", ".pkl", ".pickle"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a model folder.

    Attributes:
        serious: Whether the model cannot be used because of it.
        file: The file or folder concerned, relative to the model's.
        text: What it is, and what to do.
    """

    serious: bool
    file: str
    text: str


def check_folder(folder: Path) -> list[Finding]:
    """Everything that is found, serious things first; an empty list means that the folder is sound.

    Raises:
        BoxpaintError: There is no such folder.
    """
    if not folder.is_dir():
        raise BoxpaintError("there is no such model folder.", "model", file=str(folder))
    findings = [*_files(folder), *(_pipeline(folder) if (folder / "model_index.json").is_file() else _single(folder))]
    return sorted(findings, key=lambda finding: (not finding.serious, finding.file))


def _files(folder: Path) -> Iterator[Finding]:
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir():
            continue
        if path.is_symlink() and not path.exists():
            yield Finding(True, name, "a link to nothing: fetch or copy the folder again")
        elif path.is_symlink() and not path.resolve().is_relative_to(root):
            yield Finding(False, name, "a link out of the folder; importing leaves it out")
        elif path.suffix in _PICKLES:
            yield Finding(False, name, "pickled weights can run code: they are never loaded from a folder")
        elif path.suffix == ".py":
            yield Finding(False, name, "code in the folder is never run")
        elif path.suffix == ".json":
            yield from _json(path, name)
        elif path.suffix == ".safetensors":
            yield from _weights(path, name)


def _json(path: Path, name: str) -> Iterator[Finding]:
    try:
        json.loads(read_bytes(path, limit=_MAX_JSON))
    except BoxpaintError as error:
        yield Finding(True, name, error.message)
    except (ValueError, RecursionError) as error:
        yield Finding(True, name, f"it cannot be read as JSON ({error})")


def _weights(path: Path, name: str) -> Iterator[Finding]:
    """The header says where each tensor lies: a file that was cut short or padded does not fit it."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            if not list(file.keys()):
                yield Finding(True, name, "it holds no weights")
    except (OSError, SafetensorError) as error:
        yield Finding(True, name, f"the weights cannot be read ({error}): fetch or copy the file again")


def _pipeline(folder: Path) -> Iterator[Finding]:
    try:
        index = read_config(folder / "model_index.json")
    except BoxpaintError:
        return  # told already
    parts = list(missing(folder, index))
    yield from (
        Finding(True, part, f"{text}: {remedy[0].lower()}{remedy[1:].rstrip('.')}") for part, text, remedy in parts
    )
    if parts:
        return
    try:
        card = read_card(folder)
    except BoxpaintError as error:
        broken = Path(error.file or "model_index.json")
        name = broken.relative_to(folder).as_posix() if broken.is_relative_to(folder) else broken.name
        yield Finding(True, name, str(error))
        return
    for file, text in misfits(folder):
        yield Finding(True, file, f"{text}: the parts come from different models")
    if card.inpaints:
        yield from _channels(folder)
    if card.has_checker:
        yield Finding(
            False,
            "safety_checker",
            f"a safety checker blanks pictures that it takes for unfit for work; it is {card.safety_checker} unless "
            "--safety-checker says otherwise",
        )


def _channels(folder: Path) -> Iterator[Finding]:
    config = folder / "unet" / "config.json"
    try:
        channels = read_config(config).get("in_channels")
    except BoxpaintError:
        return  # missing or broken: told already
    if channels == 4:
        yield Finding(
            False, "unet", "4 input channels: it was not trained to inpaint, so it sees the mask only between its steps"
        )


_FORMS = (("config.json", "*.safetensors"), ("*.onnx", "*.onnx"), ("model.pdmodel", "model.pdiparams"))
"""What a detector's folder may hold: a file that tells the network's shape, and its weights."""


def _single(folder: Path) -> Iterator[Finding]:
    weights = [weights for shape, weights in _FORMS if list(folder.glob(shape))]
    if not weights:
        yield Finding(True, "config.json", "neither a pipeline (model_index.json) nor a detector (config.json, *.onnx)")
    elif not any(list(folder.glob(pattern)) for pattern in weights):
        yield Finding(True, weights[0].replace("*", "model"), "the weights are missing")
