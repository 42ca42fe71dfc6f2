"""What the timeline speaks of: states, kinds of frames, places among them, and a step with what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from engine.events import Detection, KeptPreviews, Step


class StepState(StrEnum):
    """How far a step is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    """The run was cancelled while it was painted, or before."""
    FAILED = "failed"
    LOST = "lost"
    """It was painted, but not all its pictures can be read any more."""


class RunState(StrEnum):
    """How far a run is."""

    NONE = "none"
    LOADING = "loading"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"


class FrameKind(StrEnum):
    """The pictures of a step, in the order in which they come about."""

    CONTEXT = "context"
    MASK = "mask"
    PREVIEW = "preview"
    RAW = "raw"
    COMPOSITE = "composite"


class Position(NamedTuple):
    """One frame of a run: the step's index, the kind of picture, and for previews the denoising iteration."""

    step: int
    kind: FrameKind
    iteration: int = 0


@dataclass(slots=True)
class StepView:
    """A step with what is known of it so far.

    Attributes:
        seed: The seed it was painted with; the planned one until it is known to be another.
        drift: Mean change of the pixels that were to be kept, in 8-bit steps; None where not known.
        attempts: How often it was painted until the detector found its object.
        reused: Whether it was taken over from another run.
        detections: What the detector found on its composite; None before it has looked.
        previews: Its denoising previews on the disk, where they were kept.
        problem: Why not all of its pictures are there; empty when they are.
    """

    step: Step
    label: str
    state: StepState = StepState.WAITING
    seconds: float | None = None
    iteration: int = 0
    iterations: int = 0
    frames: dict[FrameKind, str] = field(default_factory=dict)
    seed: int | None = None
    drift: float | None = None
    attempts: int = 1
    reused: bool = False
    detections: tuple[Detection, ...] | None = None
    previews: KeptPreviews | None = None
    problem: str = ""
