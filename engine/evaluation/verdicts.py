"""Why a picture scores what it scores: one verdict for every target and for every surplus detection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.evaluation.protocols import skill_of, skills_in_order
from engine.evaluation.truth import Found, Truth
from engine.events import Detection
from engine.layout import Box
from engine.layout.matching import HIT, SCORE, distinct, plain
from engine.layout.vocabulary import CLEVR_COLORS, CLEVR_MATERIALS, CLEVR_SHAPES

NEAR = 0.1
"""Overlap from which on a detection has to do with a target at all (as TIDE has it, arXiv 2008.08115)."""

WITHIN = 0.7
"""Share of the smaller box that lies in the larger one, from which on a wrong overlap is a matter of size."""

COVERED = 0.5
"""Share of a target that a detection covers to count as merged with what the detection stands for."""

TARGET_VERDICTS = {
    "hit": "found, in its place, with its label",
    "duplicated": "found, and once more beside it",
    "misplaced": "the right thing, but beside its box",
    "wrong-size": "the right thing, but much larger or smaller than its box",
    "wrong-attribute": "something in its place, but of another colour, material, shape or class",
    "merged": "grown together with a neighbour",
    "lost": "it was there when it was painted, and is not in the final picture",
    "missing": "nothing of the kind is there",
}
"""The verdicts on targets, in the order in which they are told."""

SURPLUS_VERDICTS = {
    "duplicate": "one more of a target that was found",
    "confused": "on a target that is something else, or not quite on it",
    "invented": "where no target is",
}
"""The verdicts on detections that stand for no target."""

_ATTRIBUTES = {"color": CLEVR_COLORS, "material": CLEVR_MATERIALS, "shape": CLEVR_SHAPES}


@dataclass(frozen=True, slots=True)
class TargetVerdict:
    """What became of a target.

    Attributes:
        image: Image number of the truth.
        object_id, label, box: Of the target.
        verdict: A key of ``TARGET_VERDICTS``.
        detail: For ``wrong-attribute`` which ones, e.g. ``"color+shape"``; for ``merged`` the neighbour's label.
        found: The detection that the verdict is about, if any.
        iou: Its overlap with the target.
    """

    image: int
    object_id: str
    label: str
    box: Box
    verdict: str
    detail: str = ""
    found: Detection | None = None
    iou: float = 0.0


@dataclass(frozen=True, slots=True)
class SurplusVerdict:
    """What a detection is that stands for no target: a key of ``SURPLUS_VERDICTS``."""

    image: int
    verdict: str
    found: Detection


@dataclass(frozen=True, slots=True)
class Verdicts:
    """All verdicts on a benchmark, in the order of the truth's targets."""

    truth: Truth
    targets: tuple[TargetVerdict, ...]
    surplus: tuple[SurplusVerdict, ...]

    def counts(self) -> dict[str, Any]:
        """Numbers of each verdict: overall, per split and per skill."""
        splits = {split: self._count({split}) for split in self.truth.splits}
        skills = {
            skill: self._count({split for split in splits if skill_of(split) == skill})
            for skill in skills_in_order(tuple(splits))
        }
        return {"overall": self._count(set(splits)), "splits": splits, "skills": skills}

    def details(self) -> dict[str, int]:
        """How often each attribute, or several of them, was wrong."""
        wrong = (verdict.detail for verdict in self.targets if verdict.verdict == "wrong-attribute")
        return dict(Counter(wrong).most_common())

    def _count(self, splits: set[str]) -> dict[str, int]:
        inside = [image.split in splits for image in self.truth.images]
        targets = Counter(verdict.verdict for verdict in self.targets if inside[verdict.image])
        surplus = Counter(verdict.verdict for verdict in self.surplus if inside[verdict.image])
        return {
            **{name: targets[name] for name in TARGET_VERDICTS},
            **{name: surplus[name] for name in SURPLUS_VERDICTS},
        }

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every verdict as JSON values; boxes are normalised ``x0, y0, x1, y1``."""
        for number, row in self.picture_rows():
            image = self.truth.images[number]
            yield {"split": image.split, "layout": image.name, **row}

    def picture_rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Image number and every verdict on it as JSON values; boxes are normalised ``x0, y0, x1, y1``."""
        for verdict in self.targets:
            row: dict[str, Any] = {
                "object": verdict.object_id,
                "label": verdict.label,
                "box": _edges(verdict.box),
                "verdict": verdict.verdict,
                "detail": verdict.detail,
                "iou": round(verdict.iou, 4),
                "found": _as_json(verdict.found),
            }
            yield verdict.image, row
        for extra in self.surplus:
            row = {"object": None, "label": extra.found.label, "verdict": extra.verdict, "found": _as_json(extra.found)}
            yield extra.image, row


