"""Which files of a repository or a folder a model needs: of each part one set of weights, and its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePosixPath

from engine.errors import BoxpaintError

INDEX = "model_index.json"
_TEXT = frozenset({".json", ".txt", ".model"})
_WEIGHTS = frozenset({".safetensors", ".bin", ".ckpt", ".pt", ".pth", ".msgpack", ".h5", ".onnx"})
_STEMS = ("diffusion_pytorch_model", "model", "pytorch_model")
_SHARD = re.compile(r"(diffusion_pytorch_model|model)-\d{5}-of-\d{5}\.safetensors")


@dataclass(frozen=True, slots=True)
class Choice:
    """A file that is taken.

    Attributes:
        source: Its path in the repository or folder.
        target: Its path in the model's folder, where the variant is the only one: without ``.fp16``.
        pickled: Whether ``source`` is pickled and becomes ``target``, a safetensors file.
    """

    source: str
    target: str
    pickled: bool = False


def choose(names: Iterable[str], index: Mapping[str, object] | None, *, half: bool, shown: str = "") -> list[Choice]:
    """The files that a pipeline or a single network needs.

    Args:
        names: Paths of all files, with slashes.
        index: Content of the pipeline's ``model_index.json``; None for a single network.
        half: Whether a half precision variant is preferred.
        shown: What errors call the repository; empty when a part without usable weights is no error.

    Raises:
        BoxpaintError: A part has weights in no form that is taken in.
    """
    tree: dict[str, list[str]] = {}
    for name in names:
        path = PurePosixPath(name)
        tree.setdefault("" if path.parent == PurePosixPath() else path.parent.as_posix(), []).append(path.name)
    top = tree.get("", [])
    chosen = [Choice(name, name) for name in sorted(top) if fnmatch(name, "LICEN[SC]E*") or name == "README.md"]
    if index is None:
        return chosen + _part("", top, half, shown)
    chosen.append(Choice(INDEX, INDEX))
    for part, classes in index.items():
        if isinstance(classes, list) and classes and classes[0] is not None and part in tree:
            chosen += _part(f"{part}/", tree[part], half, shown)
    return chosen


def smallest(files: Mapping[str, int], pattern: str, shown: str) -> str:
    """Of the files that fit a pattern, by their sizes, the smallest."""
    fitting = [name for name in files if fnmatch(name, pattern)]
    if not fitting:
        raise BoxpaintError(f"it has no file {pattern}.", "download", file=shown, hint="Try an earlier --revision.")
    return min(fitting, key=lambda name: (files[name], name))


def _part(folder: str, names: list[str], half: bool, shown: str) -> list[Choice]:
    text = [
        Choice(folder + name, folder + name)
        for name in sorted(names)
        if PurePosixPath(name).suffix in _TEXT and ".index." not in name
    ]
    weights = _weights(folder, set(names), half)
    if shown and not weights and any(PurePosixPath(name).suffix in _WEIGHTS for name in names):
        raise BoxpaintError(
            "its weights are in no form that is taken in.",
            "model",
            file=shown,
            item=folder.rstrip("/") or None,
            hint="Only safetensors, and whole pickled weights (.bin), which are converted, can be used.",
        )
    return text + weights


def _weights(folder: str, names: set[str], half: bool) -> list[Choice]:
    """One set: safetensors before pickles; of either the half precision variant first if it is wanted, else last."""
    plain = {stem: f"{stem}.safetensors" for stem in _STEMS}
    for ending, pickled in (("safetensors", False), ("bin", True)):
        for variant in (".fp16", "") if half else ("", ".fp16"):
            for stem in _STEMS:
                if (name := f"{stem}{variant}.{ending}") in names:
                    target = plain["model" if stem == "pytorch_model" else stem]
                    return [Choice(folder + name, folder + target, pickled)]
        shards = sorted(name for name in names if _SHARD.fullmatch(name)) if not pickled else []
        listing = next(
            (f"{stem}.safetensors.index.json" for stem in _STEMS if shards and shards[0].startswith(stem)), ""
        )
        if shards and listing in names:
            return [Choice(folder + name, folder + name) for name in (listing, *shards)]
    return []
