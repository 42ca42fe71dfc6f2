"""The one serialisable request that holds everything a run's result depends on."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from datetime import UTC, datetime
from typing import Any

from engine.errors import BoxpaintError
from engine.events import StepKind
from engine.formats.boxpaint_layout import layout_from_dict, layout_to_dict
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout
from engine.layout.matching import HIT, SCORE

AUTO_DETECTOR = "auto"
"""The detector that comes with the program, if it knows any prompt of the layout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Repaint an object with other seeds until the detector finds it; the best attempt is kept.

    Attributes:
        attempts: Most paintings of one object, the first included; 2 … 50.
        iou: Overlap with the object's box that counts as found, in (0, 1].
        score: Least score of the detection, in [0, 1].
        only: Index of the one step that this is for; None for every object.
    """

    attempts: int = 4
    iou: float = HIT
    score: float = SCORE
    only: int | None = None

    def __post_init__(self) -> None:
        if not 2 <= self.attempts <= 50:
            raise _refused("attempts", self.attempts, "It is a whole number from 2 to 50.")
        if not 0 < self.iou <= 1:
            raise _refused("iou", self.iou, "It is a number above 0, at most 1.")
        if not 0 <= self.score <= 1:
            raise _refused("score", self.score, "It is a number from 0 to 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retouch:
    """One more step on a finished picture: paint an object, or fill a box as background.

    Attributes:
        kind: ``foreground`` or ``background``.
        box: Where.
        object_id: The object concerned: painted, or removed.
        prompt: The object's prompt; not used for the background.
        seed: Its noise seed; None derives it from the run's seed, the object's id and the step's place.
    """

    kind: StepKind
    box: Box
    object_id: str
    prompt: str = ""
    seed: int | None = None


def _refused(name: str, value: object, hint: str) -> BoxpaintError:
    return BoxpaintError(f"the setting {name} is {value!r}.", "settings", field=name, hint=hint)


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """A run to be done. It is made when the user presses the button; the engine changes nothing in it.

    Attributes:
        run: The run's id.
        layout: What to paint.
        settings: How to paint it.
        model: A model's name in the catalogue, or a pipeline folder.
        folder: The run's own folder; it must not exist yet, or be empty.
        base: Folder of a run whose first ``keep`` steps are taken over instead of being painted again.
        keep: How many steps to take over; they must be the same in both plans.
        until: Stop after so many steps; None paints all.
        retouch: More steps on the picture of ``base``, all of whose steps are taken over then.
        detector: What looks at every composite: ``auto``, a detector's name or folder, or None for none.
        retry: Whether objects that the detector does not find are painted again.
    """

    run: str
    layout: Layout
    settings: GenerationSettings
    model: str
    folder: str
    base: str | None = None
    keep: int = 0
    until: int | None = None
    retouch: tuple[Retouch, ...] = ()
    detector: str | None = AUTO_DETECTOR
    retry: Retry | None = None

    def to_dict(self) -> dict[str, Any]:
        """The request as JSON values, as kept in ``run.json``."""
        return {
            "run": self.run,
            "layout": layout_to_dict(self.layout),
            "settings": self.settings.to_dict(),
            "model": self.model,
            "base": self.base,
            "keep": self.keep,
            "until": self.until,
            "retouch": [{**asdict(entry), "box": list(astuple(entry.box))} for entry in self.retouch],
            "detector": self.detector,
            "retry": asdict(self.retry) if self.retry is not None else None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, folder: str) -> GenerationRequest:
        """The request kept in a run folder's ``run.json``."""
        return cls(
            run=data["run"],
            layout=layout_from_dict(data["layout"], file=folder),
            settings=GenerationSettings.from_dict(data["settings"]),
            model=data["model"],
            folder=folder,
            base=data.get("base"),
            keep=data.get("keep", 0),
            until=data.get("until"),
            retouch=tuple(Retouch(**{**entry, "box": Box(*entry["box"])}) for entry in data.get("retouch", ())),
            # A record from before there were detectors: none looked.
            detector=data.get("detector"),
            retry=Retry(**data["retry"]) if data.get("retry") else None,
        )


def check_retry(retry: Retry | None, detector: str | None, settings: GenerationSettings) -> None:
    """Refuse retries that cannot be.

    Raises:
        BoxpaintError: One noise stream runs through all steps, or nothing looks at them.
    """
    if retry is None:
        return
    if settings.pixels == "reference":
        raise BoxpaintError(
            "objects cannot be painted again in pixel mode reference: one noise stream runs through all its steps.",
            "settings",
            field="retry",
            hint="Use pixel mode exact.",
        )
    if detector is None:
        raise BoxpaintError(
            "painting again until the detector finds an object needs a detector.", "settings", field="detector"
        )


def new_run_id() -> str:
    """A fresh id that sorts by time, e.g. ``20261122-190455-3f9a1c``."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