def judge(
    truth: Truth, found: Found, *, score: float = SCORE, painted: Mapping[tuple[int, str], bool] | None = None
) -> Verdicts:
    """Give every target and every surplus detection its verdict.

    Args:
        truth: The targets.
        found: The detections, all of them.
        score: Detections that score less are passed over.
        painted: For targets (image number, object id) whether they were found right after they were painted, where the
            steps are known; what was there and is not any more is ``lost``.
    """
    boxes = _normalised(truth, truth.image, truth.boxes)
    sure = found.kept(found.score >= score)
    sure_boxes = _normalised(truth, sure.image, sure.boxes)
    by_image: list[list[Detection]] = [[] for _ in truth.images]
    for row in range(len(sure)):
        box = sure_boxes[row]
        if box is not None:
            by_image[sure.image[row]].append(Detection(box, truth.labels[sure.label[row]], float(sure.score[row])))
    wanted: list[list[int]] = [[] for _ in truth.images]
    for row, image in enumerate(truth.image):
        wanted[image].append(row)
    targets: list[TargetVerdict] = []
    surplus: list[SurplusVerdict] = []
    for image, rows in enumerate(wanted):
        things = [
            _Target(truth.object_ids[row], truth.labels[truth.label[row]], box)
            for row in rows
            if (box := boxes[row]) is not None
        ]
        judged = _Picture(image, things, distinct(by_image[image], score))
        judged.decide(painted or {})
        targets += judged.verdicts
        surplus += judged.surplus
    return Verdicts(truth, tuple(targets), tuple(surplus))


def wrong_attributes(wanted: str, found: str) -> str:
    """Which attributes differ: ``"color"``, ``"material+shape"`` …; ``"class"`` for labels that are not CLEVR's."""
    words, other = plain(wanted).split(), plain(found).split()
    differing = []
    for name, known in _ATTRIBUTES.items():
        one = next((word for word in words if word in known), None)
        two = next((word for word in other if word in known), None)
        if one is None or two is None:
            return "class"
        if one != two:
            differing.append(name)
    return "+".join(differing) or "class"


@dataclass(frozen=True, slots=True)
class _Target:
    object_id: str
    label: str
    box: Box


