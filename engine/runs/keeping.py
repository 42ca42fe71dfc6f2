"""Which steps of an earlier run a request takes over, and whether it may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.events import Step
from engine.inpainting.iterinpaint import StepPictures
from engine.inpainting.plan import Plan
from engine.layout import Box
from engine.runs.records import read_record
from engine.runs.request import GenerationRequest
from engine.runs.store import read_step, step_to_dict


def kept_steps(request: GenerationRequest, plan: Plan) -> Iterator[tuple[StepPictures, Mapping[str, Any]]]:
    """The steps to take over from the base run with their records, each checked to be the one that is planned here.

    Raises:
        BoxpaintError: The base run cannot be continued this way, or a picture of it cannot be read.
    """
    if request.base is None or request.keep == 0:
        return
    folder = Path(request.base)
    if request.settings.pixels == "reference" and not request.retouch:
        raise BoxpaintError(
            "a run in pixel mode reference cannot be continued: one noise stream runs through all its steps.",
            "settings",
            field="pixels",
            hint="Start it again, or use pixel mode exact.",
        )
    record = read_record(folder)
    if not 0 <= request.keep <= min(len(record["steps"]), len(plan.steps)):
        raise BoxpaintError(
            f"{request.keep} steps were asked for, {len(record['steps'])} are finished.", "run", file=str(folder)
        )
    if (record.get("width"), record.get("height")) != (plan.width, plan.height):
        raise BoxpaintError("the earlier run has another picture size.", "run", file=str(folder))
    boxes = {item.id: item.box for item in plan.objects}
    earlier = GenerationRequest.from_dict(record["request"], folder=str(folder)).layout
    earlier_boxes = {item.id: item.box for item in earlier.objects}
    for planned, entry in zip(plan.steps[: request.keep], record["steps"], strict=False):
        if not request.retouch and _differs(planned, entry, boxes, earlier_boxes):
            raise BoxpaintError(
                "the step differs from the one planned now.",
                "run",
                file=str(folder),
                item=f"step {planned.index}",
                hint="Keep fewer steps.",
            )
        yield read_step(folder, entry, (plan.width, plan.height)), entry


def _differs(
    planned: Step, entry: Mapping[str, Any], boxes: Mapping[str, Box], earlier_boxes: Mapping[str, Box]
) -> bool:
    was = {**entry, "seed": entry.get("planned_seed", entry.get("seed"))}
    # What was painted together does not change a picture, so it may differ.
    if any(was.get(name) != value for name, value in step_to_dict(planned).items() if name != "wave"):
        return True
    if planned.object_id is None:
        # The background depends on every box.
        return any(box != earlier_boxes.get(name) for name, box in boxes.items())
    saved = entry.get("box")  # where it was painted: a later retouch may have moved the object in the layout
    was_box = Box(*saved) if saved else earlier_boxes.get(planned.object_id)
    return was_box != boxes[planned.object_id]
