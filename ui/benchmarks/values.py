"""Benchmarks as plain values: what is wanted, and what there is to look at. No Qt, and nothing of the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FOUND = ("hit", "duplicated")
"""Verdicts on targets that were found."""

VERDICT_COLORS: Mapping[str, str] = {
    "hit": "#009e73",
    "duplicated": "#6afcee",
    "misplaced": "#e69f00",
    "wrong-size": "#ebec21",
    "wrong-attribute": "#cc79a7",
    "merged": "#56b4e9",
    "lost": "#945af7",
    "missing": "#d55e00",
    "duplicate": "#bcbb95",
    "confused": "#88d5ec",
    "invented": "#5e72be",
}
"""A colour for every verdict, the same in charts and pictures; after Okabe and Ito, as far as they have enough."""

LISTED = 1000
"""Most splits, and most labels, that pictures can be chosen by."""

TARGET_VERDICTS = tuple(VERDICT_COLORS)[:8]
SURPLUS_VERDICTS = tuple(VERDICT_COLORS)[8:]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWish:
    """What is to be exported; how it is painted is said by the generation panel.

    Attributes:
        dataset, out: Paths.
        name: Name of the run; empty = the model's.
        splits, labels: Only these; empty = all.
        least, most: Number of objects; 0 = any.
        first, sample: Only so many of each split; 0 = all.
        sweep: Settings with their values, as typed.
        crops, overlays, iterations: What is written beside the pictures.
        workers: Number of processes; 0 = as many as help.
    """

    dataset: str
    out: str
    name: str = ""
    splits: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    first: int = 0
    sample: int = 0
    sweep: tuple[tuple[str, str], ...] = ()
    crops: bool = False
    overlays: bool = False
    iterations: bool = True
    workers: int = 0


@dataclass(frozen=True, slots=True)
class RunCount:
    """How far a run of an export is."""

    name: str
    done: int
    failed: int
    total: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A picture that could not be painted, and why."""

    picture: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreWish:
    """What is to be scored, and how.

    Attributes:
        runs: Names of the runs.
        layouts: Path of the dataset.
        protocol: Its name.
        detector: A detector's name or folder; empty where ``detections`` says a file.
        detections: A file of COCO results.
        allow: Go on in spite of what the preflight refuses.
        shuffled, frechet: Also against other layouts; also Fréchet distances.
        fid: Also FID and SceneFID, with the weights of Inception in this file; empty = those of the extra, None = not.
    """

    runs: tuple[str, ...]
    layouts: str
    protocol: str
    detector: str = ""
    detections: str = ""
    allow: bool = False
    shuffled: bool = False
    frechet: bool = False
    fid: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the preflight saw, and whether scoring is refused because of it."""

    text: str
    refuses: bool


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A run's figures: the document of ``boxpaint evaluate --json``."""

    name: str
    document: Mapping[str, Any]

    def rows(self) -> dict[str, Mapping[str, float]]:
        """The figures of every split, every skill of several splits, and overall."""
        splits: Mapping[str, Any] = self.document.get("splits", {})
        skills: Mapping[str, Any] = self.document.get("skills", {})
        # The skill of a single split has that split's figures, and is left out.
        figures = [tuple(values.get(name) for name in self.document["overall"]) for values in splits.values()]
        more = {name: values for name, values in skills.items() if tuple(values.values()) not in figures}
        return {**splits, **more, "overall": self.document["overall"]} if self.document else {}

    def verdicts(self) -> dict[str, Mapping[str, int]]:
        """Numbers of each verdict, by the same rows; empty where they are not known."""
        counts: Mapping[str, Any] = self.document.get("verdicts", {})
        known = {**counts.get("skills", {}), **counts.get("splits", {}), "overall": counts.get("overall", {})}
        return {name: known[name] for name in self.rows() if name in known}


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of an export, as the gallery shows it.

    Attributes:
        run, split, name: Which one.
        file: Its path; empty while it is not painted.
        state: ``open``, ``claimed``, ``done`` or ``failed``.
        labels: The prompts of its objects.
        scored: Whether there are verdicts on it.
        ap: Average precision of this picture alone; None where it was not scored, or has no target.
        targets, hits: Number of its targets, and of those that were found.
        verdicts: How often each verdict was given.
        problem: Why it could not be painted.
        other: The same picture in the run that it is compared with.
    """

    run: str
    split: str
    name: str
    file: str
    state: str
    labels: tuple[str, ...] = ()
    scored: bool = False
    ap: float | None = None
    targets: int = 0
    hits: int = 0
    verdicts: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""
    other: Shot | None = None

    def count(self, verdict: str) -> int:
        """How many of its targets or surplus detections got this verdict."""
        return self.verdicts.get(verdict, 0)

    @property
    def gain(self) -> tuple[int, float]:
        """What this picture has more than the compared run's: targets found, then AP."""
        if self.other is None:
            return 0, 0.0
        return self.hits - self.other.hits, (self.ap or 0.0) - (self.other.ap or 0.0)

    @property
    def outcome(self) -> str:
        """``win``, ``loss`` or ``draw`` against the compared run; empty where it is not compared."""
        if self.other is None or not self.scored or not self.other.scored:
            return ""
        found, ap = self.gain
        value = found or ap
        return "win" if value > 0 else "loss" if value < 0 else "draw"


