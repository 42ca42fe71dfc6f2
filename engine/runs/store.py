"""Runs on the disk: a folder with four PNG per step and ``run.json``, written whole after every finished step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engine.errors import BoxpaintError
from engine.events import Detection, Frames, Step, StepFinished
from engine.files import make_folder, output_error, write_atomic, write_json
from engine.inpainting.compositing import keep_drift
from engine.inpainting.iterinpaint import StepPictures
from engine.inpainting.plan import Place, Plan
from engine.models.placing import SteppedDown
from engine.picture_files import open_picture
from engine.runs.previews import Reel, carry_over, read_previews
from engine.runs.records import PICTURES, RECORD, SCHEMA_VERSION, read_record, this_process
from engine.runs.request import GenerationRequest

PICTURE = "picture.png"


class RunStore:
    """Writes one run's folder.

    ``run.json`` always describes exactly the steps whose pictures are complete, so a run that dies at any moment leaves
    a readable folder.
    """

    def __init__(self, request: GenerationRequest, plan: Plan, model: Mapping[str, Any]) -> None:
        self.folder = Path(request.folder)
        if self.folder.exists() and any(self._listing()):
            raise BoxpaintError(
                "the run folder is not empty.", "output", file=str(self.folder), hint="Choose another --out."
            )
        make_folder(self.folder)
        self._plan = plan
        self._record: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "id": request.run,
            "state": "running",
            "created": _now(),
            "owner": this_process(),
            "parent": _parent_of(request),
            "request": request.to_dict(),
            "model": dict(model),
            "versions": _versions(),
            "width": plan.width,
            "height": plan.height,
            "planned": [step_to_dict(step) for step in plan.steps],
            "notes": list(plan.notes),
            "stepped_down": [],
            "detector": None,
            "steps": [],
            "picture": None,
            "seconds": None,
            "error": None,
        }
        self._write_record()

    @property
    def finished(self) -> int:
        """Number of finished steps on the disk."""
        return len(self._record["steps"])

    def add_step(
        self, pictures: StepPictures, *, planned: Step, attempts: int = 1, previews: Reel | None = None
    ) -> StepFinished:
        """Write a finished step's pictures, then the record that names them; the event that tells it.

        Args:
            pictures: What was painted; its step's seed is the one that it was painted with.
            planned: The step of the plan.
            attempts: How often it was painted.
            previews: What was shown while it was painted.
        """
        values: dict[str, Any] = {"attempts": attempts}
        kept = previews.write(self.folder, pictures.step.index) if previews is not None else None
        if kept is not None:
            values["previews"] = kept
        if pictures.step.seed != planned.seed:
            values["planned_seed"] = planned.seed
        return self._add(pictures, {**values, "detections": None, "reused_from": None})

    def take_over(self, pictures: StepPictures, entry: Mapping[str, Any], base: str) -> StepFinished:
        """Take a step over from another run, with all that is known of it there."""
        names = ("attempts", "planned_seed", "detections", "box", "place")
        values = {name: entry[name] for name in names if name in entry}
        kept = carry_over(entry, Path(base), self.folder)
        if kept is not None:
            values["previews"] = kept
        return self._add(pictures, {**values, "reused_from": base})

    def _add(self, pictures: StepPictures, values: Mapping[str, Any]) -> StepFinished:
        step = pictures.step
        names: dict[str, str] = {}
        for kind in PICTURES:
            names[kind] = f"step_{step.index:03d}_{kind}.png"
            save_png(getattr(pictures, kind), self.folder / names[kind])
        drift = round(keep_drift(pictures.context, pictures.composite, pictures.mask), 4)
        before = self._record["steps"]
        entry = {
            **step_to_dict(step),
            **self._where(step),
            "seconds": round(pictures.seconds, 4),
            **names,
            "keep_drift": drift,
            **values,
        }
        self._record["steps"] = [*before, entry]
        try:
            self._write_record()
        except BoxpaintError:
            self._record["steps"] = before  # a step is finished when the record on the disk names it
            raise
        return StepFinished(
            run=self._record["id"],
            sequence=0,
            index=step.index,
            seconds=pictures.seconds,
            frames=Frames(**{kind: str(self.folder / name) for kind, name in names.items()}),
            drift=drift,
            seed=step.seed if "planned_seed" in values else None,
            attempts=values.get("attempts", 1),
            reused=values["reused_from"] is not None,
            previews=read_previews(self.folder, values)[0],
        )

    def _where(self, step: Step) -> dict[str, Any]:
        box, place = self._plan.box_of(step), self._plan.places.get(step.index)
        return {
            "box": list(astuple(box)) if box is not None else None,
            **({"place": _place_to_dict(place)} if place is not None else {}),
        }

    def set_detector(self, name: str, labels: tuple[str, ...], problem: str) -> None:
        """Keep which detector looks, or why none does; written with the next step."""
        self._record["detector"] = {"name": name, "labels": list(labels), "problem": problem}

    def add_detections(self, index: int, detections: tuple[Detection, ...]) -> None:
        """Keep what a detector found on a step's composite."""
        self._record["steps"][index]["detections"] = [
            {"box": list(astuple(found.box)), "label": found.label, "score": found.score} for found in detections
        ]
        self._write_record()

    def add_step_down(self, news: SteppedDown) -> None:
        """Keep that memory ran out while the next step was painted, and where the model is now."""
        self._record["model"]["placement"] = news.now
        self._record["stepped_down"].append(
            {"step": self.finished, "from": news.before, "to": news.now, "problem": news.problem}
        )
        self._write_record()

    def finish(self, picture: Image.Image, info: PngInfo, seconds: float) -> Path:
        """Write the final picture with its layout, and close the record as finished."""
        path = self.folder / PICTURE
        save_png(picture, path, info)
        self._close("finished", picture=PICTURE, seconds=round(seconds, 4))
        return path

    def cancel(self) -> None:
        """Close the record as cancelled; finished steps stay."""
        self._close("cancelled")

    def fail(self, error: BoxpaintError) -> None:
        """Close the record as failed; finished steps stay."""
        self._close("failed", error=error.as_dict())

    def _close(self, state: str, **values: Any) -> None:
        self._record.update(values, state=state, owner=None)
        self._write_record()

    def _write_record(self) -> None:
        write_json(self.folder / RECORD, self._record)

    def _listing(self) -> list[Path]:
        try:
            return list(self.folder.iterdir())
        except OSError as error:
            raise output_error(error, self.folder) from error


