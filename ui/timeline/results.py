"""What the detector says of each object of the run: found or not, how well, and where it was lost again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QObject, Signal

from engine.events import Detection, DetectorReady
from engine.layout import LayoutObject
from engine.layout.matching import HIT, SCORE, Match, distinct, match_objects, plain
from ui.inks import Ink
from ui.timeline.model import RunModel

SURE = 0.7
"""Score from which a detection that lies on no object is drawn: that of the paper's pictures."""


class Verdict(StrEnum):
    """What became of an object."""

    WAITING = "waiting"
    """Not painted, or not looked at yet."""
    HIT = "hit"
    MISS = "miss"
    LOST = "lost"
    """It was found, and a later step painted over it."""
    UNKNOWN = "unknown"
    """The detector does not know such things."""


@dataclass(frozen=True, slots=True)
class ObjectResult:
    """An object of the run as the detector sees it.

    Attributes:
        step: Index of the step that painted it; None if none did.
        iou, score: Of the detection that stands for it on the last composite looked at; None when nothing does.
        lost_at: Index of the first step after which it was found no more.
    """

    item: LayoutObject
    step: int | None
    verdict: Verdict
    iou: float | None = None
    score: float | None = None
    lost_at: int | None = None


def verdict_text(result: ObjectResult) -> str:
    """What became of an object, in words."""
    translate = QCoreApplication.translate
    if result.verdict is Verdict.LOST and result.lost_at is not None:
        return translate("Results", "lost at step {}").format(result.lost_at + 1)
    return {
        Verdict.HIT: translate("Results", "hit"),
        Verdict.MISS: translate("Results", "miss"),
        Verdict.UNKNOWN: translate("Results", "not known to the detector"),
    }.get(result.verdict, "–")


def verdict_ink(result: ObjectResult) -> Ink | None:
    """The colour of what is found, or of what is not; None where that is not known."""
    return {Verdict.HIT: Ink.GOOD, Verdict.MISS: Ink.BAD, Verdict.LOST: Ink.BAD}.get(result.verdict)


class Results(QObject):
    """The results of the shown run; computed anew when the detector has looked or the threshold moves."""

    changed = Signal()

    def __init__(self, run: RunModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._threshold = SCORE
        self._judged: dict[int, tuple[object, list[Detection], dict[str, Match]]] = {}
        """By step: all that was found on it, what of that is drawn, and what stands for the objects."""
        self._objects: list[ObjectResult] | None = None
        self._steps: dict[str, int] | None = None
        self._known: dict[str, LayoutObject] | None = None
        self._detector: DetectorReady | None = None
        run.detections_changed.connect(self._looked)
        run.reset.connect(self._refresh)

    @property
    def threshold(self) -> float:
        return self._threshold

    def set_threshold(self, value: float) -> None:
        """Count detections that score at least ``value``, in [0, 1]."""
        if value != self._threshold:
            self._threshold = value
            self._refresh()

    def _refresh(self) -> None:
        self._judged.clear()
        self._steps = None
        self._looked()

    def _looked(self) -> None:
        """One more step was looked at: what the others showed stays, unless other labels are known now."""
        if self._run.detector is not self._detector:
            self._detector = self._run.detector
            self._judged.clear()
        self._objects = self._known = None
        self.changed.emit()

    def note(self) -> str:
        """Why there are no results, as a sentence; empty when there are."""
        detector = self._run.detector
        if detector is not None and detector.problem:
            return detector.problem
        if self._run.finished and detector is None:
            return self.tr("No detector looked at this run.")
        return ""

    def matches(self, step: int) -> dict[str, Match]:
        """The detections that stand for the objects painted so far, on this step's composite, by object id."""
        return self._judge(step)[1]

    def detections(self, step: int) -> list[Detection]:
        """The detections on this step's composite that are worth drawing.

        Of those that count, one per thing: whatever lies on an object that was painted, and what nobody asked for where
        the detector is sure. It is never so sure of what it sees in the black that is not painted yet.
        """
        return self._judge(step)[0]

    def _judge(self, step: int) -> tuple[list[Detection], dict[str, Match]]:
        detections = self._run.steps[step].detections or ()
        kept = self._judged.get(step)
        if kept is None or kept[0] is not detections:
            painted = [item for item in self._known_objects().values() if (self.step_of(item) or 0) <= step]
            counting = distinct(detections, self._threshold)
            drawn = [found for found in counting if found.score >= SURE or _lies_on(found, painted)]
            kept = (detections, drawn, match_objects(painted, counting, score=self._threshold))
            self._judged[step] = kept
        return kept[1:]

    def hit(self, step: int) -> bool | None:
        """Whether a step's object is found on its composite; None where that is not known."""
        view = self._run.steps[step]
        if view.detections is None or view.step.kind != "foreground" or view.step.object_id is None:
            return None
        item = self._known_objects().get(view.step.object_id)
        if item is None or self.step_of(item) != step:
            return None
        return self._is_hit(self.matches(step).get(item.id))

    def hits(self, step: int) -> list[str]:
        """Ids of the objects that are found on this step's composite."""
        return [name for name, match in self.matches(step).items() if self._is_hit(match)]

    def objects(self) -> list[ObjectResult]:
        """Every visible object of the run, in the layout's order."""
        if self._objects is None:
            layout = self._run.layout
            visible = [item for item in layout.objects if not item.hidden] if layout is not None else []
            self._objects = [self._result(item) for item in visible]
        return self._objects

    def step_of(self, item: LayoutObject) -> int | None:
        """The step that painted this object (last)."""
        if self._steps is None:
            self._steps = {}
            for view in self._run.steps:
                if view.step.kind != "background":
                    # A method that paints all objects at once has one step for them: it is kept under "".
                    self._steps[view.step.object_id or ""] = view.step.index
        return self._steps.get(item.id, self._steps.get(""))

    def _known_objects(self) -> dict[str, LayoutObject]:
        """The painted objects that the detector knows, by id."""
        if self._known is None:
            layout, detector = self._run.layout, self._run.detector
            labels = {plain(label) for label in detector.labels} if detector is not None else set()
            every = layout.objects if layout is not None else ()
            self._known = {
                item.id: item
                for item in every
                if not item.hidden and plain(item.prompt) in labels and self.step_of(item) is not None
            }
        return self._known

    def _result(self, item: LayoutObject) -> ObjectResult:
        step, detector = self.step_of(item), self._run.detector
        if step is None:
            return ObjectResult(item, None, Verdict.WAITING)
        if detector is not None and detector.labels and item.id not in self._known_objects():
            return ObjectResult(item, step, Verdict.UNKNOWN)
        looked = [view.step.index for view in self._run.steps[step:] if view.detections is not None]
        if not looked:
            return ObjectResult(item, step, Verdict.WAITING)
        hits = [index for index in looked if self._is_hit(self.matches(index).get(item.id))]
        last = self.matches(looked[-1]).get(item.id)
        iou, score = (last.iou, last.score) if last is not None else (None, None)
        if looked[-1] in hits:
            return ObjectResult(item, step, Verdict.HIT, iou, score)
        if not hits:
            return ObjectResult(item, step, Verdict.MISS, iou, score)
        lost_at = next(index for index in looked if index > hits[-1])
        return ObjectResult(item, step, Verdict.LOST, iou, score, lost_at)

    @staticmethod
    def _is_hit(match: Match | None) -> bool:
        return match is not None and match.hit


def _lies_on(found: Detection, objects: Iterable[LayoutObject]) -> bool:
    return any(found.box.iou(item.box) >= HIT for item in objects)