@dataclass(slots=True)
class _Picture:
    """The verdicts on one picture. Each detection stands for one target at most; the surest claims come first."""

    image: int
    targets: Sequence[_Target]
    found: Sequence[Detection]
    verdicts: list[TargetVerdict] = field(default_factory=list)
    surplus: list[SurplusVerdict] = field(default_factory=list)

    def decide(self, painted: Mapping[tuple[int, str], bool]) -> None:
        overlap = [[target.box.iou(item.box) for item in self.found] for target in self.targets]
        same = [[plain(target.label) == plain(item.label) for item in self.found] for target in self.targets]
        given: dict[int, tuple[str, int]] = {}
        used: set[int] = set()
        rules = (
            ("hit", lambda t, d: same[t][d] and overlap[t][d] >= HIT),
            ("wrong-attribute", lambda t, d: not same[t][d] and overlap[t][d] >= HIT),
            ("wrong-size", lambda t, d: same[t][d] and overlap[t][d] >= NEAR and self._nested(t, d)),
            ("misplaced", lambda t, d: same[t][d] and self._beside(t, d, overlap[t][d])),
        )
        for name, fits in rules:
            pairs = [
                (-overlap[t][d], -self.found[d].score, t, d)
                for t in range(len(self.targets))
                for d in range(len(self.found))
                if t not in given and d not in used and fits(t, d)
            ]
            for _, _, t, d in sorted(pairs):
                if t not in given and d not in used:
                    given[t] = (name, d)
                    used.add(d)
        doubled = self._judge_surplus(given, used, overlap, same)
        for t, target in enumerate(self.targets):
            self.verdicts.append(self._verdict(t, target, given, doubled, overlap, painted))

    def _verdict(
        self,
        t: int,
        target: _Target,
        given: Mapping[int, tuple[str, int]],
        doubled: set[int],
        overlap: Sequence[Sequence[float]],
        painted: Mapping[tuple[int, str], bool],
    ) -> TargetVerdict:
        name, d = given.get(t, ("missing", None))
        found = None if d is None else self.found[d]
        iou = 0.0 if d is None else overlap[t][d]
        detail = ""
        if name == "hit":
            name = "duplicated" if t in doubled else "hit"
        elif painted.get((self.image, target.object_id)):
            name = "lost"
        elif name == "wrong-attribute" and found is not None:
            detail = wrong_attributes(target.label, found.label)
        elif name == "missing" and (neighbour := self._merged_with(t, given)) is not None:
            name, detail = "merged", neighbour
        return TargetVerdict(self.image, target.object_id, target.label, target.box, name, detail, found, iou)

    def _judge_surplus(
        self,
        given: Mapping[int, tuple[str, int]],
        used: set[int],
        overlap: Sequence[Sequence[float]],
        same: Sequence[Sequence[bool]],
    ) -> set[int]:
        """Judge the detections that stand for no target; the targets that were found twice are returned."""
        doubled: set[int] = set()
        for d, item in enumerate(self.found):
            if d in used:
                continue
            near = [t for t in range(len(self.targets)) if overlap[t][d] >= NEAR]
            again = [t for t in near if same[t][d] and given.get(t, ("", 0))[0] == "hit"]
            doubled.update(again)
            verdict = "duplicate" if again else "confused" if near else "invented"
            self.surplus.append(SurplusVerdict(self.image, verdict, item))
        return doubled

    def _nested(self, t: int, d: int) -> bool:
        one, other = self.targets[t].box, self.found[d].box
        return _shared(one, other) >= WITHIN * min(one.area, other.area)

    def _beside(self, t: int, d: int, overlap: float) -> bool:
        """Whether the detection overlaps the target, or lies no farther from it than the target is long."""
        one, other = self.targets[t].box, self.found[d].box
        across = abs(one.x0 + one.x1 - other.x0 - other.x1) / 2
        down = abs(one.y0 + one.y1 - other.y0 - other.y1) / 2
        return overlap >= NEAR or max(across, down) <= max(one.width, one.height)

    def _merged_with(self, t: int, given: Mapping[int, tuple[str, int]]) -> str | None:
        """The label of the neighbour whose detection covers this target too."""
        box = self.targets[t].box
        for other, (_, d) in given.items():
            covers = _shared(box, self.found[d].box) >= COVERED * box.area
            if covers and _shared(self.targets[other].box, self.found[d].box) >= COVERED * self.targets[other].box.area:
                return self.targets[other].label
        return None


def _shared(one: Box, other: Box) -> float:
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return max(0.0, width) * max(0.0, height)


def _normalised(truth: Truth, image: np.ndarray, boxes: np.ndarray) -> list[Box | None]:
    """Pixel boxes as normalised ones, clipped to the picture; None where nothing is left."""
    sizes = np.array([(item.width, item.height) for item in truth.images], np.float64).reshape(-1, 2)[image]
    corners = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], 1) / np.tile(sizes, 2)
    clipped = corners.clip(0, 1).tolist()
    return [Box(x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None for x0, y0, x1, y1 in clipped]


def _as_json(found: Detection | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"label": found.label, "score": round(found.score, 4), "box": _edges(found.box)}


def _edges(box: Box) -> list[float]:
    return [round(edge, 5) for edge in (box.x0, box.y0, box.x1, box.y1)]
