"""Pictures of several layouts painted together: steps of one size fill a call, whatever picture they are of.

Every step gets the input that it gets when its picture is painted alone; only the rounding of a larger call differs.
While the model works on a call, a thread joins what the call before it painted to its pictures and prepares what these
need next.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from types import TracebackType

from engine.errors import Cancelled
from engine.inpainting.iterinpaint import Painter, StepPictures, UnfinishedPicture
from engine.inpainting.sampler import Inputs
from engine.inpainting.settings import GenerationSettings


def shared_call(settings: GenerationSettings) -> Hashable:
    """What pictures have to have in common to share calls."""
    return (settings.scheduler, settings.steps, settings.guidance, settings.loras, settings.safety_checker)


def can_share(painter: object, settings: GenerationSettings) -> bool:
    """Whether a picture can share calls: it is painted step by step, and each step has a noise seed of its own."""
    return isinstance(painter, Painter) and settings.pixels == "exact"


@dataclass(frozen=True, slots=True)
class Finished:
    """A picture that is done: its name, its steps (or the last of them), and its share of the time that calls took."""

    name: int
    steps: list[StepPictures]
    seconds: float


@dataclass(slots=True)
class _Underway:
    painter: Painter
    picture: UnfinishedPicture
    keep_steps: bool
    steps: list[StepPictures] = field(default_factory=list)
    seconds: float = 0.0
    inputs: dict[int, Inputs] = field(default_factory=dict)
    """What the model is given for the steps that can be painted now, by index."""
    getting_ready: Future[None] | None = None
    """While it is not done, the picture is the other thread's."""

    def prepare(self) -> None:
        for step in self.picture.ready():
            if step.index not in self.inputs:
                self.inputs[step.index] = self.picture.inputs(step)

    def go_on(self) -> None:
        """Join what was painted to the picture and prepare what can be painted next."""
        for pictures in self.picture.finished():
            self.steps = [*self.steps, pictures] if self.keep_steps else [pictures]
            self.seconds += pictures.seconds
        if not self.picture.done:
            self.prepare()


class SharedPainting:
    """Pictures that are being painted, all of one ``shared_call``; a context manager, which ends its thread.

    Args:
        most: How many pictures of the model's size one call holds.
        keep_steps: Whether all steps of a picture are wanted, or only the last.
        on_iteration: Told after every denoising step; raising from it ends the call.
    """

    def __init__(self, most: int, *, keep_steps: bool, on_iteration: Callable[[], None]) -> None:
        self._most = most
        self._keep_steps = keep_steps
        self._on_iteration = on_iteration
        self._underway: dict[int, _Underway] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="boxpaint-inputs")

    def __enter__(self) -> SharedPainting:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)

    def __len__(self) -> int:
        return len(self._underway)

    @property
    def wants_more(self) -> bool:
        """Whether the next call would not be full; never more than three calls' worth of pictures are begun."""
        return self._next_call_size() < self._most and len(self) < 3 * self._most

    def add(self, name: int, painter: Painter) -> None:
        """Begin a picture."""
        picture = UnfinishedPicture(painter.plan, painter.settings, painter.area, first=0, context=None)
        self._underway[name] = begun = _Underway(painter, picture, self._keep_steps)
        begun.prepare()

    def drop(self, name: int) -> None:
        """Paint no further on this picture."""
        self._underway.pop(name, None)

    def paint(self) -> Iterator[Finished]:
        """One call of the model, as full as what is ready allows, and the pictures that are finished by now.

        Raises:
            SharedCallError: The call failed; it names the pictures that took part.
        """
        if self._next_call_size() < self._most:
            # The last call's pictures would fill this one up, and there are no others to begin.
            wait([begun.getting_ready for begun in self._underway.values() if begun.getting_ready is not None])
        yield from self._finished()
        groups = self._by_size()
        if groups:
            self._call(max(groups.values(), key=len)[: self._most])

    def _call(self, chosen: list[tuple[int, int]]) -> None:
        """Paint these steps, (picture, index) each."""
        sampler = self._underway[chosen[0][0]].painter.sampler
        started = time.perf_counter()
        names = tuple(dict.fromkeys(name for name, _ in chosen))
        inputs = [self._underway[name].inputs.pop(index) for name, index in chosen]
        try:
            painted = sampler.paint(inputs, lambda done: self._on_iteration())
        except Cancelled:
            raise
        except Exception as error:
            # Whatever it was: painted one by one, each picture that is at fault tells it.
            raise SharedCallError(names) from error
        seconds = (time.perf_counter() - started) / len(chosen)
        for (name, index), result in zip(chosen, painted, strict=True):
            begun = self._underway[name]
            begun.picture.take(begun.painter.plan.steps[index], result, seconds)
        for name in names:
            self._underway[name].getting_ready = self._thread.submit(self._underway[name].go_on)

    def _finished(self) -> Iterator[Finished]:
        """Take back the pictures that are ready again; those that are done are told and dropped."""
        for name, begun in list(self._underway.items()):
            if begun.getting_ready is None or not begun.getting_ready.done():
                continue
            begun.getting_ready.result()
            begun.getting_ready = None
            if begun.picture.done:
                del self._underway[name]
                yield Finished(name, begun.steps, begun.seconds)

    def _by_size(self) -> dict[tuple[int, int], list[tuple[int, int]]]:
        """The steps that can be painted now as (picture, index), by their size for the model."""
        groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for name, begun in self._underway.items():
            if begun.getting_ready is not None:
                continue
            for index, inputs in begun.inputs.items():
                groups.setdefault(inputs.context.size, []).append((name, index))
        return groups

    def _next_call_size(self) -> int:
        return max(map(len, self._by_size().values()), default=0)


class SharedCallError(Exception):
    """A call for several pictures failed, and it is not known whose fault it was."""

    def __init__(self, names: tuple[int, ...]) -> None:
        super().__init__("a call for several pictures failed")
        self.names = names
