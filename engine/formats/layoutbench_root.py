"""A LayoutBench folder: ``<root>/<skill>/coco/scenes_<split>_coco.json``, ``…/scenes/…`` and ``…/images/``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.formats.checks import KIND
from engine.formats.coco import instances_file, read_instances
from engine.formats.dataset import Dataset, Entry, is_safe_name
from engine.formats.layoutbench import read_scenes, scenes_file
from engine.formats.output import write_folder
from engine.formats.source import Source, files_in
from engine.layout import Layout
from engine.layout.vocabulary import CLEVR_48

SKILLS = ("number", "position", "size", "shape")
"""The skills in the order of the paper; other folders of the same structure come behind them."""

NO_SPLIT = "all"
"""The split of entries that name none."""

_SPLIT = re.compile(r"(?:scenes_)?(?P<split>.+?)(?:_coco)?")
_SIDE = 320


class LayoutBenchRoot:
    """Format ``layoutbench-root``: every split of every skill in one dataset.

    A skill's scenes are read if it has them, since they say more than its COCO files; otherwise the COCO files.
    """

    name = "layoutbench-root"
    title = "LayoutBench folder"
    suffixes: tuple[str, ...] = ()
    can_read = True
    can_write = True
    in_folder = True
    readings: tuple[str, ...] = ()

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that this is the root, or the folder of one skill."""
        return 85 if source.is_folder and _skills(source.path) else 0

    def read(self, source: Source) -> Dataset:
        """All scenes, split by split."""
        entries: list[Entry] = []
        warnings: list[str] = []
        empty: list[str] = []
        for skill in _skills(source.path):
            for path, reader in _parts(skill):
                with source.part(path):
                    # Scenes carry their split; only files of whole splits are named after it.
                    file, where = Source(path, source.options), path.relative_to(source.path)
                    if _holds_nothing(file.json):
                        empty.append(_split(path) or path.stem)
                        warnings.append(f"{where}: there is no layout in it.")
                        continue
                    part = reader(file, _split(path))
                    entries += part.entries
                    warnings += (f"{where}: {warning}" for warning in part.warnings)
        if not entries and not source.broken:
            raise BoxpaintError("there are no scenes in its folders.", KIND, file=source.file)
        return Dataset(tuple(entries), self.name, tuple(warnings), source.path, empty=tuple(empty))

    def write(self, path: Path, dataset: Dataset) -> None:
        """Scenes and COCO files of each split; the splits' names begin with their skill."""
        write_folder(path, root_files(dataset.entries, {}))


def root_files(entries: Iterable[Entry], info: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of such a folder, by their paths in it; ``info`` goes into the scenes files' own ``info``."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.split or NO_SPLIT, []).append(entry)
    # Every file lists all 48 classes, so that ids mean the same in all of them.
    categories = [{"id": number, "name": name} for number, name in enumerate(CLEVR_48)]
    files = {}
    for split, group in groups.items():
        squares = [replace(entry, layout=_square(entry.layout)) for entry in group]
        files[scenes_path(split)] = scenes_file(tuple(group), {"info": {"split": split, **info}})
        files[f"{skill_of(split)}/coco/scenes_{split}_coco.json"] = instances_file(squares, {"categories": categories})
    return files


def scenes_path(split: str) -> str:
    """Where a split's scenes are in the folder."""
    return f"{skill_of(split)}/scenes/scenes_{split}.json"


def skill_of(split: str) -> str:
    """The folder of a split: the first word of its name."""
    return split.split("_", 1)[0]


def _skills(root: Path) -> list[Path]:
    """The folders of skills: those with ``coco`` or ``scenes`` in them; the root itself if it is one."""
    if _is_skill(root):
        return [root]
    try:
        found = [path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".") and _is_skill(path)]
    except OSError as error:
        raise BoxpaintError(f"it cannot be read ({error.strerror or error}).", KIND, file=str(root)) from error
    return sorted(found, key=lambda path: (SKILLS.index(path.name) if path.name in SKILLS else len(SKILLS), path.name))


def _is_skill(folder: Path) -> bool:
    return bool(_scene_files(folder) or _coco_files(folder))


def _scene_files(skill: Path) -> list[Path]:
    return files_in(skill / "scenes", ".json") if (skill / "scenes").is_dir() else []


def _coco_files(skill: Path) -> list[Path]:
    return files_in(skill / "coco", "_coco.json") if (skill / "coco").is_dir() else []


def _parts(skill: Path) -> list[tuple[Path, Callable[[Source, str | None], Dataset]]]:
    """The files of a skill with what reads them."""
    if scenes := _scene_files(skill):
        return [(path, _read_scenes) for path in scenes]
    return [(path, _read_instances) for path in _coco_files(skill)]


def _holds_nothing(data: Any) -> bool:
    """Whether a file is of a split without a layout, which is no reason to refuse the other splits."""
    return isinstance(data, dict) and [] in (data.get("scenes"), data.get("images"))


def _read_scenes(source: Source, split: str | None) -> Dataset:
    return read_scenes(source, [source.path], LayoutBenchRoot.name, split)


def _read_instances(source: Source, split: str | None) -> Dataset:
    return read_instances(source, LayoutBenchRoot.name, split)


def _split(path: Path) -> str | None:
    match = _SPLIT.fullmatch(path.stem)
    return match["split"] if match and path.stem.startswith("scenes_") and is_safe_name(match["split"]) else None


def _square(layout: Layout) -> Layout:
    """The layout at the size of LayoutBench's pictures; boxes are normalised and stay."""
    return replace(layout, width=_SIDE, height=_SIDE)
