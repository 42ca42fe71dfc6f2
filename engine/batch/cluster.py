"""An export on a Ray cluster: actors on its machines paint, this process hands out items and writes what comes back.

Ray is an optional extra (``boxpaint[ray]``). No disk is shared: layouts go out as values, files come back as bytes, and
this process alone writes pictures and the export's state. See docs/adr/0010-ray-without-a-shared-disk.md.
"""

from __future__ import annotations

import importlib.util
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.batch.actor import ActorJob, Greeting, PaintingActor, package_versions
from engine.batch.disk import DiskGuard, DiskWatch
from engine.batch.export import Outcome
from engine.batch.ledger import Counts, Ledger
from engine.batch.losses import Losses
from engine.batch.worker import Job, settle
from engine.errors import BoxpaintError
from engine.models.catalogue import find_model, fingerprint
from engine.models.installed import SAFE_SUFFIXES

AUTO = "auto"
"""The address of the cluster that runs on this machine."""

_FIELD = "--ray"

_LOOK = 0.25
"""Seconds between two looks at stopping and the disk."""

_REACH = 5.0
"""Seconds that a machine gets to answer at all."""

_DEATHS = 3
"""Actors that an item may take with it before it counts as failed; machines die more often than processes."""

_STARTS = 3
"""Actors that may fail to start one after the other before the export gives up."""

_PIECE = 32 * 2**20
"""Bytes of a model's file that are sent at a time."""

_PATIENCE = 30.0
"""Seconds without any actor after which people are told."""


@dataclass(slots=True)
class _Task:
    """A call that an actor works on: its greeting, or an item."""

    actor: Any
    identity: int | None = None
    key: tuple[str, str, str] | None = None


