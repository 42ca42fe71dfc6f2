"""The runs on the disk: listed beside the window's work, and opened whatever state they are in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop_app.errors import logger
from engine.errors import BoxpaintError
from ui.texts import N_
from ui.timeline.runs_panel import RunLine

if TYPE_CHECKING:
    from engine.runs.saved import RunSummary, SavedRun


class RunLibrary(QObject):
    """Lists the runs folder and further folders that were opened."""

    listed = Signal(object)
    """The runs (``RunLine``), newest first."""

    def __init__(self, runs_folder: Callable[[], Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs_folder = runs_folder
        self._others: list[Path] = []
        self._task: asyncio.Task[None] | None = None
        self._again = False

    def refresh(self, active: str = "") -> None:
        """List the runs anew; ``active`` is the id of the one that is being painted."""
        if self._task is not None:
            self._again = True
            return
        self._task = asyncio.get_running_loop().create_task(self._list(active))

    async def _list(self, active: str) -> None:
        def work() -> list[RunSummary]:
            from engine.runs.saved import list_runs, summary

            inside = list_runs(self._runs_folder())
            known = {Path(run.folder) for run in inside}
            return inside + [summary(folder) for folder in self._others if folder not in known]

        try:
            # In a thread: it reads a file per run, and the window must not wait for a disk.
            found = await asyncio.get_running_loop().run_in_executor(None, work)
        except BoxpaintError as error:
            logger.warning("The runs could not be listed: %s", error)
            found = []
        finally:
            self._task = None
        self.listed.emit([_line(run, active=run.run == active) for run in found])
        if self._again:
            self._again = False
            self.refresh(active)

    def read(self, folder: Path) -> SavedRun:
        """Everything that is left of the run in this folder; it is listed from now on.

        Raises:
            BoxpaintError: There is nothing of a run in it.
        """
        from engine.runs.saved import read_run

        saved = read_run(folder)
        if folder.parent != self._runs_folder() and folder not in self._others:
            self._others.append(folder)
        return saved

    async def close(self) -> None:
        """Wait for the listing under way."""
        if self._task is not None:
            await asyncio.wait([self._task])


def _line(run: RunSummary, *, active: bool) -> RunLine:
    return RunLine(
        run=run.run,
        folder=run.folder,
        title=run.title,
        about=_about(run, active=active),
        parent=run.parent,
        kept=run.kept,
        composites=tuple(sorted(run.composites.items())),
        labels=tuple(label or QCoreApplication.translate("Runs", "background") for label in run.labels),
        active=active,
        problem=run.problem,
    )


def _about(run: RunSummary, *, active: bool) -> str:
    def tr(text: str) -> str:
        return QCoreApplication.translate("Runs", text)

    states = {
        "finished": tr(N_("Runs", "finished")),
        "cancelled": tr(N_("Runs", "cancelled")),
        "failed": tr(N_("Runs", "failed")),
        "running": tr(N_("Runs", "being painted")) if active else tr(N_("Runs", "cut off")),
    }
    parts = [states.get(run.state, tr(N_("Runs", "damaged")))]
    if run.parent is not None:
        parts.append(tr(N_("Runs", "branch after step {}")).format(run.kept))
    if run.seed is not None:
        parts.append(tr(N_("Runs", "seed {}")).format(run.seed))
    with contextlib.suppress(ValueError):  # a record from elsewhere may hold anything
        parts.append(f"{datetime.fromisoformat(run.created).astimezone():%d.%m. %H:%M}")
    return " · ".join(parts)
