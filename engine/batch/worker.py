"""What paints the items of an export: a loop that takes one open item after the other, in this process or its own."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing import connection, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

from engine.batch.disk import LEAST_FREE, DiskGuard
from engine.batch.items import Item
from engine.batch.ledger import Ledger, is_full
from engine.batch.painting import Extras, Painted, paint_item
from engine.errors import BoxpaintError, Cancelled
from engine.files import write_bytes
from engine.inpainting.iterinpaint import Progress
from engine.models.card import ModelCard
from engine.models.catalogue import find_model
from engine.models.failures import device_failed, explained
from engine.models.kept import KeptModel, Wanted
from engine.models.loading import LoadedModel
from engine.parent import end_with_parent

_log = logging.getLogger(__name__)

FATAL, DEVICE_GONE = 4, 5
"""Exit codes of a worker process that told why it cannot go on: no process can, or only this one cannot."""

_TELL_EVERY = 1.0
"""Seconds between two messages that a worker gets on."""


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that a worker needs to know; it crosses the process border.

    Attributes:
        folder: The export's folder.
        model: The model's name or folder.
        items: The wanted items.
        extras: What is written beside the pictures.
        least_free: Bytes that stay free on the disk.
        threads: CPU threads of one worker. One by default: results then do not depend on how many workers there are.
        together: How many pictures, of any layouts, share a call of the model; 1 paints one layout after the other.
        environment: Variables that are set before torch is loaded, such as which GPU is seen.
    """

    folder: Path
    model: str
    items: tuple[Item, ...]
    extras: Extras = field(default_factory=Extras)
    least_free: int = LEAST_FREE
    threads: int = 1
    together: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)


class ItemPainter:
    """Paints single items with a model that stays loaded; what worker processes and machines of a cluster share.

    Args:
        card: The model.
        extras: What is made beside the pictures.
        threads: CPU threads.
        on_progress: Told after every denoising step; may raise ``Cancelled``.
    """

    def __init__(
        self,
        card: ModelCard,
        extras: Extras,
        threads: int,
        on_progress: Callable[[Progress], None] = lambda progress: None,
    ) -> None:
        self._card = card
        self._extras = extras
        self._on_progress = on_progress
        self._kept = KeptModel()
        _use_threads(threads)

    def paint(self, item: Item) -> Painted | BoxpaintError:
        """The painted item, or why it could not be painted; what concerns all items is raised.

        Raises:
            BoxpaintError: The model cannot be loaded.
            Cancelled: Raised by ``on_progress``.
        """
        model = self.model_for(item)
        try:
            return paint_item(item, model, self._extras, self._on_progress)
        except BoxpaintError as error:
            return error
        except Cancelled:
            raise
        except Exception as error:
            # A library failed in a way nobody foresaw: the others go on, the log has the rest.
            _log.exception("%s failed", "/".join(item.key))
            failure = explained(error, "the model")
            if device_failed(failure):
                raise failure from error
            return failure

    def keep(self, item: Item, model: LoadedModel) -> None:
        """Paint this item, and others that want the same, with a model that is loaded already."""
        self._kept.get(self._wanted(item), lambda: model)

    def model_for(self, item: Item) -> LoadedModel:
        """The model that paints an item: from memory, or loaded now."""
        wanted = self._wanted(item)
        return self._kept.get(wanted, lambda: wanted.load(item.settings.size))

    def _wanted(self, item: Item) -> Wanted:
        settings = item.settings
        return Wanted(self._card, settings.device, settings.precision, settings.placement, settings.quantize)


