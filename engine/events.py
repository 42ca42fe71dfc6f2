"""What the engine tells while it works: one stream of small frozen records, plain data only.

Every event names its run and carries a number that grows by one within the run, so that a listener can tell a gap.
A run's stream ends with exactly one of ``RunFinished``, ``RunCancelled`` and ``RunFailed``; nothing follows it.
Pictures are told as paths of PNG files in the run's folder, previews as raw bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engine.errors import BoxpaintError
from engine.layout import Box, PixelBox

StepKind = Literal["foreground", "background", "whole"]


@dataclass(frozen=True, slots=True)
class Step:
    """One inpainting call of a plan.

    Attributes:
        index: Its place in the plan, from 0.
        kind: ``foreground`` paints one object (or all at once), ``background`` all that no box covers, ``whole`` the
            whole picture in one call.
        object_id: The object painted; None where it is not one object.
        prompt: The text given to the model, e.g. ``"Add red metal cube"``.
        seed: Seed of its noise; None in pixel mode ``reference``, where one global stream serves all steps.
        wave: Steps of the same number may be painted together, those of a lower one before them; None: not known, each
            in its turn.
    """

    index: int
    kind: StepKind
    object_id: str | None
    prompt: str
    seed: int | None
    wave: int | None = None


@dataclass(frozen=True, slots=True)
class Detection:
    """Something a detector found: where, what, and how sure it is (score in [0, 1])."""

    box: Box
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Frames:
    """Paths of a finished step's four pictures, all of the run's size."""

    context: str
    mask: str
    raw: str
    composite: str


@dataclass(frozen=True, slots=True)
class KeptPreviews:
    """Denoising previews of a finished step, in one PNG: equally large pictures below one another.

    Attributes:
        file: Its path.
        iterations: The denoising steps after which the pictures were made, from the top; ascending.
        of: How many denoising steps there were.
        window: The part of the run's picture that they show, in pixels.
    """

    file: str
    iterations: tuple[int, ...]
    of: int
    window: PixelBox


@dataclass(frozen=True, slots=True)
class Event:
    """What all events share: the run's id and the event's number within it, from 0."""

    run: str
    sequence: int


@dataclass(frozen=True, slots=True)
class ModelLoading(Event):
    """The model is being loaded; only sent when it is not in memory yet."""

    model: str


@dataclass(frozen=True, slots=True)
class RunStarted(Event):
    """Painting begins: the run's folder, the picture's size, all steps that will follow, and how they are joined.

    ``compositing`` and ``pixels`` are the settings of those names: they say which part of a preview will stay.
    ``notes`` are sentences for whoever asked for the run: what was decided for them.
    """

    folder: str
    width: int
    height: int
    steps: tuple[Step, ...]
    compositing: str = "paste"
    pixels: str = "exact"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelPlaced(Event):
    """How the model is placed on its device; told when a run begins, and again when memory ran out.

    Attributes:
        device, precision, placement: As in the generation settings, none of them ``auto``.
        reason: Why they were picked.
        problem: What to tell people when memory ran out: the step under way is done again, with less on the device.
        quantize: ``int8`` where linear layers are held in one byte per weight.
    """

    device: str
    precision: str
    placement: str
    reason: str
    problem: str = ""
    quantize: str = "none"


@dataclass(frozen=True, slots=True)
class StepStarted(Event):
    """The step of this index begins; it will take ``iterations`` denoising steps.

    Steps of one wave begin together; they finish in the plan's order all the same.
    """

    index: int
    iterations: int


@dataclass(frozen=True, slots=True)
class DenoisePreview(Event):
    """A denoising step was done.

    Attributes:
        index: The step's index.
        iteration: Denoising steps done, 1 … ``iterations``.
        window: The part of the picture that is being worked on, in pixels of the run's size.
        width, height, rgb: A rough picture of that part, 8-bit RGB rows from the top; empty when none was made.
    """

    index: int
    iteration: int
    iterations: int
    window: PixelBox
    width: int = 0
    height: int = 0
    rgb: bytes = b""


@dataclass(frozen=True, slots=True)
class StepFinished(Event):
    """The step's pictures are on the disk.

    Attributes:
        seconds: What it took, all attempts together; for a step that was taken over, what it took there.
        drift: Mean absolute change of the pixels outside the mask, in 8-bit steps (0 … 255); None where not known.
        seed: The seed it was painted with, where that is not the planned one (another attempt hit).
        attempts: How often it was painted.
        reused: Whether it was taken over from another run.
        previews: Its denoising previews; None where none were made or kept.
    """

    index: int
    seconds: float
    frames: Frames
    drift: float | None = None
    seed: int | None = None
    attempts: int = 1
    reused: bool = False
    previews: KeptPreviews | None = None


@dataclass(frozen=True, slots=True)
class StepLost(Event):
    """Of a step of an earlier run not all can be shown: what is left of it, and why the rest is missing."""

    index: int
    frames: Mapping[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class DetectorReady(Event):
    """Which detector looks at the steps of this run and which labels it knows; or why there is none (``problem``)."""

    name: str
    labels: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DetectionsReady(Event):
    """What the detector found on the step's composite."""

    index: int
    detections: tuple[Detection, ...]


@dataclass(frozen=True, slots=True)
class RunFinished(Event):
    """All steps are done; ``picture`` is the final PNG, which carries its layout."""

    picture: str
    seconds: float


@dataclass(frozen=True, slots=True)
class RunCancelled(Event):
    """The user stopped the run; ``finished`` steps are kept."""

    finished: int


@dataclass(frozen=True, slots=True)
class RunFailed(Event):
    """The run stopped with an error; ``finished`` steps are kept.

    ``kind`` is the error's kind (``"model"``, ``"output"``, ``"memory"``, ``"engine"`` …; ``"engine"`` means that the
    engine process died), the other fields are those of ``BoxpaintError``.
    """

    kind: str
    message: str
    file: str | None = None
    item: str | None = None
    field: str | None = None
    hint: str | None = None
    finished: int = 0

    @property
    def text(self) -> str:
        """The whole sentence for people."""
        return str(BoxpaintError(self.message, self.kind, self.file, self.item, self.field, self.hint))


Terminal = RunFinished | RunCancelled | RunFailed
AnyEvent = (
    ModelLoading
    | RunStarted
    | ModelPlaced
    | StepStarted
    | DenoisePreview
    | StepFinished
    | StepLost
    | DetectorReady
    | DetectionsReady
    | Terminal
)
