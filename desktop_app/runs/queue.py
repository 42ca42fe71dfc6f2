"""Runs that wait for their turn: pausable, reorderable, kept in a file so that they outlive the program."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop_app.errors import logger
from desktop_app.run_controller import RunController
from engine.errors import BoxpaintError
from engine.events import RunFailed, RunFinished
from engine.files import read_bytes, write_json

if TYPE_CHECKING:
    from engine.runs.request import GenerationRequest

FILE_NAME = "queue.json"
_LIMIT = 64 * 2**20
_STOPPING = ("engine", "memory", "output")
"""Kinds of failure that the next run would most likely meet, too: the queue waits for a person."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run that waits, and what the list calls it."""

    request: GenerationRequest
    title: str

    @property
    def steps(self) -> int:
        """How many steps it will paint."""
        request = self.request
        planned = sum(not item.hidden for item in request.layout.objects) + 1
        return max(min(request.until or planned, planned) + len(request.retouch) - request.keep, 1)


class RunQueue(QObject):
    """Starts the next run when one has ended, unless it is paused."""

    changed = Signal()
    stopped = Signal(str)
    """It was paused after a failure: the sentence."""
    emptied = Signal(int)
    """The last run has ended; how many there were since it was empty before."""
    held = Signal()
    """Runs were added, and the queue is paused."""
    replaced = Signal(str, str)
    """A run that was cut off waits again: its former id and the one that it will have."""

    def __init__(self, runs: RunController, parent: QObject | None = None, *, shown: Callable[[], bool]) -> None:
        """``shown`` tells whether a run that starts by itself is to be shown in the timeline."""
        super().__init__(parent)
        self._runs = runs
        self._shown = shown
        self._items: list[Waiting] = []
        self._active: Waiting | None = None
        self._paused = False
        self._done = 0
        self._pace: float | None = None
        runs.ended.connect(self._ended)
        runs.started.connect(lambda _request: self.changed.emit())

    @property
    def items(self) -> tuple[Waiting, ...]:
        """What waits, in order."""
        return tuple(self._items)

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def active(self) -> Waiting | None:
        """The run from the queue that is being painted."""
        return self._active

    @property
    def seconds_left(self) -> float | None:
        """Estimated seconds until all is painted; None while there is nothing to judge by."""
        progress = self._runs.progress
        left = progress.seconds_left if self._runs.busy else 0.0
        pace = self._pace if self._pace is not None else progress.pace
        if left is None or pace is None:
            return None
        return left + pace * sum(item.steps for item in self._items)

    # -- changing

    def add(self, requests: Sequence[GenerationRequest], title: str = "") -> None:
        """Let these runs wait their turn; the first begins at once when nothing is under way."""
        for request in requests:
            self._items.append(Waiting(request, title or _title(request)))
        self._save()
        self._next()
        if self._paused:
            self.held.emit()

    def remove(self, runs: Sequence[str]) -> None:
        """Take these runs (by id) out."""
        self._items = [item for item in self._items if item.request.run not in runs]
        self._save()

    def reorder(self, runs: Sequence[str]) -> None:
        """Paint them in this order (ids); those not named keep their order behind."""
        places = {run: place for place, run in enumerate(runs)}
        self._items.sort(key=lambda item: places.get(item.request.run, len(places)))
        self._save()

    def pause(self) -> None:
        """Begin no further run; the one under way goes on."""
        self._paused = True
        self._save()

    def resume(self) -> None:
        """Go on."""
        self._paused = False
        self._save()
        self._next()

    def _next(self) -> None:
        if self._paused or self._runs.busy or not self._items:
            self.changed.emit()
            return
        item = self._items[0]
        if not self._runs.start(item.request, show=self._shown()):
            return
        self._active = self._items.pop(0)
        self._save()

    def _ended(self, request: GenerationRequest, last: object) -> None:
        progress = self._runs.progress
        if isinstance(last, RunFinished) and progress.pace is not None:
            self._pace = progress.pace
        mine, self._active = self._active, None
        if mine is not None and mine.request.run == request.run:
            self._done += 1
        if isinstance(last, RunFailed) and last.kind in _STOPPING and self._items:
            self._paused = True
            self.stopped.emit(last.text)
        self._save()
        self._next()
        if not self._items and not self._runs.busy:
            count, self._done = self._done, 0
            self.emptied.emit(count)

    # -- keeping

    def _file(self) -> Path:
        return self._runs.runs_folder / FILE_NAME

    def _save(self) -> None:
        waiting = [*([self._active] if self._active is not None else []), *self._items]
        try:
            if waiting or self._file().exists():
                write_json(self._file(), {"schema_version": 1, "runs": [_to_dict(item) for item in waiting]})
        except BoxpaintError as error:
            logger.warning("The queue could not be kept: %s", error)
        self.changed.emit()

    def load(self) -> str:
        """Take over what waited when the program ended, paused; a sentence if something could not be read."""
        file = self._file()
        if not file.exists():
            return ""
        problem = ""
        replaced = []
        try:
            entries = json.loads(read_bytes(file, limit=_LIMIT, kind="queue"))["runs"]
        except (BoxpaintError, ValueError, KeyError, TypeError, RecursionError) as error:
            return str(self.tr("The queue of the last time cannot be read ({}).").format(error))
        for entry in entries if isinstance(entries, list) else []:
            try:
                item = _restored(entry, self._runs.runs_folder)
                self._items.append(item)
                if item.request.run != entry["request"]["run"]:
                    replaced.append((str(entry["request"]["run"]), item.request.run))
            except (BoxpaintError, KeyError, TypeError, ValueError, AttributeError) as error:
                problem = self.tr("A run of the queue cannot be read ({}); the others are there.").format(error)
        self._paused = bool(self._items)
        for former, present in replaced:
            self.replaced.emit(former, present)
        if replaced:
            self._save()  # the next start finds the new ids, as everything that was told of them
        self.changed.emit()
        return problem


def _to_dict(item: Waiting) -> dict[str, Any]:
    return {"title": item.title, "folder": item.request.folder, "request": item.request.to_dict()}


def _restored(entry: dict[str, Any], runs: Path) -> Waiting:
    """A run as it waited; one that was cut off goes on from its finished steps."""
    from desktop_app.runs.requests import again
    from engine.runs.records import RECORD, read_record
    from engine.runs.request import GenerationRequest

    request = GenerationRequest.from_dict(entry["request"], folder=entry["folder"])
    if (Path(request.folder) / RECORD).is_file():
        finished = len(read_record(Path(request.folder))["steps"])
        seeded = request.settings.pixels == "exact"
        request = again(request, runs, keep=finished if seeded else 0)
    return Waiting(request, str(entry.get("title") or _title(request)))


def _title(request: GenerationRequest) -> str:
    prompts = [item.prompt for item in request.layout.objects if not item.hidden]
    shown = ", ".join(prompts[:4]) + (" …" if len(prompts) > 4 else "")
    # The same layout often waits several times.
    return QCoreApplication.translate("RunQueue", "seed {}: {}").format(request.settings.seed, shown)
