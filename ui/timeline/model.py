"""A run as the timeline shows it: events are folded into steps, and a position among their frames can be scrubbed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

from PySide6.QtCore import QObject, Signal

from engine.events import (
    AnyEvent,
    DenoisePreview,
    DetectionsReady,
    DetectorReady,
    KeptPreviews,
    ModelLoading,
    ModelPlaced,
    RunCancelled,
    RunFailed,
    RunFinished,
    RunStarted,
    Step,
    StepFinished,
    StepLost,
    StepStarted,
)
from engine.layout import Layout
from engine.progress import RunProgress
from ui.comfort import reduced_motion
from ui.timeline.frames import FrameKind, Position, RunState, StepState, StepView
from ui.timeline.previews import Preview, PreviewStore

__all__ = ["FrameKind", "Position", "RunModel", "RunState", "StepState", "StepView"]


class RunModel(QObject):
    """The run that the timeline shows. Fed with the engine's events; tells what changed."""

    reset = Signal()
    """Another run is shown, or its steps became known."""
    step_changed = Signal(int)
    frames_changed = Signal()
    """There are more frames, or fewer."""
    state_changed = Signal()
    progress_changed = Signal()
    position_changed = Signal()
    """The shown frame is another one, or its picture arrived."""
    previewed = Signal(object)
    """A live preview (``Preview``) of the step being painted came in while the run is followed."""
    detections_changed = Signal()
    """The detector has looked at another step, or it was told that it will not."""

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._previews = PreviewStore()
        self._clear()

    def _clear(self) -> None:
        self.run = ""
        self.folder = ""
        self.layout: Layout | None = None
        self.state = RunState.NONE
        self.size = (0, 0)
        self.compositing, self.pixels = "paste", "exact"
        self.steps: list[StepView] = []
        self.detector: DetectorReady | None = None
        self.placed: ModelPlaced | None = None
        self.following = True
        self.message = ""
        self.problems: tuple[str, ...] = ()
        self._position: Position | None = None
        self._progress = RunProgress(clock=self._clock)
        self._ended_seconds: float | None = None
        self._previews.clear()
        self._listed: list[Position] | None = None
        self._places: dict[Position, int] = {}

    # -- what happens to the run

    def begin(self, run: str, layout: Layout | None) -> None:
        """A run of this id was asked for; its events will follow."""
        self._clear()
        self.run, self.layout = run, layout
        self.state = RunState.LOADING
        self._tell_all()

    def show(self, run: str, layout: Layout | None, events: Iterable[AnyEvent], problems: tuple[str, ...] = ()) -> None:
        """Show a run with all that has happened to it so far."""
        self.blockSignals(True)
        try:
            self.begin(run, layout)
            for event in events:
                self.apply(event)
        finally:
            self.blockSignals(False)
        self.problems = problems
        self._tell_all()

    def clear(self) -> None:
        """Show no run."""
        self._clear()
        self._tell_all()

    def _tell_all(self) -> None:
        for signal in (self.reset, self.state_changed, self.progress_changed, self.frames_changed):
            signal.emit()
        self.detections_changed.emit()
        self.position_changed.emit()

    def apply(self, event: AnyEvent) -> None:
        """Take in an event of the shown run; those of other runs are left alone."""
        if event.run != self.run or self.finished:
            return
        self._progress.update(event)
        for kind, handle in self._handlers():
            if isinstance(event, kind):
                handle(event)
                return

    def _handlers(self) -> Iterator[tuple[type, Callable[..., None]]]:
        yield DenoisePreview, self._denoised
        yield StepStarted, self._step_started
        yield StepFinished, self._step_finished
        yield StepLost, self._step_lost
        yield DetectionsReady, self._detected
        yield DetectorReady, self._detector_ready
        yield ModelLoading, self._loading
        yield ModelPlaced, self._placed
        yield RunStarted, self._started
        yield RunFinished, self._run_finished
        yield RunCancelled, self._run_cancelled
        yield RunFailed, self._run_failed

    def _loading(self, event: ModelLoading) -> None:
        del event
        self._set_state(RunState.LOADING)

    def _placed(self, event: ModelPlaced) -> None:
        self.placed = event
        self.state_changed.emit()

    def _started(self, event: RunStarted) -> None:
        self.size, self.folder = (event.width, event.height), event.folder
        self.compositing, self.pixels = event.compositing, event.pixels
        self.steps = [StepView(step, self._label(step), seed=step.seed) for step in event.steps]
        self.reset.emit()
        self._set_state(RunState.RUNNING)
        self.progress_changed.emit()

    def _label(self, step: Step) -> str:
        if step.kind == "background":
            return self.tr("background") if step.object_id is None else self.tr("filled box")
        objects = self.layout.objects if self.layout else ()
        named = next((item.prompt for item in objects if item.id == step.object_id), "")
        return named or step.prompt or self.tr("step {}").format(step.index + 1)

    def _step_started(self, event: StepStarted) -> None:
        view = self.steps[event.index]
        view.state, view.iterations, view.iteration = StepState.RUNNING, event.iterations, 0
        self.step_changed.emit(event.index)
        self.progress_changed.emit()
        if self.following:
            self.position_changed.emit()

    def _denoised(self, event: DenoisePreview) -> None:
        view = self.steps[event.index]
        view.iteration, view.iterations = event.iteration, event.iterations
        if event.rgb:
            preview = Preview(event.index, event.iteration, event.window, event.width, event.height, event.rgb)
            self._previews.add(preview)
            self._count_frames()
            if self.following and not reduced_motion():
                self.previewed.emit(preview)
        self.step_changed.emit(event.index)
        self.progress_changed.emit()

    def _step_finished(self, event: StepFinished) -> None:
        view = self.steps[event.index]
        view.state, view.seconds = StepState.DONE, event.seconds
        view.drift, view.attempts, view.reused = event.drift, event.attempts, event.reused
        if event.previews is not None:
            self._take_kept(view, event.previews)
        if event.seed is not None:
            view.seed = event.seed
        names = (FrameKind.CONTEXT, FrameKind.MASK, FrameKind.RAW, FrameKind.COMPOSITE)
        self._step_has(view, {kind: getattr(event.frames, kind.value) for kind in names})

    def _take_kept(self, view: StepView, kept: KeptPreviews) -> None:
        """From now on the previews on the disk count: they are those of the attempt that was chosen."""
        index, shown = view.step.index, self._position
        view.previews, view.iterations = kept, kept.of
        self._previews.forget(index)
        if shown is not None and shown.step == index and shown.kind is FrameKind.PREVIEW:
            nearest = min(kept.iterations, key=lambda iteration: abs(iteration - shown.iteration))
            self._position = shown._replace(iteration=nearest)

    def _step_lost(self, event: StepLost) -> None:
        view = self.steps[event.index]
        view.state, view.problem = StepState.LOST, event.reason
        self._step_has(view, {FrameKind(kind): path for kind, path in event.frames.items()})

    def _step_has(self, view: StepView, frames: dict[FrameKind, str]) -> None:
        view.frames = frames
        self._count_frames()
        self.step_changed.emit(view.step.index)
        self.progress_changed.emit()
        if self.following and FrameKind.COMPOSITE in frames:
            self._position = Position(view.step.index, FrameKind.COMPOSITE)
        self.position_changed.emit()

    def _detected(self, event: DetectionsReady) -> None:
        self.steps[event.index].detections = event.detections
        self.step_changed.emit(event.index)
        self.detections_changed.emit()

    def _detector_ready(self, event: DetectorReady) -> None:
        self.detector = event
        self.detections_changed.emit()

    def _run_finished(self, event: RunFinished) -> None:
        self._end(RunState.FINISHED, StepState.STOPPED, event.seconds)

    def _run_cancelled(self, event: RunCancelled) -> None:
        del event
        self._end(RunState.CANCELLED, StepState.STOPPED)

    def _run_failed(self, event: RunFailed) -> None:
        self.message = event.text
        self._end(RunState.FAILED, StepState.FAILED)

    def _end(self, state: RunState, broken: StepState, seconds: float | None = None) -> None:
        self._ended_seconds = seconds
        for view in self.steps:
            if view.state is StepState.RUNNING:
                view.state = broken
            elif view.state is StepState.WAITING:
                view.state = StepState.STOPPED
            self.step_changed.emit(view.step.index)
        self._set_state(state)
        self.progress_changed.emit()
        self.position_changed.emit()

    def _set_state(self, state: RunState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit()

    # -- how far it is

    @property
    def finished(self) -> bool:
        """Whether nothing more will come."""
        return self.state in (RunState.FINISHED, RunState.CANCELLED, RunState.FAILED)

    @property
    def active(self) -> bool:
        """Whether it is loading or painting."""
        return self.state in (RunState.LOADING, RunState.RUNNING)

    @property
    def done_steps(self) -> int:
        return sum(view.state is StepState.DONE for view in self.steps)

    @property
    def progress(self) -> float:
        """Share of the work that is done, 0 … 1."""
        return self._progress.share

    @property
    def seconds_left(self) -> float | None:
        """A guess from the pace so far; None while there is none."""
        return self._progress.seconds_left if self.state is RunState.RUNNING else None

    @property
    def seconds(self) -> float | None:
        """How long the finished run took."""
        return self._ended_seconds

    # -- the frames

    @property
    def position(self) -> Position | None:
        """The shown frame; None before the first one."""
        return self._position

    @property
    def shown(self) -> StepView | None:
        """The step whose frame is shown."""
        return self.steps[self._position.step] if self._position is not None else None

    def positions(self) -> list[Position]:
        """All frames there are, in the order in which they came about."""
        if self._listed is None:
            self._listed = [position for view in self.steps for position in self.positions_of(view.step.index)]
            self._places = {position: place for place, position in enumerate(self._listed)}
        return self._listed

    def place_of(self, position: Position | None) -> int | None:
        """Where a frame is in ``positions``."""
        self.positions()
        return self._places.get(position) if position is not None else None

    def positions_of(self, index: int) -> list[Position]:
        """The frames of one step."""
        view = self.steps[index]
        found: list[Position] = []
        for kind in FrameKind:
            if kind is FrameKind.PREVIEW:
                kept = view.previews.iterations if view.previews is not None else self._previews.iterations(index)
                found += [Position(index, kind, number) for number in kept]
            elif kind in view.frames:
                found.append(Position(index, kind))
        return found

    def _count_frames(self) -> None:
        self._listed = None
        self.frames_changed.emit()

    def preview_at(self, position: Position) -> Preview | None:
        """The denoising preview at this position, while it is in memory; later see ``StepView.previews``."""
        return self._previews.get(position.step, position.iteration)

    def beside(self, preview: Preview) -> list[Preview]:
        """The newest previews of the other steps that are being painted together with this one's."""
        others = []
        for view in self.steps:
            iterations = self._previews.iterations(view.step.index) if view.state is StepState.RUNNING else ()
            newest = self._previews.get(view.step.index, iterations[-1]) if iterations else None
            if newest is not None and newest.step != preview.step:
                others.append(newest)
        return others

    def frame_path(self, position: Position) -> str | None:
        """The file of the picture at this position; of a preview, that of the picture under it."""
        frames = self.steps[position.step].frames
        if position.kind is not FrameKind.PREVIEW:
            return frames.get(position.kind)
        if FrameKind.CONTEXT in frames:
            return frames[FrameKind.CONTEXT]
        # Steps of a wave begin before the ones ahead of them are finished: the newest picture there is, then.
        before = (view.frames.get(FrameKind.COMPOSITE) for view in reversed(self.steps[: position.step]))
        return next((path for path in before if path is not None), None)

    # -- scrubbing

    def go_to(self, position: Position) -> None:
        """Show this frame. A running run is followed again when that is its newest one."""
        listed = self.positions()
        self.following = self.active and bool(listed) and position == listed[-1]
        if position != self._position:
            self._position = position
            self.position_changed.emit()

    def follow(self) -> None:
        """Show the newest finished step, and each one that will follow."""
        self.following = self.active
        last = next((view for view in reversed(self.steps) if view.state is StepState.DONE), None)
        if last is not None:
            self._position = Position(last.step.index, FrameKind.COMPOSITE)
        self.position_changed.emit()

    def move_step(self, by: int) -> None:
        """Go to the same kind of frame of a step further on (or back) that has frames."""
        with_frames = [view.step.index for view in self.steps if view.frames or self.positions_of(view.step.index)]
        if not with_frames:
            return
        if self._position is None:
            self.go_to_step(with_frames[0])
            return
        place = with_frames.index(self._position.step) if self._position.step in with_frames else 0
        self.go_to_step(with_frames[min(max(place + by, 0), len(with_frames) - 1)])

    def go_to_step(self, index: int) -> None:
        """Go to the frame of this step that is of the kind shown now, else to its composite or newest frame."""
        listed = self.positions_of(index)
        if not listed:
            return
        wanted = self._position.kind if self._position is not None else FrameKind.COMPOSITE
        if wanted is FrameKind.PREVIEW:
            wanted = FrameKind.COMPOSITE
        self.go_to(next((entry for entry in listed if entry.kind is wanted), listed[-1]))

    def move_frame(self, by: int) -> None:
        """Go on (or back) by frames, across steps."""
        listed = self.positions()
        if listed:
            place = self.place_of(self._position) or 0
            self.go_to(listed[min(max(place + by, 0), len(listed) - 1)])
