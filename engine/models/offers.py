"""Every model that is here or can be fetched, as the list of models tells it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from engine.models.catalogue import ModelEntry, built_in_folder, list_models
from engine.models.fetching import read_card_facts, unfinished
from engine.models.installed import models_folder
from engine.models.machine import Machine
from engine.models.placement import BIG, Fit, fit_bytes
from engine.models.published import PUBLISHED, PublishedModel
from engine.progress import readable_bytes

BUILT_IN, INSTALLED, BROKEN, UNFINISHED, FETCHABLE = "built-in", "installed", "broken", "unfinished", "fetchable"
ABOUT_BUILT_IN = {
    "clevr-mini": "comes with the program: CLEVR scenes, in seconds and without a GPU",
    "clevr-mini-detector": "comes with the program: finds the 48 CLEVR classes",
}
"""What the models are for that come with the program, by their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A model as listed.

    Attributes:
        name: What ``--model`` or ``boxpaint models fetch`` takes.
        kind: ``pipeline`` or ``detector``; empty when it is not known yet.
        state: One of the words above.
        path: Its folder, or where that will be.
        licence: Where known.
        bytes: On the disk; of one that is not here, about what is to be downloaded, 0 when that is not known.
        done: Bytes that are here of one that is unfinished.
        about: What it is for.
        repository, commit: Where it comes from on the hub; empty when it came in another way, or is not here.
        gated: Whether the hub gives it only to accounts that accepted its terms.
        problem: Why it cannot be used, when it is broken.
        fit: Whether it fits this machine's memory; None when the machine was not asked.
        room: Why it does not fit on the disk; empty when it does or is here.
        safety_checker: As in ``ModelEntry``; empty for what is not here.
    """

    name: str
    kind: str
    state: str
    path: Path
    licence: str | None = None
    bytes: int = 0
    done: int = 0
    about: str = ""
    repository: str = ""
    commit: str = ""
    gated: bool = False
    problem: str = ""
    fit: Fit | None = None
    room: str = ""
    safety_checker: str = ""


def list_offers(machine: Callable[[], Machine] | None = None) -> list[Offer]:
    """All models: those that are here first, then what can be fetched.

    Args:
        machine: Asks the machine for its memory, which loads torch; without it nothing is told about fitting.
    """
    published = {model.name: model for model in PUBLISHED}
    half = {fetch.name: fetch for fetch in unfinished()}
    offers = [_here(entry, published.get(entry.name)) for entry in list_models()]
    here = {offer.name for offer in offers}
    offers += [_to_fetch(model) for model in PUBLISHED if model.name not in here]
    offers += [
        _to_fetch(PublishedModel(name=name, sources=(), about="", kind="")) for name in half if name not in published
    ]
    offers = [
        replace(offer, state=UNFINISHED, done=half[offer.name].done, bytes=half[offer.name].bytes or offer.bytes)
        if offer.state == FETCHABLE and offer.name in half
        else offer
        for offer in offers
    ]
    free = _free()
    offers = [replace(offer, room=_room(offer, free)) for offer in offers]
    if machine is None:
        return offers
    asked = machine()
    return [replace(offer, fit=_fit(offer, published.get(offer.name), asked)) for offer in offers]


def _here(entry: ModelEntry, published: PublishedModel | None) -> Offer:
    own = not entry.path.is_relative_to(built_in_folder())
    facts = read_card_facts(entry.path)
    return Offer(
        name=entry.name,
        kind=entry.kind,
        state=(INSTALLED if own else BUILT_IN) if entry.installed else BROKEN,
        path=entry.path,
        licence=entry.licence,
        bytes=entry.bytes,
        about=str(facts.get("about") or (published.about if published else "") or ABOUT_BUILT_IN.get(entry.name, "")),
        repository=str(facts.get("repository") or ""),
        commit=str(facts.get("commit") or ""),
        problem=entry.problem,
        safety_checker=entry.safety_checker,
    )


def _to_fetch(model: PublishedModel) -> Offer:
    return Offer(
        name=model.name,
        kind=model.kind,
        state=FETCHABLE,
        path=models_folder() / model.name,
        licence=model.licence,
        bytes=model.bytes,
        about=model.about,
        repository=model.repository if model.sources or model.package else "",
        gated=model.gated,
    )


def _free() -> int:
    """Bytes that are free where models are put; the folder need not exist yet."""
    folder = models_folder().absolute()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _room(offer: Offer, free: int) -> str:
    missing = offer.bytes - offer.done if offer.state in (FETCHABLE, UNFINISHED) else 0
    if missing <= free:
        return ""
    return f"the disk has {readable_bytes(free)} free, {readable_bytes(missing)} are needed."


def _fit(offer: Offer, published: PublishedModel | None, machine: Machine) -> Fit | None:
    parameters = sum(published.parameters.values()) if published else 0
    if not parameters:
        return fit_bytes(offer.bytes, machine) if offer.bytes else None
    half = machine.device != "cpu" or (machine.bf16 and parameters >= BIG)
    return fit_bytes(parameters * (2 if half else 4), machine)
