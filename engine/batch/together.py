"""An export's worker that paints many pictures at once: calls are full, and files are made while the device works."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from engine.batch.disk import DiskGuard
from engine.batch.items import Item
from engine.batch.ledger import Ledger
from engine.batch.painting import Painted, files_of
from engine.batch.worker import ItemPainter, Job, settle
from engine.errors import BoxpaintError, Cancelled
from engine.inpainting.iterinpaint import Painter, StepPictures
from engine.inpainting.methods import make_painter, make_plan
from engine.inpainting.together import SharedCallError, SharedPainting, can_share, shared_call
from engine.models.catalogue import find_model
from engine.models.failures import device_failed
from engine.models.loading import LoadedModel
from engine.models.placing import SteppedDown

Key = tuple[str, str, str]


class FileMaker:
    """Encodes finished pictures and puts their files in place, in a thread of its own with a ledger of its own.

    Args:
        job: The export.
        most: How many pictures may wait to be written; whoever brings more waits.
        on_item: Told after every item, from the thread that brings items.
        room: Waits while notes do not fit on the disk; whether they do then.
    """

    def __init__(self, job: Job, most: int, on_item: Callable[[], None], room: Callable[[], bool]) -> None:
        self._job, self._most, self._on_item, self._room = job, most, on_item, room
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="boxpaint-files")
        self._ledger = self._pool.submit(self._open)
        self._waiting: deque[Future[None]] = deque()

    def _open(self) -> Ledger:
        ledger = Ledger(self._job.folder)
        ledger.wait_when_full(self._room)
        return ledger

    def __enter__(self) -> FileMaker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is still waiting. SQLite wants its file closed by the thread that opened it."""
        try:
            self._look(left=0)
        finally:
            self._pool.submit(lambda: self._ledger.result().close()).result()
            self._pool.shutdown()

    def take(self, identity: int, item: Item, steps: list[StepPictures], seconds: float) -> None:
        """Make this picture's files.

        Raises:
            BoxpaintError: Files of an earlier one could not be written.
        """
        self._waiting.append(self._pool.submit(self._make, identity, item, steps, seconds))
        self._look(left=self._most)

    def _make(self, identity: int, item: Item, steps: list[StepPictures], seconds: float) -> None:
        made: Painted | BoxpaintError
        try:
            made = files_of(item, steps, self._job.extras, seconds)
        except BoxpaintError as error:
            made = error
        settle(self._ledger.result(), identity, item.key, made)

    def _look(self, *, left: int) -> None:
        while self._waiting and (self._waiting[0].done() or len(self._waiting) > left):
            self._waiting.popleft().result()
            self._on_item()


class TogetherWorker:
    """Paints open items until none is left, or it is stopped; ``job.together`` pictures share a call of the model.

    Args: As of ``Worker``.
    """

    def __init__(
        self,
        job: Job,
        stopped: Callable[[], bool],
        on_item: Callable[[], None] = lambda: None,
        on_step: Callable[[], None] = lambda: None,
    ) -> None:
        self._job = job
        self._items = {item.key: item for item in job.items}
        self._stopped = stopped
        self._on_item = on_item
        self._on_step = on_step
        self._guard = DiskGuard(job.folder, job.least_free)
        self.painter = ItemPainter(find_model(job.model), job.extras, job.threads, lambda progress: self._check())
        self._shared = SharedPainting(job.together, keep_steps=job.extras.iter, on_iteration=self._check)
        self._model: LoadedModel | None = None
        self._call: Hashable = None
        self._claimed: dict[int, Key] = {}
        self._next: int | None = None
        """An item that was claimed and cannot share the calls of those under way."""

    def run(self) -> None:
        """Work. Raises as ``Worker.run`` does."""
        ledger = Ledger(self._job.folder)
        ledger.wait_when_full(self._room)
        try:
            with self._shared, FileMaker(self._job, 2 * self._job.together, self._on_item, self._room) as files:
                try:
                    while not self._stopped():
                        self._fill(ledger)
                        if not len(self._shared):
                            if self._next is None:
                                return
                            continue
                        self._paint(ledger, files)
                except Cancelled:
                    return
                except BoxpaintError as error:
                    if device_failed(error):
                        self._claimed.clear()  # they stay claimed: whoever counts what a process takes along sees them
                    raise
                finally:
                    for identity in self._claimed:
                        ledger.release(identity)
        finally:
            ledger.close()

    def _fill(self, ledger: Ledger) -> None:
        """Begin pictures until the next call is full, or no open item fits to those under way."""
        while not self._stopped() and self._shared.wants_more:
            identity = self._next if self._next is not None else self._claim(ledger)
            if identity is None:
                return
            item = self._items[self._claimed[identity]]
            if len(self._shared) and shared_call(item.settings) != self._call:
                self._next = identity
                return
            self._next = None
            painter = self._painter_of(ledger, identity, item)
            if painter is not None:
                self._call = shared_call(item.settings)
                self._shared.add(identity, painter)

    def _claim(self, ledger: Ledger) -> int | None:
        self._guard.wait(self._stopped)
        claimed = None if self._stopped() else ledger.claim()
        if claimed is None:
            return None
        identity, self._claimed[identity] = claimed[0], claimed[1]
        return identity

    def _painter_of(self, ledger: Ledger, identity: int, item: Item) -> Painter | None:
        """The item's painter; None where it had to be painted alone, or cannot be painted, and is settled."""
        model = self.painter.model_for(item)
        if model is not self._model:
            self._model, model.batches.most = model, self._job.together
        try:
            plan = make_plan(item.layout, item.settings, model.card)
            painter = make_painter(
                plan, item.settings, model, on_step=lambda *_: None, on_progress=lambda progress: self._check()
            )
        except BoxpaintError as error:
            self._settle_alone(ledger, identity, error)
            return None
        if isinstance(painter, Painter) and can_share(painter, item.settings):
            return painter
        self._alone(ledger, identity)
        return None

    def _paint(self, ledger: Ledger, files: FileMaker) -> None:
        assert self._model is not None, "it is there since the first picture was begun"

        def stepped_down(news: SteppedDown) -> None:
            for identity in self._claimed:
                ledger.note(identity, news.text)

        try:
            with self._model.placing.told(stepped_down):
                for finished in self._shared.paint():
                    item = self._items[self._claimed.pop(finished.name)]
                    files.take(finished.name, item, finished.steps, finished.seconds)
        except SharedCallError as error:
            # Whose fault it was shows when they are painted one by one.
            for identity in error.names:
                self._shared.drop(identity)
                self._alone(ledger, identity)

    def _alone(self, ledger: Ledger, identity: int) -> None:
        self._settle_alone(ledger, identity, self.painter.paint(self._items[self._claimed[identity]]))

    def _settle_alone(self, ledger: Ledger, identity: int, painted: Painted | BoxpaintError) -> None:
        settle(ledger, identity, self._claimed.pop(identity), painted)
        self._on_item()

    def _room(self) -> bool:
        return self._guard.room_for_note(self._stopped)

    def _check(self) -> None:
        self._on_step()
        if self._stopped():
            raise Cancelled
