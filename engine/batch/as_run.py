"""A picture of an export as a run of its own: its steps can be looked at one by one, and branches go on from them.

Light to import: the window does it. Files are copied; the export stays as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.batch.overview import Overview, PictureState, StepFiles, steps_of
from engine.errors import BoxpaintError
from engine.files import make_folder, write_json
from engine.formats.boxpaint_png import BoxpaintPng
from engine.formats.dataset import safe_name
from engine.formats.registry import read
from engine.formats.source import Source
from engine.inpainting.seeds import derived_seed
from engine.inpainting.settings import GenerationSettings
from engine.layout import Layout
from engine.models.catalogue import find_model
from engine.picture_files import open_picture
from engine.runs.records import PICTURES, RECORD, SCHEMA_VERSION
from engine.runs.request import GenerationRequest

PICTURE = "picture.png"

_STEP = ("index", "kind", "object", "prompt", "seed")


def layout_of(overview: Overview, picture: PictureState) -> tuple[Layout, GenerationSettings]:
    """What a picture was painted from, and how.

    A PNG carries both; for other pictures the layout is looked up in the dataset.

    Raises:
        BoxpaintError: Neither the picture nor the dataset tells the layout.
    """
    path = _file(overview, picture)
    if path.suffix.lower() == ".png":
        dataset = BoxpaintPng().read(Source(path))
        return dataset.entries[0].layout, GenerationSettings.from_dict(dataset.extra["settings"])
    if overview.dataset is None:
        hint = "Open the dataset, and the layout from there."
        raise BoxpaintError("the export does not say where its layouts are.", file=str(overview.folder), hint=hint)
    for entry in read(overview.dataset).entries:
        if entry.name == picture.name and picture.split in (entry.split, "all"):
            settings = GenerationSettings.from_dict(overview.runs[picture.run].settings)
            seed = derived_seed(settings.seed, f"layout/{entry.split}/{entry.name}")
            return entry.layout, replace(settings, seed=seed)
    raise BoxpaintError("the dataset has no such layout any more.", file=overview.dataset, item=picture.name)


def as_run(
    overview: Overview,
    picture: PictureState,
    runs: Path,
    *,
    detections: Sequence[Mapping[str, Any]] = (),
    detector: str = "",
) -> Path | None:
    """Make a run of a picture whose steps were kept.

    Args:
        overview: The export.
        picture: The picture.
        runs: The folder that runs are in.
        detections: What was found in it: ``label``, ``score`` and ``box``.
        detector: Who found it; empty where nobody looked.

    Returns:
        The run's folder, always the same for the same picture; None where no steps were kept.

    Raises:
        BoxpaintError: The picture or a step is missing or damaged, or the run cannot be written.
    """
    steps = steps_of(overview.folder, picture)
    if not steps:
        return None
    final = _file(overview, picture)
    folder = runs / _run_name(overview, picture, final)
    if not (folder / RECORD).is_file():
        layout, settings = layout_of(overview, picture)
        request = GenerationRequest(folder.name, layout, settings, _model(overview, picture), str(folder))
        make_folder(folder)
        entries = _copy(steps, final, folder)
        boxes = {item.id: list(astuple(item.box)) for item in layout.objects}
        for entry in entries:
            entry["box"] = boxes.get(entry["object"])
        entries[-1]["detections"] = [dict(found) for found in detections] if detector else None
        looked = {"name": detector, "labels": sorted({item.prompt for item in layout.objects}), "problem": ""}
        # The record last: where it is, the pictures are too.
        record = _record(request, overview.runs[picture.run].model, _size(final), entries)
        write_json(folder / RECORD, record | {"detector": looked if detector else None})
    return folder


def _file(overview: Overview, picture: PictureState) -> Path:
    path = overview.folder / (picture.path or "")
    if picture.path is None or not path.is_file():
        raise BoxpaintError(
            "the picture is missing.", "picture", file=str(path), hint="Go on with the export: it is painted again."
        )
    return path


def _run_name(overview: Overview, picture: PictureState, final: Path) -> str:
    about = final.stat()
    parts = (overview.folder.absolute(), picture.run, picture.split, picture.name, about.st_size, about.st_mtime_ns)
    digest = hashlib.blake2b("\n".join(map(str, parts)).encode(), digest_size=4).hexdigest()
    return safe_name(f"{picture.name}-{digest}")


def _model(overview: Overview, picture: PictureState) -> str:
    """What the model is asked for by: its name where that leads to the same folder."""
    model = overview.runs[picture.run].model
    name, folder = str(model.get("name")), str(model.get("folder"))
    try:
        return name if find_model(name).folder == Path(folder) else folder
    except BoxpaintError:
        return folder


def _copy(steps: Sequence[StepFiles], final: Path, folder: Path) -> list[dict[str, Any]]:
    """The steps' pictures under a run's names; their entries in its record."""
    entries = []
    for index, step in enumerate(steps):
        # The picture after a step is what the next one saw.
        after = steps[index + 1].context if index + 1 < len(steps) else final
        sources = dict(zip(PICTURES, (step.context, step.mask, step.generated, after), strict=True))
        names = {kind: f"step_{index:03d}_{kind}.png" for kind in PICTURES}
        for kind, source in sources.items():
            _copy_png(source, folder / names[kind])
        entries.append(
            {
                **{name: step.record.get(name) for name in _STEP},
                "index": index,
                "seconds": step.record.get("seconds"),
                **names,
                "keep_drift": None,
                "attempts": 1,
                "detections": None,
                "reused_from": None,
            }
        )
    _copy_png(final, folder / PICTURE)
    return entries


def _copy_png(source: Path, target: Path) -> None:
    from engine.runs.export import copy_picture

    if not source.is_file():
        raise BoxpaintError("the step's picture is missing.", "run", file=str(source), hint="Paint the picture again.")
    copy_picture(source, target)


def _size(picture: Path) -> tuple[int, int]:
    with open_picture(picture, decode=False) as image:
        return image.size


def _record(
    request: GenerationRequest, model: Mapping[str, Any], size: tuple[int, int], entries: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "id": request.run,
        "state": "finished",
        "created": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "owner": None,
        "parent": None,
        "request": request.to_dict(),
        "model": dict(model),
        "versions": {},
        "width": size[0],
        "height": size[1],
        "planned": [{name: entry[name] for name in _STEP} for entry in entries],
        "steps": entries,
        "picture": PICTURE,
        "seconds": sum(entry["seconds"] or 0.0 for entry in entries),
        "error": None,
    }
