"""More steps on a finished picture: add, remove or move an object without painting the rest again.

As the add and remove functions of the published code: one more box is painted on the picture, or a box is filled as
background. Moving is the one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.events import Step
from engine.inpainting.plan import Place, Plan, fill_prompt
from engine.inpainting.seeds import derived_seed
from engine.inpainting.waves import in_waves
from engine.layout import Box, LayoutObject
from engine.models.card import ModelCard
from engine.runs.records import read_record
from engine.runs.request import GenerationRequest, Retouch
from engine.runs.store import step_from_dict


def retouch_plan(request: GenerationRequest, card: ModelCard) -> Plan:
    """The base run's steps as they were painted, followed by those of ``request.retouch``.

    Raises:
        BoxpaintError: There is no base run, not all of it is kept, or an object has no prompt.
    """
    if request.base is None:
        raise BoxpaintError("there is no finished picture to retouch.", "run", field="base")
    record = read_record(Path(request.base))
    entries = record["steps"]
    if request.keep != len(entries) or not entries:
        raise BoxpaintError(
            f"{request.keep} of {len(entries)} steps are kept; retouching keeps all.",
            "run",
            file=request.base,
            field="keep",
        )
    steps = [step_from_dict(entry) for entry in entries]
    places = {entry["index"]: _place_of(entry) for entry in entries if entry.get("place")}
    present = _present(entries)
    for item in request.retouch:
        index = len(steps)
        steps.append(_step(index, item, request, card))
        later = [box for name, box in _after(present, item.object_id)] if item.kind == "background" else []
        # What was painted over the removed object stays; the rest of its box is filled.
        places[index] = Place(item.box, tuple(later))
        present = [entry for entry in present if entry[0] != item.object_id]
        if item.kind == "foreground":
            present.append((item.object_id, item.box))
    objects = tuple(item for item in request.layout.objects if not item.hidden)
    plan = Plan(tuple(steps), objects, record["width"], record["height"], places, form=card.form)
    return in_waves(plan, request.settings, card, first=len(entries))


def _step(index: int, item: Retouch, request: GenerationRequest, card: ModelCard) -> Step:
    caption = request.layout.caption
    seed = item.seed
    if seed is None and request.settings.pixels == "exact":
        seed = derived_seed(request.settings.seed, f"retouch/{index}/{item.object_id}")
    if item.kind == "background":
        prompt = fill_prompt(card.background_prompt, object="", caption=caption)
        return Step(index, "background", item.object_id, prompt, seed)
    if not item.prompt.strip():
        raise BoxpaintError("the prompt is empty.", "layout", item=item.object_id, field="prompt")
    prompt = fill_prompt(card.foreground_prompt, object=item.prompt, caption=caption)
    return Step(index, "foreground", item.object_id, prompt, seed)


def _present(entries: Sequence[Mapping[str, Any]]) -> list[tuple[str, Box]]:
    """The objects on the picture, in the order in which they lie over each other."""
    present: list[tuple[str, Box]] = []
    for entry in entries:
        name = entry.get("object")
        if name is None:
            continue
        present = [other for other in present if other[0] != name]
        if entry["kind"] == "foreground" and entry.get("box"):
            present.append((name, Box(*entry["box"])))
    return present


def _after(present: Sequence[tuple[str, Box]], name: str) -> Sequence[tuple[str, Box]]:
    names = [entry[0] for entry in present]
    return present[names.index(name) + 1 :] if name in names else ()


def _place_of(entry: Mapping[str, Any]) -> Place:
    place = entry["place"]
    return Place(Box(*place["box"]), tuple(Box(*box) for box in place["spared"]))


def moved(former: LayoutObject, present: LayoutObject) -> tuple[Retouch, ...]:
    """Fill where the object was, then paint it where it is now."""
    return (
        Retouch(kind="background", box=former.box, object_id=former.id, prompt=former.prompt),
        Retouch(kind="foreground", box=present.box, object_id=present.id, prompt=present.prompt, seed=present.seed),
    )
