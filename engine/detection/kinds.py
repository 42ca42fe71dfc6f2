"""The kinds of detectors, recognised by what lies in their folders. Nothing here loads weights or torch.

To add a kind: write a module whose detector has the members of ``engine.detection.protocol.Detector``, and add a
``DetectorKind`` to ``KINDS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.detection.families import GROUNDING, OWL, SIGMOID, SOFTMAX
from engine.detection.labels import class_names, labels_of, named
from engine.detection.protocol import Detector
from engine.errors import BoxpaintError
from engine.layout.vocabulary import find_vocabulary
from engine.models.configs import read_config

CONFIG = "config.json"
CARD = "boxpaint.json"
ONNX = ".onnx"
CENTER = "boxpaint-center"
"""What ``config.json`` calls the built-in detector's architecture."""

PICODET = ("model.pdmodel", "model.pdiparams")
"""The two files of a PicoDet: graph and weights."""


@dataclass(frozen=True, slots=True)
class DetectorPlace:
    """What lies where a detector should be.

    Attributes:
        path: A folder, or a single ONNX file.
        config: Content of ``config.json``; empty where there is none.
        card: Content of ``boxpaint.json``; empty where there is none.
        labels: Class names that somebody gave beside the files, in the order of the classes.
    """

    path: Path
    config: Mapping[str, Any] = field(default_factory=dict)
    card: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name shown to people."""
        return str(self.card.get("name") or self.config.get("name") or self.path.stem)

    @property
    def architecture(self) -> str:
        """What ``config.json`` calls the network; empty when it does not."""
        told = self.config.get("architecture") or self.config.get("model_type")
        return told if isinstance(told, str) else ""

    @property
    def onnx(self) -> Path | None:
        """The one ONNX file, if there is just one."""
        if self.path.is_file():
            return self.path if self.path.suffix.lower() == ONNX else None
        files = sorted(self.path.glob(f"*{ONNX}"))
        return files[0] if len(files) == 1 else None

    @property
    def card_labels(self) -> tuple[str, ...]:
        """Class names that were given now, that the card lists, or those of the vocabulary that it names."""
        told = self.card.get("labels")
        listed = tuple(str(label) for label in told) if isinstance(told, list) else ()
        return self.labels or listed or find_vocabulary(self.card.get("vocabulary"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorKind:
    """A kind of detector.

    Attributes:
        name: A stable word for the command line's JSON.
        title: What people call it.
        recognises: Whether a place holds one.
        labels: Its labels, from small files alone; None where only the loaded network knows.
        load: Makes the detector, on a torch device.
        files: What it cannot be without, for ``boxpaint models check``: groups of names, one of each has to be there.
        open_vocabulary: Whether it looks for what it is told to.
        loads_quickly: Whether it is loaded to be checked.
    """

    name: str
    title: str
    recognises: Callable[[DetectorPlace], bool]
    labels: Callable[[DetectorPlace], tuple[str, ...] | None]
    load: Callable[[DetectorPlace, str], Detector]
    files: tuple[tuple[str, ...], ...] = ()
    open_vocabulary: bool = False
    loads_quickly: bool = False


def _load_center(place: DetectorPlace, device: str) -> Detector:
    from engine.detection.center import load_center

    return load_center(place.path, place.config, device)


def _load_transformer(place: DetectorPlace, device: str) -> Detector:
    # Loads slowly, and the built-in detector does without.
    from engine.detection.transformer import load_transformer

    return load_transformer(place.path, place.name, device)


def _load_open(place: DetectorPlace, device: str) -> Detector:
    from engine.detection.open_vocabulary import load_open_vocabulary

    return load_open_vocabulary(place.path, place.name, device, place.architecture)


def _load_yolo(place: DetectorPlace, device: str) -> Detector:
    from engine.detection.yolo import load_yolo

    assert place.onnx is not None
    return load_yolo(place.onnx, place.name, device, place.card_labels)


def _load_picodet(place: DetectorPlace, device: str) -> Detector:
    from engine.detection.picodet import PicoDetector

    return PicoDetector(place.name, place.path, place.card_labels)


def _config_labels(place: DetectorPlace) -> tuple[str, ...] | None:
    listed = place.config.get("labels")
    if isinstance(listed, list):
        return tuple(str(label) for label in listed)
    try:
        return named(class_names(labels_of(place.config.get("id2label") or {}))) or None
    except (ValueError, AttributeError):
        return None  # told when it is loaded


def _card_labels(place: DetectorPlace) -> tuple[str, ...] | None:
    return named(class_names(place.card_labels)) or None


_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
_SAVED = ((CONFIG,), ("preprocessor_config.json", "processor_config.json"), _WEIGHTS)
_SAVED_WITH_WORDS = (*_SAVED, ("tokenizer.json", "vocab.json", "vocab.txt"))

KINDS: tuple[DetectorKind, ...] = (
    DetectorKind(
        name="center",
        title="centre heat map",
        recognises=lambda place: place.architecture == CENTER,
        labels=_config_labels,
        load=_load_center,
        files=((CONFIG,), ("model.safetensors",)),
    ),
    DetectorKind(
        name="detr",
        title="DETR family",
        recognises=lambda place: place.architecture in SOFTMAX | SIGMOID,
        labels=_config_labels,
        load=_load_transformer,
        files=_SAVED,
    ),
    DetectorKind(
        name="open-vocabulary",
        title="open vocabulary",
        recognises=lambda place: place.architecture in OWL | GROUNDING,
        labels=lambda place: (),
        load=_load_open,
        files=_SAVED_WITH_WORDS,
        open_vocabulary=True,
    ),
    DetectorKind(
        name="picodet",
        title="PicoDet (OpenVINO)",
        recognises=lambda place: all((place.path / file).is_file() for file in PICODET),
        labels=_card_labels,
        load=_load_picodet,
        files=tuple((name,) for name in PICODET),
        loads_quickly=True,
    ),
    DetectorKind(
        name="yolo",
        title="YOLO (ONNX)",
        recognises=lambda place: place.onnx is not None,
        labels=_card_labels,
        load=_load_yolo,
        loads_quickly=True,
    ),
)
"""In the order in which they are asked."""


def read_place(path: Path, labels: Sequence[str] = ()) -> DetectorPlace:
    """Look at a folder, or at a single ONNX file.

    Raises:
        BoxpaintError: There is neither, or its JSON files cannot be read.
    """
    if path.is_file() and path.suffix.lower() == ONNX:
        return DetectorPlace(path, labels=tuple(labels))
    if not path.is_dir():
        raise BoxpaintError(
            "there is no such detector folder.", "model", file=str(path), hint="See `boxpaint models list`."
        )
    config, card = (read_config(file) if file.exists() else {} for file in (path / CONFIG, path / CARD))
    return DetectorPlace(path, config, card, tuple(labels))


def recognise(place: DetectorPlace) -> DetectorKind:
    """The kind of detector that lies there.

    Raises:
        BoxpaintError: It is none of the known kinds.
    """
    for kind in KINDS:
        if kind.recognises(place):
            return kind
    known = ", ".join(sorted({CENTER} | SOFTMAX | SIGMOID | OWL | GROUNDING))
    if place.architecture:
        raise BoxpaintError(
            f"the architecture is not known ({place.architecture}).",
            "model",
            file=str(place.path / CONFIG),
            hint=f"Known ones: {known}.",
        )
    raise BoxpaintError(
        "it is no detector folder.",
        "model",
        file=str(place.path),
        hint=f"One has a {CONFIG} that names its architecture ({known}), one {ONNX} file, or {' and '.join(PICODET)}.",
    )
