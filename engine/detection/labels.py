"""Class names as detectors tell them, brought to the names that layouts use. Plain data, no network."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.layout.matching import plain
from engine.layout.vocabulary import COCO_80

_UNUSED = re.compile(r"n/?a|unused \d+|-*", re.IGNORECASE)
_GENERIC = re.compile(r"(label|class)[_ ]?\d+", re.IGNORECASE)

_OTHER_NAMES = {
    "aeroplane": "airplane",
    "cellphone": "cell phone",
    "diningtable": "dining table",
    "doughnut": "donut",
    "hair dryer": "hair drier",
    "motorbike": "motorcycle",
    "pottedplant": "potted plant",
    "sofa": "couch",
    "television": "tv",
    "tvmonitor": "tv",
}
"""Names that lists of COCO's classes use beside COCO's own: Darknet's ``coco.names``, and models that took it over."""

_MOST_OF_COCO = 70


def class_names(told: Sequence[str]) -> tuple[str | None, ...]:
    """The label of each class of a detector; None for classes that stand for nothing.

    Detectors of COCO have 80 classes, or 91 of which eleven are unused (classes are category ids then). Their labels
    become COCO's own names, whatever they call a couch, so that ids and prompts can be compared by name. A list that
    is not COCO's is left as it is.

    Args:
        told: What the model's files say, in the order of its classes.
    """
    names = [None if _UNUSED.fullmatch(name.strip()) else " ".join(name.split()) for name in told]
    if all(name is None or _GENERIC.fullmatch(name) for name in names) and (known := coco_classes(len(names))):
        return known
    renamed = [None if name is None else _OTHER_NAMES.get(plain(name), plain(name)) for name in names]
    given = [name for name in renamed if name is not None]
    if len(given) >= _MOST_OF_COCO and set(given) <= COCO_80.keys():
        return tuple(renamed)
    return tuple(names)


def coco_classes(number: int) -> tuple[str | None, ...]:
    """COCO's labels in the order of 80 classes, or of 91 whose numbers are category ids; empty for another number."""
    if number == len(COCO_80):
        return tuple(COCO_80)
    if number == 91:
        by_id = {identity: name for name, identity in COCO_80.items()}
        return tuple(by_id.get(identity) for identity in range(number))
    return ()


def named(classes: Sequence[str | None]) -> tuple[str, ...]:
    """The labels alone, each once, in their order."""
    return tuple(dict.fromkeys(name for name in classes if name is not None))


def labels_of(id2label: Mapping[Any, str]) -> list[str]:
    """The labels of transformers' ``id2label`` in the order of the classes; numbers left out stand for nothing.

    Raises:
        ValueError: A key is no whole number.
    """
    numbered = {int(number): str(label) for number, label in id2label.items()}
    return [numbered.get(number, "N/A") for number in range(max(numbered, default=-1) + 1)]