@dataclass(frozen=True, slots=True)
class Details:
    """What became of the targets of a picture, and its other detections.

    Attributes:
        targets: ``object`` (id), ``label``, ``box`` (normalised ``x0, y0, x1, y1``), ``verdict``, ``detail``, ``iou``
            and ``found`` (``label``, ``score``, ``box``; or None).
        surplus: ``label``, ``verdict`` and ``found``.
        problem: Why they cannot be told; empty when they can.
    """

    targets: Sequence[Mapping[str, Any]] = ()
    surplus: Sequence[Mapping[str, Any]] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ShotFilter:
    """Which pictures are wanted; the defaults let everything through."""

    words: str = ""
    split: str = ""
    label: str = ""
    verdict: str = ""
    outcome: str = ""
    state: str = ""

    def lets(self, shot: Shot) -> bool:
        """Whether a picture is wanted."""
        words = self.words.casefold().split()
        text = "\n".join((shot.name, shot.split, *shot.labels)).casefold() if words else ""
        return (
            self.split in ("", shot.split)
            and (not self.label or self.label in shot.labels)
            and (not self.verdict or shot.count(self.verdict) > 0)
            and self.outcome in ("", shot.outcome)
            and self.state in ("", shot.state)
            and all(word in text for word in words)
        )


@dataclass(frozen=True, slots=True)
class Sorting:
    """By what pictures are sorted: ``painted``, ``ap``, ``found``, ``objects``, ``split``, ``label``, ``name``,
    ``gain`` or a verdict; and whether the greatest comes first."""

    key: str = "painted"
    down: bool = False

    def sort(self, shots: Sequence[Shot], places: Sequence[int]) -> list[int]:
        """The places in another order; pictures that have no such value come last, others of one value as they were."""
        if self.key == "painted":
            return list(reversed(places)) if self.down else list(places)
        value = _VALUES.get(self.key) or (lambda shot: shot.count(self.key) if shot.scored else None)
        known: dict[int, Any] = {place: value(shots[place]) for place in places}
        some = [place for place in places if known[place] is not None]
        return sorted(some, key=known.__getitem__, reverse=self.down) + [p for p in places if known[p] is None]


_VALUES: Mapping[str, Any] = {
    "ap": lambda shot: shot.ap,
    "found": lambda shot: shot.hits / shot.targets if shot.targets else None,
    "objects": lambda shot: len(shot.labels),
    "split": lambda shot: shot.split,
    "label": lambda shot: shot.labels[0] if shot.labels else None,
    "name": lambda shot: shot.name,
    "gain": lambda shot: shot.gain if shot.outcome else None,
}


@dataclass(slots=True)
class Facets:
    """What pictures can be told apart by, each with the number of pictures."""

    splits: dict[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, shots: Sequence[Shot]) -> Facets:
        """The facets of these pictures."""
        found = cls()
        for shot in shots:
            found.splits[shot.split] = found.splits.get(shot.split, 0) + 1
            for label in dict.fromkeys(shot.labels):
                found.labels[label] = found.labels.get(label, 0) + 1
            for verdict in shot.verdicts:
                found.verdicts[verdict] = found.verdicts.get(verdict, 0) + 1
        found.splits = _commonest(found.splits)
        found.labels = dict(sorted(_commonest(found.labels).items()))
        return found


def _commonest(counts: dict[str, int]) -> dict[str, int]:
    """As many as anybody chooses from; a longer list would take seconds to fill, and words find the others."""
    return counts if len(counts) <= LISTED else dict(Counter(counts).most_common(LISTED))