class ClusterExport:
    """Runs a planned export on a Ray cluster.

    Args:
        job: What is painted.
        ledger: Its planned state.
        address: ``"auto"``, or ``HOST:PORT`` of the cluster's head, or ``ray://HOST:PORT`` of a Ray client server.
        workers: Number of actors; None = one per GPU of the cluster, or one per CPU.
        stopped: Whether to stop.
        on_counts: Told how far it is, about four times a second.
        tell: Takes sentences for people, such as that it is paused.
    """

    def __init__(
        self,
        job: Job,
        ledger: Ledger,
        *,
        address: str,
        workers: int | None,
        stopped: Callable[[], bool],
        on_counts: Callable[[Counts], None],
        tell: Callable[[str], None],
    ) -> None:
        card = find_model(job.model)
        self._folder = card.folder
        self._actor_job = ActorJob(job.model, fingerprint(card.folder), job.extras, job.threads)
        self._items = {item.key: item for item in job.items}
        self._devices = {item.settings.device for item in job.items}
        self._ledger = ledger
        self._address = address
        self._workers = workers
        self._stopped = stopped
        self._on_counts = on_counts
        self._tell = tell
        guard = DiskGuard(job.folder, job.least_free)
        self._disk = DiskWatch(guard, tell)
        ledger.wait_when_full(lambda: guard.room_for_note(self._stopped_or_paused))
        self._losses = Losses(ledger, most=_DEATHS, hint="It may have run out of memory there.")
        self._tasks: dict[Any, _Task] = {}
        self._idle: list[Any] = []
        self._failed_starts = 0

    def _stopped_or_paused(self) -> bool:
        self._disk.look()
        return self._stopped()

    def run(self) -> Outcome:
        """Paint until nothing is open, or it is stopped.

        Raises:
            BoxpaintError: The cluster cannot be reached, no actor can start there, or none can load the model; what is
                finished is kept.
        """
        if self._ledger.counts().open:
            with connected(self._address) as ray:
                try:
                    self._paint(ray)
                finally:
                    self._dismiss(ray)
        counts = self._ledger.counts()
        return Outcome(counts, tuple(self._ledger.failures()), self._stopped(), tuple(self._ledger.notes()))

    def _paint(self, ray: Any) -> None:
        options = self._options(ray)
        make = ray.remote(PaintingActor).options(**options)
        wanted = self._workers or self._room(ray, options)
        for _ in range(min(wanted, self._ledger.counts().open)):
            self._start(make)
        alive_at = time.monotonic()
        # Actors that are still starting are not waited for when nothing is left to paint.
        while (self._painting or self._ledger.counts().open) and not self._stopped():
            self._hand_out()
            self._on_counts(self._ledger.counts())
            ready, _ = ray.wait(list(self._tasks), timeout=_LOOK) if self._tasks else ([], [])
            if not self._tasks:
                # All are idle, for the disk is full: nothing to wait for but the clock.
                time.sleep(_LOOK)
            for reference in ready:
                self._take(ray, make, reference, self._tasks.pop(reference))
            alive_at = self._mind_absence(alive_at)
        self._on_counts(self._ledger.counts())

    @property
    def _painting(self) -> bool:
        """Whether any actor holds an item."""
        return any(task.identity is not None for task in self._tasks.values())

    def _start(self, make: Any) -> None:
        actor = make.remote(self._actor_job)
        self._tasks[actor.greet.remote()] = _Task(actor)

    def _hand_out(self) -> None:
        """Give idle actors items, while there is room on the disk."""
        if not self._disk.look():
            return
        while self._idle and (claimed := self._ledger.claim()) is not None:
            identity, key = claimed
            actor = self._idle.pop()
            self._tasks[actor.paint.remote(self._items[key])] = _Task(actor, identity, key)

    def _take(self, ray: Any, make: Any, reference: Any, task: _Task) -> None:
        """Settle what an actor sent back, or what it left behind."""
        try:
            result = ray.get(reference)
            if isinstance(result, Greeting):
                self._welcome(ray, task.actor, result)
                return
        except ray.exceptions.RayTaskError as error:
            raise self._explained(error.cause) from error
        except ray.exceptions.RayError as error:
            self._lost(ray, make, task, error)
            return
        self._idle.append(task.actor)
        # The actor goes on while this process flushes files to the disk.
        self._hand_out()
        assert task.identity is not None and task.key is not None
        settle(self._ledger, task.identity, task.key, result)

    def _welcome(self, ray: Any, actor: Any, greeting: Greeting) -> None:
        """Make sure that an actor paints what this process would, and send it the model if it has none."""
        check_versions(greeting)
        if not greeting.has_model:
            self._tell(f"sending the model to {greeting.machine}.")
            for path, piece in model_pieces(self._folder):
                ray.get(actor.receive.remote(path, piece))
            if not ray.get(actor.received.remote()):
                raise BoxpaintError(
                    f"the model did not arrive whole at {greeting.machine}.", "model", file=str(self._folder)
                )
        self._failed_starts = 0
        self._idle.append(actor)

    def _lost(self, ray: Any, make: Any, task: _Task, error: Exception) -> None:
        """An actor, or its machine, is gone: its item is painted again; another actor starts where there is room."""
        if task.identity is None:
            self._failed_starts += 1
            if self._failed_starts >= _STARTS:
                raise BoxpaintError(
                    f"workers on the cluster cannot start ({_last_line(error)}).",
                    "engine",
                    field=_FIELD,
                    hint="Boxpaint has to be installed on every machine of the cluster, in the same version.",
                ) from error
        else:
            assert task.key is not None
            self._tell(f"a worker on the cluster is gone; {'/'.join(task.key)} is painted again.")
            self._losses.lost(task.identity, task.key, type(error).__name__)
        ray.kill(task.actor)
        self._start(make)

    def _mind_absence(self, alive_at: float) -> float:
        """Tell people once that no machine has room for an actor; when an actor was last there."""
        starting = all(task.identity is None for task in self._tasks.values()) and not self._idle
        if not starting:
            return time.monotonic()
        if time.monotonic() - alive_at > _PATIENCE:
            self._tell("no machine of the cluster has room for a worker yet: waiting. Ctrl+C ends it.")
            return float("inf")
        return alive_at

    def _dismiss(self, ray: Any) -> None:
        """End every actor at once; items that they held are open again."""
        for task in self._tasks.values():
            if task.identity is not None:
                self._ledger.release(task.identity)
            ray.kill(task.actor)
        for actor in self._idle:
            ray.kill(actor)
        self._tasks.clear()
        self._idle.clear()

    def _options(self, ray: Any) -> dict[str, Any]:
        """One CPU for each actor; a GPU where the cluster has some and they are wanted; spread over the machines."""
        gpus = ray.cluster_resources().get("GPU", 0) > 0 and bool(self._devices & {"auto", "cuda"})
        return {"num_cpus": self._actor_job.threads, "num_gpus": int(gpus), "scheduling_strategy": "SPREAD"}

    def _room(self, ray: Any, options: dict[str, Any]) -> int:
        resources = ray.cluster_resources()
        room = resources.get("GPU", 0) if options["num_gpus"] else resources.get("CPU", 0) // options["num_cpus"]
        return max(1, int(room))

    def _explained(self, cause: Exception) -> BoxpaintError:
        if isinstance(cause, BoxpaintError):
            return cause
        return BoxpaintError(
            f"a worker on the cluster failed in an unforeseen way: {type(cause).__name__}: {cause}",
            "internal",
            field=_FIELD,
        )


