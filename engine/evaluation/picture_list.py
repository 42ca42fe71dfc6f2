"""Pictures named on a command line, each with the id and the size that its detections are written with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import BoxpaintError
from engine.evaluation.identities import result_ids
from engine.evaluation.pictures import locate, picture_name, pictures_in
from engine.formats.coco_detections import ImageId
from engine.formats.dataset import Dataset
from engine.formats.pictures import picture_size


@dataclass(frozen=True, slots=True)
class Listed:
    """A picture, its ``image_id`` in results, and the size in pixels that its boxes are told in."""

    path: Path
    identity: ImageId
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PictureList:
    """The pictures to look at, and those that have no layout."""

    pictures: tuple[Listed, ...]
    extra: tuple[str, ...] = ()


def list_pictures(paths: Sequence[Path], dataset: Dataset | None, size: tuple[int, int] | None) -> PictureList:
    """The pictures of files and folders.

    Args:
        paths: Picture files, or folders of them.
        dataset: Gives ids and sizes by the pictures' names; None = ids from the names, sizes from the pictures.
        size: The size that a protocol scores at; None = that of the layout or the picture.

    Raises:
        BoxpaintError: A path does not exist, or there is no picture at all.
    """
    if dataset is not None:
        return _of_dataset(paths, dataset, size)
    found = [path for given in paths for path in (pictures_in(given) if given.is_dir() else [_file(given)])]
    found = list(dict.fromkeys(found))
    if not found:
        raise BoxpaintError("there is no picture in it.", "picture", file=", ".join(map(str, paths)))
    names = [picture_name(path) for path in found]
    doubled = len(set(names)) < len(names)
    listed = []
    for path, name in zip(found, names, strict=True):
        identity = _number(name) if not doubled else path.as_posix()
        listed.append(Listed(path, identity, size or _size_or_square(path)))
    return PictureList(tuple(listed))


def _of_dataset(paths: Sequence[Path], dataset: Dataset, size: tuple[int, int] | None) -> PictureList:
    ids = result_ids(dataset.entries)
    listed: dict[ImageId, Listed] = {}
    extra: list[str] = []
    for path in paths:
        folder = path if path.is_dir() else _file(path).parent
        located = locate(folder, dataset.entries)
        for entry, identity, picture in zip(dataset.entries, ids, located.pictures, strict=True):
            if picture is not None and (path.is_dir() or picture == path):
                listed.setdefault(identity, Listed(picture, identity, size or entry.layout.size))
        if path.is_dir():
            extra += located.extra
        elif all(item.path != path for item in listed.values()):
            extra.append(str(path))
    if not listed:
        raise BoxpaintError(
            "none of the pictures belongs to a layout.",
            "picture",
            file=", ".join(map(str, paths)),
            hint=f"Pictures are found by their names, e.g. {dataset.entries[0].name}.png.",
        )
    return PictureList(tuple(listed.values()), tuple(extra))


def _file(path: Path) -> Path:
    if not path.is_file():
        raise BoxpaintError("there is no such picture or folder.", "picture", file=str(path))
    return path


def _number(name: str) -> ImageId:
    """COCO's pictures are named by their ids; other names are ids themselves."""
    return int(name) if name.isascii() and name.isdigit() else name


def _size_or_square(path: Path) -> tuple[int, int]:
    try:
        return picture_size(path)
    except BoxpaintError:
        return 1, 1  # told when it is opened; no detection will be written for it
