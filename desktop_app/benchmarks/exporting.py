"""Exports in the window: one at a time, in a process of its own, followed by what it leaves on the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from desktop_app.benchmarks.words import batch_words, resume_words
from desktop_app.child import Child, Ended
from desktop_app.exit_codes import SOME_FAILED
from engine.errors import BoxpaintError
from ui.benchmarks.values import ExportWish, Failure, RunCount

if TYPE_CHECKING:
    from engine.batch.overview import Overview
    from ui.benchmarks.export_panel import ExportPanel
    from ui.panels.run_options import RunOptions

_LOOK = 1000
"""Milliseconds between two looks at an export that is being painted."""


class Exporting(QObject):
    """Starts, follows and stops exports.

    Args:
        panel: Shows them.
        options: How pictures are painted.
        look: Reads the open export's state anew.
    """

    began = Signal(object)
    """An export is being painted: its folder."""
    ended = Signal(object)
    """It is not painted any more: its folder."""
    failed = Signal(str)

    def __init__(
        self, panel: ExportPanel, options: Callable[[], RunOptions], look: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._options = options
        self.child = Child(self)
        self.folder: Path | None = None
        """Of the export that is being painted."""
        self._problem = ""
        self._looking = QTimer(self, singleShot=True, interval=_LOOK)
        self._looking.timeout.connect(look)
        self.child.progressed.connect(self._progressed)
        self.child.ended.connect(self._ended)

    @property
    def busy(self) -> bool:
        """Whether an export is being painted."""
        return self.child.busy

    def start(self, wish: ExportWish) -> bool:
        """Paint an export; False while another one is painted."""
        return self._run(batch_words(wish, self._options()), Path(wish.out), "")

    def resume(self, export: Overview, *, retry: bool) -> bool:
        """Go on with an export as its command said; False when that cannot be done."""
        try:
            words, start = resume_words(export.command or "", export.folder, retry=retry)
        except BoxpaintError as error:
            self.failed.emit(str(error))
            return False
        return self._run(words, export.folder, start if Path(start).is_dir() else "")

    def stop(self) -> None:
        """End after the present denoising step; what is painted is kept."""
        self._panel.say(self.tr("Stopping after the present denoising step …"))
        self.child.stop()

    async def close(self) -> None:
        """Stop what is painted, and wait for it."""
        self._looking.stop()
        await self.child.close()

    def show(self, export: Overview) -> None:
        """Show how far an export is."""
        runs = [
            RunCount(name, run.counts.done, run.counts.failed, run.counts.total) for name, run in export.runs.items()
        ]
        failures = [
            Failure(f"{one.run} / {one.split} / {one.name}", _reason(one.error))
            for one in export.pictures
            if one.state == "failed"
        ]
        self._panel.show_counts(runs, failures)
        if not self.busy:
            self._panel.say(self._problem or _state(export))

    def _run(self, words: list[str], folder: Path, start: str) -> bool:
        if self.busy:
            return False
        self.folder, self._problem = folder, ""
        self._panel.set_busy(True)
        self._panel.say(self.tr("Starting …"))
        self.child.start(words, folder=start)
        self.began.emit(folder)
        return True

    def _progressed(self, what: str, done: int, total: int) -> None:
        del what
        self._panel.show_progress(done, total)
        if not self._looking.isActive():
            self._looking.start()

    def _ended(self, ended: Ended) -> None:
        self._looking.stop()
        folder, self.folder = self.folder, None
        self._panel.set_busy(False)
        self._problem = ended.problem
        if ended.problem:
            self._panel.say(ended.problem)
            self.failed.emit(ended.problem)
        elif ended.code == SOME_FAILED:
            count = len(ended.document.get("failed", ()))
            many = self.tr("{} pictures could not be painted.").format(count)
            self.failed.emit(self.tr("One picture could not be painted.") if count == 1 else many)
        self.ended.emit(folder)


def _reason(error: object) -> str:
    known = error if isinstance(error, dict) else {}
    return " ".join(str(part) for part in (known.get("message"), known.get("hint")) if part)


def _state(export: Overview) -> str:
    counts = export.counts()
    left = counts.open + counts.claimed
    if left:
        text = QCoreApplication.translate("Exporting", "{0} of {1} pictures are painted; “Go on” paints the rest.")
    else:
        text = QCoreApplication.translate("Exporting", "{0} of {1} pictures are painted.")
    return text.format(counts.done, counts.total)
