"""Whether a detector knows what the layouts ask for: looked at before anything is painted or detected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.detection.kinds import DetectorKind, read_place, recognise
from engine.detection.loading import find_detector, load_detector
from engine.detection.protocol import Detector, asked, told_nothing
from engine.errors import BoxpaintError
from engine.layout import Layout
from engine.layout.matching import plain
from engine.layout.vocabulary import find_vocabulary
from engine.models.catalogue import list_models
from engine.models.published import PUBLISHED

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class DetectorFacts:
    """What is known of a detector before it is loaded.

    Attributes:
        kind: Its kind.
        labels: Its labels; None where only the loaded network knows them.
    """

    kind: DetectorKind
    labels: tuple[str, ...] | None

    @property
    def classes(self) -> str:
        """How many classes it has, for people."""
        if self.kind.open_vocabulary:
            return "any words"
        return "classes in the file" if self.labels is None else f"{len(self.labels)} classes"


def facts_of(path: Path, labels: Sequence[str] = ()) -> DetectorFacts:
    """The facts of a detector's folder or file, from its small files alone.

    Raises:
        BoxpaintError: There is no detector of a known kind.
    """
    place = read_place(path, labels)
    kind = recognise(place)
    return DetectorFacts(kind, kind.labels(place))


def prompts_of(layouts: Iterable[Layout]) -> tuple[str, ...]:
    """What the visible objects of the layouts ask for, each prompt once."""
    visible = (item.prompt for layout in layouts for item in layout.objects if not item.hidden)
    return tuple(dict.fromkeys(prompt for prompt in visible if prompt.strip()))


def check_fit(name: str, prompts: Sequence[str], labels: Sequence[str] = ()) -> tuple[str, ...]:
    """Refuse a detector that knows none of the prompts; those that it does not know otherwise.

    Args:
        name: A detector's name, folder or file.
        prompts: What is looked for; nothing is refused when there are none.
        labels: Class names given beside the detector's files.

    Raises:
        BoxpaintError: It knows none of them; the hint says what does. Or there is no such detector.
    """
    path = find_detector(name)
    facts = facts_of(path, labels)
    if facts.kind.open_vocabulary or not prompts:
        return ()
    known = facts.labels
    if known is None:
        known = load_detector(path, "cpu", labels).labels
    words = {plain(label) for label in known}
    unknown = tuple(prompt for prompt in prompts if plain(prompt) not in words)
    if len(unknown) == len(prompts):
        raise BoxpaintError(
            f"the detector {name} knows none of what the layouts ask for ({_some(prompts)}).",
            "model",
            field="detector",
            hint=f"It knows {_some(known)}. {_who_knows(prompts)}",
        )
    return unknown


def load_fitting(name: str, device: str, prompts: Sequence[str], labels: Sequence[str] = ()) -> Detector:
    """Check a detector against the prompts, load it, and tell it what to look for if it has to be told.

    Args:
        name: A detector's name, folder or file.
        device: The torch device to run on.
        prompts: What the layouts ask for.
        labels: Class names for a detector that does not name its classes; for one of an open vocabulary what to look
            for instead of the prompts.

    Raises:
        BoxpaintError: It does not fit or cannot be loaded.
    """
    check_fit(name, prompts, labels)
    path = find_detector(name)
    if not (labels or prompts) and facts_of(path).kind.open_vocabulary:
        raise told_nothing(name)
    return asked(load_detector(path, device, labels), labels or prompts)


def _shared(labels: Iterable[str], prompts: Iterable[str]) -> bool:
    return not {plain(label) for label in labels}.isdisjoint(plain(prompt) for prompt in prompts)


def _some(words: Sequence[str]) -> str:
    more = f", … {len(words)} in all" if len(words) > _SHOWN else ""
    return ", ".join(words[:_SHOWN]) + more


def _who_knows(prompts: Sequence[str]) -> str:
    """What would work: installed detectors, else one that can be fetched, else the kind that takes any words."""
    fitting = []
    for entry in list_models():
        if entry.kind != "detector" or not entry.installed:
            continue
        try:
            facts = facts_of(entry.path)
        except BoxpaintError:
            continue  # a broken one helps nobody; `models check` tells why
        if facts.kind.open_vocabulary or _shared(facts.labels or (), prompts):
            fitting.append(entry.name)
    if fitting:
        return f"Installed and fitting: {', '.join(fitting)}."
    for model in PUBLISHED:
        if model.kind == "detector" and _shared(find_vocabulary(model.card.get("vocabulary")), prompts):
            return f"`boxpaint models fetch {model.name}` gets one that does."
    return "Detectors of an open vocabulary (OWLv2, Grounding DINO) look for any words: import one's folder."
