"""What `soak` measures after every cycle, and whether it grew."""

from __future__ import annotations

import csv
import gc
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

MEMORY = ("window_private", "window_rss", "pictures", "engine_private", "engine_rss")
"""Columns in MiB. Of RSS, what is mapped from files and may be shared with other processes is not private; of what the
window has, so much is in the cache of pictures."""

COUNTS = (
    *(f"{where}_{what}" for where in ("window", "engine") for what in ("handles", "sockets", "threads", "shared")),
    *("processes", "temporary"),
)
"""Columns that may not grow at all: nothing of them is needed twice."""

OBJECTS = ("widgets", "qobjects", "objects")
"""Columns of counted objects; Python's wait for their collector, so that they are judged as memory is."""

COLUMNS = ("start", "cycle", "minutes", *MEMORY, *COUNTS, *OBJECTS)

Row = Mapping[str, float]

MOST = 0.05
"""Memory and objects may grow by this share in an hour."""

WARM_UP = 0.25
"""The share of a start's cycles that does not count: libraries are imported, caches filled."""

SHORTEST = 20.0
"""Minutes of steady use below which nothing is said about memory: a megabyte of noise would pass for a leak."""


def processes_of(window: psutil.Process) -> tuple[list[psutil.Process], list[psutil.Process]]:
    """The engine's processes, and all that the window has started."""
    children = window.children(recursive=True)
    return [child for child in children if _is_engine(child)], children


def _is_engine(process: psutil.Process) -> bool:
    try:
        return "engine.worker" in process.cmdline()
    except psutil.NoSuchProcess:  # it has ended meanwhile
        return False


def sizes(name: str, processes: Sequence[psutil.Process]) -> dict[str, float]:
    """Memory and handles of these processes together."""
    found = Counter[str]()
    for process in processes:
        memory = process.memory_info()
        found[f"{name}_rss"] += memory.rss
        # USS would count a library as soon as no other process uses it any more.
        own = memory.rss - memory.shared if hasattr(memory, "shared") else process.memory_full_info().uss
        found[f"{name}_private"] += own
        found[f"{name}_handles"] += process.num_fds() if hasattr(process, "num_fds") else process.num_handles()
        found[f"{name}_sockets"] += len(process.net_connections(kind="all"))
        found[f"{name}_threads"] += process.num_threads()
        found[f"{name}_shared"] += _shared(process)
    names = [f"{name}_{what}" for what in ("handles", "sockets", "threads", "shared")]
    return {
        **{key: round(found[key] / 2**20, 2) for key in (f"{name}_rss", f"{name}_private")},
        **{key: found[key] for key in names},
    }


def _shared(process: psutil.Process) -> int:
    """Segments of shared memory that a process has mapped; 0 where the system does not tell."""
    if not hasattr(process, "memory_maps"):
        return 0
    return sum("/dev/shm/" in each.path or "/SYSV" in each.path for each in process.memory_maps())


def types() -> Counter[str]:
    """Python's objects by their type."""
    return Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.get_objects())


def read_rows(path: Path) -> list[dict[str, float]]:
    """What has been measured."""
    with path.open(newline="", encoding="utf-8") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


@dataclass(frozen=True, slots=True)
class Growth:
    """How a column went on while the program was in steady use.

    Attributes:
        first, last: Medians of the first and the last third.
        slope: By least squares, in an hour.
        minutes: From the first of these cycles to the last.
    """

    column: str
    first: float
    last: float
    slope: float
    minutes: float

    @property
    def share(self) -> float:
        """The slope as a share of what there was first."""
        return self.slope / self.first if self.first else 0.0

    @property
    def grew(self) -> bool:
        """Whether it grew more than it may."""
        if self.column in COUNTS:
            return self.last > self.first
        if self.minutes < SHORTEST:
            return False
        # The ends must say so, too: one great leap downwards or a few high values make no leak.
        by_ends = (self.last / self.first - 1) * 60 / (self.minutes * 2 / 3) if self.first else 0.0
        return self.share > MOST and by_ends > MOST


def growth(rows: Sequence[Row], column: str) -> Growth:
    """How a column of one start of the program went on."""
    steady = rows[int(len(rows) * WARM_UP) :]
    times, values = [row["minutes"] for row in steady], [row[column] for row in steady]
    third = max(1, len(values) // 3)
    return Growth(
        column, median(values[:third]), median(values[-third:]), 60 * _slope(times, values), times[-1] - times[0]
    )


def _slope(xs: Sequence[float], ys: Sequence[float]) -> float:
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread if spread else 0.0
