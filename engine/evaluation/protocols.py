"""The protocols by which pictures are scored (FORMATS section 4), and which classes a dataset has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.formats.coco import CocoInstances
from engine.formats.dataset import Dataset
from engine.formats.layoutbench import SIDE
from engine.formats.layoutbench_root import SKILLS
from engine.formats.source import Source, files_in
from engine.layout.vocabulary import CLEVR_48, COCO_80


@dataclass(frozen=True, slots=True)
class Protocol:
    """How a benchmark is scored.

    Attributes:
        name: What ``--protocol`` takes.
        title: Its name for people.
        size: Width and height to which every picture is brought before the detector sees it, and at which boxes are
            compared; None = pictures as they are, boxes at the layout's size.
        labels: The classes; None = those of the dataset.
        mean_of_splits: Whether the overall figures are the mean over the splits (as the paper's tables) or those of all
            pictures together (as COCO's).
    """

    name: str
    title: str
    size: tuple[int, int] | None
    labels: tuple[str, ...] | None
    mean_of_splits: bool


PROTOCOLS: dict[str, Protocol] = {
    protocol.name: protocol
    for protocol in (
        Protocol("layoutbench", "LayoutBench: 320 × 320 pixels, 48 classes", (SIDE, SIDE), CLEVR_48, True),
        Protocol("layoutbench-coco", "LayoutBench-COCO: 80 classes", None, tuple(COCO_80), True),
        Protocol("coco", "COCO: the dataset's own classes", None, None, False),
    )
}

_SKILL_WORDS = {"count": "number", "combinations": "combination"}


def skill_of(split: str) -> str:
    """The skill that a split belongs to: the first word of its name, in the paper's spelling."""
    word = split.split("_", 1)[0]
    return _SKILL_WORDS.get(word, word)


def skills_in_order(splits: Sequence[str]) -> list[str]:
    """The skills of these splits: the paper's four first, in its order."""
    found = list(dict.fromkeys(map(skill_of, splits)))
    return sorted(found, key=lambda skill: SKILLS.index(skill) if skill in SKILLS else len(SKILLS))


def categories_of(dataset: Dataset) -> dict[str, int]:
    """Class names of a dataset with the ids that its own files give them, always taken from the file where it has any.

    Files without a list of classes count as CLEVR's 48 (ids from 0, alphabetical) or COCO's 80 classes where all
    prompts are among them, else their prompts are numbered from 1 in alphabetical order.
    """
    listed: list[dict[str, Any]] = dataset.extra.get("categories") or _categories_beside(dataset)
    if listed:
        return {category["name"]: category["id"] for category in listed}
    return default_categories({item.prompt for entry in dataset.entries for item in entry.layout.objects})


def default_categories(labels: set[str]) -> dict[str, int]:
    """Ids for classes that no file numbers."""
    if labels <= set(CLEVR_48):
        return {name: number for number, name in enumerate(CLEVR_48)}
    if labels <= COCO_80.keys():
        return dict(COCO_80)
    return {name: number for number, name in enumerate(sorted(labels), start=1)}


def _categories_beside(dataset: Dataset) -> list[dict[str, Any]]:
    """The classes of a LayoutBench folder, whose scenes do not number them but whose COCO files do."""
    if dataset.format != "layoutbench-root" or dataset.path is None:
        return []
    root = Path(dataset.path)
    for folder in (root / "coco", *sorted(root.glob("*/coco"))):
        for path in files_in(folder, "_coco.json") if folder.is_dir() else ():
            return list(CocoInstances().read(Source(path)).extra.get("categories", []))
    return []


def find_protocol(name: str) -> Protocol:
    """The protocol of this name."""
    if name in PROTOCOLS:
        return PROTOCOLS[name]
    raise BoxpaintError(
        f"there is no protocol {name!r}.", "usage", field="protocol", hint=f"Known ones: {', '.join(PROTOCOLS)}."
    )
