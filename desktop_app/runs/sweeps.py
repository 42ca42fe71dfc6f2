"""Sweeps: one layout painted with every combination of some settings; a grid and a contact sheet at the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import BoxpaintError
from engine.files import read_bytes, write_json
from engine.layout import Layout
from ui.panels.run_options import RunOptions
from ui.texts import N_

if TYPE_CHECKING:
    from engine.runs.request import GenerationRequest

FOLDER = "sweeps"
MOST = 400
"""More runs than that are most likely a typing error."""


@dataclass(frozen=True, slots=True)
class Axis:
    """An option that a sweep can vary.

    Attributes:
        option: Its name in ``RunOptions``.
        read: From a typed word to its value; ValueError when it is none.
        usual: What is offered at first.
    """

    option: str
    title: str
    read: Callable[[str], Any]
    usual: str


def _seed(word: str) -> int:
    value = int(word)
    if not 0 <= value < 2**63:
        raise ValueError(word)
    return value


AXES: tuple[Axis, ...] = (
    Axis("seed", N_("Sweep", "Seed"), _seed, "0, 1, 2, 3"),
    Axis("order", N_("Sweep", "Order"), str, "given, random, top-down, bottom-up"),
    Axis("guidance", N_("Sweep", "Guidance"), float, "1, 2, 4"),
    Axis("steps", N_("Sweep", "Steps"), int, "8, 12, 25"),
    Axis("scheduler", N_("Sweep", "Scheduler"), str, "model, ddim, dpm++, unipc"),
    Axis("model", N_("Sweep", "Model"), str, ""),
    Axis("compositing", N_("Sweep", "Compositing"), str, "paste, repaint"),
    Axis("pixels", N_("Sweep", "Pixels"), str, "exact, reference"),
    Axis("area", N_("Sweep", "Area"), str, "full, zoom"),
)


@dataclass(frozen=True, slots=True)
class Sweep:
    """What was swept, and the run of every combination, row by row.

    Attributes:
        across, along: Option and values as typed; ``along`` may be empty.
    """

    id: str
    across: tuple[str, tuple[str, ...]]
    along: tuple[str, tuple[str, ...]]
    runs: tuple[str, ...]

    @property
    def columns(self) -> int:
        return len(self.across[1])

    def title(self, place: int) -> str:
        """What is special about the run at this place."""
        parts = [f"{self.across[0]} {self.across[1][place % self.columns]}"]
        if self.along[1]:
            parts.append(f"{self.along[0]} {self.along[1][place // self.columns]}")
        return ", ".join(parts)

    def with_run(self, former: str, present: str) -> Sweep:
        """The same with one of its runs done by another."""
        return replace(self, runs=tuple(present if run == former else run for run in self.runs))

    def save(self, runs: Path) -> None:
        """Keep it beside the runs."""
        write_json(runs / FOLDER / f"{self.id}.json", {"schema_version": 1, **asdict(self)})

    @classmethod
    def load(cls, file: Path) -> Sweep:
        """A sweep that was kept.

        Raises:
            BoxpaintError: It cannot be read.
        """
        try:
            data: Mapping[str, Any] = json.loads(read_bytes(file, limit=2**22, kind="sweep"))
            across, along = ((str(name), tuple(map(str, values))) for name, values in (data["across"], data["along"]))
            sweep = cls(str(data["id"]), across, along, tuple(map(str, data["runs"])))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BoxpaintError(f"it is not a sweep ({error}).", "sweep", file=str(file)) from error
        if not sweep.columns or len(sweep.runs) != sweep.columns * max(len(along[1]), 1):
            raise BoxpaintError("it does not name a run for every combination.", "sweep", file=str(file), field="runs")
        return sweep


def kept_sweeps(runs: Path) -> tuple[list[Sweep], list[BoxpaintError]]:
    """The sweeps kept beside the runs, the newest first, and what could not be read."""
    found, problems = [], []
    for file in sorted((runs / FOLDER).glob("*.json"), reverse=True):
        try:
            found.append(Sweep.load(file))
        except BoxpaintError as error:
            problems.append(error)
    return found, problems


def values_of(axis: Axis, text: str) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """The words typed for an axis and their values.

    Raises:
        BoxpaintError: A word is no value of it.
    """
    words = tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    try:
        return words, tuple(axis.read(word) for word in words)
    except ValueError as error:
        raise BoxpaintError(
            f"{error} is no value of it.", "settings", field=axis.option, hint="Separate values by commas."
        ) from error


def plan_sweep(
    layout: Layout,
    options: RunOptions,
    across: tuple[Axis, str],
    along: tuple[Axis, str] | None,
    runs: Path,
) -> tuple[Sweep, Sequence[GenerationRequest]]:
    """A request for every combination of the values typed for one or two axes.

    Raises:
        BoxpaintError: A value is none, there are none or too many, or both axes are the same.
    """
    from desktop_app.runs.requests import new_request

    first_words, first_values = values_of(*across)
    second_words, second_values = values_of(*along) if along is not None else ((), ())
    if not first_words or (along is not None and not second_words):
        raise BoxpaintError("there is no value to vary.", "settings", hint="Type some, separated by commas.")
    if along is not None and along[0].option == across[0].option:
        raise BoxpaintError("both lines vary the same.", "settings", field=across[0].option)
    count = len(first_words) * max(len(second_words), 1)
    if count > MOST:
        raise BoxpaintError(f"that makes {count} runs.", "settings", hint=f"At most {MOST} are painted at once.")
    requests = []
    for second in second_values or (None,):
        for first in first_values:
            changes: dict[str, Any] = {across[0].option: first}
            if along is not None:
                changes[along[0].option] = second
            requests.append(new_request(layout, replace(options, **changes), runs))
    sweep = Sweep(
        requests[0].run,
        (across[0].option, first_words),
        (along[0].option if along is not None else "", second_words),
        tuple(request.run for request in requests),
    )
    return sweep, requests