class Worker:
    """Paints open items until none is left, or it is stopped.

    Args:
        job: What to paint.
        stopped: Asked between items and after every denoising step.
        on_item: Told after every item.
        on_step: Told after every denoising step.
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

    def run(self) -> None:
        """Work.

        Raises:
            BoxpaintError: No item can be painted or written: the model cannot be loaded, the folder not written to.
        """
        job = self._job
        painter = ItemPainter(find_model(job.model), job.extras, job.threads, self._on_progress)
        ledger = Ledger(job.folder)
        ledger.wait_when_full(lambda: self._guard.room_for_note(self._stopped))
        try:
            while not self._stopped():
                self._guard.wait(self._stopped)
                claimed = None if self._stopped() else ledger.claim()
                if claimed is None:
                    return
                identity, key = claimed
                try:
                    painted = painter.paint(self._items[key])
                except BaseException as error:
                    if not device_failed(error):
                        ledger.release(identity)
                    if isinstance(error, Cancelled):
                        return
                    raise
                settle(ledger, identity, key, painted)
                self._on_item()
        finally:
            ledger.close()

    def _on_progress(self, progress: Progress) -> None:
        self._on_step()
        if self._stopped():
            raise Cancelled


class Works(Protocol):
    """A worker of an export."""

    def run(self) -> None: ...


def make_worker(
    job: Job,
    stopped: Callable[[], bool],
    on_item: Callable[[], None] = lambda: None,
    on_step: Callable[[], None] = lambda: None,
) -> Works:
    """The worker that a job asks for: one layout after the other, or many together."""
    if job.together == 1:
        return Worker(job, stopped, on_item, on_step)
    from engine.batch.together import TogetherWorker

    return TogetherWorker(job, stopped, on_item, on_step)


def settle(ledger: Ledger, identity: int, key: tuple[str, str, str], painted: Painted | BoxpaintError) -> None:
    """Put a claimed item's files in place and note it, or note why it failed.

    Raises:
        BoxpaintError: The files cannot be written; the item is open again. A full disk is no error: the item is painted
            again when there is room.
    """
    settled = False
    try:
        if isinstance(painted, BoxpaintError):
            ledger.fail(identity, painted)
        else:
            ledger.announce(identity, painted.picture, painted.content, painted.seconds)
            if painted.note:
                ledger.note(identity, painted.note)
            write(ledger.folder, painted)
            ledger.finish(identity)
        settled = True
    except BoxpaintError as error:
        if not is_full(error):
            raise
        _log.warning("The disk is full: %s is painted again when there is room", "/".join(key))
    finally:
        if not settled:
            ledger.release(identity)


def write(folder: Path, painted: Painted) -> None:
    """Put a painted item's files in place, the picture last: where it is, the others are too."""
    for path, content in painted.others.items():
        write_bytes(folder / path, content)
    write_bytes(folder / painted.picture, painted.content)


class _Parent:
    """What a worker process tells the one that started it, and hears from it."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._sending = threading.Lock()
        self._told = 0.0
        self._painting = False

    def stopped(self) -> bool:
        """Whether to stop. Being asked shows that the worker gets on: that is told, too."""
        now = time.monotonic()
        if now - self._told >= _TELL_EVERY:
            self._told = now
            self.tell(self._painting)
        return self._pipe.poll()

    def stepped(self) -> None:
        """A denoising step was done."""
        self._painting = True

    def tell(self, news: BoxpaintError | bool) -> None:
        """Say that it gets on, and whether it has begun to paint; or what it cannot cope with."""
        with self._sending:
            self._pipe.send(news)


def work_in_process(job: Job, pipe: Connection) -> None:
    """Body of a worker process: ends with its parent, tells through ``pipe`` that it gets on or why it cannot go on."""
    import signal

    end_with_parent()
    # Ctrl+C reaches the whole group; the parent tells the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(job.environment)
    threading.Thread(target=_end_with_parent, name="boxpaint-parent", daemon=True).start()
    parent = _Parent(pipe)
    try:
        make_worker(job, parent.stopped, on_step=parent.stepped).run()
    except BoxpaintError as error:
        parent.tell(error)
        # What it held stays claimed where its device has failed: the parent counts that, and another process goes on.
        os._exit(DEVICE_GONE if device_failed(error) else FATAL)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _use_threads(count: int) -> None:
    import torch

    torch.set_num_threads(count)