def read_step(folder: Path, entry: Mapping[str, Any], size: tuple[int, int]) -> StepPictures:
    """A finished step's pictures, read from a run folder.

    Raises:
        BoxpaintError: A picture is missing, broken or of another size.
    """
    pictures: dict[str, Image.Image] = {}
    for kind, mode in (("context", "RGB"), ("mask", "L"), ("raw", "RGB"), ("composite", "RGB")):
        path = folder / Path(str(entry.get(kind))).name
        try:
            with open_picture(path, kind="run") as file:
                pictures[kind] = file.convert(mode)
        except BoxpaintError as error:
            reason = error.message.rstrip(".")
            raise BoxpaintError(f"the step's {kind} cannot be read ({reason}).", "run", file=str(path)) from error
        if pictures[kind].size != size:
            raise BoxpaintError(f"the step's {kind} has another size than the run.", "run", file=str(path))
    return StepPictures(step=step_from_dict(entry), seconds=float(entry.get("seconds") or 0.0), **pictures)


def _place_to_dict(place: Place) -> dict[str, Any]:
    return {"box": list(astuple(place.box)), "spared": [list(astuple(box)) for box in place.spared]}


def _parent_of(request: GenerationRequest) -> dict[str, Any] | None:
    """Which run this one branches off, and after how many of its steps."""
    if request.base is None:
        return None
    return {"run": read_record(Path(request.base)).get("id"), "folder": request.base, "kept": request.keep}


def step_to_dict(step: Step) -> dict[str, Any]:
    """A planned step as JSON values."""
    return {
        "index": step.index,
        "kind": step.kind,
        "object": step.object_id,
        "prompt": step.prompt,
        "seed": step.seed,
        "wave": step.wave,
    }


def step_from_dict(data: Mapping[str, Any]) -> Step:
    """The inverse of ``step_to_dict``."""
    return Step(data["index"], data["kind"], data["object"], data["prompt"], data["seed"], data.get("wave"))


def save_png(picture: Image.Image, path: Path, info: PngInfo | None = None) -> None:
    """Write a PNG whole or not at all; lightly compressed, since a run writes many."""
    write_atomic(path, lambda file: picture.save(file, "PNG", pnginfo=info, compress_level=3))


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    versions = {}
    for package in ("boxpaint", "torch", "diffusers", "transformers", "pillow", "numpy"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return versions


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