def check_versions(greeting: Greeting) -> None:
    """Make sure that an actor's machine has the packages that this one has.

    Raises:
        BoxpaintError: It has others, so that its pictures could differ.
    """
    ours = package_versions()
    other = [f"{name} {greeting.versions.get(name)}" for name in ours if greeting.versions.get(name) != ours[name]]
    if other:
        raise BoxpaintError(
            f"the machine {greeting.machine} has {', '.join(other)}: its pictures could differ.",
            "engine",
            field=_FIELD,
            hint=f"Install the same versions there: {', '.join(f'{name} {ours[name]}' for name in ours)}.",
        )


def model_pieces(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a model in pieces that fit a small object store: its path within the folder, and the next bytes."""
    for path in sorted(folder.rglob("*")):
        if path.suffix not in SAFE_SUFFIXES or not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        with path.open("rb") as file:
            piece = file.read(_PIECE)
            yield name, piece
            while piece := file.read(_PIECE):
                yield name, piece


def check_cluster(address: str) -> None:
    """Look whether Ray is installed and something answers at an address, which takes a moment.

    Ray itself tries for minutes to reach a machine that is not there.

    Raises:
        BoxpaintError: Ray is not installed, the address is none, or nothing answers there.
    """
    if importlib.util.find_spec("ray") is None:
        hint = 'Install the extra: pip install "boxpaint[ray]".'
        raise BoxpaintError("Ray is not installed.", "usage", field=_FIELD, hint=hint)
    if address == AUTO:
        return
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        hint = "Write auto, HOST:6379 or ray://HOST:10001."
        raise BoxpaintError(f"{address!r} is no address.", "usage", field=_FIELD, hint=hint)
    try:
        socket.create_connection((host, int(port)), _REACH).close()
    except (OSError, OverflowError) as error:
        raise BoxpaintError(
            f"nothing answers at {address} ({error}).",
            "engine",
            field=_FIELD,
            hint="Is the cluster's head running there, and its port reachable?",
        ) from error


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """The module ``ray``, connected to a cluster; disconnected at the end.

    Raises:
        BoxpaintError: Ray is not installed, or the cluster cannot be reached.
    """
    check_cluster(address)
    import ray

    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, OSError, RuntimeError, ValueError, AssertionError, ImportError) as error:
        raise BoxpaintError(
            f"there is no Ray cluster at {address!r} that can be used ({_last_line(error)}).",
            "engine",
            field=_FIELD,
            hint="Start one with `ray start --head`, with the same versions of Ray and Python; or use --workers.",
        ) from error
    try:
        # Ray prints what it has to say about dying machines on stdout, which belongs to results.
        with redirect_stdout(sys.stderr):
            yield ray
    finally:
        ray.shutdown()


def _last_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
